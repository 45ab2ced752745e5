/** The book's entries as data, for the processes to keep, and back. */
import { z } from 'zod';
import type { Clock } from '../../base/clock';
import { channel, codec, detection, endpointId, mixId, mixMember } from '../protocol';
import { endpointRequest, mixRequest, playRequest, recordingId } from '../protocol';
import type { Subject } from '../keeping/terms';
import type { Book, PooledEndpoint, PooledMix, PooledRecording, PooledVoice } from './book';
import type { Trunk, TrunkEnd } from './trunks';

/** An app that is another release than the one before may not understand what that one has left. */
const VERSION = 1;

/** Of a recording of more people only as many are found again; it would not fit into a message. */
const MAX_VOICES = 300;

const memberName = z.string().min(1).max(100);
const trunkEnd = z.strictObject({ member: memberName, endpointId });
const trunk = z.strictObject({ near: trunkEnd, far: trunkEnd, purpose: z.enum(['seat', 'tap']) });

const join = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('alone') }),
  z.strictObject({ kind: z.literal('bridged'), to: endpointId }),
  z.strictObject({ kind: z.literal('mixed'), mixId, member: mixMember }),
]);

const common = { version: z.literal(VERSION), revision: z.number().int().nonnegative() };

const endpointMemo = z.strictObject({
  ...common,
  kind: z.literal('endpoint'),
  request: endpointRequest,
  group: endpointId,
  member: memberName,
  state: z.enum(['open', 'reopening', 'offered']),
  codec: codec.optional(),
  sdp: z.string().max(64 * 1024),
  join,
  play: playRequest.optional(),
  hidesDigits: z.boolean(),
  detection,
  seat: trunk.optional(),
});

const mixMemo = z.strictObject({
  ...common,
  kind: z.literal('mix'),
  request: mixRequest,
  venue: memberName.optional(),
});

const voice = z.strictObject({ channel, endpointId, first: z.boolean(), trunk: trunk.optional() });

const recordingMemo = z.strictObject({
  ...common,
  kind: z.literal('recording'),
  request: z.strictObject({ recordingId, path: z.string().min(1).max(500), codec }),
  member: memberName,
  interrupted: z.boolean(),
  voices: z.array(voice).max(MAX_VOICES),
  mixes: z.array(z.tuple([channel, mixId])).max(2),
  /** Wall-clock time: the next life counts another monotonic one. */
  maskedUntilMs: z.number().optional(),
});

const memoSchema = z.discriminatedUnion('kind', [endpointMemo, mixMemo, recordingMemo]);

export type Memo = z.infer<typeof memoSchema>;
export type EndpointMemo = z.infer<typeof endpointMemo>;
export type MixMemo = z.infer<typeof mixMemo>;
export type RecordingMemo = z.infer<typeof recordingMemo>;
export type TrunkMemo = z.infer<typeof trunk>;

/** Undefined for what is no memo of this version. */
export const readMemo = (memo: unknown): Memo | undefined => memoSchema.safeParse(memo).data;

/** Undefined for what is not in the book, or not yet worth keeping. */
export const memoOf = (subject: Subject, book: Book, at: { revision: number; clock: Clock }): Memo | undefined => {
  const { revision, clock } = at;
  const head = { version: VERSION, revision } as const;
  const endpoint = book.endpoints.get(subject as PooledEndpoint['endpointId']);
  if (endpoint) return endpointMemoOf(endpoint, head);
  const mix = book.mixes.get(subject as PooledMix['request']['mixId']);
  if (mix) return { ...head, kind: 'mix', request: mix.request, venue: mix.venue?.name };
  const recording = book.recordings.get(subject as PooledRecording['request']['recordingId']);
  return recording && recordingMemoOf(recording, head, clock);
};

type Head = Pick<Memo, 'version' | 'revision'>;

const endpointMemoOf = (endpoint: PooledEndpoint, head: Head): EndpointMemo | undefined => {
  const { state, group, member, codec: agreed, sdp, play, hidesDigits, detection: listened, seat } = endpoint;
  // Of one that is being opened nobody has heard yet.
  if (state === 'opening' || state === 'closed') return undefined;
  // What the peer had offered at first is no more than a part of what has been agreed on.
  const { offer: _offer, near: _near, continues: _continues, ...request } = endpoint.request;
  return {
    ...head,
    ...{ kind: 'endpoint', request: { ...request, codecs: [...request.codecs] } as EndpointMemo['request'] },
    ...{ group, member: member.name, state, codec: agreed, sdp, join: joinOf(endpoint) },
    ...{ play: play as EndpointMemo['play'], hidesDigits, detection: listened },
    seat: seat && !seat.closed ? trunkMemoOf(seat) : undefined,
  };
};

const joinOf = ({ endpointId: id, join: { kind, ...to } }: PooledEndpoint): EndpointMemo['join'] => {
  if ('to' in to) return { kind: 'bridged', to: to.to.endpointId };
  const member = 'mix' in to ? to.mix.members.get(id) : undefined;
  if ('mix' in to && member)
    return { kind: 'mixed', mixId: to.mix.request.mixId, member: member as z.infer<typeof mixMember> };
  return { kind: 'alone' };
};

const recordingMemoOf = (recording: PooledRecording, head: Head, clock: Clock): RecordingMemo => {
  const { member, interrupted, maskedUntilMs, mixes, channels, further } = recording;
  const { recordingId: id, path, codec: written } = recording.request;
  const voiceMemoOf = (one: PooledVoice, first: boolean): RecordingMemo['voices'][number] => ({
    ...{ channel: one.channel, endpointId: one.endpoint.endpointId, first },
    trunk: one.trunk && trunkMemoOf(one.trunk),
  });
  const voices = [
    ...[...channels.values()].map((one) => voiceMemoOf(one, true)),
    ...[...further.values()].map((one) => voiceMemoOf(one, false)),
  ];
  return {
    ...head,
    ...{ kind: 'recording', request: { recordingId: id, path, codec: written }, member: member.name, interrupted },
    voices: voices.slice(0, MAX_VOICES),
    mixes: [...mixes],
    ...(maskedUntilMs !== undefined && { maskedUntilMs: clock.nowMs() + maskedUntilMs - clock.monotonicMs() }),
  };
};

const trunkMemoOf = ({ near, far, purpose }: Trunk): TrunkMemo => ({ near: endOf(near), far: endOf(far), purpose });

const endOf = ({ member, endpointId: id }: TrunkEnd): TrunkMemo['near'] => ({ member: member.name, endpointId: id });
