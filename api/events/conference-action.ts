/** An action in a conference as calls understands it, and as the audit keeps it. */
import { asId } from '../../base/ids';
import type { CallId } from '../../base/ids';
import type { ConferenceAction } from '../../calls/conference/model';
import type { ConferenceActionBody } from '../contract/conferences';

export const conferenceAction = (body: ConferenceActionBody): ConferenceAction =>
  'memberId' in body ? { do: body.do, memberId: asId<CallId>(body.memberId) } : body;

export const conferenceDeed = (roomId: string, body: ConferenceActionBody): Readonly<Record<string, string>> => ({
  room: roomId,
  ...Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])),
});
