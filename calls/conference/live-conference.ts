/** One conference as it runs: keeps the state, and performs the effects one after the other. */
import type { Timer } from '../../base/clock';
import { messageOf, unreachable } from '../../base/errors';
import { newId } from '../../base/ids';
import type { CallId, ConferenceId, MixId, RecordingId } from '../../base/ids';
import type { Result } from '../../base/result';
import { ok } from '../../base/result';
import type { MixMember } from '../../media/ports';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { Call } from '../call';
import { onCall } from '../context';
import type { CallContext } from '../context';
import { ConferenceRecording } from './conference-recording';
import { joinedHistory, partedHistory } from './history';
import { departed } from './leave';
import { maySpeak } from './model';
import type { ConferenceEffect, ConferenceEvent, ConferenceState, InsideMember, MemberIdentity } from './model';
import { Roster } from './roster';
import { playRoomMusic, sayTo } from './speak';
import { stepConference } from './step';
import { conferenceView } from './view';
import type { ConferenceView } from './view';

/** So many in one request to media. */
const PLACED_AT_ONCE = 400;
/** Those who watch are told at most so often. */
const TELL_PERIOD_MS = 200;

export class LiveConference {
  private current: ConferenceState = { kind: 'empty' };
  private readonly callsOf = new Map<CallId, Call>();
  private work: Promise<void> = Promise.resolve();
  private mixId: MixId | undefined;
  private recording: ConferenceRecording | undefined;
  private roster = new Roster();
  private tellTimer: Timer | undefined;

  constructor(
    private readonly ctx: CallContext,
    private known: ConferenceRoom,
    /** Nobody is in it any more. */
    private readonly onEmpty: () => void,
  ) {}

  get state(): ConferenceState {
    return this.current;
  }

  /** As it is set up now; a room that has been removed stays as it was until the conference is over. */
  get room(): ConferenceRoom {
    this.known = this.ctx.directory.conferenceRoom?.(this.known._id) ?? this.known;
    return this.known;
  }

  get view(): ConferenceView {
    return conferenceView(this.room, this.current);
  }

  get recordingId(): RecordingId | undefined {
    return this.recording?.recordingId;
  }

  invite(call: Call, role: ConferenceRole): Result<void> {
    return this.newcomer('invited', call, role);
  }

  arrive(call: Call, role: ConferenceRole): Result<void> {
    return this.newcomer('arrived', call, role);
  }

  dispatch(event: ConferenceEvent): Result<void> {
    const before = this.current;
    const stepped = stepConference({ rules: this.room, nowMs: this.ctx.clock.nowMs() }, before, event);
    if (!stepped.ok) return stepped;
    const [state, effects] = stepped.value;
    this.current = state;
    if (event.type === 'left' && before.kind !== 'empty' && before.members.get(event.memberId)?.stage !== 'inside')
      this.callsOf.delete(event.memberId);
    if (before.kind === 'empty' && state.kind !== 'empty') this.roster = new Roster();
    const { roster } = this;
    for (const effect of effects) this.enqueue(effect, roster);
    if (state !== before) this.changed();
    if (state.kind === 'empty') this.finish();
    return ok(undefined);
  }

  /** Of a member who was told something and goes on waiting. */
  async promptsEnded(call: Call): Promise<void> {
    const member = this.current.kind === 'empty' ? undefined : this.current.members.get(call.callId);
    if (member?.stage === 'waiting') await playRoomMusic(this.ctx, call, this.room);
  }

  /** Resolves when everything decided so far has been done. */
  settled(): Promise<void> {
    return this.work;
  }

  private newcomer(type: 'invited' | 'arrived', call: Call, role: ConferenceRole): Result<void> {
    const { current } = this;
    const conferenceId = current.kind === 'empty' ? newId<ConferenceId>() : current.conferenceId;
    const member = identityOf(call, role);
    if (!member) return { ok: false, fault: { code: 'conflict', message: 'The call has no media.' } };
    this.callsOf.set(call.callId, call);
    const taken = this.dispatch({ type, member, conferenceId });
    if (!taken.ok && !this.isMember(call.callId)) this.callsOf.delete(call.callId);
    return taken;
  }

  private isMember(callId: CallId): boolean {
    return this.current.kind !== 'empty' && this.current.members.has(callId);
  }

  private enqueue(effect: ConferenceEffect, roster: Roster): void {
    this.work = this.work
      .then(() => this.perform(effect, roster))
      .catch((error: unknown) => {
        const { log } = this.ctx;
        log.error({ err: error, roomId: this.known._id, effect: effect.type }, `in a conference: ${messageOf(error)}`);
      });
  }

  private async perform(effect: ConferenceEffect, roster: Roster): Promise<void> {
    switch (effect.type) {
      case 'open-mix':
        return this.openMix();
      case 'close-mix':
        return this.closeMix();
      case 'place':
        return this.place(effect.members);
      case 'entertain':
        return this.onMember(effect.memberId, (call) => this.entertain(call));
      case 'joined':
        return this.joined(effect.member, roster);
      case 'parted':
        return this.parted(effect.member, roster);
      case 'tell':
        for (const memberId of effect.memberIds)
          this.onMember(memberId, async (call) => {
            if (call.visit?.kind === 'member')
              await sayTo(this.ctx, call, { prompts: effect.prompts, room: this.room });
          });
        return;
      case 'dismiss':
        return this.dismiss(effect);
      case 'start-recording':
        return this.startRecording();
      case 'stop-recording':
        return this.stopRecording();
      default:
        return unreachable(effect);
    }
  }

  /** Work on the member's call, behind what is under way there; nobody waits for it here. */
  private onMember(memberId: CallId, work: (call: Call) => Promise<void> | void): void {
    const call = this.callsOf.get(memberId);
    if (call && call.phase.kind !== 'ended') onCall(this.ctx, call, () => work(call));
  }

  private async openMix(): Promise<void> {
    const mixId = newId<MixId>();
    const opened = await this.ctx.media.openMix({ mixId, tones: this.room.tones });
    if (opened.ok) this.mixId = mixId;
    else this.ctx.log.error({ roomId: this.known._id, fault: opened.fault }, 'a conference has no mix');
  }

  private async closeMix(): Promise<void> {
    const { mixId } = this;
    this.mixId = undefined;
    if (mixId) await this.ctx.media.closeMix(mixId);
  }

  private async place(members: readonly InsideMember[]): Promise<void> {
    const { mixId } = this;
    if (!mixId) return;
    for (let from = 0; from < members.length; from += PLACED_AT_ONCE) {
      const some = members.slice(from, from + PLACED_AT_ONCE).filter(({ memberId }) => this.isOpen(memberId));
      if (some.length === 0) continue;
      const joined = await this.ctx.media.joinMix(mixId, some.map(mixMemberOf));
      if (joined.ok) continue;
      // One who has just gone must not keep the others out.
      for (const member of some) await this.placeOne(mixId, member);
    }
  }

  private async placeOne(mixId: MixId, member: InsideMember): Promise<void> {
    const joined = await this.ctx.media.joinMix(mixId, [mixMemberOf(member)]);
    if (!joined.ok) this.ctx.log.warn({ callId: member.memberId, fault: joined.fault }, 'a member is not in the mix');
  }

  private isOpen(memberId: CallId): boolean {
    return this.callsOf.get(memberId)?.phase.kind === 'conference';
  }

  private async entertain(call: Call): Promise<void> {
    if (call.visit?.kind !== 'member') return;
    const said = await sayTo(this.ctx, call, { prompts: ['conference-waiting'], room: this.room });
    if (!said) await playRoomMusic(this.ctx, call, this.room);
  }

  private joined(member: InsideMember, roster: Roster): void {
    const call = this.callsOf.get(member.memberId);
    if (!call) return;
    const nowMs = this.ctx.clock.nowMs();
    roster.join(member, nowMs);
    const conferenceId = this.current.kind === 'empty' ? undefined : this.current.conferenceId;
    if (conferenceId) joinedHistory(this.ctx, call, { roomId: this.known._id, conferenceId, member, nowMs });
    this.recording?.link(call.log);
  }

  private parted(member: InsideMember, roster: Roster): void {
    const call = this.callsOf.get(member.memberId);
    const nowMs = this.ctx.clock.nowMs();
    roster.part(member.memberId, nowMs);
    if (!call) return;
    partedHistory(call, { roster, memberId: member.memberId, nowMs });
    if (!this.isMember(member.memberId)) this.callsOf.delete(member.memberId);
  }

  /** Who had not been let in yet is cancelled or, if in the middle of answering, hung up. */
  private dismiss({ member, reason }: Extract<ConferenceEffect, { type: 'dismiss' }>): void {
    const call = this.ctx.calls.get(member.memberId);
    if (!this.isMember(member.memberId)) this.callsOf.delete(member.memberId);
    if (call) onCall(this.ctx, call, () => departed(this.ctx, call, reason));
  }

  private async startRecording(): Promise<void> {
    if (!this.mixId || this.recording) return;
    const name = `conference-${this.known._id}`;
    const started = await ConferenceRecording.start(this.ctx, { mixId: this.mixId, name });
    if (!started.ok) {
      this.ctx.log.error({ roomId: this.known._id, fault: started.fault }, 'a conference could not be recorded');
      this.dispatch({ type: 'recording-lost' });
      return;
    }
    this.recording = started.value;
    if (this.current.kind !== 'meeting') return;
    for (const member of this.current.members.values()) {
      const call = member.stage === 'inside' ? this.callsOf.get(member.memberId) : undefined;
      if (call) this.recording.link(call.log);
    }
  }

  private async stopRecording(): Promise<void> {
    const { recording } = this;
    this.recording = undefined;
    await recording?.stop();
  }

  /** It ended by itself: what there is stays, and whoever directs the conference may begin another. */
  async recordingEnded(): Promise<void> {
    this.ctx.log.error({ roomId: this.known._id }, 'the recording of a conference ended by itself');
    await this.stopRecording();
    this.dispatch({ type: 'recording-lost' });
  }

  private changed(): void {
    this.tellTimer ??= this.ctx.clock.after(TELL_PERIOD_MS, () => this.tell());
  }

  private tell(): void {
    this.tellTimer?.cancel();
    this.tellTimer = undefined;
    this.ctx.events.emit('conference', this.view);
  }

  /** A room outlives its members by no time: the last word is said at once. */
  private finish(): void {
    if (this.tellTimer) this.tell();
    this.onEmpty();
  }
}

const identityOf = (call: Call, role: ConferenceRole): MemberIdentity | undefined => {
  const { callId, customer, identity } = call;
  const { number, displayName } = identity;
  return customer && { memberId: callId, endpointId: customer.endpointId, number, displayName, role };
};

/** Who may not speak costs no decoder; who is muted for a moment keeps one. */
const mixMemberOf = (member: InsideMember): MixMember => ({
  endpointId: member.endpointId,
  hears: 'all',
  speaks: maySpeak(member) ? 'all' : 'none',
  muted: member.voice === 'self-muted',
  gainDb: member.gainDb,
  quiet: member.role === 'listener',
});
