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
import type { Subject } from '../keeping/terms';
import type { Trunk } from './trunks';
import { WatchedMap, watched } from './watched';

/** Legs that belong together, those of one call: the id of the first. */
export type Group = EndpointId;

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

/** @param onChanged told of everything that changes in the book. */
export class Book {
  readonly endpoints: Map<EndpointId, PooledEndpoint>;
  readonly mixes: Map<MixId, PooledMix>;
  readonly recordings: Map<RecordingId, PooledRecording>;

  constructor(private readonly onChanged: (subject: Subject) => void) {
    this.endpoints = new WatchedMap<EndpointId, PooledEndpoint>(onChanged);
    this.mixes = new WatchedMap<MixId, PooledMix>(onChanged);
    this.recordings = new WatchedMap<RecordingId, PooledRecording>(onChanged);
  }

  /** A leg about which nothing but its request is known. */
  addEndpoint(request: OpenEndpoint, place: { readonly group: Group; readonly member: Member }): PooledEndpoint {
    const { endpointId } = request;
    const endpoint: PooledEndpoint = watched(
      {
        ...{ endpointId, request, ...place },
        ...{ state: 'opening', reopenings: 0, codec: undefined, sdp: '', join: ALONE, play: undefined },
        ...{ hidesDigits: false, detection: {}, seat: undefined },
      },
      () => this.onChanged(endpointId),
    );
    this.endpoints.set(endpointId, endpoint);
    return endpoint;
  }

  addMix(request: OpenMix): PooledMix {
    const { mixId } = request;
    // What one may in a mix is kept with the leg.
    const members = new WatchedMap<EndpointId, MixMember>(this.onChanged);
    const mix: PooledMix = watched({ request, venue: undefined, members }, () => this.onChanged(mixId));
    this.mixes.set(mixId, mix);
    return mix;
  }

  addRecording(request: RecordingRequest, member: Member): PooledRecording {
    const { recordingId } = request;
    const onChanged = (): void => this.onChanged(recordingId);
    const recording: PooledRecording = watched(
      {
        ...{ request, member, interrupted: false, awaitsMix: false, maskedUntilMs: undefined },
        ...{ channels: new WatchedMap(onChanged), further: new WatchedMap(onChanged) },
        mixes: new WatchedMap(onChanged),
      },
      onChanged,
    );
    this.recordings.set(recordingId, recording);
    return recording;
  }

  /** The voice is to be put on the recording's channel, or beside who is there. */
  voiceOf({ request }: PooledRecording, channel: RecordingChannel, endpoint: PooledEndpoint): PooledVoice {
    return watched<PooledVoice>({ channel, endpoint }, () => this.onChanged(request.recordingId));
  }

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
