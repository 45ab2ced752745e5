/** Why a contact was offered to whom. */
import { z } from 'zod';

const termSchema = z.object({
  score: z.string().describe('The score’s name.'),
  value: z.number(),
  weight: z.number(),
  points: z.number().describe('Weight × value, in milliseconds of waiting.'),
});

const candidateSchema = z.object({
  contactId: z.string(),
  agentId: z.string(),
  score: z.number(),
  terms: z.array(termSchema),
  verdict: z
    .looseObject({ kind: z.string() })
    .describe('Why it was not chosen, or `chosen`; the rest depends on the kind.'),
});

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

export const decisionListSchema = z.object({ items: z.array(decisionSchema) });
