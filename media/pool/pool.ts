/**
 * {@link MediaPort} over several media processes. A call's legs go where the call is, a new call's where the load is
 * least; legs of different processes are joined by trunks. When a process dies its legs are opened anew elsewhere, and
 * what they were in goes on as soon as their peers have agreed to the new addresses.
 */
import type { Clock } from '../../base/clock';
import { TypedEmitter } from '../../base/emitter';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { ProcessChange } from '../client-link';
import type {
  EndpointStats,
  MediaCounts,
  MediaEvent,
  MediaPort,
  MixMember,
  OpenEndpoint,
  OpenMix,
  OpenedEndpoint,
  PlayControl,
  PlayPosition,
  PlayRequest,
  RecordingChannel,
  RecordingRequest,
  RecordingSummary,
  TakeRequest,
  TakeSummary,
} from '../ports';
import { ALONE, Book, isAway, moveTo } from './book';
import type { PooledEndpoint, PooledRecording } from './book';
import { Joins, forgiven } from './joins';
import { Member } from './member';
import type { PooledProcess, ProcessStatus } from './member';
import { placesFor } from './placement';
import { PooledRecordings, nobody } from './recordings';
import { statsOfMany } from './pooled-stats';
import { Recovery } from './recovery';
import type { LossReason } from './recovery';
import { PooledTakes } from './takes';
import { Trunks } from './trunks';
import type { Trunk } from './trunks';

export interface MediaPoolOptions {
  readonly processes: readonly PooledProcess[];
  /** Another leg of the call that a leg is opened for, where its request names none. */
  readonly neighbourOf?: (endpointId: EndpointId) => EndpointId | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

const DONE = ok(undefined);

export class MediaPool implements MediaPort {
  private readonly members: readonly Member[];
  private readonly book = new Book();
  readonly statsOf: MediaPort['statsOf'] = (ids) => statsOfMany(this.members, this.book, ids);
  private readonly trunks = new Trunks();
  private readonly takes = new PooledTakes();
  private readonly joins: Joins;
  private readonly recordings: PooledRecordings;
  private readonly recovery: Recovery;
  private readonly events: TypedEmitter<{ event: [MediaEvent]; ready: [] }>;
  private readonly unsubscribes: (() => void)[] = [];

  constructor(private readonly options: MediaPoolOptions) {
    const { clock, log, processes } = options;
    const { book, trunks } = this;
    this.events = new TypedEmitter(log);
    this.members = processes.map((process) => new Member(process));
    const emit = (event: MediaEvent): void => this.emit(event);
    const onJoining = (endpoint: PooledEndpoint): void => this.endAwayPlay(endpoint);
    this.joins = new Joins({ book, trunks, log, onJoining, onPlaced: (mixId) => this.recordings.mixPlaced(mixId) });
    this.recordings = new PooledRecordings({ book, trunks, clock, log, emit });
    this.recovery = new Recovery({
      book,
      members: this.members,
      clock,
      log,
      emit,
      giveUp: (endpoint, reason) =>
        this.lose(endpoint, { type: 'endpoint-lost', endpointId: endpoint.endpointId, reason }),
    });
    for (const member of this.members) {
      this.unsubscribes.push(
        member.port.onEvent((event) => this.heard(member, event)),
        member.port.onChange((change) => this.changed(member, change)),
      );
    }
  }

  /** Whether a call could be taken now. */
  get ready(): boolean {
    return this.members.some(({ takesCalls }) => takesCalls);
  }

  /** Resolves when there is one process at least, at once when there is. */
  whenReady(): Promise<void> {
    if (this.ready) return Promise.resolve();
    return new Promise((resolve) => void this.events.once('ready', resolve));
  }

  /**
   * A process is to take no more calls, and to start anew when it carries none; after `withinMs` its calls move to
   * others. Fails with `not_found`, `unavailable`, and with `conflict` when no other process could take calls.
   */
  drain(name: string, withinMs?: number): Result<void> {
    const member = this.members.find((one) => one.name === name);
    if (!member) return fail('not_found', `There is no media process ${name}.`);
    if (!this.members.some((other) => other !== member && other.takesCalls))
      return fail('conflict', `No other media process could take calls while ${name} takes none.`);
    return member.port.drain(withinMs);
  }

  processes(): readonly ProcessStatus[] {
    return this.members.map(({ status }) => status);
  }

  onEvent(listener: (event: MediaEvent) => void): () => void {
    return this.events.on('event', listener);
  }

  async openEndpoint(request: OpenEndpoint): Promise<Result<OpenedEndpoint>> {
    const { endpointId, near = this.options.neighbourOf?.(request.endpointId), ...rest } = request;
    if (this.book.endpoints.has(endpointId)) return fail('conflict', `endpoint ${endpointId} is open already`);
    const beside = near === undefined ? undefined : this.book.endpoints.get(near);
    const [member] = this.placesBeside(beside);
    if (!member) return nobody();
    const endpoint: PooledEndpoint = {
      endpointId,
      request,
      group: beside?.group ?? Symbol(endpointId),
      member,
      state: 'opening',
      reopenings: 0,
      codec: undefined,
      sdp: '',
      join: ALONE,
      play: undefined,
      hidesDigits: false,
      seat: undefined,
    };
    this.book.endpoints.set(endpointId, endpoint);
    const opened = await this.openSomewhere(endpoint, { endpointId, ...rest });
    if (opened.ok) return this.agreed(endpoint, opened);
    this.forgetEndpoint(endpoint);
    return opened;
  }

  acceptAnswer(endpointId: EndpointId, sdp: string): Promise<Result<OpenedEndpoint>> {
    return this.negotiate(endpointId, ({ port }) => port.acceptAnswer(endpointId, sdp));
  }

  answerReoffer(endpointId: EndpointId, offer: string): Promise<Result<OpenedEndpoint>> {
    return this.negotiate(endpointId, ({ port }) => port.answerReoffer(endpointId, offer));
  }

  reoffer(endpointId: EndpointId): Promise<Result<OpenedEndpoint>> {
    return this.at(endpointId, ({ member }) => member.port.reoffer(endpointId));
  }

  async closeEndpoint(endpointId: EndpointId): Promise<Result<void>> {
    const endpoint = this.book.endpoints.get(endpointId);
    if (!endpoint) return DONE;
    const { member } = endpoint;
    // Sent first, so that its process hears of it before it hears what becomes of the others.
    const closed = member.port.closeEndpoint(endpointId);
    this.endAwayPlay(endpoint);
    this.forgetEndpoint(endpoint);
    return forgiven(await closed);
  }

  async bridge(a: EndpointId, b: EndpointId): Promise<Result<void>> {
    return this.with(a, (first) => this.with(b, (second) => this.joins.bridge(first, second)));
  }

  async tap(from: EndpointId, to: EndpointId): Promise<Result<void>> {
    return this.at(from, ({ member }) =>
      this.with(to, (hearing) =>
        hearing.member === member
          ? member.port.tap(from, to)
          : fail('unsupported', `endpoints ${from} and ${to} are in different processes`),
      ),
    );
  }

  async unbridge(endpointId: EndpointId): Promise<Result<void>> {
    return this.with(endpointId, (endpoint) => this.joins.unbridge(endpoint));
  }

  async openMix(request: OpenMix): Promise<Result<void>> {
    return this.joins.open(request);
  }

  joinMix(mixId: MixId, members: readonly MixMember[]): Promise<Result<void>> {
    return this.joins.joinMix(mixId, members);
  }

  async leaveMix(endpointId: EndpointId): Promise<Result<void>> {
    return this.with(endpointId, (endpoint) => this.joins.leaveMix(endpoint));
  }

  closeMix(mixId: MixId): Promise<Result<void>> {
    return this.joins.closeMix(mixId);
  }

  async play(request: PlayRequest): Promise<Result<void>> {
    const { playId } = request;
    return this.with(request.endpointId, async (endpoint) => {
      if (this.book.playing(playId)) return fail('conflict', `play ${playId} is running already`);
      this.endAwayPlay(endpoint);
      endpoint.play = request;
      if (isAway(endpoint)) return DONE;
      const playing = forgiven(await endpoint.member.port.play(request));
      if (!playing.ok && endpoint.play === request) endpoint.play = undefined;
      return playing;
    });
  }

  async stopPlay(playId: PlayId): Promise<Result<void>> {
    const endpoint = this.book.playing(playId);
    if (!endpoint) return DONE;
    if (!isAway(endpoint)) return forgiven(await endpoint.member.port.stopPlay(playId));
    this.endAwayPlay(endpoint);
    return DONE;
  }

  async controlPlay(playId: PlayId, control: PlayControl): Promise<Result<PlayPosition>> {
    const endpoint = this.book.playing(playId);
    if (!endpoint) return fail('not_found', `there is no play ${playId}`);
    if (isAway(endpoint)) return fail('unavailable', `the party of play ${playId} is on its way to another process`);
    return endpoint.member.port.controlPlay(playId, control);
  }

  startTake(request: TakeRequest): Promise<Result<void>> {
    return this.at(request.endpointId, (endpoint) => this.takes.start(endpoint, request));
  }

  stopTake(takeId: string): Promise<Result<TakeSummary>> {
    return this.takes.stop(takeId);
  }

  dropTake(takeId: string): Promise<Result<void>> {
    return this.takes.drop(takeId);
  }

  sendDigit(endpointId: EndpointId, digit: string, durationMs: number): Promise<Result<void>> {
    return this.at(endpointId, ({ member }) => member.port.sendDigit(endpointId, digit, durationMs));
  }

  async hideDigits(endpointId: EndpointId, hidden: boolean): Promise<Result<void>> {
    return this.with(endpointId, async (endpoint) => {
      endpoint.hidesDigits = hidden;
      return endpoint.state === 'reopening'
        ? DONE
        : forgiven(await endpoint.member.port.hideDigits(endpointId, hidden));
    });
  }

  async startRecording(request: RecordingRequest): Promise<Result<void>> {
    const beside = request.near === undefined ? undefined : this.book.endpoints.get(request.near);
    const venue = request.nearMix === undefined ? undefined : this.book.mixes.get(request.nearMix)?.venue;
    return this.recordings.start(request, venue ? placesFor(this.members, venue) : this.placesBeside(beside));
  }

  async alsoRecord(recordingId: RecordingId, channel: RecordingChannel, endpointId: EndpointId): Promise<Result<void>> {
    return this.with(endpointId, (endpoint) => this.recordings.attachAlso(recordingId, channel, endpoint));
  }

  async attachRecording(
    recordingId: RecordingId,
    channel: RecordingChannel,
    endpointId: EndpointId,
  ): Promise<Result<void>> {
    return this.with(endpointId, (endpoint) => this.recordings.attach(recordingId, channel, endpoint));
  }

  attachMix(recordingId: RecordingId, channel: RecordingChannel, mixId: MixId): Promise<Result<void>> {
    return this.recordings.attachMix(recordingId, channel, mixId);
  }

  detachRecording(recordingId: RecordingId, channel: RecordingChannel): Promise<Result<void>> {
    return this.recordings.detach(recordingId, channel);
  }

  maskRecording(recordingId: RecordingId, maxMs: number): Promise<Result<void>> {
    return this.recordings.mask(recordingId, maxMs);
  }

  unmaskRecording(recordingId: RecordingId): Promise<Result<void>> {
    return this.recordings.unmask(recordingId);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<RecordingSummary>> {
    return this.recordings.stop(recordingId);
  }

  stats(endpointId: EndpointId): Promise<Result<EndpointStats>> {
    return this.at(endpointId, ({ member }) => member.port.stats(endpointId));
  }

  /** Of all processes that can be asked, without the trunks between them. */
  async counts(): Promise<Result<MediaCounts>> {
    const asked = this.members.filter(({ port }) => port.ready).map(({ port }) => port.counts());
    const total = { endpoints: 0, bridges: 0, mixes: 0, plays: 0, recordings: 0, portsInUse: 0 };
    for (const counts of await Promise.all(asked)) {
      if (!counts.ok) return counts;
      for (const key of Object.keys(total) as (keyof MediaCounts)[]) total[key] += counts.value[key];
    }
    const trunks = this.trunks.all();
    const emptyMixes = [...this.book.mixes.values()].filter(({ venue }) => !venue);
    return ok({
      ...total,
      mixes: total.mixes + emptyMixes.length,
      endpoints: total.endpoints - 2 * trunks.length,
      bridges: total.bridges - trunks.filter(({ purpose }) => purpose === 'seat').length,
      portsInUse: total.portsInUse - PORTS_PER_TRUNK * trunks.length,
    });
  }

  /** Ends the connections; what was open in the processes is closed there. Idempotent. */
  close(): void {
    this.recovery.close();
    for (const unsubscribe of this.unsubscribes.splice(0)) unsubscribe();
    for (const { port } of this.members) port.close();
    this.events.removeAll();
  }

  private placesBeside(beside: PooledEndpoint | undefined): readonly Member[] {
    return placesFor(this.members, beside?.member);
  }

  /** A process that is full or just gone is passed over. */
  private async openSomewhere(endpoint: PooledEndpoint, request: OpenEndpoint): Promise<Result<OpenedEndpoint>> {
    let opened: Result<OpenedEndpoint> = nobody();
    for (const member of placesFor(this.members, endpoint.member)) {
      if (endpoint.state === 'closed') return fail('closed', `endpoint ${endpoint.endpointId} was closed`);
      moveTo(endpoint, member);
      opened = await member.port.openEndpoint(request);
      if (opened.ok || !PASSED_OVER.includes(opened.fault.code)) return opened;
    }
    return opened;
  }

  private async negotiate(
    endpointId: EndpointId,
    ask: (member: Member) => Promise<Result<OpenedEndpoint>>,
  ): Promise<Result<OpenedEndpoint>> {
    return this.at(endpointId, async (endpoint) => {
      const answered = await ask(endpoint.member);
      return answered.ok ? this.agreed(endpoint, answered) : answered;
    });
  }

  /** Who was away is back: everything that it is in goes on. */
  private agreed(
    endpoint: PooledEndpoint,
    opened: { readonly ok: true; readonly value: OpenedEndpoint },
  ): Result<OpenedEndpoint> {
    if (endpoint.state === 'closed') return fail('closed', `endpoint ${endpoint.endpointId} was closed`);
    endpoint.codec = opened.value.codec ?? endpoint.codec;
    endpoint.sdp = opened.value.sdp;
    const wasAway = endpoint.state === 'offered';
    if (endpoint.state !== 'reopening') endpoint.state = 'open';
    if (wasAway) void this.restore(endpoint);
    return opened;
  }

  private async restore(endpoint: PooledEndpoint): Promise<void> {
    this.recordings.restore(endpoint);
    const { play } = endpoint;
    await this.joins.restore(endpoint);
    if (!play || endpoint.play !== play || isAway(endpoint)) return;
    const { playId, endpointId } = play;
    const playing = await endpoint.member.port.play(play);
    if (playing.ok || endpoint.play !== play) return;
    endpoint.play = undefined;
    this.emit({ type: 'play-ended', playId, endpointId, reason: 'failed', detail: playing.fault.message });
  }

  /** What was to be played to a leg that is away. */
  private endAwayPlay(endpoint: PooledEndpoint): void {
    const { play, endpointId } = endpoint;
    if (!play || !isAway(endpoint)) return;
    endpoint.play = undefined;
    this.emit({ type: 'play-ended', playId: play.playId, endpointId, reason: 'stopped' });
  }

  private forgetEndpoint(endpoint: PooledEndpoint): void {
    if (endpoint.state === 'closed') return;
    endpoint.state = 'closed';
    endpoint.member.legs.delete(endpoint.endpointId);
    this.book.endpoints.delete(endpoint.endpointId);
    void this.joins.forget(endpoint);
    void this.recordings.forgetEndpoint(endpoint);
  }

  private lose(endpoint: PooledEndpoint, event: Extract<MediaEvent, { type: 'endpoint-lost' }>): void {
    this.forgetEndpoint(endpoint);
    this.emit(event);
  }

  private heard(member: Member, event: MediaEvent): void {
    if ('recordingId' in event) return this.recordingEnded(member, event);
    const trunk = this.trunks.at(event.endpointId);
    if (trunk) return event.type === 'endpoint-lost' ? this.trunkBroke(trunk) : undefined;
    const endpoint = this.book.endpoints.get(event.endpointId);
    // What a leg that has just been closed had been hearing.
    if (!endpoint && event.type === 'play-ended') return this.emit(event);
    if (!endpoint || endpoint.member !== member) return;
    if (event.type === 'endpoint-lost') return this.endpointLost(endpoint, event);
    if (event.type === 'play-ended' && endpoint.play?.playId === event.playId) endpoint.play = undefined;
    this.emit(event);
  }

  private endpointLost(endpoint: PooledEndpoint, event: Extract<MediaEvent, { type: 'endpoint-lost' }>): void {
    // That its process is gone is known by then, and dealt with.
    if (event.reason === 'process-lost') return;
    if (event.reason !== 'worker-died') return this.lose(endpoint, event);
    if (endpoint.seat) void this.trunks.close(endpoint.seat);
    this.recovery.reopen([endpoint], event.reason);
  }

  private recordingEnded(member: Member, event: Extract<MediaEvent, { recordingId: RecordingId }>): void {
    const recording = this.book.recordings.get(event.recordingId);
    if (!recording || recording.member !== member) return;
    if (event.type === 'recording-failed') void this.recordings.forget(recording);
    this.emit(event);
  }

  private trunkBroke(trunk: Trunk): void {
    void this.trunks.close(trunk);
    this.joins.trunkBroke(trunk);
    this.recordings.trunkBroke(trunk);
  }

  private changed(member: Member, change: ProcessChange): void {
    this.options.log.info({ mediaProcess: member.name, change }, 'a media process has changed its state');
    if (change === 'ready') {
      member.draining = false;
      this.events.emit('ready');
    }
    if (change === 'draining') member.draining = true;
    if (change === 'lost') this.memberLost(member, 'process-lost');
  }

  private memberLost(member: Member, reason: LossReason): void {
    const lost = this.book.endpointsAt(member).filter(({ state }) => state !== 'opening');
    const recordings = [...this.book.recordings.values()].filter((recording) => recording.member === member);
    const broken = this.trunks.all().filter(({ near, far }) => near.member === member || far.member === member);
    for (const endpoint of lost) endpoint.state = 'reopening';
    this.joins.venueLost(member);
    for (const trunk of broken) this.trunkBroke(trunk);
    this.recovery.reopen(lost, reason);
    for (const recording of recordings) void this.interrupt(recording);
  }

  /** Told as soon as there is a process that can go on with it. */
  private async interrupt(recording: PooledRecording): Promise<void> {
    recording.interrupted = true;
    const { recordingId } = recording.request;
    const goesOn = (await this.recovery.someMember(undefined)) !== undefined;
    if (this.book.recordings.get(recordingId) !== recording) return;
    if (goesOn) return this.recordings.tellInterrupted(recording);
    await this.recordings.forget(recording);
    this.emit({ type: 'recording-failed', recordingId, cause: 'process-lost', detail: 'its media process is gone' });
  }

  /** Does something with a leg, wherever it is; fails with `not_found` when there is none. */
  private with<Value, Done extends Result<Value> | Promise<Result<Value>>>(
    endpointId: EndpointId,
    act: (endpoint: PooledEndpoint) => Done,
  ): Done | ReturnType<typeof fail> {
    const endpoint = this.book.endpoints.get(endpointId);
    return endpoint ? act(endpoint) : fail('not_found', `there is no endpoint ${endpointId}`);
  }

  /** Asks the process of a leg something that cannot wait until it is back. */
  private async at<Value>(
    endpointId: EndpointId,
    ask: (endpoint: PooledEndpoint) => Promise<Result<Value>> | Result<Value>,
  ): Promise<Result<Value>> {
    return this.with(endpointId, (endpoint) =>
      endpoint.state === 'reopening'
        ? fail('unavailable', `endpoint ${endpointId} has lost its media process and is not back yet`)
        : ask(endpoint),
    );
  }

  private emit(event: MediaEvent): void {
    this.events.emit('event', event);
  }
}

/** Two ends, each with a port for RTP and one for RTCP. */
const PORTS_PER_TRUNK = 4;

/** With these another process may be asked. */
const PASSED_OVER: readonly string[] = ['unavailable', 'overloaded'];
