/** Shapes that REST and the event socket share. Times are milliseconds since 1970 (UTC). */
import { z } from 'zod';
import { recordingRightSchema } from './recording-policies';
import { stationKindSchema, stationSchema } from './stations';

export const roleSchema = z.enum(['agent', 'supervisor', 'administrator']);
export type Role = z.infer<typeof roleSchema>;

/** Why an agent is not ready; `signed-in` is the state right after sign-in. */
export const notReadyReasonSchema = z.enum([
  'signed-in',
  'break',
  'lunch',
  'meeting',
  'training',
  'back-office',
  'no-answer',
  'device-lost',
  'locked',
]);
export type NotReadyReason = z.infer<typeof notReadyReasonSchema>;

/** Reasons an agent may choose; the others are set by the system. */
export const CHOSEN_NOT_READY_REASONS = ['break', 'lunch', 'meeting', 'training', 'back-office'] as const;

export const agentStateSchema = z.enum(['signed-out', 'not-ready', 'ready', 'offered', 'busy', 'wrap-up']);
export type AgentState = z.infer<typeof agentStateSchema>;

export const agentViewSchema = z.object({
  agentId: z.string(),
  displayName: z.string(),
  /** The name for those who work in Chinese, here and wherever `Zh` stands. */
  displayNameZh: z.string().optional(),
  extension: z.string(),
  state: agentStateSchema,
  notReadyReason: notReadyReasonSchema.optional(),
  /** With a contact: what the agent will be after it. */
  next: z
    .object({ state: z.enum(['ready', 'not-ready', 'signed-out']), reason: notReadyReasonSchema.optional() })
    .optional(),
  /** When the present state began. */
  sinceMs: z.number(),
  /** The agent's station can be called: the browser or the phone is registered. */
  deviceRegistered: z.boolean(),
  /** Where the agent hears, and what the agent may choose. */
  station: stationSchema.optional(),
  stations: z.array(stationKindSchema).optional(),
  /** When wrap-up ends by itself. */
  wrapUpUntilMs: z.number().optional(),
  /** By a supervisor: unable to become ready or to call until unlocked. */
  locked: z.boolean().optional(),
});
export type AgentView = z.infer<typeof agentViewSchema>;

/**
 * `ringing`: offered to the agent or, outbound, ringing at the far end. `consulting`: with the party in `consult`, or
 * waiting for it, while the customer waits.
 */
export const callStateSchema = z.enum(['ringing', 'connected', 'held', 'consulting', 'wrap-up', 'ended']);
export type CallState = z.infer<typeof callStateSchema>;

/** Whom an agent consults; a queue has no number until it has found somebody. */
export const consultViewSchema = z.object({
  state: z.enum(['waiting', 'ringing', 'connected', 'held']),
  kind: z.enum(['agent', 'queue', 'number']),
  number: z.string().optional(),
  name: z.string().optional(),
  nameZh: z.string().optional(),
});
export type ConsultView = z.infer<typeof consultViewSchema>;

/** How a call is recorded, and what the agent may do about it. */
export const recordingStateSchema = z.object({
  /** `masked`: nothing is kept, and the customer's keys reach nobody. */
  state: z.enum(['off', 'on', 'paused', 'masked']),
  /** Whether there is a recording, silent or not. */
  recorded: z.boolean(),
  /** When a pause or a mask ends by itself. */
  untilMs: z.number().optional(),
  /** While masked: how many keys the customer has pressed. */
  keys: z.number().int().optional(),
  may: z.array(recordingRightSchema),
});
export type RecordingState = z.infer<typeof recordingStateSchema>;

/** Somebody in a call of more than two. */
export const partyViewSchema = z.object({
  partyId: z.string(),
  kind: z.enum(['customer', 'agent', 'number']),
  number: z.string(),
  name: z.string().optional(),
  nameZh: z.string().optional(),
  /** Whether this agent may let the party go. */
  mayDrop: z.boolean(),
});
export type PartyView = z.infer<typeof partyViewSchema>;

/** Who, or what, was heard to be at the other end. */
export const heardViewSchema = z.object({
  what: z.enum(['human', 'machine', 'not-sure', 'fax']),
  atMs: z.number(),
  /** Of a machine: its greeting is over, it records. */
  awaitsMessage: z.boolean().optional(),
});
export type HeardView = z.infer<typeof heardViewSchema>;

/** One call as one agent sees it. */
export const callViewSchema = z.object({
  callId: z.string(),
  interactionId: z.string(),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  state: callStateSchema,
  /** The other party's number, as shown to the agent. */
  number: z.string(),
  displayName: z.string().optional(),
  displayNameZh: z.string().optional(),
  /** The number the caller dialled. */
  dialledNumber: z.string(),
  queueId: z.string().optional(),
  queueName: z.string().optional(),
  queueNameZh: z.string().optional(),
  /** Keys the caller pressed in the flow. */
  digits: z.array(z.string()),
  language: z.string().optional(),
  /** Time spent in the queue before this offer. */
  waitedMs: z.number().optional(),
  startedAtMs: z.number(),
  answeredAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
  muted: z.boolean(),
  /** Where this agent hears the call; absent for the browser. */
  station: stationSchema.optional(),
  recording: z.boolean(),
  recordingState: recordingStateSchema.optional(),
  /** Why it ended, for display. */
  endReason: z.string().optional(),
  /** Why whom the agent dialled was not reached, such as `busy`: while a tone says so, and when the call has ended. */
  dialFailure: z.string().optional(),
  /** While it rings: after how long the agent's browser is to answer by itself; absent where the agent answers. */
  autoAnswerMs: z.number().optional(),
  /** The customer's side has put us on hold. */
  customerHolds: z.boolean().optional(),
  heard: heardViewSchema.optional(),
  /** Who has hung up and may come back, and until when. */
  left: z.object({ party: z.enum(['agent', 'caller']), untilMs: z.number() }).optional(),
  /** A supervisor is with the call; absent where agents are not to know. */
  supervised: z.boolean().optional(),
  consult: consultViewSchema.optional(),
  /** Where more than two talk: everybody but this agent. */
  parties: z.array(partyViewSchema).optional(),
  /** The customer has asked to be called back, and is called when the agent has accepted. */
  callback: z.object({ attempt: z.number(), arrivedAtMs: z.number(), accepted: z.boolean() }).optional(),
  /** This agent is the one who is consulted, by the party in `number`. */
  consulted: z.boolean().optional(),
  /** Why the last consultation or transfer did not come about, such as `no-answer`. */
  consultFailure: z.string().optional(),
});
export type CallView = z.infer<typeof callViewSchema>;

/** Whom to transfer to or to consult; a number may be an extension, one of ours that leads to a flow, or one outside. */
export const transferTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), agentId: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('queue'), queueId: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('number'), number: z.string().min(1).max(64) }),
]);
export type TransferTargetBody = z.infer<typeof transferTargetSchema>;

/** docs/metrics.md says how each is reckoned; a figure of nothing is absent. Shares are from 0 to 1. */
export const queueFiguresSchema = z.object({
  offered: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  diverted: z.number(),
  serviceLevel: z.number().optional(),
  abandonment: z.number().optional(),
  averageSpeedOfAnswerMs: z.number().optional(),
  averageHandleMs: z.number().optional(),
  meanWaitMs: z.number().optional(),
  longestWaitMs: z.number(),
});
export type QueueFiguresView = z.infer<typeof queueFiguresSchema>;

/** One queue's present load, for the desk's tiles. */
export const queueViewSchema = z.object({
  queueId: z.string(),
  name: z.string(),
  nameZh: z.string().optional(),
  waiting: z.number(),
  oldestWaitingSinceMs: z.number().optional(),
  agentsReady: z.number(),
  agentsBusy: z.number(),
  /** Outside its hours. */
  closed: z.boolean().optional(),
  agentsSignedIn: z.number().optional(),
  /** Of the contacts that have arrived within the last half hour and wait no more. */
  figures: queueFiguresSchema.optional(),
});
export type QueueView = z.infer<typeof queueViewSchema>;

/** The body of every error reply: a code of base/errors, one sentence, and for bad input the path of each field. */
export const faultSchema = z.object({
  code: z.string(),
  message: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** The message in parts, where a page must say it in the reader's language. */
  about: z.object({ key: z.string(), values: z.record(z.string(), z.string()) }).optional(),
});
export type FaultBody = z.infer<typeof faultSchema>;

export const DISPOSITIONS = ['resolved', 'follow-up', 'transferred', 'wrong-number', 'complaint', 'other'] as const;
export const dispositionSchema = z.enum(DISPOSITIONS);
export type Disposition = z.infer<typeof dispositionSchema>;
