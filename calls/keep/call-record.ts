/**
 * A call as data: what is written down while it lasts, so that the next app goes on with it when this one has died. What
 * lives beside the app, its SIP dialogs and its media, is named by its ids; its history is in the store.
 */
import { z } from 'zod';
import type {
  AgentId,
  CallId,
  ContactId,
  EndpointId,
  InteractionId,
  MixId,
  OfferId,
  PlayId,
  QueueId,
  RecordingId,
  SupervisionId,
} from '../../base/ids';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { FlowState } from '../../flows/interpreter';
import type { AudioCodec, DtmfMode } from '../../media/ports';
import { SUPERVISION_MODES } from '../../media/supervision';
import type { InviteRecord } from '../../signaling/records';
import type { Station } from '../../store/stations';
import type { Call } from '../call';
import type { Stay } from '../conference/model';
import type { LegOwner } from '../leg-owner';
import type { MadeFlow } from '../made-flow';
import type { SupervisorDevice, SupervisorIdentity } from '../supervisor';
import type { ThirdTarget } from '../third-party';

/** Of the shape below: records of another version are not read. */
export const CALL_RECORD_VERSION = 1;

/**
 * What becomes of each field of a call: `plain` is written down as it is, `shaped` in a shape of its own, and `left` does
 * not outlive the app, or is made anew. A field without its word here does not compile.
 */
const FATES = {
  contactId: 'plain',
  incoming: 'shaped',
  customer: 'shaped',
  agentLeg: 'shaped',
  third: 'shaped',
  alsoRinging: 'left',
  outside: 'shaped',
  replacedBy: 'plain',
  customerHolds: 'plain',
  agentTone: 'left',
  thirdFailure: 'plain',
  peer: 'shaped',
  colleague: 'plain',
  conferenceRoomId: 'plain',
  visit: 'shaped',
  flow: 'shaped',
  flowTimer: 'left',
  flowTimerAtMs: 'plain',
  flowState: 'plain',
  afterAgent: 'plain',
  ownRelease: 'plain',
  ownAnswer: 'plain',
  reanswerTimer: 'left',
  variables: 'shaped',
  detect: 'plain',
  talkListening: 'left',
  heard: 'plain',
  isListenedTo: 'plain',
  faxHandled: 'plain',
  screening: 'left',
  hastySteps: 'left',
  playId: 'plain',
  musicPlayId: 'plain',
  musicFromMs: 'plain',
  heldAnswers: 'left',
  announceTimer: 'left',
  announceAtMs: 'plain',
  callbackOffered: 'plain',
  callbackDigits: 'left',
  callbackTimer: 'left',
  callbackPromised: 'plain',
  callback: 'plain',
  take: 'plain',
  recording: 'plain',
  recordingTerms: 'plain',
  recordingMask: 'shaped',
  maskedUntilMs: 'plain',
  recordingAnnounced: 'plain',
  recordingBeep: 'left',
  recordingRetry: 'left',
  queueId: 'plain',
  queuedAtMs: 'plain',
  arrivedAtMs: 'plain',
  contactFacts: 'plain',
  priority: 'plain',
  greeting: 'plain',
  music: 'plain',
  connectedAtMs: 'plain',
  joint: 'shaped',
  guests: 'shaped',
  supervisors: 'shaped',
  identity: 'shaped',
  log: 'shaped',
  callId: 'shaped',
  phase: 'shaped',
} as const satisfies Record<Exclude<keyof Call, 'exchangeStory' | 'writeInto' | 'moveTo'>, 'plain' | 'shaped' | 'left'>;

type FieldOf<Fate> = {
  [Field in keyof typeof FATES]: (typeof FATES)[Field] extends Fate ? Field : never;
}[keyof typeof FATES];

export type PlainField = FieldOf<'plain'>;
export type PlainFields = Partial<Pick<Call, PlainField>>;

export const PLAIN_FIELDS = Object.entries(FATES).flatMap(([field, fate]) =>
  fate === 'plain' ? [field as PlainField] : [],
);

const MAX_ID = 200;
const idOf = <Id extends string>(): z.ZodType<Id> => z.string().min(1).max(MAX_ID) as unknown as z.ZodType<Id>;
/** What another module has made, and understands. */
const foreign = <Value>(): z.ZodType<Value> =>
  z.custom<Value>((value) => typeof value === 'object' && value !== null, 'this must be an object');
const atMs = z.number().nonnegative();
const agentId = idOf<AgentId>();
const queueId = idOf<QueueId>();
const endpointId = idOf<EndpointId>();
const pair = z.tuple([endpointId, endpointId]).readonly();

const phaseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flow'), state: foreign<FlowState>() }),
  z.object({ kind: z.literal('alerting') }),
  z.object({ kind: z.literal('queued'), queueId }),
  z.object({ kind: z.literal('ringing'), queueId, agentId, offerId: idOf<OfferId>() }),
  z.object({ kind: z.literal('talking'), agentId }),
  z.object({ kind: z.literal('held'), agentId }),
  z.object({ kind: z.literal('consulting'), agentId }),
  z.object({ kind: z.literal('transferring'), by: agentId.optional(), phone: z.string().optional() }),
  z.object({ kind: z.literal('forwarded') }),
  z.object({
    kind: z.literal('conference'),
    roomId: z.string().min(1),
    flow: foreign<FlowState>().optional(),
    /** Left out of a call that is being asked for its PIN. */
    stay: foreign<Stay>().optional(),
  }),
  z.object({ kind: z.literal('reanswer'), agentId, waitingFor: z.enum(['agent', 'caller']), untilMs: atMs }),
  z.object({ kind: z.literal('ended') }),
]);

const legSchema = z.object({
  endpointId,
  codec: z.enum(['PCMA', 'PCMU', 'G722', 'OPUS'] satisfies AudioCodec[]).optional(),
  dtmf: z.enum(['rfc4733', 'info', 'inband', 'auto'] satisfies DtmfMode[]).optional(),
  holdsUs: z.boolean().optional(),
  owner: foreign<LegOwner>().optional(),
  counted: z.object({ account: z.string(), number: z.string(), answeredAtMs: atMs }).optional(),
  station: foreign<Exclude<Station, { kind: 'browser' }>>().optional(),
  /** As signaling describes it: by this it gives the dialog back. Of who has an answer. */
  dialog: z.unknown().optional(),
});

/** A caller without an answer: as signaling describes the INVITE, by which it gives it back, and what it will be answered. */
const incomingSchema = z.object({ invite: foreign<InviteRecord>(), sdp: z.string() });

const agentLegSchema = legSchema.extend({ agentId, muted: z.boolean() });

/** Whom the agent consults and has reached, or who has joined both. */
const thirdSchema = z.object({
  target: foreign<ThirdTarget>(),
  state: z.enum(['talking', 'held']),
  contactId: idOf<ContactId>().optional(),
  agentLeg: agentLegSchema.optional(),
  outside: legSchema.optional(),
});

/** Who listens in, or takes part. */
const supervisorSchema = z.object({
  supervisionId: idOf<SupervisionId>(),
  identity: foreign<SupervisorIdentity>(),
  device: foreign<SupervisorDevice>(),
  mode: z.enum(SUPERVISION_MODES),
  /** From call to call. */
  follows: agentId.optional(),
  leg: legSchema,
  /** Of one by whom the ACD knows; a desk phone has none. */
  seat: z.object({ agentId, contactId: idOf<ContactId>() }).optional(),
});

const jointSchema = z.object({
  pair: pair.optional(),
  made: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('apart') }),
    z.object({ kind: z.literal('bridge'), pair }),
    z.object({ kind: z.literal('mix'), mixId: idOf<MixId>(), members: z.array(endpointId) }),
  ]),
});

const identitySchema = z.object({
  callId: idOf<CallId>(),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  number: z.string(),
  displayName: z.string().optional(),
  dialledNumber: z.string(),
  startedAtMs: atMs,
  callerExtension: z.string().optional(),
  dialledBy: agentId.optional(),
});

/** Those that the acts on a call rely on most; the others are as the version that wrote them had them. */
const plainSchema = z.looseObject({
  contactId: idOf<ContactId>(),
  playId: idOf<PlayId>().optional(),
  queueId: queueId.optional(),
  recording: z.object({ recordingId: idOf<RecordingId>(), n: z.number().int().positive() }).optional(),
  priority: z.number(),
  music: z.string(),
});

const recordSchema = z.object({
  version: z.literal(CALL_RECORD_VERSION),
  interactionId: idOf<InteractionId>(),
  identity: identitySchema,
  phase: phaseSchema,
  plain: plainSchema,
  variables: z.object({
    values: z.record(z.string(), z.string()),
    secret: z.array(z.string()),
    sensitive: z.array(z.string()),
  }),
  flowId: z.string().optional(),
  madeFlow: foreign<MadeFlow>().optional(),
  mask: z.object({ kind: z.enum(['paused', 'masked']), untilMs: atMs, keys: z.number().int() }).optional(),
  joint: jointSchema,
  incoming: incomingSchema.optional(),
  customer: legSchema.optional(),
  agentLeg: agentLegSchema.optional(),
  third: thirdSchema.optional(),
  guests: z.array(thirdSchema).default([]),
  supervisors: z.array(supervisorSchema).default([]),
  outside: legSchema.optional(),
  peer: legSchema.extend({ number: z.string(), extension: z.string().optional() }).optional(),
  /** Who writes about it in wrap-up, also while it goes on with others. */
  wrapUpsOf: z.array(agentId),
});

export type CallRecord = Omit<z.infer<typeof recordSchema>, 'plain'> & { readonly plain: PlainFields };
export type LegRecord = z.infer<typeof legSchema>;
export type AgentLegRecord = z.infer<typeof agentLegSchema>;
export type ThirdRecord = z.infer<typeof thirdSchema>;
export type SupervisorRecord = z.infer<typeof supervisorSchema>;
export type RecordedPhase = CallRecord['phase'];
/** In which a call can go on: what others had begun with it is over. */
export type ResumedPhase = Exclude<RecordedPhase, { kind: 'ringing' | 'transferring' }>;

/** Legs by the field of the call in which they stand. */
export const LEG_FIELDS = ['customer', 'agentLeg', 'outside', 'peer'] as const satisfies (keyof Call)[];
export type LegField = (typeof LEG_FIELDS)[number];

/** Fails with `bad_input`, which says what is wrong, for what is no record of this version. */
export const parseCallRecord = (json: string): Result<CallRecord> => {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(json));
    if (parsed.success) return ok(parsed.data as CallRecord);
    const [issue] = parsed.error.issues;
    return fail('bad_input', `a call's record is not understood: ${issue?.path.join('.')}: ${issue?.message}`);
  } catch (error) {
    return fail('bad_input', `a call's record is not understood: ${messageOf(error)}`);
  }
};
