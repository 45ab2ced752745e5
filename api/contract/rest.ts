/** REST bodies and queries, below `/api/v1`. The OpenAPI document is generated from these schemas. */
import { z } from 'zod';
import { agentViewSchema, dispositionSchema, queueViewSchema, roleSchema } from './common';
import { recordingActionSchema } from './recording-policies';
import { namedSchema, queueNoteSchema } from './queue-notes';
import { legQualitySchema, soundFaultSchema } from './quality';
import { supervisionModeSchema } from './supervision';

export const loginRequestSchema = z.strictObject({
  userName: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

/** TURN servers (RFC 8656) and credentials for them that run out; `GET /me` gives new ones. */
export const iceSettingsSchema = z.object({
  urls: z.array(z.string()),
  username: z.string(),
  credential: z.string(),
  expiresAtMs: z.number(),
  /** From the reply on, for those whose clock is another. */
  lifetimeMs: z.number(),
  /** The browser is to send by the relay only. */
  relayOnly: z.boolean(),
});
export type IceSettings = z.infer<typeof iceSettingsSchema>;

/** What the browser's SIP user agent needs; the password lives as long as the session. */
export const sipAccountSchema = z.object({
  uri: z.string(),
  userName: z.string(),
  password: z.string(),
  /** Path of the SIP WebSocket on the same origin. */
  webSocketPath: z.string(),
  /** Absent where browsers need no relay. */
  ice: iceSettingsSchema.optional(),
});
export type SipAccount = z.infer<typeof sipAccountSchema>;

export const sessionUserSchema = z.object({
  userId: z.string(),
  userName: z.string(),
  displayName: z.string(),
  displayNameZh: z.string().optional(),
  roles: z.array(roleSchema),
  agent: z.object({ agentId: z.string(), extension: z.string() }).optional(),
});
export type SessionUser = z.infer<typeof sessionUserSchema>;

/** Reply of `GET /me`, for a page that was loaded again. */
export const sessionSchema = z.object({
  expiresAtMs: z.number(),
  user: sessionUserSchema,
  sip: sipAccountSchema.optional(),
});
export type Session = z.infer<typeof sessionSchema>;

/** Reply of `POST /login`: the only one that tells the token. */
export const loginReplySchema = sessionSchema.extend({ token: z.string() });
export type LoginReply = z.infer<typeof loginReplySchema>;

export const outcomeSchema = z.object({
  result: z.enum(['answered', 'abandoned', 'rejected', 'failed']),
  reason: z.string(),
  party: z.enum(['caller', 'agent', 'called', 'system', 'carrier']),
});

export const segmentSchema = z.object({
  kind: z.enum(['flow', 'queue', 'ringing', 'talk', 'hold', 'consult', 'conference', 'wrap-up']),
  startedAtMs: z.number(),
  endedAtMs: z.number().optional(),
  queueId: z.string().optional(),
  agentId: z.string().optional(),
  detail: z.string().optional(),
});

export const transferSchema = z.object({
  atMs: z.number(),
  /** `attended`: the agent had talked with the other side, or let it ring, before. */
  kind: z.enum(['blind', 'attended']),
  byAgentId: z.string().optional(),
  /** Of the phone that transferred. Absent, like `byAgentId`, when the customer's side did, by SIP. */
  byExtension: z.string().optional(),
  to: z.object({ kind: z.enum(['agent', 'queue', 'flow', 'outside']), id: z.string() }),
  /** `returned` to the agent or the queue that the customer came from. */
  result: z.enum(['completed', 'returned', 'failed']).optional(),
});

export const recordingSchema = z.object({
  /** By which `GET /recordings/{id}` knows it. */
  id: z.string().optional(),
  n: z.number().int(),
  startedAtMs: z.number(),
  durationMs: z.number(),
  channels: z.array(z.string()),
  sizeBytes: z.number(),
  /** Left for a queue by the caller, who was sent to its mailbox. */
  isMessage: z.boolean().optional(),
  /** Every agent who is heard in it. */
  agentIds: z.array(z.string()).optional(),
  /** When both channels are silent on purpose; `masked`: for something that must be kept nowhere. */
  silences: z
    .array(z.object({ kind: z.enum(['paused', 'masked']), fromMs: z.number(), toMs: z.number().optional() }))
    .optional(),
});

/** Who changed a recording; without an id for what happens by itself. */
const recordingActSchema = z.object({
  atMs: z.number(),
  act: recordingActionSchema,
  by: z.object({
    kind: z.enum(['agent', 'supervisor', 'moderator', 'flow', 'policy', 'time', 'system']),
    id: z.string().optional(),
  }),
  n: z.number().int().optional(),
});

/** The policy that decided whether the call is recorded; no id: none is set for it. */
const recordingPolicyViewSchema = z.object({
  id: z.string().optional(),
  by: z.enum(['agent', 'number', 'queue', 'trunk', 'phone', 'room', 'default', 'built-in']),
  mode: z.enum(['always', 'on-demand', 'off']),
  /** Whether the call is in the sample. */
  sampled: z.boolean().optional(),
});

export const wrapUpSchema = z.object({
  note: z.string(),
  disposition: dispositionSchema.optional(),
  agentId: z.string(),
  endedAtMs: z.number(),
});

export const supervisionEntrySchema = z.object({
  userName: z.string(),
  displayName: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number().optional(),
  /** From when on in which mode, oldest first. */
  modes: z.array(z.object({ atMs: z.number(), mode: supervisionModeSchema })),
  /** When the supervisor took the call over. */
  interceptedAtMs: z.number().optional(),
});

export const conferenceStaySchema = z.object({
  roomId: z.string(),
  /** The same for everybody who was in this conference. */
  conferenceId: z.string(),
  role: z.enum(['moderator', 'participant', 'listener']),
  joinedAtMs: z.number(),
  leftAtMs: z.number().optional(),
  /** Who else was there meanwhile; a hundred at most. */
  others: z.array(z.object({ number: z.string(), name: z.string().optional(), role: z.string() })),
});

/** `not-sure`: a person or a machine. */
const heardSchema = z.enum(['human', 'machine', 'not-sure', 'fax']);
const detectionSchema = z.object({
  atMs: z.number(),
  role: z.string(),
  id: z.string(),
  heard: heardSchema,
  /** The fax machine's tone, or what told a person from a machine. */
  detail: z.string(),
});

export const interactionSchema = z.object({
  id: z.string(),
  channel: z.literal('voice'),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  startedAtMs: z.number(),
  answeredAtMs: z.number().optional(),
  voiceAnswer: z
    .object({ waitMs: z.number().optional(), late: z.boolean().optional() })
    .optional()
    .describe('How long the caller waited for the first voice, and whether that was too long.'),
  endedAtMs: z.number().optional(),
  caller: z.object({ number: z.string(), displayName: z.string().optional() }),
  called: z.object({ number: z.string() }),
  contactId: z.string().optional().describe('As the ACD knows it; absent when the call never waited in a queue.'),
  queueId: z.string().optional(),
  queueName: z.string().optional(),
  queueNameZh: z.string().optional(),
  agentId: z.string().optional(),
  agentName: z.string().optional(),
  agentNameZh: z.string().optional(),
  digits: z.array(z.string()),
  language: z.string().optional(),
  /** What flows, look-ups and other switches have said about the call, by name. */
  data: z.record(z.string(), z.string()).optional(),
  /** Call data of other switches (RFC 7433). */
  userToUser: z
    .array(z.object({ data: z.string(), encoding: z.string(), purpose: z.string(), content: z.string().optional() }))
    .optional(),
  /** The interaction that was handed over to this one. */
  previous: z.object({ interactionId: z.string().optional(), site: z.string().optional() }).optional(),
  segments: z.array(segmentSchema),
  /** Whether it has calls whose SIP messages may be asked for. */
  hasSipCalls: z.boolean().optional(),
  parties: z.array(
    z.object({ role: z.string(), id: z.string(), joinedAtMs: z.number(), leftAtMs: z.number().optional() }),
  ),
  outcome: outcomeSchema.optional(),
  recordings: z.array(recordingSchema),
  recordingPolicy: recordingPolicyViewSchema.optional(),
  recordingActs: z.array(recordingActSchema).optional(),
  /** Of a call to a customer who had asked for it: which attempt it is, and when the customer came into the queue. */
  callback: z.object({ attempt: z.number(), arrivedAtMs: z.number() }).optional(),
  transfers: z.array(transferSchema).optional(),
  /** What befell the customer in queues beside waiting, oldest first, and the names of the queues and agents in it. */
  queueNotes: z.array(queueNoteSchema).optional(),
  noteNames: z.array(namedSchema).optional(),
  /** Supervisors who were with the call; agents see it only where that is set. */
  supervisions: z.array(supervisionEntrySchema).optional(),
  /** Stays in conference rooms. */
  conferences: z.array(conferenceStaySchema).optional(),
  /** How each leg that has ended has sounded, and who was not heard when. */
  quality: z.array(legQualitySchema).optional(),
  soundFaults: z.array(soundFaultSchema).optional(),
  /** Who, or what, was heard to be there, oldest first. */
  detections: z.array(detectionSchema).optional(),
  /** What answered the number that was dialled for the caller last. */
  answeredBy: heardSchema.optional(),
  wrapUp: wrapUpSchema.optional(),
  /** Of the agents who transferred the call, oldest first. */
  earlierWrapUps: z.array(wrapUpSchema).optional(),
});
export type InteractionView = z.infer<typeof interactionSchema>;

/** `GET /interactions`: agents see their own; supervisors and administrators see all. */
export const interactionQuerySchema = z.strictObject({
  fromMs: z.coerce.number().int().nonnegative().optional(),
  toMs: z.coerce.number().int().nonnegative().optional(),
  agentId: z.string().max(64).optional(),
  queueId: z.string().max(64).optional(),
  /** Part of the caller's or the called number. */
  number: z.string().max(32).optional(),
  result: z.enum(['answered', 'abandoned', 'rejected', 'failed']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(256).optional(),
});
export type InteractionQuery = z.infer<typeof interactionQuerySchema>;

export const interactionPageSchema = z.object({
  items: z.array(interactionSchema),
  nextCursor: z.string().optional(),
});
export type InteractionPage = z.infer<typeof interactionPageSchema>;

/** One process that carries sound; `draining` takes no new calls, `away` cannot be reached. */
export const mediaProcessSchema = z.object({
  name: z.string(),
  state: z.enum(['ready', 'draining', 'away']),
  isLocal: z.boolean(),
  endpoints: z.number(),
});
/** What a process holds besides legs; all of it is back to zero when the last call is over. */
export const mediaInUseSchema = z.object({
  bridges: z.number(),
  mixes: z.number(),
  plays: z.number(),
  recordings: z.number(),
  /** RTP and RTCP ports. */
  ports: z.number(),
});
export const mediaProcessListSchema = z.object({
  /** `inUse` is absent of a process that cannot be asked. */
  items: z.array(mediaProcessSchema.extend({ inUse: mediaInUseSchema.optional() })),
});
export type MediaProcessList = z.infer<typeof mediaProcessListSchema>;

/** `POST /media-processes/{name}/drain`; without a time the process waits for the last of its calls. */
export const drainRequestSchema = z
  .strictObject({ withinMs: z.number().int().min(0).max(86_400_000).optional() })
  .prefault({});

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptimeMs: z.number(),
  parts: z.object({
    edge: z.boolean(),
    media: z.boolean(),
    store: z.boolean(),
    mediaProcesses: z.array(mediaProcessSchema).optional(),
  }),
});
export type Health = z.infer<typeof healthSchema>;

/** `GET /colleagues`: whom a call can be given to, for everybody who may have one. */
export const colleagueSchema = agentViewSchema.pick({
  agentId: true,
  displayName: true,
  displayNameZh: true,
  extension: true,
  state: true,
  deviceRegistered: true,
});
export type Colleague = z.infer<typeof colleagueSchema>;
export const colleagueListSchema = z.object({ items: z.array(colleagueSchema) });

/** `GET /agents`: for supervisors and administrators. */
export const agentListSchema = z.object({ items: z.array(agentViewSchema) });

/** `GET /queues`: for supervisors and administrators. */
export const queueListSchema = z.object({ items: z.array(queueViewSchema) });
