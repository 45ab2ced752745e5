/**
 * Who is joined with whom, by a bridge or in a mix, wherever they are. Within one process it is the process's affair;
 * else one takes part through a trunk, its seat in the other process. What is wanted is written into the book first, so
 * that a leg that is away for a moment, because its process died, takes its place when it is back.
 */
import type { EndpointId, MixId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { MixMember, MixReach, OpenMix } from '../ports';
import { ALONE, isAway, isJoinable } from './book';
import type { Book, Join, PooledEndpoint, PooledMix } from './book';
import type { Member } from './member';
import type { Trunk, Trunks } from './trunks';

export interface JoinsOptions {
  readonly book: Book;
  readonly trunks: Trunks;
  /** Of a leg that is to hear somebody else now. */
  readonly onJoining: (endpoint: PooledEndpoint) => void;
  /** Of a mix that is mixed in a process from now on. */
  readonly onPlaced: (mixId: MixId) => void;
  readonly log: Logger;
}

const DONE = ok(undefined);

export class Joins {
  private readonly queue = new KeyedSerialQueue<'joins'>();
  /** Work in the queue by those whom it is about: for them nothing may overtake it. */
  private readonly busy = new Map<PooledEndpoint, number>();

  constructor(private readonly options: JoinsOptions) {}

  async bridge(a: PooledEndpoint, b: PooledEndpoint): Promise<Result<void>> {
    if (a === b) return fail('bad_input', `endpoint ${a.endpointId} cannot be bridged with itself`);
    const mute = [a, b].find((one) => !isAway(one) && !isJoinable(one));
    if (mute) return fail('conflict', `endpoint ${mute.endpointId} has no codec yet and cannot be bridged`);
    const left = this.leaveFor([a, b]);
    a.join = { kind: 'bridged', to: b };
    b.join = { kind: 'bridged', to: a };
    return this.perform([a, b, ...left], {
      direct: a.member === b.member,
      directly: () => a.member.port.bridge(a.endpointId, b.endpointId),
      slowly: () => this.layBridge(a, b),
    });
  }

  async unbridge(endpoint: PooledEndpoint): Promise<Result<void>> {
    if (endpoint.join.kind !== 'bridged') return DONE;
    const { to } = endpoint.join;
    for (const one of [endpoint, to]) one.join = ALONE;
    return this.perform([endpoint, to], {
      direct: endpoint.member === to.member,
      directly: () => endpoint.member.port.unbridge(endpoint.endpointId),
      slowly: async () => DONE,
    });
  }

  open(request: OpenMix): Result<void> {
    const { book } = this.options;
    if (book.mixes.has(request.mixId)) return fail('conflict', `mix ${request.mixId} is open already`);
    book.addMix(request);
    return DONE;
  }

  async joinMix(mixId: MixId, members: readonly MixMember[]): Promise<Result<void>> {
    const mix = this.options.book.mixes.get(mixId);
    if (!mix) return fail('not_found', `there is no mix ${mixId}`);
    const joining: PooledEndpoint[] = [];
    for (const { endpointId } of members) {
      const endpoint = this.options.book.endpoints.get(endpointId);
      if (!endpoint || endpoint.state === 'closed') return fail('not_found', `there is no endpoint ${endpointId}`);
      if (!isAway(endpoint) && !isJoinable(endpoint))
        return fail('conflict', `endpoint ${endpointId} has no codec yet and cannot be mixed`);
      joining.push(endpoint);
    }
    const undo = this.remember(mix, joining);
    const newcomers = joining.filter(({ join }) => join.kind !== 'mixed' || join.mix !== mix);
    const left = this.leaveFor(newcomers);
    for (const endpoint of newcomers) endpoint.join = { kind: 'mixed', mix };
    for (const member of members) mix.members.set(member.endpointId, member);
    const venue = mix.venue ?? joining.find(isJoinable)?.member;
    const performed = await this.perform([...this.membersOf(mix), ...left], {
      direct: this.membersOf(mix).every(({ member }) => member === venue),
      directly: () => this.mixDirectly(mix, members, venue),
      slowly: () => this.mixTogether(mix, members),
    });
    if (!performed.ok) undo();
    return performed;
  }

  async leaveMix(endpoint: PooledEndpoint): Promise<Result<void>> {
    if (endpoint.join.kind !== 'mixed') return DONE;
    const { mix } = endpoint.join;
    const { venue } = mix;
    endpoint.join = ALONE;
    mix.members.delete(endpoint.endpointId);
    return this.perform([endpoint], {
      direct: endpoint.member === venue,
      directly: () => endpoint.member.port.leaveMix(endpoint.endpointId),
      slowly: async () => DONE,
    });
  }

  async closeMix(mixId: MixId): Promise<Result<void>> {
    const { mixes } = this.options.book;
    const mix = mixes.get(mixId);
    if (!mix) return DONE;
    mixes.delete(mixId);
    const members = this.membersOf(mix);
    for (const endpoint of members) endpoint.join = ALONE;
    mix.members.clear();
    const { venue } = mix;
    return this.perform(members, {
      direct: true,
      directly: async () => (venue ? venue.port.closeMix(mixId) : DONE),
      slowly: async () => (venue ? venue.port.closeMix(mixId) : DONE),
    });
  }

  /** Of a leg that is gone for good: who was joined with it is alone, or one fewer in the mix. */
  async forget(endpoint: PooledEndpoint): Promise<void> {
    const left = this.leaveFor([endpoint]);
    endpoint.join = ALONE;
    const concerned = [endpoint, ...left];
    if (concerned.some((one) => one.seat !== undefined || this.busy.has(one)))
      await this.queued(concerned, () => this.tidy(concerned));
  }

  /** Joins a leg again as it is to be, after it was away or the way to its seat has broken. */
  async restore(endpoint: PooledEndpoint): Promise<void> {
    const { join } = endpoint;
    if (join.kind === 'alone') return;
    const others = join.kind === 'bridged' ? [join.to] : this.membersOf(join.mix);
    const restored = await this.queued([endpoint, ...others], () =>
      join.kind === 'bridged'
        ? this.layBridge(join.to, endpoint)
        : this.mixTogether(join.mix, [...join.mix.members.values()]),
    );
    const { endpointId } = endpoint;
    if (!restored.ok) this.options.log.error({ endpointId, fault: restored.fault }, 'a leg could not be joined again');
  }

  /** A trunk has broken or its other process is gone. */
  trunkBroke(trunk: Trunk): void {
    for (const endpoint of this.options.book.endpoints.values()) {
      if (endpoint.seat !== trunk) continue;
      endpoint.seat = undefined;
      void this.restore(endpoint);
    }
  }

  /** What was mixed there is mixed nowhere until somebody joins again. */
  venueLost(venue: Member): void {
    for (const mix of this.options.book.mixes.values()) if (mix.venue === venue) mix.venue = undefined;
  }

  /** Those of a mix, wherever it is, who can be heard now. */
  membersOf(mix: PooledMix): PooledEndpoint[] {
    return [...mix.members.keys()].flatMap((endpointId) => this.options.book.endpoints.get(endpointId) ?? []);
  }

  /** Takes legs out of what they are in; those whom they leave behind are given back. */
  private leaveFor(leaving: readonly PooledEndpoint[]): PooledEndpoint[] {
    const left: PooledEndpoint[] = [];
    for (const endpoint of leaving) {
      this.options.onJoining(endpoint);
      const { join } = endpoint;
      if (join.kind === 'bridged' && !leaving.includes(join.to)) {
        join.to.join = ALONE;
        left.push(join.to);
      }
      if (join.kind === 'mixed') join.mix.members.delete(endpoint.endpointId);
    }
    return left;
  }

  private remember(mix: PooledMix, joining: readonly PooledEndpoint[]): () => void {
    const joins = new Map<PooledEndpoint, Join>(joining.map((endpoint) => [endpoint, endpoint.join]));
    const members = new Map(mix.members);
    return () => {
      for (const [endpoint, join] of joins) {
        endpoint.join = join;
        if (join.kind === 'bridged' && join.to.join.kind === 'alone') join.to.join = { kind: 'bridged', to: endpoint };
      }
      mix.members.clear();
      for (const [endpointId, member] of members) mix.members.set(endpointId, member);
    };
  }

  /** Straight to the process where that will do, so that requests keep their order; else one after the other. */
  private async perform(
    concerned: readonly PooledEndpoint[],
    way: { direct: boolean; directly: () => Promise<Result<void>>; slowly: () => Promise<Result<void>> },
  ): Promise<Result<void>> {
    const simple = concerned.every((one) => !one.seat && !isAway(one) && !this.busy.has(one));
    if (way.direct && simple) return forgiven(await way.directly());
    const slowly = async (): Promise<Result<void>> => {
      const done = way.direct && concerned.every((one) => !one.seat && !isAway(one));
      const performed = await (done ? way.directly() : way.slowly());
      await this.tidy(concerned);
      return performed;
    };
    return forgiven(await this.queued(concerned, slowly));
  }

  private async queued<Value>(concerned: readonly PooledEndpoint[], work: () => Promise<Value>): Promise<Value> {
    for (const one of concerned) this.busy.set(one, (this.busy.get(one) ?? 0) + 1);
    try {
      return await this.queue.run('joins', work);
    } finally {
      for (const one of concerned) {
        const left = (this.busy.get(one) ?? 1) - 1;
        if (left > 0) this.busy.set(one, left);
        else this.busy.delete(one);
      }
    }
  }

  private async layBridge(a: PooledEndpoint, b: PooledEndpoint): Promise<Result<void>> {
    if (!isBridged(a, b) || !isJoinable(a) || !isJoinable(b)) return DONE;
    const venue = a.member;
    const seatOfB = await this.seatAt(b, venue);
    if (!seatOfB.ok) return seatOfB;
    const bridged = await venue.port.bridge(a.endpointId, seatOfB.value);
    if (bridged.ok) await this.leaveSeats([a, b], venue);
    return bridged;
  }

  private async mixDirectly(
    mix: PooledMix,
    members: readonly MixMember[],
    venue: Member | undefined,
  ): Promise<Result<void>> {
    if (!venue) return DONE;
    this.openAt(mix, venue);
    return venue.port.joinMix(mix.request.mixId, members);
  }

  private async mixTogether(mix: PooledMix, changed: readonly MixMember[]): Promise<Result<void>> {
    const present = this.membersOf(mix).filter(isJoinable);
    const venue = mix.venue ?? present[0]?.member;
    if (!venue) return DONE;
    this.openAt(mix, venue);
    const seats = new Map<EndpointId, EndpointId>();
    for (const endpoint of present) {
      const seat = await this.seatAt(endpoint, venue);
      if (!seat.ok) return seat;
      seats.set(endpoint.endpointId, seat.value);
    }
    const ids = changed.map(({ endpointId }) => endpointId);
    // Whoever names one of them in what it hears or whom it speaks to has to name the seat.
    const naming = [...mix.members.values()].filter(
      (member) => ids.includes(member.endpointId) || [member.hears, member.speaks].some((reach) => names(reach, ids)),
    );
    const seated = naming.flatMap((member) => atSeats(member, seats) ?? []);
    if (seated.length === 0) return DONE;
    const joined = await venue.port.joinMix(mix.request.mixId, seated);
    if (joined.ok) await this.leaveSeats(present, venue);
    return joined;
  }

  private openAt(mix: PooledMix, venue: Member): void {
    if (mix.venue === venue) return;
    mix.venue = venue;
    void venue.port.openMix(mix.request);
    this.options.onPlaced(mix.request.mixId);
  }

  /** By which id a leg takes part in another process; the way there is laid when there is none. */
  private async seatAt(endpoint: PooledEndpoint, venue: Member): Promise<Result<EndpointId>> {
    const { seat, member, codec } = endpoint;
    if (member === venue) return ok(endpoint.endpointId);
    if (seat && !seat.closed && seat.far.member === venue) return ok(seat.far.endpointId);
    if (!codec) return fail('conflict', `endpoint ${endpoint.endpointId} has no codec yet`);
    const laid = await this.options.trunks.lay({ from: member, to: venue, codec, purpose: 'seat' });
    if (!laid.ok) return laid;
    const bridged = await member.port.bridge(endpoint.endpointId, laid.value.near.endpointId);
    if (!bridged.ok) {
      await this.options.trunks.close(laid.value);
      return bridged;
    }
    endpoint.seat = laid.value;
    if (seat) await this.options.trunks.close(seat);
    return ok(laid.value.far.endpointId);
  }

  /** Who is in its own process needs no seat. */
  private async leaveSeats(endpoints: readonly PooledEndpoint[], venue: Member): Promise<void> {
    await Promise.all(endpoints.filter(({ member }) => member === venue).map((endpoint) => this.unseat(endpoint)));
  }

  /** Who is joined with nobody needs none either. */
  private async tidy(endpoints: readonly PooledEndpoint[]): Promise<void> {
    const idle = endpoints.filter(({ join, state }) => join.kind === 'alone' || state === 'closed');
    await Promise.all(idle.map((endpoint) => this.unseat(endpoint)));
  }

  private async unseat(endpoint: PooledEndpoint): Promise<void> {
    const { seat } = endpoint;
    endpoint.seat = undefined;
    if (seat) await this.options.trunks.close(seat);
  }
}

const isBridged = (a: PooledEndpoint, b: PooledEndpoint): boolean => a.join.kind === 'bridged' && a.join.to === b;

/**
 * A process that was lost on the way has lost what it was asked for as well: it is in the book, and is done where the
 * legs are opened anew.
 */
export const forgiven = (result: Result<void>): Result<void> =>
  !result.ok && result.fault.code === 'unavailable' ? DONE : result;

const names = (reach: MixReach, ids: readonly EndpointId[]): boolean =>
  typeof reach !== 'string' && reach.some((endpointId) => ids.includes(endpointId));

/** Undefined for who is away. */
const atSeats = (member: MixMember, seats: ReadonlyMap<EndpointId, EndpointId>): MixMember | undefined => {
  const endpointId = seats.get(member.endpointId);
  if (endpointId === undefined) return undefined;
  const seated = (reach: MixReach): MixReach =>
    typeof reach === 'string' ? reach : reach.map((id) => seats.get(id) ?? id);
  return { ...member, endpointId, hears: seated(member.hears), speaks: seated(member.speaks) };
};
