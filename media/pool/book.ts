/** What the pool knows of everything that is open: where it is, and what it is to be in. */
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { Detection } from '../detection/terms';
import type {
  AudioCodec,
  MixMember,
  OpenEndpoint,
  OpenMix,
  PlayRequest,
  RecordingChannel,
  RecordingRequest,
} from '../ports';
import type { Member } from './member';
import type { Trunk } from './trunks';

/** Legs that belong together: those of one call. */
export type Group = symbol;

/**
 * ```
 * open ──its process or worker dies──► reopening ──► offered ──its peer has answered──► open
 * ```
 */
export type EndpointState = 'opening' | 'open' | 'reopening' | 'offered' | 'closed';

export type Join =
  | { readonly kind: 'alone' }
  | { readonly kind: 'bridged'; readonly to: PooledEndpoint }
  | { readonly kind: 'mixed'; readonly mix: PooledMix };

export const ALONE: Join = { kind: 'alone' };

export interface PooledEndpoint {
  readonly endpointId: EndpointId;
  readonly request: OpenEndpoint;
  readonly group: Group;
  member: Member;
  state: EndpointState;
  /** How often it has been opened anew: an attempt that is not the last has come too late. */
  reopenings: number;
  codec: AudioCodec | undefined;
  /** Our last description. */
  sdp: string;
  join: Join;
  play: PlayRequest | undefined;
  hidesDigits: boolean;
  /** What is listened for, without what has been found for good. */
  detection: Detection;
  /** Where it is joined with others, when that is another process than its own: the trunk that leads there. */
  seat: Trunk | undefined;
}

export interface PooledMix {
  readonly request: OpenMix;
  /** Where it is mixed; nowhere as long as nobody has joined. */
  venue: Member | undefined;
  readonly members: Map<EndpointId, MixMember>;
}

/** One of a recording. */
export interface PooledVoice {
  readonly channel: RecordingChannel;
  readonly endpoint: PooledEndpoint;
  /** From another process than the recording's. */
  trunk?: Trunk;
}

export interface PooledRecording {
  readonly request: RecordingRequest;
  readonly member: Member;
  /** Its process has died: what is wanted of it is kept for the recording that goes on in its place. */
  interrupted: boolean;
  /** It is interrupted, and its mix is mixed nowhere yet: who wants it is told when it is. */
  awaitsMix: boolean;
  readonly channels: Map<RecordingChannel, PooledVoice>;
  /** Beside the first one of a channel; none outlives that one's exchange for another. */
  readonly further: Map<EndpointId, PooledVoice>;
  /** Those of channels that hold a whole mix, which is mixed where the recording is written. */
  readonly mixes: Map<RecordingChannel, MixId>;
  maskedUntilMs: number | undefined;
}

export class Book {
  readonly endpoints = new Map<EndpointId, PooledEndpoint>();
  readonly mixes = new Map<MixId, PooledMix>();
  readonly recordings = new Map<RecordingId, PooledRecording>();

  endpointsAt(member: Member): PooledEndpoint[] {
    return [...this.endpoints.values()].filter((endpoint) => endpoint.member === member);
  }

  /** Does something with a leg, wherever it is; fails with `not_found` when there is none. */
  with<Value, Done extends Result<Value> | Promise<Result<Value>>>(
    endpointId: EndpointId,
    act: (endpoint: PooledEndpoint) => Done,
  ): Done | ReturnType<typeof fail> {
    const endpoint = this.endpoints.get(endpointId);
    return endpoint ? act(endpoint) : fail('not_found', `there is no endpoint ${endpointId}`);
  }

  /** Asks the process of a leg something that cannot wait until it is back. */
  async at<Value>(
    endpointId: EndpointId,
    ask: (endpoint: PooledEndpoint) => Promise<Result<Value>> | Result<Value>,
  ): Promise<Result<Value>> {
    return this.with(endpointId, (endpoint) =>
      endpoint.state === 'reopening'
        ? fail('unavailable', `endpoint ${endpointId} has lost its media process and is not back yet`)
        : ask(endpoint),
    );
  }

  playing(playId: PlayRequest['playId']): PooledEndpoint | undefined {
    for (const endpoint of this.endpoints.values()) if (endpoint.play?.playId === playId) return endpoint;
    return undefined;
  }
}

/** Whether it carries sound, so that it can be joined at once. */
export const isJoinable = ({ state, codec }: PooledEndpoint): boolean => state === 'open' && codec !== undefined;

/** Lost, and on its way back: what it is to be in is remembered and done then. */
export const isAway = ({ state }: PooledEndpoint): boolean => state === 'reopening' || state === 'offered';

/** The leg is, or is about to be, in this process and in no other. */
export const moveTo = (endpoint: PooledEndpoint, member: Member): void => {
  endpoint.member.legs.delete(endpoint.endpointId);
  member.legs.add(endpoint.endpointId);
  endpoint.member = member;
};
