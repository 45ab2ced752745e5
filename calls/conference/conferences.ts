/** All conferences that run: which call is in which room. A room that nobody is in has no conference. */
import type { CallId, MixId, RecordingId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { Call } from '../call';
import type { CallContext } from '../context';
import { LiveConference } from './live-conference';
import type { ConferenceEvent, ConferenceState, Stay } from './model';
import { PinGuard } from './pin-guard';
import type { PinGuardDeps } from './pin-guard';
import { conferenceView } from './view';
import type { ConferenceView } from './view';
import { roomTerms } from './room-terms';

type Order = Omit<Extract<ConferenceEvent, { type: 'act' }>, 'type'>;

export interface ConferencesDeps extends PinGuardDeps {
  /** Of all calls, which has these conferences in it. */
  readonly ctx: () => CallContext;
}

export class Conferences {
  readonly guard: PinGuard;
  private readonly byRoom = new Map<string, LiveConference>();
  private readonly roomOf = new Map<CallId, LiveConference>();
  /** Over, with something still to be written. */
  private readonly ending = new Set<Promise<void>>();

  constructor(private readonly deps: ConferencesDeps) {
    this.guard = new PinGuard(deps);
  }

  private get ctx(): CallContext {
    return this.deps.ctx();
  }

  /** Lets a call in. Errors: `forbidden` when the conference is locked, `busy` when it is full. */
  arrive(room: ConferenceRoom, call: Call, role: ConferenceRole): Result<void> {
    return this.take(room, call, (live) => live.arrive(call, role));
  }

  /** A call of ours rings at somebody who is to join. Fails with `busy` when the conference is full. */
  invited(room: ConferenceRoom, call: Call, role: ConferenceRole): Result<void> {
    return this.take(room, call, (live) => live.invite(call, role));
  }

  /** A call of before a restart of the app was in this room. */
  returned(room: ConferenceRoom, call: Call, stay: Stay): void {
    const live = this.byRoom.get(room._id) ?? this.open(room);
    this.roomOf.set(call.callId, live);
    live.comeBack(call, stay);
  }

  /** How it is in its conference; undefined while it is in none. */
  stayOf({ callId }: Call): Stay | undefined {
    return this.roomOf.get(callId)?.stayOf(callId);
  }

  /** What they have open in media. */
  get media(): { readonly mixes: readonly MixId[]; readonly recordings: readonly RecordingId[] } {
    const all = [...this.byRoom.values()];
    return {
      mixes: all.flatMap(({ openMixId }) => openMixId ?? []),
      recordings: all.flatMap(({ recordingId }) => recordingId ?? []),
    };
  }

  /** The call is in no conference any more. Idempotent. */
  left(call: Call): void {
    const live = this.roomOf.get(call.callId);
    if (!live) return;
    this.roomOf.delete(call.callId);
    live.dispatch({ type: 'left', memberId: call.callId });
  }

  /** The keys of this call are tones in its voice. */
  keysAreTones(call: Call): void {
    this.roomOf.get(call.callId)?.keysAreTones(call);
  }

  /** The member's telephone holds us, or does not any more. */
  held(call: Call, holds: boolean): void {
    this.roomOf.get(call.callId)?.dispatch({ type: 'held', memberId: call.callId, holds });
  }

  /** Errors: those of the machine; `conflict` when nobody is in the conference. */
  act(roomId: string, order: Order): Result<void> {
    const live = this.byRoom.get(roomId);
    return live ? live.dispatch({ type: 'act', ...order }) : fail('conflict', 'Nobody is in this conference.');
  }

  stateOf(roomId: string): ConferenceState {
    return this.byRoom.get(roomId)?.state ?? { kind: 'empty' };
  }

  async promptsEnded(roomId: string, call: Call): Promise<void> {
    await this.byRoom.get(roomId)?.promptsEnded(call);
  }

  /** Every room, by id. */
  views(): ConferenceView[] {
    const rooms = this.ctx.directory.conferenceRooms?.() ?? [];
    return rooms.map((room) => this.byRoom.get(room._id)?.view ?? this.emptyView(room));
  }

  view(roomId: string): ConferenceView | undefined {
    const room = this.ctx.directory.conferenceRoom?.(roomId);
    return this.byRoom.get(roomId)?.view ?? (room && this.emptyView(room));
  }

  /** The room has been set up or changed by an administrator: whoever watches is told. */
  roomChanged(roomId: string): void {
    const view = this.view(roomId);
    if (view) this.ctx.events.emit('conference', view);
  }

  private emptyView(room: ConferenceRoom): ConferenceView {
    const { rules } = roomTerms(this.ctx.routing, room, undefined);
    return conferenceView(room, { kind: 'empty' }, rules.staffMay);
  }

  /** The room has been removed: who is in it is told that the conference is over. */
  roomRemoved(roomId: string): void {
    this.byRoom.get(roomId)?.dispatch({ type: 'closed' });
  }

  /** By a fault of the disk or of its media process. False when it is no conference's recording. */
  recordingChanged(recordingId: RecordingId, change: 'interrupted' | 'failed'): boolean {
    const live = [...this.byRoom.values()].find((one) => one.recordingId === recordingId);
    live?.recordingChanged(recordingId, change);
    return live !== undefined;
  }

  /** Resolves when everything decided so far has been done and written. */
  async settled(): Promise<void> {
    await Promise.all([...this.ending, ...[...this.byRoom.values()].map((live) => live.settled())]);
  }

  private take(room: ConferenceRoom, call: Call, into: (live: LiveConference) => Result<void>): Result<void> {
    const live = this.byRoom.get(room._id) ?? this.open(room);
    this.roomOf.set(call.callId, live);
    const taken = into(live);
    if (!taken.ok) {
      this.roomOf.delete(call.callId);
      if (live.state.kind === 'empty') this.byRoom.delete(room._id);
    }
    return taken;
  }

  private open(room: ConferenceRoom): LiveConference {
    const live = new LiveConference(this.ctx, room, () => this.over(room._id, live));
    this.byRoom.set(room._id, live);
    return live;
  }

  private over(roomId: string, live: LiveConference): void {
    if (this.byRoom.get(roomId) === live) this.byRoom.delete(roomId);
    const ended = live.settled().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }
}
