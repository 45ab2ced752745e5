/** What the api (and whoever else stands above) sees of conferences. */
import type { CallId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { CallContext } from '../context';
import { inviteTo } from './invite';
import type { Invitation } from './invite';
import type { ConferenceAction } from './model';
import type { ConferenceView } from './view';

export interface ConferenceDesk {
  /** Every room with its conference, by id. */
  list(): readonly ConferenceView[];
  get(roomId: string): ConferenceView | undefined;
  /** Errors: `not_found` for a room or a member, `conflict` when it makes no sense now, `forbidden`. */
  act(roomId: string, action: ConferenceAction): Result<void>;
  /** Calls somebody into the conference. Errors: those of dialling, and `busy` when it is full. */
  invite(roomId: string, invitation: Invitation): Result<CallId>;
  /** The room has been removed by an administrator. */
  roomRemoved(roomId: string): void;
  onChanged(listener: (view: ConferenceView) => void): () => void;
}

export const conferenceDesk = (ctx: CallContext): ConferenceDesk => ({
  list: () => ctx.conferences.views(),
  get: (roomId) => ctx.conferences.view(roomId),
  act: (roomId, action) =>
    ctx.conferences.view(roomId)
      ? ctx.conferences.act(roomId, { by: 'staff', action })
      : fail('not_found', `There is no conference room ${roomId}.`),
  invite: (roomId, invitation) => inviteTo(ctx, roomId, invitation),
  roomRemoved: (roomId) => ctx.conferences.roomRemoved(roomId),
  onChanged: (listener) => ctx.events.on('conference', listener),
});
