/** Why a contact was offered to whom. */
import { z } from 'zod';
import { notReadyReasonSchema } from './common';

const termSchema = z.object({
  score: z.string().describe('The score’s name.'),
  value: z.number(),
  weight: z.number(),
  points: z.number().describe('Weight × value, in milliseconds of waiting.'),
});

/** Why a candidate was not chosen, in the order in which the rules are asked; `chosen` for the one who was. */
const verdictSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum([
      'chosen',
      'other-tenant',
      'signed-out',
      'no-station',
      'rings-already',
      'arrived-later',
      'later-by-id',
      'not-assigned',
    ]),
  }),
  z.object({ kind: z.literal('not-ready'), reason: notReadyReasonSchema }),
  z.object({ kind: z.literal('no-capacity'), contacts: z.array(z.string()) }),
  z.object({ kind: z.literal('kept-for'), agentId: z.string(), untilMs: z.number() }),
  z.object({ kind: z.literal('skill-missing'), skill: z.string(), needed: z.number(), has: z.number() }),
  z.object({ kind: z.literal('lower-score'), by: z.number().describe('In milliseconds of waiting.') }),
  z.object({ kind: z.literal('ranked-later'), strategy: z.string(), rank: z.number(), chosenRank: z.number() }),
  z.object({ kind: z.literal('idle-shorter'), byMs: z.number() }),
]);
export type Verdict = z.infer<typeof verdictSchema>;

const candidateSchema = z.object({
  contactId: z.string(),
  agentId: z.string(),
  score: z.number(),
  terms: z.array(termSchema),
  verdict: verdictSchema,
});
export type CandidateView = z.infer<typeof candidateSchema>;

const candidateListSchema = z.object({
  /** Of all, whether listed or not. */
  total: z.number().int(),
  items: z.array(candidateSchema),
});

export const decisionSchema = z.object({
  decision: z.number().int(),
  atMs: z.number(),
  agentId: z.string(),
  queueId: z.string(),
  hash: z.string().describe('SHA-256 of the decision as it was taken.'),
  proved: z.boolean().describe('Whether the decision, recomputed from the journal, has that hash.'),
  explanation: z
    .object({
      score: z.number(),
      agents: candidateListSchema.describe('The contact with every agent, the best first.'),
      contacts: candidateListSchema.describe('The agent with every other contact that waited, the best first.'),
    })
    .optional()
    .describe('Absent when the journal does not reach back to it any more.'),
});

export type DecisionView = z.infer<typeof decisionSchema>;

export const decisionListSchema = z.object({ items: z.array(decisionSchema) });
