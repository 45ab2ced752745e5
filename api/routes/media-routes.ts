/** The processes that carry sound: how they are, and how one is started anew without harm to calls. */
import { z } from 'zod';
import { drainRequestSchema, mediaProcessListSchema } from '../contract/rest';
import type { MediaProcessList } from '../contract/rest';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { MediaProcesses } from '../ports';
import { ADMINISTRATORS, LEADERS } from './roles';

export interface MediaRoutesOptions extends AuditTrail {
  readonly mediaProcesses: MediaProcesses;
}

const nameParams = z.strictObject({ name: z.string().min(1).max(100) });

export const mediaRoutes = (options: MediaRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/media-processes',
    summary: 'The processes that carry sound, each with its state, its legs of calls and what else it holds.',
    roles: LEADERS,
    replies: { 200: { description: 'The processes.', schema: mediaProcessListSchema } },
    handle: async () => jsonReply({ items: await withInUse(options.mediaProcesses) }),
  }),
  drainRoute(options),
];

const drainRoute = ({ mediaProcesses, ...trail }: MediaRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/media-processes/{name}/drain',
    summary: 'Lets a process take no more calls and start anew when it carries none, or after `withinMs`.',
    roles: ADMINISTRATORS,
    params: nameParams,
    body: drainRequestSchema,
    replies: {
      200: { description: 'It drains.', schema: mediaProcessListSchema },
      404: { description: 'There is no such process.' },
      409: { description: 'No other process could take calls meanwhile.' },
      503: { description: 'It cannot be reached.' },
    },
    async handle({ params, body, auth, request }) {
      const draining = mediaProcesses.drain(params.name, body.withinMs);
      if (!draining.ok) return faultReply(draining.fault);
      const { withinMs } = body;
      const detail = { process: params.name, ...(withinMs !== undefined && { withinMs: String(withinMs) }) };
      await writeDown(trail, { auth, request, action: 'media-drained', detail });
      return jsonReply({ items: mediaProcesses.list() });
    },
  });

const withInUse = async (mediaProcesses: MediaProcesses): Promise<MediaProcessList['items']> => {
  const inUse = await mediaProcesses.inUse();
  return mediaProcesses.list().map((one) => ({ ...one, inUse: inUse.get(one.name) }));
};
