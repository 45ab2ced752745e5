/** Messages that callers have left for queues: who has heard them. They are found and played as recordings. */
import { z } from 'zod';
import { recordingViewSchema } from '../contract/recordings';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Authenticated, Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { RecordingArchive } from '../ports';
import { recordingViewOf } from './recording-view';
import { LEADERS } from './roles';

export interface MessageRoutesOptions extends AuditTrail {
  readonly archive: Pick<RecordingArchive, 'get' | 'setHeard'>;
}

interface Marking {
  readonly auth: Authenticated;
  readonly request: Parameters<typeof writeDown>[1]['request'];
  readonly params: { readonly id: string };
}

const mark = async (options: MessageRoutesOptions, by: Marking, isHeard: boolean): Promise<Reply> => {
  const { archive, clock } = options;
  const { auth, request, params } = by;
  const heard = { byUserName: auth.session.user.userName, atMs: clock.nowMs() };
  const isMarked = await archive.setHeard(params.id, isHeard ? heard : undefined);
  const message = isMarked ? await archive.get(params.id) : undefined;
  if (!message) return faultReply({ code: 'not_found', message: `There is no message ${params.id}.` });
  const detail = { recordingId: params.id, heard: String(isHeard) };
  await writeDown(options, { auth, request, action: 'message-marked', detail });
  return jsonReply(recordingViewOf(message));
};

export const messageRoutes = (options: MessageRoutesOptions): Route[] => {
  const about = {
    path: '/recordings/{id}/heard',
    roles: LEADERS,
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    replies: {
      200: { description: 'The message.', schema: recordingViewSchema },
      404: { description: 'There is no message of this id, or it is deleted.' },
    },
  };
  return [
    sessionRoute({
      ...{ ...about, method: 'put', summary: 'Says that a message which a caller has left for a queue was heard.' },
      handle: (given) => mark(options, given, true),
    }),
    sessionRoute({
      ...{ ...about, method: 'delete', summary: 'Says that nobody has heard a message yet.' },
      handle: (given) => mark(options, given, false),
    }),
  ];
};
