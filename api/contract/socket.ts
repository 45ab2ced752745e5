/**
 * The event socket `/api/v1/events`: JSON text messages. The browser sends commands, each with an id of its choice that
 * the reply repeats; the server sends replies and events. The session is the cookie's, or `?token=`'s. Who connects again
 * from the same window says so by the same `?window=`; `?takeover=yes` takes an agent's desk from another window even
 * while a call is open there.
 */
import { z } from 'zod';
import { DETECT } from '../../base/detect';
import {
  agentViewSchema,
  callViewSchema,
  CHOSEN_NOT_READY_REASONS,
  dispositionSchema,
  faultSchema,
  queueViewSchema,
  transferTargetSchema,
} from './common';
import { browserCountersSchema, callQualitySchema } from './quality';
import { recordingActionSchema } from './recording-policies';
import { conferenceActionSchema, conferenceViewSchema } from './conferences';
import { settingId } from './routing';
import { stationSchema } from './stations';
import { alarmSchema } from './security';
import { supervisionViewSchema, teamCallSchema } from './supervision';

const id = z.string().min(1).max(64);
const callId = z.string().min(1).max(64);

export const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ id, command: z.literal('ready') }),
  z.strictObject({ id, command: z.literal('not-ready'), reason: z.enum(CHOSEN_NOT_READY_REASONS) }),
  /** As soon as call and wrap-up are over, when the session ends, too; `ready` and `not-ready` take it back. */
  z.strictObject({ id, command: z.literal('sign-out') }),
  /** Where the agent hears from the next call on; remembered. */
  z.strictObject({ id, command: z.literal('station'), station: stationSchema }),
  /** Another minute. */
  z.strictObject({ id, command: z.literal('extend-wrap-up'), callId }),
  z.strictObject({
    id,
    command: z.literal('dial'),
    number: z.string().min(1).max(64),
    /** What is listened for after the answer of a number outside; left out, as its trunk says. */
    detect: z.enum(DETECT).optional(),
  }),
  z.strictObject({ id, command: z.literal('hold'), callId }),
  z.strictObject({ id, command: z.literal('resume'), callId }),
  z.strictObject({ id, command: z.literal('mute'), callId }),
  z.strictObject({ id, command: z.literal('unmute'), callId }),
  z.strictObject({ id, command: z.literal('hang-up'), callId }),
  z.strictObject({ id, command: z.literal('transfer'), callId, target: transferTargetSchema }),
  z.strictObject({ id, command: z.literal('consult'), callId, target: transferTargetSchema }),
  z.strictObject({ id, command: z.literal('toggle-consult'), callId }),
  z.strictObject({ id, command: z.literal('complete-transfer'), callId }),
  z.strictObject({ id, command: z.literal('cancel-consult'), callId }),
  z.strictObject({ id, command: z.literal('recording'), callId, action: recordingActionSchema }),
  /** Whom the agent consults talks with all from now on. */
  z.strictObject({ id, command: z.literal('merge-consult'), callId }),
  /** The agent goes, the others talk on. */
  z.strictObject({ id, command: z.literal('leave-call'), callId }),
  z.strictObject({ id, command: z.literal('drop-party'), callId, partyId: z.string().min(1).max(64) }),
  z.strictObject({
    id,
    command: z.literal('announce'),
    callId,
    digits: z
      .string()
      .regex(/^[0-9*#]{1,32}$/)
      .optional(),
  }),
  z.strictObject({ id, command: z.literal('send-digits'), callId, digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) }),
  z.strictObject({
    id,
    command: z.literal('wrap-up-done'),
    callId,
    note: z.string().max(4000),
    disposition: dispositionSchema.optional(),
  }),
  /** For supervisors and administrators: in a conference that runs. */
  z.strictObject({ id, command: z.literal('conference'), roomId: settingId, action: conferenceActionSchema }),
  /** What the browser has counted of what it hears; about every ten seconds. */
  z.strictObject({ id, command: z.literal('report-quality'), callId, counters: browserCountersSchema }),
  z.strictObject({ id, command: z.literal('ping') }),
]);
export type Command = z.infer<typeof commandSchema>;

export const serverMessageSchema = z.discriminatedUnion('type', [
  /** First message after connecting: everything the desk shows. */
  z.object({
    type: z.literal('hello'),
    serverTimeMs: z.number(),
    agent: agentViewSchema.optional(),
    calls: z.array(callViewSchema),
    queues: z.array(queueViewSchema),
    /** The user's own that is not over. */
    supervision: supervisionViewSchema.optional(),
  }),
  /** An agent's state has changed: the own one's, and for supervisors and administrators everybody's. */
  z.object({ type: z.literal('agent'), agent: agentViewSchema }),
  /** A call of this agent began or changed; state `ended` is its last. */
  z.object({ type: z.literal('call'), call: callViewSchema }),
  /** An agent's call began or changed, for supervisors and administrators; state `ended` is its last. */
  z.object({ type: z.literal('team-call'), call: teamCallSchema }),
  /** The user's own supervision began or changed; state `ended` is its last. */
  z.object({ type: z.literal('supervision'), supervision: supervisionViewSchema }),
  z.object({ type: z.literal('queues'), queues: z.array(queueViewSchema) }),
  /** How calls sound: the own one, and for supervisors and administrators all that agents have. */
  z.object({ type: z.literal('quality'), calls: z.array(callQualitySchema) }),
  /** An interaction that the user may see has changed; the history may be read again. */
  z.object({ type: z.literal('interaction'), interactionId: z.string() }),
  /** Something that supervisors and administrators must learn at once. */
  z.object({ type: z.literal('alarm'), alarm: alarmSchema }),
  /** A conference has changed, or is over: for supervisors and administrators. */
  z.object({ type: z.literal('conference'), conference: conferenceViewSchema }),
  z.object({ type: z.literal('reply'), id: z.string(), ok: z.boolean(), fault: faultSchema.optional() }),
  /**
   * The server closes this socket: another window has taken the desk, this window may not take it from one with a call
   * (`in-use`, instead of `hello`), signed out, expired, or the server ends.
   */
  z.object({
    type: z.literal('bye'),
    reason: z.enum(['replaced', 'in-use', 'signed-out', 'expired', 'shutting-down']),
  }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
