/** Rules by number. */
import { z } from 'zod';
import { NUMBER_PATTERN } from '../../base/number-pattern';

export const settingId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'an id is up to 64 lower-case letters, digits and hyphens');

export const numberPattern = z
  .string()
  .regex(NUMBER_PATTERN, 'a pattern is digits, + * # and X for any one, with a full stop for the rest')
  .min(1);

const patterns = z.array(numberPattern).max(10_000);

const refusalSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('reject'),
    /** A final SIP status of refusal. */
    status: z.number().int().min(400).max(699),
    reason: z
      .string()
      .max(100)
      .regex(/^[^\r\n]*$/)
      .optional(),
  }),
  z.strictObject({ do: z.literal('flow'), flowId: z.string().min(1).max(64) }),
]);

export const callRuleBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number-class'), patterns }),
  z.strictObject({
    kind: z.literal('service-class'),
    allow: z.array(settingId).max(100),
    agents: z.array(z.string().min(1).max(64)).max(10_000).default([]),
    callers: patterns.default([]),
    default: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('caller-list'),
    mode: z.enum(['block', 'allow', 'only']),
    callers: patterns,
    called: patterns.default(['.']),
    refusal: refusalSchema.default({ do: 'reject', status: 603 }),
  }),
  z.strictObject({ kind: z.literal('destination-list'), mode: z.enum(['block', 'allow']), patterns }),
]);
export type CallRuleBody = z.infer<typeof callRuleBodySchema>;

/** A call that is not placed, to see what the rules say. */
export const permissionQuerySchema = z.strictObject({
  direction: z.enum(['inbound', 'outbound']),
  /** Inbound: who calls. Outbound: the calling telephone's number. */
  caller: z.string().max(64).optional(),
  agentId: z.string().max(64).optional(),
  called: z.string().min(1).max(64),
});

export const permissionReplySchema = z.object({
  permitted: z.boolean(),
  /** The rule that decided, if one did. */
  rule: z.string().optional(),
  numberClass: z.string().optional(),
  message: z.string().optional(),
});

const accountName = z
  .string()
  .regex(/^(agent|phone|trunk):[\w.+-]{1,64}$/, 'an account is agent:, phone: or trunk: and its id');

/** How much these accounts may call numbers of these classes. */
export const callLimitBodySchema = z.strictObject({
  classes: z.array(settingId).max(100).default([]),
  accounts: z.array(accountName).max(10_000).default([]),
  maxConcurrent: z.number().int().min(0).max(100_000).optional(),
  maxPerMinute: z.number().int().min(0).max(100_000).optional(),
  /** In the currency of the outbound routes. */
  maxCostPerDay: z.number().positive().max(1_000_000_000).optional(),
});
export type CallLimitBody = z.infer<typeof callLimitBodySchema>;

export const callUsageReplySchema = z.object({
  items: z.array(
    z.object({
      account: z.string(),
      numberClass: z.string(),
      concurrent: z.number(),
      lastMinute: z.number(),
      /** With what running calls have cost so far. */
      costToday: z.number(),
      /** Since when the account may not call this class. */
      lockedAtMs: z.number().optional(),
    }),
  ),
});

export const callLockParamsSchema = z.strictObject({ account: accountName });
export const callLockQuerySchema = z.strictObject({ numberClass: settingId.optional() });

/** Who ends a conversation by hanging up, for these queues and agents. */
export const releaseModeBodySchema = z.strictObject({
  mode: z.enum(['either', 'caller', 'callee']),
  /** How long somebody who has hung up may come back. */
  reanswerMs: z.number().int().min(5_000).max(600_000).default(60_000),
  queues: z.array(z.string().min(1).max(64)).max(1_000).default([]),
  agents: z.array(z.string().min(1).max(64)).max(10_000).default([]),
});
export type ReleaseModeBody = z.infer<typeof releaseModeBodySchema>;

/** Who answers the calls of queues: the agent, or the browser by itself. */
export const answerModeBodySchema = z.strictObject({
  mode: z.enum(['manual', 'automatic']),
  /** How long it rings before it is answered by itself. */
  delayMs: z.number().int().min(0).max(10_000).default(1_000),
  queues: z.array(z.string().min(1).max(64)).max(1_000).default([]),
  agents: z.array(z.string().min(1).max(64)).max(10_000).default([]),
});
export type AnswerModeBody = z.infer<typeof answerModeBodySchema>;
