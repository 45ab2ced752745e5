/**
 * What joins two processes of the pool for one leg: an endpoint in each, whose peers are each other.
 *
 *   the leg's process            the other one
 *   leg ═ near end  ── RTP ──  far end ═ whom the leg is joined with
 */
import { isIPv6 } from 'node:net';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AudioCodec, OpenEndpoint } from '../ports';
import type { Member } from './member';

export interface TrunkEnd {
  readonly member: Member;
  readonly endpointId: EndpointId;
}

export interface Trunk {
  readonly near: TrunkEnd;
  readonly far: TrunkEnd;
  /** A bridge joins the near end with the leg; one that only listens has none. */
  readonly purpose: 'seat' | 'tap';
  closed: boolean;
}

export class Trunks {
  private readonly open = new Map<EndpointId, Trunk>();

  /** Whether this is an end of a trunk, of which nobody outside of the pool knows. */
  has(endpointId: EndpointId): boolean {
    return this.open.has(endpointId);
  }

  at(endpointId: EndpointId): Trunk | undefined {
    return this.open.get(endpointId);
  }

  all(): readonly Trunk[] {
    return [...new Set(this.open.values())];
  }

  /** Between machines it is secured by keys that the processes tell each other through the pool. */
  async lay(way: {
    readonly from: Member;
    readonly to: Member;
    readonly codec: AudioCodec;
    readonly purpose: Trunk['purpose'];
  }): Promise<Result<Trunk>> {
    const { from, to, codec, purpose } = way;
    const trunk: Trunk = {
      near: { member: from, endpointId: newId<EndpointId>() },
      far: { member: to, endpointId: newId<EndpointId>() },
      purpose,
      closed: false,
    };
    this.adopt(trunk);
    const connected = await this.connect(trunk, codec);
    if (connected.ok && !trunk.closed) return ok(trunk);
    // What broke while it was laid may have been opened at the other end after that.
    await this.closeEnds(trunk);
    return connected.ok ? fail('unavailable', 'the way to the other media process broke while it was laid') : connected;
  }

  /** One that is there already. */
  adopt(trunk: Trunk): void {
    for (const { endpointId } of [trunk.near, trunk.far]) this.open.set(endpointId, trunk);
  }

  /** Idempotent. */
  async close(trunk: Trunk): Promise<void> {
    if (!trunk.closed) await this.closeEnds(trunk);
  }

  private async closeEnds(trunk: Trunk): Promise<void> {
    trunk.closed = true;
    const ends = [trunk.near, trunk.far];
    await Promise.all(ends.map(({ member, endpointId }) => member.port.closeEndpoint(endpointId)));
    for (const { endpointId } of ends) this.open.delete(endpointId);
  }

  private async connect({ near, far }: Trunk, codec: AudioCodec): Promise<Result<unknown>> {
    const isLocal = near.member.isLocal && far.member.isLocal;
    // Both know where the other one is: who else sends there must not get what a leg says.
    const media = {
      kind: 'rtp',
      codecs: [codec],
      srtp: isLocal ? 'off' : 'required',
      rtpSources: [],
    } satisfies Partial<OpenEndpoint>;
    const offered = await near.member.port.openEndpoint({ ...media, endpointId: near.endpointId });
    if (!offered.ok) return offered;
    const reached = (sdp: string, { linkAddress }: Member): string =>
      isLocal && linkAddress !== undefined ? reachedAt(sdp, linkAddress) : sdp;
    const offer = reached(offered.value.sdp, near.member);
    const answered = await far.member.port.openEndpoint({ ...media, endpointId: far.endpointId, offer });
    if (!answered.ok) return answered;
    return near.member.port.acceptAnswer(near.endpointId, reached(answered.value.sdp, far.member));
  }
}

/** A description in which peers outside are told an address that the way between our own processes need not take. */
const reachedAt = (sdp: string, address: string): string =>
  sdp.replace(/^c=IN IP[46] \S+/m, `c=IN ${isIPv6(address) ? 'IP6' : 'IP4'} ${address}`);
