/** Which calls are recorded, and who may change that during a call. */
import { z } from 'zod';
import { numberPattern, settingId } from './routing';

export const recordingActionSchema = z.enum(['start', 'stop', 'pause', 'resume', 'mask', 'unmask']);
export type RecordingAction = z.infer<typeof recordingActionSchema>;

/** `pause` is resuming as well, `mask` ending the mask. */
export const recordingRightSchema = z.enum(['start', 'stop', 'pause', 'mask']);
export type RecordingRight = z.infer<typeof recordingRightSchema>;

const rights = z.array(recordingRightSchema).max(4);
const ids = z.array(z.string().min(1).max(64));

export const recordingPolicyBodySchema = z.strictObject({
  mode: z.enum(['always', 'on-demand', 'off']),
  /** Of a hundred calls so many are recorded by themselves. */
  samplePercent: z.number().min(0.01).max(100).default(100),
  agentMay: rights.default(['mask']),
  supervisorMay: rights.default(['mask']),
  /** After so long a pause or a mask ends by itself. */
  resumeAfterMs: z.number().int().min(1_000).max(3_600_000).default(120_000),
  /** What the parties hear of it: nothing, a prompt at the beginning, or a short tone every 15 s. */
  notice: z.enum(['none', 'announcement', 'beep']).default('none'),
  /** How long its recordings are kept; left out, as the configuration says. */
  retentionDays: z.number().int().min(1).max(36_500).optional(),
  agents: ids.max(10_000).default([]),
  numbers: z.array(numberPattern).max(10_000).default([]),
  queues: ids.max(1_000).default([]),
  trunks: ids.max(1_000).default([]),
  /** Extensions. */
  phones: ids.max(10_000).default([]),
  /** Ids of conference rooms. */
  rooms: ids.max(1_000).optional(),
  /** For all calls that no other policy is about. */
  default: z.boolean().default(false),
});
export type RecordingPolicyBody = z.infer<typeof recordingPolicyBodySchema>;

export const recordingPolicyListSchema = z.object({
  items: z.array(recordingPolicyBodySchema.extend({ id: settingId })),
});
export type RecordingPolicyView = z.infer<typeof recordingPolicyListSchema>['items'][number];

/** `POST /calls/{callId}/recording`. */
export const recordingOrderSchema = z.strictObject({
  action: recordingActionSchema,
  /** Of a pause or a mask, instead of the policy's `resumeAfterMs`. */
  maxMs: z.number().int().min(1_000).max(3_600_000).optional(),
});
