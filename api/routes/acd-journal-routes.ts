/** The ACD's journal for those who want to play a day again elsewhere, with other rules or staff. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { errorCode } from '../recordings/error-code';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { sessionRoute } from '../http/route';
import type { AcdJournal } from '../ports';
import { ADMINISTRATORS } from './roles';

const querySchema = z
  .object({ fromMs: z.coerce.number().int().nonnegative(), toMs: z.coerce.number().int().nonnegative() })
  .refine(({ fromMs, toMs }) => fromMs < toMs, { path: ['toMs'], message: 'Must be after fromMs.' });

async function* linesOf(items: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}

export const acdJournalRoutes = ({
  acdJournal,
  ...trail
}: { readonly acdJournal: AcdJournal } & AuditTrail): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/acd/journal',
    summary: 'What happened to the ACD, with the state at the beginning, for `npm run simulate -- --replay`.',
    roles: ADMINISTRATORS,
    query: querySchema,
    replies: { 200: { description: 'A line of JSON each.', mediaType: 'application/x-ndjson' } },
    async handle({ query, auth, request, response }) {
      await writeDown(trail, {
        auth,
        request,
        action: 'acd-journal-read',
        detail: { fromMs: String(query.fromMs), toMs: String(query.toMs) },
      });
      response
        .status(200)
        .set({ 'Content-Type': 'application/x-ndjson', 'Content-Disposition': 'attachment; filename="journal.jsonl"' });
      try {
        await pipeline(Readable.from(linesOf(acdJournal.between(query))), response);
      } catch (error) {
        // Who asked has gone: nobody's fault.
        if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
      }
      return { kind: 'sent' };
    },
  }),
];
