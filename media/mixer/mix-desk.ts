/** Which mixes there are and who is in which: an endpoint is in one mix at most. */
import type { Clock } from '../../base/clock';
import type { EndpointId, MixId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import type { AudioCodec, MixMember, OpenMix } from '../ports';
import type { JitterBufferCounters } from './jitter-buffer';
import { Mix } from './mix';
import type { Joining } from './mix';

/** So that one mix cannot take the process; a room for hundreds of listeners is well within. */
const MAX_MEMBERS = 1000;

export interface MixDeskOptions {
  readonly clock: Clock;
  readonly ticker: FrameTicker;
  readonly isPlayingTo: (endpointId: EndpointId) => boolean;
  readonly endpointOf: (endpointId: EndpointId) => MediaEndpoint | undefined;
  /** Ends what the endpoint is in, another mix included, right before it joins. */
  readonly onJoining: (endpointId: EndpointId) => void;
}

export class MixDesk {
  private readonly mixes = new Map<MixId, Mix>();
  private readonly placeOf = new Map<EndpointId, Mix>();

  constructor(private readonly options: MixDeskOptions) {}

  get size(): number {
    return this.mixes.size;
  }

  open({ mixId, tones = false, forwardDigits = false }: OpenMix): Result<void> {
    if (this.mixes.has(mixId)) return fail('conflict', `mix ${mixId} is open already`);
    const { clock, ticker, isPlayingTo } = this.options;
    this.mixes.set(mixId, new Mix({ clock, ticker, isPlayingTo, forwardDigits, tones }));
    return ok(undefined);
  }

  /** All of them or, when one cannot, none. */
  join(mixId: MixId, members: readonly MixMember[]): Result<void> {
    const mix = this.mixes.get(mixId);
    if (!mix) return noMix(mixId);
    const joining: Joining[] = [];
    for (const member of members) {
      const { endpointId } = member;
      const endpoint = this.options.endpointOf(endpointId);
      if (!endpoint) return fail('not_found', `there is no endpoint ${endpointId}`);
      const { codec } = endpoint;
      if (!codec) return fail('conflict', `endpoint ${endpointId} has no codec yet and cannot be mixed`);
      joining.push({ member, endpoint, codec });
    }
    const newcomers = joining.filter(({ member }) => this.placeOf.get(member.endpointId) !== mix);
    if (mix.memberIds.length + newcomers.length > MAX_MEMBERS)
      return fail('overloaded', `a mix has at most ${MAX_MEMBERS} members`);
    for (const { member } of newcomers) {
      this.options.onJoining(member.endpointId);
      this.placeOf.set(member.endpointId, mix);
    }
    mix.join(joining);
    return ok(undefined);
  }

  /** One who only listens and is nobody's endpoint, such as a recorder; it leaves as others do. */
  joinTap(mixId: MixId, tap: MediaEndpoint & { readonly codec: AudioCodec }): Result<void> {
    const mix = this.mixes.get(mixId);
    if (!mix) return noMix(mixId);
    this.placeOf.set(tap.id, mix);
    const member: MixMember = { endpointId: tap.id, hears: 'all', speaks: 'none', quiet: true };
    mix.join([{ member, endpoint: tap, codec: tap.codec }]);
    return ok(undefined);
  }

  /** Takes the endpoint out of the mix it is in, if it is in one. */
  leave(endpointId: EndpointId): void {
    this.placeOf.get(endpointId)?.leave(endpointId);
    this.placeOf.delete(endpointId);
  }

  /** Idempotent. */
  close(mixId: MixId): void {
    const mix = this.mixes.get(mixId);
    if (!mix) return;
    this.mixes.delete(mixId);
    for (const endpointId of mix.memberIds) this.placeOf.delete(endpointId);
    mix.close();
  }

  closeAll(): void {
    for (const mixId of [...this.mixes.keys()]) this.close(mixId);
  }

  countersOf(endpointId: EndpointId): JitterBufferCounters | undefined {
    return this.placeOf.get(endpointId)?.countersOf(endpointId);
  }
}

const noMix = (mixId: MixId): ReturnType<typeof fail> => fail('not_found', `there is no mix ${mixId}`);
