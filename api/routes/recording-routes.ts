/** Recordings by themselves: found, heard, held, and proved. */
import { z } from 'zod';
import {
  audioQuerySchema,
  holdBodySchema,
  manifestQuerySchema,
  manifestSchema,
  peaksQuerySchema,
  peaksSchema,
  recordingPageSchema,
  recordingQuerySchema,
  recordingViewSchema,
  verificationSchema,
  verifyQuerySchema,
} from '../contract/recordings';
import type { RecordingPageView, RecordingQuery } from '../contract/recordings';
import type { SessionUser } from '../contract/rest';
import type { StoredRecording } from '../../store/recordings/stored-recording';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Authenticated, Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { RecordingArchive, RecordingFile, RecordingFiles, RecordingSound } from '../ports';
import { ReadingNotes } from '../recordings/reading-notes';
import { sendRecording } from '../recordings/send-recording';
import { seesAll } from './interaction-view';
import { messageRoutes } from './message-routes';
import { recordingViewOf } from './recording-view';
import { LEADERS } from './roles';

export interface RecordingRoutesOptions extends AuditTrail {
  readonly archive: RecordingArchive;
  readonly recordings: RecordingFiles;
  readonly sound: RecordingSound;
}

const idParams = z.strictObject({ id: z.string().min(1).max(64) });

/** The same reply for what does not exist and for what this user may not hear. */
const noSuchRecording = (id: string): Reply =>
  faultReply({ code: 'not_found', message: `There is no recording ${id} that you may hear.` });

const maySee = (user: SessionUser, { agentIds }: StoredRecording): boolean =>
  seesAll(user) || (user.agent !== undefined && agentIds.some((agentId) => agentId === user.agent?.agentId));

const visible = async (
  { archive }: RecordingRoutesOptions,
  user: SessionUser,
  id: string,
): Promise<StoredRecording | undefined> => {
  const recording = await archive.get(id);
  return recording && maySee(user, recording) ? recording : undefined;
};

const listPage = async (
  { archive }: RecordingRoutesOptions,
  user: SessionUser,
  query: RecordingQuery,
): Promise<Reply> => {
  const all = seesAll(user);
  const nobodys: RecordingPageView = { items: [] };
  if (!all && !user.agent) return jsonReply(nobodys);
  if (!all && query.agentId !== undefined && query.agentId !== user.agent?.agentId)
    return faultReply({ code: 'forbidden', message: 'Agents find their own recordings only.' });
  const listed = await archive.list(all ? query : { ...query, agentId: user.agent?.agentId });
  if (!listed.ok) return faultReply(listed.fault);
  const page: RecordingPageView = {
    items: listed.value.items.map(recordingViewOf),
    nextCursor: listed.value.nextCursor,
  };
  return jsonReply(page);
};

/** Opens the file of a recording that the user may hear, or says why not. */
const opened = async (
  options: RecordingRoutesOptions,
  auth: Authenticated,
  id: string,
): Promise<{ recording: StoredRecording; file: RecordingFile } | Reply> => {
  const recording = await visible(options, auth.session.user, id);
  if (!recording) return noSuchRecording(id);
  if (recording.state === 'deleted')
    return faultReply({ code: 'closed', message: `The recording ${id} was deleted when its time was over.` });
  const file = await options.recordings.open(recording.path, recording._id);
  if (file) return { recording, file };
  return faultReply({ code: 'not_found', message: `The file of the recording ${id} is not there.` });
};

const listRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/recordings',
    summary: 'Recordings and messages, newest first, by time, agent, number, queue and trunk. Agents find their own.',
    query: recordingQuerySchema.refine(
      ({ fromMs, toMs }) => fromMs === undefined || toMs === undefined || fromMs <= toMs,
      { path: ['toMs'], message: 'Must not be before fromMs.' },
    ),
    replies: { 200: { description: 'One page; `nextCursor` is absent on the last.', schema: recordingPageSchema } },
    handle: ({ auth, query }) => listPage(options, auth.session.user, query),
  });

const getRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/recordings/{id}',
    summary: 'What is known of one recording.',
    params: idParams,
    replies: {
      200: { description: 'The recording.', schema: recordingViewSchema },
      404: { description: 'There is none of this id that the user may hear.' },
    },
    handle: async ({ params, auth }) => {
      const recording = await visible(options, auth.session.user, params.id);
      return recording ? jsonReply(recordingViewOf(recording)) : noSuchRecording(params.id);
    },
  });

const audioRoute = (options: RecordingRoutesOptions, notes: ReadingNotes): Route =>
  sessionRoute({
    method: 'get',
    path: '/recordings/{id}/audio',
    summary: 'The sound of a recording: both parties, each on a channel, in one track, or one of them alone.',
    params: idParams,
    query: audioQuerySchema,
    replies: {
      200: { description: 'The whole of it.', mediaType: 'audio/wav' },
      206: { description: 'The part that the Range header asks for.', mediaType: 'audio/wav' },
      304: { description: 'Not changed since the ETag of If-None-Match.' },
      404: { description: 'No such recording.' },
      410: { description: 'It was deleted when its time was over.' },
      416: { description: 'The range lies behind the end.' },
    },
    handle: async ({ params, query, auth, request, response }) => {
      const found = await opened(options, auth, params.id);
      if ('kind' in found) return found;
      const { recording, file } = found;
      const asked = query.mix === 'stereo' ? undefined : await options.sound.track(file, query.mix);
      if (asked && !asked.ok) {
        await file.close();
        return faultReply(asked.fault);
      }
      await notes.note({ auth, request, interactionId: recording.interactionId, n: recording.n });
      await sendRecording(request, response, asked?.value ?? file);
      return { kind: 'sent' };
    },
  });

const peaksRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/recordings/{id}/peaks',
    summary: 'The outline of a recording: how loud each party was in each of so many stretches.',
    params: idParams,
    query: peaksQuerySchema,
    replies: {
      200: { description: 'The outline.', schema: peaksSchema },
      404: { description: 'No such recording.' },
      410: { description: 'It was deleted when its time was over.' },
    },
    handle: async ({ params, query, auth }) => {
      const found = await opened(options, auth, params.id);
      if ('kind' in found) return found;
      try {
        const peaks = await options.sound.peaks(found.file, query.points);
        return peaks.ok ? jsonReply(peaks.value) : faultReply(peaks.fault);
      } finally {
        await found.file.close();
      }
    },
  });

const holdRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'put',
    path: '/recordings/{id}/hold',
    summary: 'Holds a recording: it is not deleted when its time is over, until it is released.',
    roles: LEADERS,
    params: idParams,
    body: holdBodySchema,
    replies: {
      200: { description: 'The recording.', schema: recordingViewSchema },
      404: { description: 'No such recording, or it is deleted.' },
    },
    handle: async ({ params, body, auth, request }) => {
      const { userName } = auth.session.user;
      const hold = { reason: body.reason, byUserName: userName, atMs: options.clock.nowMs() };
      if (!(await options.archive.setHold(params.id, hold))) return noSuchRecording(params.id);
      const detail = { recordingId: params.id, reason: body.reason };
      await writeDown(options, { auth, request, action: 'recording-held', detail });
      const recording = await options.archive.get(params.id);
      return recording ? jsonReply(recordingViewOf(recording)) : noSuchRecording(params.id);
    },
  });

const releaseRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'delete',
    path: '/recordings/{id}/hold',
    summary: 'Releases a recording that was held; it is deleted when its time is over.',
    roles: LEADERS,
    params: idParams,
    query: holdBodySchema,
    replies: { 200: { description: 'It is released.', schema: recordingViewSchema }, 404: { description: 'No such.' } },
    handle: async ({ params, query, auth, request }) => {
      if (!(await options.archive.setHold(params.id, undefined))) return noSuchRecording(params.id);
      const detail = { recordingId: params.id, reason: query.reason };
      await writeDown(options, { auth, request, action: 'recording-released', detail });
      const recording = await options.archive.get(params.id);
      return recording ? jsonReply(recordingViewOf(recording)) : noSuchRecording(params.id);
    },
  });

const verifyRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/recordings/verify',
    summary:
      'Holds recordings against the manifest, some at a time: what was changed, removed, moved or put there is named.',
    roles: LEADERS,
    query: verifyQuerySchema,
    replies: { 200: { description: 'What was found.', schema: verificationSchema } },
    handle: async ({ query }) => jsonReply(await options.archive.verify(query)),
  });

const manifestRoute = (options: RecordingRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/recordings/manifest',
    summary: 'The manifest: every recording that was kept or deleted, each entry bound to the one before it.',
    roles: LEADERS,
    query: manifestQuerySchema,
    replies: { 200: { description: 'Entries; `nextSeq` is absent at the end.', schema: manifestSchema } },
    handle: async ({ query: { from, limit } }) => {
      const entries = await options.archive.manifest(limit + 1, { from });
      const items = entries.slice(0, limit);
      return jsonReply({ items, nextSeq: entries[limit]?.seq });
    },
  });

export const recordingRoutes = (options: RecordingRoutesOptions): Route[] => [
  listRoute(options),
  verifyRoute(options),
  manifestRoute(options),
  getRoute(options),
  audioRoute(options, new ReadingNotes(options)),
  peaksRoute(options),
  holdRoute(options),
  releaseRoute(options),
  ...messageRoutes(options),
];
