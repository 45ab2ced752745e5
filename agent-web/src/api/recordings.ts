/** Recordings over the API: found, heard, held. */
import { peaksSchema, recordingPageSchema, recordingViewSchema } from '../../../api/contract/recordings';
import type { PeaksView, RecordingPageView, RecordingQuery, RecordingView } from '../../../api/contract/recordings';
import { apiPath, request } from './http';

export type RecordingFilter = Partial<Omit<RecordingQuery, 'cursor'>>;

export const readRecordings = (filter: RecordingFilter, cursor?: string): Promise<RecordingPageView> => {
  const { held, ...query } = filter;
  const asText = held === undefined ? {} : { held: String(held) };
  return request('/recordings', { query: { ...query, ...asText, cursor }, schema: recordingPageSchema });
};

/** What has become of it. @throws ApiError when the user may not hear it. */
export const readRecording = (id: string): Promise<RecordingView> =>
  request(`/recordings/${encodeURIComponent(id)}`, { schema: recordingViewSchema });

const pathBelow = (id: string, rest: string): string => `/recordings/${encodeURIComponent(id)}/${rest}`;

/** Where it is played from and downloaded; the cookie opens it. */
export const recordingAudioPath = (id: string): string => apiPath(pathBelow(id, 'audio'), { mix: 'stereo' });

/** The same for a recording that is known by its call only. */
export const recordingPath = (interactionId: string, n: number): string =>
  apiPath(`/interactions/${encodeURIComponent(interactionId)}/recordings/${n}`);

/** How loud each party is, stretch by stretch. @throws ApiError when the recording was deleted. */
export const readPeaks = (id: string, points: number): Promise<PeaksView> =>
  request(pathBelow(id, 'peaks'), { query: { points }, schema: peaksSchema });

/** A message was heard, or is to count as new again. */
export const markMessage = (id: string, heard: boolean): Promise<RecordingView> =>
  request(pathBelow(id, 'heard'), { method: heard ? 'PUT' : 'DELETE', schema: recordingViewSchema });

/** It is not deleted when its time is over. */
export const holdRecording = (id: string, reason: string): Promise<RecordingView> =>
  request(pathBelow(id, 'hold'), { method: 'PUT', body: { reason }, schema: recordingViewSchema });

export const releaseRecording = (id: string, reason: string): Promise<RecordingView> =>
  request(pathBelow(id, 'hold'), { method: 'DELETE', query: { reason }, schema: recordingViewSchema });
