/** The mix of a conference in media: who is placed there hears, and is heard, as its member may. */
import { newId } from '../../base/ids';
import type { CallId, MixId } from '../../base/ids';
import type { MixMember } from '../../media/ports';
import type { ConferenceRoom } from '../../store/conference-rooms';
import type { CallContext } from '../context';
import { maySpeak } from './model';
import type { InsideMember } from './model';

/** So many in one request to media. */
const PLACED_AT_ONCE = 400;

export interface RoomMixDeps {
  readonly ctx: Pick<CallContext, 'media' | 'log'>;
  readonly roomId: string;
  /** Whether somebody hears who comes and goes. */
  readonly tones: () => ConferenceRoom['tones'];
  /** Whether the member's call is still in the conference. */
  readonly isHere: (memberId: CallId) => boolean;
  /** What is to be done before others hear this member. */
  readonly beforeHeard: (memberId: CallId) => Promise<void>;
}

export class RoomMix {
  private current: MixId | undefined;
  /** That of before a restart, which media have kept. */
  private kept: MixId | undefined;

  constructor(private readonly deps: RoomMixDeps) {}

  /** Undefined while nobody is to be heard, and when media could open none. */
  get id(): MixId | undefined {
    return this.current;
  }

  /** Is taken instead of a new one, when it is opened next. */
  inherit(mixId: MixId | undefined): void {
    this.kept = mixId ?? this.kept;
  }

  /** @returns whether a new one has been opened. */
  async open(): Promise<boolean> {
    const { ctx, roomId, tones } = this.deps;
    this.current = this.kept;
    if (this.current) return false;
    const mixId = newId<MixId>();
    const opened = await ctx.media.openMix({ mixId, tones: tones() });
    if (opened.ok) this.current = mixId;
    else ctx.log.error({ roomId, fault: opened.fault }, 'a conference has no mix');
    return opened.ok;
  }

  async close(): Promise<void> {
    const mixId = this.current;
    this.current = undefined;
    this.kept = undefined;
    if (mixId) await this.deps.ctx.media.closeMix(mixId);
  }

  /** They join it, or have other rights in it. */
  async place(members: readonly InsideMember[]): Promise<void> {
    const mixId = this.current;
    if (!mixId) return;
    const { ctx, isHere, beforeHeard } = this.deps;
    for (let from = 0; from < members.length; from += PLACED_AT_ONCE) {
      const some = members.slice(from, from + PLACED_AT_ONCE).filter(({ memberId }) => isHere(memberId));
      if (some.length === 0) continue;
      await Promise.all(some.map(({ memberId }) => beforeHeard(memberId)));
      const joined = await ctx.media.joinMix(mixId, some.map(mixMemberOf));
      if (joined.ok) continue;
      // One who has just gone must not keep the others out.
      for (const member of some) await this.placeOne(mixId, member);
    }
  }

  private async placeOne(mixId: MixId, member: InsideMember): Promise<void> {
    const { media, log } = this.deps.ctx;
    const joined = await media.joinMix(mixId, [mixMemberOf(member)]);
    if (!joined.ok) log.warn({ callId: member.memberId, fault: joined.fault }, 'a member is not in the mix');
  }
}

/** Who may not speak costs no decoder; who is muted for a moment keeps one. */
const mixMemberOf = (member: InsideMember): MixMember => ({
  endpointId: member.endpointId,
  hears: 'all',
  speaks: maySpeak(member) ? 'all' : 'none',
  muted: member.voice === 'self-muted',
  gainDb: member.gainDb,
  quiet: member.role === 'listener',
});
