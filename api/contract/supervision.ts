/** Supervision: who listens to which agent's call, and how. Times are milliseconds since 1970 (UTC). */
import { z } from 'zod';
import { callStateSchema, heardViewSchema, recordingStateSchema } from './common';

/** `monitor`: heard by nobody; `whisper`: by the agent alone; `barge`: by the agent and whom the agent talks with. */
export const supervisionModeSchema = z.enum(['monitor', 'whisper', 'barge']);
export type SupervisionMode = z.infer<typeof supervisionModeSchema>;

/** What the supervisor listens by: the browser of the own seat, or a desk phone, which rings. */
export const supervisorDeviceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('browser') }),
  z.strictObject({ kind: z.literal('phone'), extension: z.string().min(1).max(32) }),
]);
export type SupervisorDevice = z.infer<typeof supervisorDeviceSchema>;

/** Body of `POST /supervisions`: one call until it ends, or one agent's calls, this one and those that come. */
export const supervisionRequestSchema = z.strictObject({
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('call'), callId: z.string().min(1).max(64) }),
    z.strictObject({ kind: z.literal('agent'), agentId: z.string().min(1).max(64) }),
  ]),
  mode: supervisionModeSchema.default('monitor'),
  device: supervisorDeviceSchema.default({ kind: 'browser' }),
});
export type SupervisionRequest = z.input<typeof supervisionRequestSchema>;

export const supervisionChangeSchema = z.strictObject({ mode: supervisionModeSchema });

export const supervisionViewSchema = z.object({
  supervisionId: z.string(),
  userId: z.string(),
  displayName: z.string(),
  displayNameZh: z.string().optional(),
  /** `waiting`: the agent who is followed has no conversation; `ringing`: the supervisor's own telephone does. */
  state: z.enum(['waiting', 'ringing', 'active', 'ended']),
  mode: supervisionModeSchema,
  device: supervisorDeviceSchema,
  /** The agent whose calls are followed. */
  follows: z.string().optional(),
  callId: z.string().optional(),
  interactionId: z.string().optional(),
  /** Who has the call. */
  agentId: z.string().optional(),
  agentName: z.string().optional(),
  agentNameZh: z.string().optional(),
  /** The customer's number. */
  number: z.string().optional(),
  /** Why it ended, or why the supervisor's telephone could not be had. */
  reason: z.string().optional(),
});
export type SupervisionView = z.infer<typeof supervisionViewSchema>;

/** One agent's call, for those who lead the agents. */
export const teamCallSchema = z.object({
  callId: z.string(),
  interactionId: z.string(),
  agentId: z.string(),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  state: callStateSchema,
  number: z.string(),
  displayName: z.string().optional(),
  displayNameZh: z.string().optional(),
  queueId: z.string().optional(),
  queueName: z.string().optional(),
  queueNameZh: z.string().optional(),
  startedAtMs: z.number(),
  answeredAtMs: z.number().optional(),
  muted: z.boolean(),
  heard: heardViewSchema.optional(),
  /** With what supervisors may do about it. */
  recordingState: recordingStateSchema.optional(),
  supervisors: z.array(
    supervisionViewSchema.pick({ userId: true, displayName: true, displayNameZh: true, mode: true, state: true }),
  ),
});
export type TeamCallView = z.infer<typeof teamCallSchema>;
