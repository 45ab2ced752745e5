/**
 * What app and media process say to each other, over a local socket: JSON objects, each behind its length in four bytes.
 *
 *   app                                  media process
 *    | hello {version, secret, clientId, app}
 *    |----------------------------------->|  secret compared, owner of clientId's endpoints found
 *    | welcome {version, sessionId}       |  or refused {reason}, and the connection ends
 *    |<-----------------------------------|
 *    | request {id, oldest, method, params}
 *    |----------------------------------->|  asked again over a new connection it is answered again, not done again
 *    | response {id, result}              |  in any order
 *    |<-----------------------------------|
 *    | event {number, event}              |  sent again over a new connection until it is seen
 *    |<-----------------------------------|
 *    | seen {upTo}                        |
 *    |----------------------------------->|
 *    | drain {withinMs}                   |  takes no more calls, ends when it carries none
 *    |----------------------------------->|
 *    | draining                           |
 *    |<-----------------------------------|
 *    | bye                                |  all that the app had open is closed
 *    |----------------------------------->|
 *
 * Requests are those of {@link MediaPort} and of `media/keeping/terms.ts`.
 */
import { z } from 'zod';
import { ANSWERING_MACHINE_BOUNDS } from '../base/answering-machine';
import type { AnsweringMachineTerms } from '../base/answering-machine';
import { ERROR_CODES } from '../base/errors';
import { asId } from '../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../base/ids';
import type { Result } from '../base/result';
import { TONE_NAMES } from '../base/progress-tones';
import { KEEPING_PARAMS } from './keeping/terms';
import type { KeepingMethod } from './keeping/terms';
import type { MediaEvent, MediaPort } from './ports';

export const PROTOCOL_VERSION = 4;

/** Over a network an app says something at least so often. */
export const HEARTBEAT_MS = 400;

/** An SDP has 32 KB at most; everything else is smaller. */
export const MAX_FRAME_BYTES = 256 * 1024;

const idText = z.string().min(1).max(100);
export const endpointId = idText.transform((text) => asId<EndpointId>(text));
const playId = idText.transform((text) => asId<PlayId>(text));
export const mixId = idText.transform((text) => asId<MixId>(text));
export const recordingId = idText.transform((text) => asId<RecordingId>(text));
const sdp = z.string().max(64 * 1024);
export const codec = z.enum(['PCMA', 'PCMU', 'G722', 'OPUS']);
export const channel = z.union([z.literal(0), z.literal(1)]);
const name = z.string().min(1).max(100);

const recordingSeal = z.strictObject({
  dataKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64'),
  wrappedKey: z.string().min(1).max(300),
});

const spokenText = z.string().max(2000);
const gainDb = z.number().min(-40).max(20);
/** Ten minutes: whoever hears a tone for longer has not hung up properly. */
const MAX_TONE_MS = 600_000;
const playTimeMs = z.number().min(0).max(86_400_000);

const playControl = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['pause', 'resume']) }),
  z.strictObject({ do: z.literal('seek'), toMs: playTimeMs }),
  z.strictObject({ do: z.literal('skip'), byMs: z.number().min(-86_400_000).max(86_400_000) }),
  z.strictObject({ do: z.literal('volume'), gainDb }),
]);

const playSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('prompt'), name, language: name }),
  z.strictObject({
    kind: z.literal('music'),
    name,
    language: name.optional(),
    stream: z.strictObject({ url: z.string().max(2000), gainDb: gainDb.optional() }).optional(),
  }),
  z.strictObject({ kind: z.literal('ring-back'), country: z.string().max(3).optional() }),
  z.strictObject({ kind: z.literal('beep') }),
  z.strictObject({
    kind: z.literal('tone'),
    tone: z.enum(TONE_NAMES),
    country: z.string().max(3).optional(),
    durationMs: z.number().min(20).max(MAX_TONE_MS).optional(),
  }),
  z.strictObject({ kind: z.literal('speech'), text: spokenText, language: name, voice: name.optional() }),
  z.strictObject({ kind: z.literal('phrase'), language: name, pieces: z.array(name).max(200), text: spokenText }),
  z.strictObject({ kind: z.literal('take'), takeId: name }),
  z.strictObject({ kind: z.literal('silence'), durationMs: z.number().min(0).max(86_400_000) }),
]);

const mixReach = z.union([z.enum(['all', 'none']), z.array(endpointId).max(1000)]);
export const mixMember = z.strictObject({
  endpointId,
  hears: mixReach,
  speaks: mixReach,
  gainDb: gainDb.optional(),
  muted: z.boolean().optional(),
  quiet: z.boolean().optional(),
});

/** Their bounds are the desk's affair. */
const answeringMachine = z.strictObject(
  Object.fromEntries(Object.keys(ANSWERING_MACHINE_BOUNDS).map((term) => [term, z.number().optional()])) as Record<
    keyof AnsweringMachineTerms,
    z.ZodOptional<z.ZodNumber>
  >,
);

export const detection = z.strictObject({
  fax: z.boolean().optional(),
  silenceMs: z.number().optional(),
  answeringMachine: answeringMachine.optional(),
});

export const endpointRequest = z.strictObject({
  endpointId,
  kind: z.enum(['rtp', 'webrtc']),
  offer: sdp.optional(),
  codecs: z.array(codec).min(1).max(4),
  srtp: z.enum(['off', 'optional', 'required']).optional(),
  srtpKeys: z.enum(['any', 'sdes', 'dtls']).optional(),
  rtpSources: z.array(z.string().max(64)).max(600).optional(),
  mediaTimeoutMs: z.number().int().min(0).max(86_400_000).optional(),
  dtmf: z.enum(['rfc4733', 'info', 'inband', 'auto']).optional(),
  near: endpointId.optional(),
  continues: sdp.optional(),
});

export const playRequest = z.strictObject({
  playId,
  endpointId,
  sources: z.array(playSource).min(1).max(100),
  loop: z.boolean().optional(),
  gainDb: gainDb.optional(),
  interruptedBy: z.string().max(20).optional(),
  fromMs: playTimeMs.optional(),
});

export const mixRequest = z.strictObject({
  mixId,
  tones: z.boolean().optional(),
  forwardDigits: z.boolean().optional(),
});

/** The parameters of every method, in their order. */
export const METHOD_PARAMS = {
  openEndpoint: z.tuple([endpointRequest]),
  acceptAnswer: z.tuple([endpointId, sdp]),
  answerReoffer: z.tuple([endpointId, sdp]),
  reoffer: z.tuple([endpointId]),
  closeEndpoint: z.tuple([endpointId]),
  bridge: z.tuple([endpointId, endpointId]),
  tap: z.tuple([endpointId, endpointId]),
  unbridge: z.tuple([endpointId]),
  openMix: z.tuple([mixRequest]),
  joinMix: z.tuple([mixId, z.array(mixMember).min(1).max(500)]),
  leaveMix: z.tuple([endpointId]),
  closeMix: z.tuple([mixId]),
  play: z.tuple([playRequest]),
  stopPlay: z.tuple([playId]),
  controlPlay: z.tuple([playId, playControl]),
  startTake: z.tuple([z.strictObject({ takeId: name, endpointId, maxMs: z.number() })]),
  stopTake: z.tuple([name]),
  dropTake: z.tuple([name]),
  sendDigit: z.tuple([endpointId, z.string().max(10), z.number()]),
  hideDigits: z.tuple([endpointId, z.boolean()]),
  detect: z.tuple([endpointId, detection]),
  startRecording: z.tuple([
    z.strictObject({
      recordingId,
      path: z.string().min(1).max(500),
      codec,
      seal: recordingSeal.optional(),
      near: endpointId.optional(),
      nearMix: mixId.optional(),
      continues: recordingId.optional(),
    }),
  ]),
  attachRecording: z.tuple([recordingId, channel, endpointId]),
  alsoRecord: z.tuple([recordingId, channel, endpointId]),
  attachMix: z.tuple([recordingId, channel, mixId]),
  detachRecording: z.tuple([recordingId, channel]),
  maskRecording: z.tuple([recordingId, z.number()]),
  unmaskRecording: z.tuple([recordingId]),
  stopRecording: z.tuple([recordingId]),
  stats: z.tuple([endpointId]),
  statsOf: z.tuple([z.array(endpointId).max(2000)]),
  counts: z.tuple([]),
} satisfies { [Method in MediaMethod]: z.ZodType<Parameters<MediaPort[Method]>> };

export type MediaMethod = Exclude<keyof MediaPort, 'onEvent'>;

export const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.number(),
  secret: z.string().max(1000),
  /** The same for all connections of one app process. */
  clientId: idText,
  /** The same id for all starts of one app, whose next one may claim what this one has; a life for each start. */
  app: z.object({ id: idText, life: idText }).optional(),
});

/** The app has dealt with the events up to this number. */
export const seenSchema = z.object({ type: z.literal('seen'), upTo: z.number().int().nonnegative() });

/** The app ends in good order. */
export const byeSchema = z.object({ type: z.literal('bye') });

export const requestSchema = z.object({
  type: z.literal('request'),
  /** Grows with each request of the app. */
  id: z.number().int().nonnegative(),
  /** The first that has no answer yet; those before it will not be asked again. */
  oldest: z.number().int().nonnegative(),
  method: z.enum([...Object.keys(METHOD_PARAMS), ...Object.keys(KEEPING_PARAMS)] as (MediaMethod | KeepingMethod)[]),
  params: z.array(z.unknown()).max(5),
});

/** The process is to take no more calls and to end when it carries none, or when the time is over. */
export const drainSchema = z.object({
  type: z.literal('drain'),
  withinMs: z.number().int().min(0).max(86_400_000).optional(),
});

const resultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), fault: z.object({ code: z.enum(ERROR_CODES), message: z.string() }) }),
]);

/** What the app reads. The values inside are the engine's own and only typed. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), version: z.number(), sessionId: idText }),
  z.object({ type: z.literal('refused'), reason: z.string(), superseded: z.boolean().optional() }),
  z.object({ type: z.literal('response'), id: z.number(), result: resultSchema }),
  z.object({ type: z.literal('draining') }),
  z.object({ type: z.literal('event'), number: z.number(), event: z.looseObject({ type: z.string() }) }),
]);

export type ClientMessage =
  | z.input<typeof helloSchema>
  | z.input<typeof drainSchema>
  | z.input<typeof seenSchema>
  | z.input<typeof byeSchema>
  | {
      readonly type: 'request';
      readonly id: number;
      readonly oldest: number;
      readonly method: MediaMethod | KeepingMethod;
      readonly params: readonly unknown[];
    };

export type ServerMessage =
  /** The session is the same for as long as nothing of the app's was closed by the process. */
  | { readonly type: 'welcome'; readonly version: number; readonly sessionId: string }
  /** `superseded`: a later start of the app has taken over; this one need not come again. */
  | { readonly type: 'refused'; readonly reason: string; readonly superseded?: boolean }
  | { readonly type: 'response'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'draining' }
  | { readonly type: 'event'; readonly number: number; readonly event: MediaEvent };
