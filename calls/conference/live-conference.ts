/** One conference as it runs: keeps the state, and performs the effects one after the other. */
import type { Timer } from '../../base/clock';
import { messageOf, unreachable } from '../../base/errors';
import { newId } from '../../base/ids';
import type { CallId, ConferenceId, MixId, RecordingId } from '../../base/ids';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { RecordingEntry } from '../../store/interaction';
import type { Call } from '../call';
import { onCall } from '../context';
import type { CallContext } from '../context';
import { HiddenKeys } from './hidden-keys';
import { joinedHistory, partedHistory } from './history';
import { departed } from './leave';
import { isInside } from './model';
import type {
  ConferenceEffect,
  ConferenceEvent,
  ConferenceState,
  InsideMember,
  MemberIdentity,
  Open,
  Stay,
} from './model';
import type { RoomRules } from './members';
import { RoomMix } from './room-mix';
import { RoomRecorder } from './room-recorder';
import { appliedTerms, roomTerms } from './room-terms';
import type { RoomTerms } from './room-terms';
import { Roster } from './roster';
import { playRoomMusic, sayTo } from './speak';
import { stepConference } from './step';
import { conferenceView } from './view';
import type { ConferenceView } from './view';

/** Those who watch are told at most so often. */
const TELL_PERIOD_MS = 200;

export class LiveConference {
  private current: ConferenceState = { kind: 'empty' };
  private readonly callsOf = new Map<CallId, Call>();
  private work: Promise<void> = Promise.resolve();
  /** The recording that media have kept over a restart. */
  private running: RecordingEntry | undefined;
  private readonly mix: RoomMix;
  private readonly recorder: RoomRecorder;
  private readonly keys: HiddenKeys;
  private roster = new Roster();
  private tellTimer: Timer | undefined;

  constructor(
    private readonly ctx: CallContext,
    private known: ConferenceRoom,
    /** Nobody is in it any more. */
    private readonly onEmpty: () => void,
  ) {
    this.keys = new HiddenKeys(ctx);
    this.mix = new RoomMix({
      ...{ ctx, roomId: known._id },
      tones: () => this.room.tones,
      isHere: (memberId) => this.callsOf.get(memberId)?.phase.kind === 'conference',
      beforeHeard: (memberId) => this.hideKeys(memberId),
    });
    this.recorder = new RoomRecorder({
      ctx,
      roomId: known._id,
      members: () => this.callsInside(),
      rule: () => this.terms.choice.rule,
      onSilenceDue: () => void this.dispatch({ type: 'silence-due' }),
      onRetry: () => this.enqueue('recording-again', () => this.recordAgain()),
    });
  }

  get state(): ConferenceState {
    return this.current;
  }

  /** As it is set up now; a room that has been removed stays as it was until the conference is over. */
  get room(): ConferenceRoom {
    this.known = this.ctx.directory.conferenceRoom?.(this.known._id) ?? this.known;
    return this.known;
  }

  get view(): ConferenceView {
    return conferenceView(this.room, this.current, this.terms.rules.staffMay);
  }

  /** Of media. */
  get openMixId(): MixId | undefined {
    return this.mix.id;
  }

  get recordingId(): RecordingId | undefined {
    return this.recorder.recordingId;
  }

  private get terms(): RoomTerms {
    const conferenceId = this.current.kind === 'empty' ? undefined : this.current.conferenceId;
    return roomTerms(this.ctx.routing, this.room, conferenceId);
  }

  invite(call: Call, role: ConferenceRole): Result<void> {
    return this.newcomer('invited', call, role);
  }

  arrive(call: Call, role: ConferenceRole): Result<void> {
    return this.newcomer('arrived', call, role);
  }

  /** A member of before a restart of the app, with what media have kept of the conference. */
  comeBack(call: Call, { member, conference, mixId, recordingId }: Stay): void {
    this.callsOf.set(call.callId, call);
    const running = call.log.interaction.recordings.find((entry) => entry.recordingId === recordingId);
    this.mix.inherit(mixId);
    this.running = running ?? this.running;
    this.dispatch({ type: 'returned', member, conference });
  }

  /** Undefined for who is only being invited. */
  stayOf(callId: CallId): Stay | undefined {
    const { current, openMixId: mixId, recordingId } = this;
    const member = current.kind === 'empty' ? undefined : current.members.get(callId);
    if (current.kind === 'empty' || !member || member.stage === 'invited') return undefined;
    const { members: _members, ...conference } = current;
    return { member, conference, mixId, recordingId };
  }

  dispatch(event: ConferenceEvent): Result<void> {
    const before = this.current;
    const stepped = stepConference({ rules: this.rulesFor(event), nowMs: this.ctx.clock.nowMs() }, before, event);
    if (!stepped.ok) return stepped;
    const [state, effects] = stepped.value;
    this.current = state;
    if (event.type === 'left' && before.kind !== 'empty' && before.members.get(event.memberId)?.stage !== 'inside')
      this.callsOf.delete(event.memberId);
    if (before.kind === 'empty' && state.kind !== 'empty') this.roster = new Roster();
    const { roster } = this;
    for (const effect of effects) this.enqueue(effect.type, () => this.perform(effect, roster));
    if (state !== before) this.changed(before);
    if (state.kind === 'empty') this.finish();
    return ok(undefined);
  }

  /** A member's keys come as tones, which others would hear. */
  keysAreTones(call: Call): void {
    this.enqueue('keys', () => (this.isMember(call.callId) ? this.keys.apply(call) : undefined));
  }

  /** Of a member who was told something and goes on waiting. */
  async promptsEnded(call: Call): Promise<void> {
    const member = this.current.kind === 'empty' ? undefined : this.current.members.get(call.callId);
    if (member?.stage === 'waiting') await playRoomMusic(this.ctx, call, this.room);
  }

  /** Something has become of the recording that nobody asked for. */
  recordingChanged(recordingId: RecordingId, change: 'interrupted' | 'failed'): void {
    this.enqueue(`recording-${change}`, async () => {
      if (this.recordingId !== recordingId) return;
      const isOver = change === 'failed' || !(await this.recorder.goOn()).ok;
      if (!isOver) return;
      await this.recorder.failed();
      this.dispatch({ type: 'recording-lost' });
    });
  }

  /** Resolves when everything decided so far has been done. */
  settled(): Promise<void> {
    return this.work;
  }

  private newcomer(type: 'invited' | 'arrived', call: Call, role: ConferenceRole): Result<void> {
    const { current } = this;
    const conferenceId = current.kind === 'empty' ? newId<ConferenceId>() : current.conferenceId;
    const member = identityOf(call, role);
    if (!member) return fail('conflict', 'The call has no media.');
    this.callsOf.set(call.callId, call);
    const taken = this.dispatch({ type, member, conferenceId });
    if (!taken.ok && !this.isMember(call.callId)) this.callsOf.delete(call.callId);
    return taken;
  }

  private isMember(callId: CallId): boolean {
    return this.current.kind !== 'empty' && this.current.members.has(callId);
  }

  private enqueue(name: string, work: () => Promise<void> | void): void {
    this.work = this.work.then(work).catch((error: unknown) => {
      const { log } = this.ctx;
      log.error({ err: error, roomId: this.known._id, effect: name }, `in a conference: ${messageOf(error)}`);
    });
  }

  private async perform(effect: ConferenceEffect, roster: Roster): Promise<void> {
    switch (effect.type) {
      case 'open-mix':
        if (await this.mix.open()) this.writeDown();
        return;
      case 'close-mix':
        return this.closeMix();
      case 'place':
        return this.mix.place(effect.members);
      case 'entertain':
        return this.onMember(effect.memberId, (call) => this.entertain(call));
      case 'joined':
        return this.joined(effect.member, roster);
      case 'rejoined':
        return this.rejoined(effect.member, roster);
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
        if (!(await this.recorder.start(this.mix.id, effect.by)).ok) this.dispatch({ type: 'recording-lost' });
        return this.writeDown();
      case 'resume-recording':
        return this.resumeRecording(effect);
      case 'stop-recording':
        return this.recorder.stop(effect.by);
      case 'silence':
        // Keys first: what is silent for a moment too long harms nobody.
        await this.keys.mask(effect.silence?.kind === 'masked', this.callsInside());
        return this.recorder.setSilence(effect.silence, effect.by);
      default:
        return unreachable(effect);
    }
  }

  /** Work on the member's call, behind what is under way there; nobody waits for it here. */
  private onMember(memberId: CallId, work: (call: Call) => Promise<void> | void): void {
    const call = this.callsOf.get(memberId);
    if (call && call.phase.kind !== 'ended') onCall(this.ctx, call, () => work(call));
  }

  private async closeMix(): Promise<void> {
    this.running = undefined;
    await this.mix.close();
  }

  private async hideKeys(memberId: CallId): Promise<void> {
    const call = this.callsOf.get(memberId);
    if (call) await this.keys.apply(call);
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
    call.log.update({ recordingPolicy: appliedTerms(this.terms) });
    this.recorder.link(call);
  }

  private rejoined(member: InsideMember, roster: Roster): void {
    roster.join(member, member.sinceMs);
    const call = this.callsOf.get(member.memberId);
    if (call) this.recorder.link(call);
  }

  /** A silence without a recording keeps keys from the members all the same. */
  private async resumeRecording({
    silence,
    by,
  }: Extract<ConferenceEffect, { type: 'resume-recording' }>): Promise<void> {
    await this.keys.mask(silence?.kind === 'masked', this.callsInside());
    if (this.current.kind !== 'meeting' || !this.current.recording) return this.recorder.keepSilent(silence);
    const { running } = this;
    if (!(await this.recorder.resume(this.mix.id, { running, silence, by })).ok)
      this.dispatch({ type: 'recording-lost' });
    this.writeDown();
  }

  private async parted(member: InsideMember, roster: Roster): Promise<void> {
    const call = this.callsOf.get(member.memberId);
    const nowMs = this.ctx.clock.nowMs();
    roster.part(member.memberId, nowMs);
    if (!call) return;
    partedHistory(call, { roster, memberId: member.memberId, nowMs });
    if (!this.isMember(member.memberId)) this.callsOf.delete(member.memberId);
    await this.keys.release(call);
  }

  /** Who had not been let in yet is cancelled or, if in the middle of answering, hung up. */
  private dismiss({ member, reason }: Extract<ConferenceEffect, { type: 'dismiss' }>): void {
    const call = this.ctx.calls.get(member.memberId);
    if (!this.isMember(member.memberId)) this.callsOf.delete(member.memberId);
    if (call) onCall(this.ctx, call, () => departed(this.ctx, call, reason));
  }

  /** The ids of mix and recording are in the records of the members' calls. */
  private writeDown(): void {
    for (const { callId } of this.callsInside()) this.ctx.keeper.look(callId);
  }

  /** Who is with the others at the moment. */
  private callsInside(): Call[] {
    if (this.current.kind !== 'meeting') return [];
    return [...this.current.members.values()]
      .filter(isInside)
      .flatMap(({ memberId }) => this.callsOf.get(memberId) ?? []);
  }

  /** It begins by itself, and has failed: it is told of once it runs. */
  private async recordAgain(): Promise<void> {
    const { current } = this;
    const { begins, by } = this.terms.rules;
    if (current.kind !== 'meeting' || current.recording || !begins) return;
    if ((await this.recorder.start(this.mix.id, by)).ok) this.dispatch({ type: 'recording-back' });
  }

  private rulesFor(event: ConferenceEvent): RoomRules {
    const { room, current } = this;
    const isNew = current.kind === 'empty' && 'conferenceId' in event;
    const { rules } = isNew ? roomTerms(this.ctx.routing, room, event.conferenceId) : this.terms;
    return { ...room, recording: rules };
  }

  private changed(before: ConferenceState): void {
    const { current } = this;
    if (current.kind !== 'empty')
      for (const memberId of changedMembers(before, current)) this.ctx.keeper.look(memberId);
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
    this.enqueue('close', () => this.recorder.close());
    this.onEmpty();
  }
}

/** Those of whom something else is to be written down. */
const changedMembers = (before: ConferenceState, after: Open): CallId[] => {
  const { members: known, ...was } = before.kind === 'empty' ? { members: undefined } : before;
  const { members, ...is } = after;
  const isSame = JSON.stringify(was) === JSON.stringify(is);
  return [...members].flatMap(([memberId, member]) => (isSame && known?.get(memberId) === member ? [] : [memberId]));
};

const identityOf = (call: Call, role: ConferenceRole): MemberIdentity | undefined => {
  const { callId, customer, identity } = call;
  const { number, displayName } = identity;
  return customer && { memberId: callId, endpointId: customer.endpointId, number, displayName, role };
};
