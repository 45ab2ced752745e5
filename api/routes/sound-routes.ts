/** Prompts and music, for supervisors and administrators. */
import type { Request } from 'express';
import { z } from 'zod';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import {
  MAX_SOUND_BYTES,
  soundListSchema,
  soundQuerySchema,
  soundReadQuerySchema,
  soundUseSchema,
  soundViewSchema,
  soundWriteQuerySchema,
} from '../contract/sounds';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { SoundAdministration, SoundView } from '../ports';
import { LEADERS } from './roles';

export interface SoundRoutesOptions extends AuditTrail {
  readonly sounds: SoundAdministration;
}

const NO_SOUND = { 404: { description: 'There is no such sound.' } };
const CHANGED = { 200: { description: 'The sound as it is now.', schema: soundViewSchema } };

/** The body as it is; nothing of one that is too long is kept. */
const bodyOf = async (request: Request): Promise<Result<Buffer>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_SOUND_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > MAX_SOUND_BYTES) return fail('bad_input', 'A sound has 64 MB at most.');
  return ok(Buffer.concat(chunks));
};

export const soundRoutes = (options: SoundRoutesOptions): Route[] => {
  const { sounds } = options;
  type Done = Pick<Parameters<typeof writeDown>[1], 'auth' | 'request'> & { readonly what: string };
  const afterChange = async (changed: Result<SoundView>, { auth, request, what }: Done): Promise<Reply> => {
    if (!changed.ok) return faultReply(changed.fault);
    await writeDown(options, { auth, request, action: 'sound-changed', detail: { what } });
    return jsonReply(changed.value);
  };
  return [
    sessionRoute({
      method: 'get',
      path: '/sounds',
      summary: 'All prompts and pieces of music, with their versions and the flows that play them.',
      roles: LEADERS,
      replies: { 200: { description: 'The sounds, by path.', schema: soundListSchema } },
      handle: async () => jsonReply({ items: await sounds.list() }),
    }),
    sessionRoute({
      method: 'get',
      path: '/sounds/file',
      summary: 'A sound as callers hear it, or one of its versions.',
      roles: LEADERS,
      query: soundReadQuerySchema,
      replies: { 200: { description: 'The sound.', mediaType: 'audio/wav' }, ...NO_SOUND },
      async handle({ query, response }) {
        const wav = await sounds.read(query.path, query.version);
        if (!wav) return faultReply({ code: 'not_found', message: `There is no sound ${query.path}.` });
        response.status(200).set({ 'Content-Type': 'audio/wav', 'Cache-Control': 'private, no-cache' }).send(wav);
        return { kind: 'sent' };
      },
    }),
    sessionRoute({
      method: 'put',
      path: '/sounds/file',
      summary:
        'Takes a WAV file (the body itself) as the next version; it is levelled, and callers hear it from now on.',
      roles: LEADERS,
      query: soundWriteQuerySchema,
      replies: { ...CHANGED, 400: { description: 'This is no WAV, or there is no sound in it.' } },
      async handle({ query, auth, request }) {
        const wav = await bodyOf(request);
        if (!wav.ok) return faultReply(wav.fault);
        const { path, source } = query;
        const saved = await sounds.put(path, wav.value, { by: auth.session.user.userName, source });
        return afterChange(saved, { auth, request, what: `${path} recorded` });
      },
    }),
    sessionRoute({
      method: 'post',
      path: '/sounds/version',
      summary: 'Lets callers hear an earlier version, or a later one again.',
      roles: LEADERS,
      query: soundQuerySchema,
      body: soundUseSchema,
      replies: { ...CHANGED, ...NO_SOUND },
      handle: async ({ query: { path }, body: { version }, auth, request }) =>
        afterChange(await sounds.use(path, version), { auth, request, what: `${path} version ${version}` }),
    }),
    sessionRoute({
      method: 'delete',
      path: '/sounds/file',
      summary:
        "Removes the center's own sound with all versions; one of the product's takes its place, if there is one.",
      roles: LEADERS,
      query: soundQuerySchema,
      replies: {
        200: { description: 'Done.', schema: z.object({ done: z.literal(true) }) },
        ...NO_SOUND,
        409: { description: 'A flow plays it.' },
      },
      async handle({ query: { path }, auth, request }) {
        const removed = await sounds.remove(path);
        if (!removed.ok) return faultReply(removed.fault);
        await writeDown(options, { auth, request, action: 'sound-changed', detail: { what: `${path} removed` } });
        return jsonReply({ done: true });
      },
    }),
  ];
};
