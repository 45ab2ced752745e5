/**
 * The media process's heart: which endpoints there are, and what ends what. Bridges, mixes, plays, digits
 * and recordings are their desks' affair.
 */
import type { Clock } from '../base/clock';
import { TypedEmitter } from '../base/emitter';
import type { EndpointId, MixId, PlayId, RecordingId } from '../base/ids';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { DetectionDesk } from './detection/detection-desk';
import type { Detection } from './detection/terms';
import { DigitDesk } from './dtmf/digit-desk';
import type { EndpointNotice, MediaEndpoint } from './endpoint/endpoint';
import type { EndpointFactory } from './endpoint/factory';
import { FrameTicker } from './frame-ticker';
import { BridgeDesk } from './mixer/bridge-desk';
import { MixDesk } from './mixer/mix-desk';
import { TapDesk } from './mixer/tap-desk';
import type {
  EndpointKind,
  EndpointReading,
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
} from './ports';
import { PlayDesk } from './prompts/play-desk';
import type { SoundLibrary } from './prompts/sound-library';
import { TakeDesk } from './prompts/take-desk';
import { legQuality } from './quality/leg-quality';
import { MixTap } from './recording/mix-tap';
import { SoundDesk } from './quality/sound-desk';
import { RecordingDesk } from './recording/recording-desk';

export interface MediaEngineOptions {
  readonly factories: Readonly<Record<EndpointKind, EndpointFactory>>;
  readonly sounds: SoundLibrary;
  readonly recordingsDir: string;
  /** Of the process, where several write into one folder. */
  readonly name?: string | undefined;
  /** No recording is begun on a disk that is fuller; default 100. */
  readonly diskLimitPercent?: number | undefined;
  /** Where takes are written; without it none can be made. */
  readonly takesDir?: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export class MediaEngine implements MediaPort {
  private readonly endpoints = new Map<EndpointId, MediaEndpoint>();
  /** Ids that are being opened; true when they are to be closed as soon as they are open. */
  private readonly opening = new Map<EndpointId, boolean>();
  private readonly events: TypedEmitter<{ event: [MediaEvent] }>;
  private readonly bridges: BridgeDesk;
  private readonly mixes: MixDesk;
  private readonly plays: PlayDesk;
  private readonly takes: TakeDesk;
  private readonly digits: DigitDesk;
  private readonly recordings: RecordingDesk;
  private readonly detections: DetectionDesk;
  private readonly taps = new TapDesk();
  private readonly hearing: SoundDesk;

  constructor(private readonly options: MediaEngineOptions) {
    const { clock, name: owner, recordingsDir, diskLimitPercent, sounds: library } = options;
    this.events = new TypedEmitter(options.log);
    const ticker = new FrameTicker(clock);
    const emit = (event: MediaEvent): void => this.emit(event);
    const isPlayingTo = (endpointId: EndpointId): boolean => this.plays.isPlayingTo(endpointId);
    const onJoining = (endpointId: EndpointId): void => this.endOccupation(endpointId);
    const endpointOf = (endpointId: EndpointId): MediaEndpoint | undefined => this.endpoints.get(endpointId);
    this.bridges = new BridgeDesk({ clock, ticker, isPlayingTo, onJoining });
    this.mixes = new MixDesk({ clock, ticker, isPlayingTo, endpointOf, onJoining });
    this.plays = new PlayDesk({ library, ticker, onEnded: emit });
    this.takes = new TakeDesk({ dir: options.takesDir, clock, onEnded: emit });
    library.onStream((notice) => emit({ type: 'stream-changed', ...notice }));
    this.digits = new DigitDesk({ clock, ticker, onDue: emit });
    this.detections = new DetectionDesk({ clock, ticker, onFound: emit });
    this.hearing = new SoundDesk({ clock, onChanged: emit });
    this.recordings = new RecordingDesk({
      recordingsDir,
      owner,
      diskLimitPercent,
      clock,
      onFailed: (recordingId, failure) => emit({ type: 'recording-failed', recordingId, ...failure }),
    });
  }

  onEvent(listener: (event: MediaEvent) => void): () => void {
    return this.events.on('event', listener);
  }

  async openEndpoint(request: OpenEndpoint): Promise<Result<OpenedEndpoint>> {
    const { endpointId, kind } = request;
    if (this.endpoints.has(endpointId) || this.opening.has(endpointId))
      return fail('conflict', `endpoint ${endpointId} is open already`);
    this.opening.set(endpointId, false);
    const opened = await this.options.factories[kind].open(request, (notice) => this.onNotice(notice));
    const unwanted = this.opening.get(endpointId);
    this.opening.delete(endpointId);
    if (!opened.ok) return opened;
    if (unwanted === true) {
      opened.value.endpoint.close();
      return fail('closed', `endpoint ${endpointId} was closed while it was opened`);
    }
    this.endpoints.set(endpointId, opened.value.endpoint);
    this.hearing.watch(opened.value.endpoint);
    return ok(opened.value.opened);
  }

  async acceptAnswer(endpointId: EndpointId, sdp: string): Promise<Result<OpenedEndpoint>> {
    return this.at(endpointId, (endpoint) => endpoint.acceptAnswer(sdp));
  }

  async answerReoffer(endpointId: EndpointId, offer: string): Promise<Result<OpenedEndpoint>> {
    return this.at(endpointId, (endpoint) => endpoint.answerReoffer(offer));
  }

  async reoffer(endpointId: EndpointId): Promise<Result<OpenedEndpoint>> {
    return this.at(endpointId, (endpoint) => endpoint.reoffer());
  }

  async closeEndpoint(endpointId: EndpointId): Promise<Result<void>> {
    if (this.opening.has(endpointId)) this.opening.set(endpointId, true);
    this.endpoints.get(endpointId)?.close();
    this.forget(endpointId, 'stopped');
    return ok(undefined);
  }

  async bridge(a: EndpointId, b: EndpointId): Promise<Result<void>> {
    return this.at(a, (endpointA) => this.at(b, (endpointB) => this.bridges.join(endpointA, endpointB)));
  }

  async tap(from: EndpointId, to: EndpointId): Promise<Result<void>> {
    return this.at(from, (heard) => this.at(to, (hearing) => this.taps.open(heard, hearing)));
  }

  async unbridge(endpointId: EndpointId): Promise<Result<void>> {
    return this.at(endpointId, () => ok(this.bridges.leave(endpointId)));
  }

  async openMix(request: OpenMix): Promise<Result<void>> {
    return this.mixes.open(request);
  }

  async joinMix(mixId: MixId, members: readonly MixMember[]): Promise<Result<void>> {
    return this.mixes.join(mixId, members);
  }

  async leaveMix(endpointId: EndpointId): Promise<Result<void>> {
    return this.at(endpointId, () => ok(this.mixes.leave(endpointId)));
  }

  async closeMix(mixId: MixId): Promise<Result<void>> {
    this.mixes.close(mixId);
    return ok(undefined);
  }

  async play(request: PlayRequest): Promise<Result<void>> {
    return this.at(request.endpointId, (endpoint) => this.plays.play(request, endpoint));
  }

  async stopPlay(playId: PlayId): Promise<Result<void>> {
    this.plays.stop(playId);
    return ok(undefined);
  }

  async controlPlay(playId: PlayId, control: PlayControl): Promise<Result<PlayPosition>> {
    return this.plays.control(playId, control);
  }

  async startTake(request: TakeRequest): Promise<Result<void>> {
    return this.at(request.endpointId, (endpoint) => this.takes.start(request, endpoint));
  }

  stopTake(takeId: string): Promise<Result<TakeSummary>> {
    return this.takes.stop(takeId);
  }

  dropTake(takeId: string): Promise<Result<void>> {
    return this.takes.drop(takeId);
  }

  async sendDigit(endpointId: EndpointId, digit: string, durationMs: number): Promise<Result<void>> {
    return this.at(endpointId, (endpoint) => this.digits.send(endpoint, digit, durationMs));
  }

  async hideDigits(endpointId: EndpointId, hidden: boolean): Promise<Result<void>> {
    return this.at(endpointId, (endpoint) => ok(endpoint.hideDigits(hidden)));
  }

  async detect(endpointId: EndpointId, detection: Detection): Promise<Result<void>> {
    return this.at(endpointId, (endpoint) => this.detections.detect(endpoint, detection));
  }

  startRecording(request: RecordingRequest): Promise<Result<void>> {
    return this.recordings.start(request);
  }

  async attachRecording(
    recordingId: RecordingId,
    channel: RecordingChannel,
    endpointId: EndpointId,
  ): Promise<Result<void>> {
    return this.at(endpointId, (endpoint) => this.recordings.attach(recordingId, channel, endpoint));
  }

  async alsoRecord(recordingId: RecordingId, channel: RecordingChannel, endpointId: EndpointId): Promise<Result<void>> {
    return this.at(endpointId, (endpoint) => this.recordings.attachAlso(recordingId, channel, endpoint));
  }

  async attachMix(recordingId: RecordingId, channel: RecordingChannel, mixId: MixId): Promise<Result<void>> {
    const tap = new MixTap((endpointId) => this.mixes.leave(endpointId));
    const joined = this.mixes.joinTap(mixId, tap);
    if (!joined.ok) return joined;
    const attached = this.recordings.attach(recordingId, channel, tap);
    if (!attached.ok) tap.close();
    return attached;
  }

  async detachRecording(recordingId: RecordingId, channel: RecordingChannel): Promise<Result<void>> {
    return this.recordings.detach(recordingId, channel);
  }

  async maskRecording(recordingId: RecordingId, maxMs: number): Promise<Result<void>> {
    return this.recordings.mask(recordingId, maxMs);
  }

  async unmaskRecording(recordingId: RecordingId): Promise<Result<void>> {
    return this.recordings.unmask(recordingId);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<RecordingSummary>> {
    return this.recordings.stop(recordingId);
  }

  async stats(endpointId: EndpointId): Promise<Result<EndpointStats>> {
    return this.at(endpointId, (endpoint) => ok(this.statsOfOne(endpoint)));
  }

  async statsOf(endpointIds: readonly EndpointId[]): Promise<Result<readonly EndpointReading[]>> {
    const open = endpointIds.flatMap((endpointId) => this.endpoints.get(endpointId) ?? []);
    return ok(
      open.map((endpoint) => ({
        ...this.statsOfOne(endpoint),
        endpointId: endpoint.id,
        ...(endpoint.codec && { codec: endpoint.codec }),
      })),
    );
  }

  async counts(): Promise<Result<MediaCounts>> {
    const factories = new Set(Object.values(this.options.factories));
    return ok({
      endpoints: this.endpoints.size,
      bridges: this.bridges.size,
      mixes: this.mixes.size,
      plays: this.plays.size,
      recordings: this.recordings.size,
      portsInUse: [...factories].reduce((sum, factory) => sum + factory.portsInUse, 0),
    });
  }

  /** Closes every endpoint, finishes every recording, and then the factories. Idempotent. */
  async close(): Promise<void> {
    await this.recordings.stopAll();
    this.takes.close();
    this.mixes.closeAll();
    for (const endpointId of [...this.endpoints.keys(), ...this.opening.keys()]) await this.closeEndpoint(endpointId);
    await Promise.all(Object.values(this.options.factories).map((factory) => factory.close()));
    this.options.sounds.close();
    this.events.removeAll();
  }

  /** Does something with an endpoint; fails with `not_found` when there is none. */
  private at<Value, Done extends Result<Value> | Promise<Result<Value>>>(
    endpointId: EndpointId,
    act: (endpoint: MediaEndpoint) => Done,
  ): Done | ReturnType<typeof fail> {
    const endpoint = this.endpoints.get(endpointId);
    return endpoint ? act(endpoint) : fail('not_found', `there is no endpoint ${endpointId}`);
  }

  private statsOfOne(endpoint: MediaEndpoint): EndpointStats {
    const mixed = this.mixes.countersOf(endpoint.id);
    const stats = endpoint.stats();
    return {
      ...stats,
      ...(mixed && { concealedMs: mixed.concealedMs, jitterBufferMs: mixed.delayMs }),
      ...(endpoint.codec && legQuality(endpoint.codec, stats, mixed)),
    };
  }

  private onNotice(notice: EndpointNotice): void {
    if (notice.type === 'endpoint-lost') return this.onLost(notice);
    // An event that the peer has not agreed to goes out as a tone, or the app sends it.
    if (notice.type === 'digit-due') this.relayDigit(notice);
    else this.emit(notice);
  }

  /** What ends with the endpoint is told after its own end, by which it can be told from what ended by itself. */
  private onLost(notice: Extract<EndpointNotice, { type: 'endpoint-lost' }>): void {
    if (this.opening.has(notice.endpointId)) this.opening.set(notice.endpointId, true);
    this.emit(notice);
    this.forget(notice.endpointId, 'failed');
  }

  private relayDigit({ endpointId, digit, durationMs }: Extract<EndpointNotice, { type: 'digit-due' }>): void {
    const endpoint = this.endpoints.get(endpointId);
    if (endpoint) void this.digits.relay(endpoint, digit, durationMs);
  }

  /** Ends everything an endpoint was in. */
  private forget(endpointId: EndpointId, reason: 'stopped' | 'failed'): void {
    if (!this.endpoints.delete(endpointId)) return;
    this.mixes.leave(endpointId);
    this.bridges.leave(endpointId);
    this.taps.forget(endpointId);
    this.digits.forget(endpointId);
    this.hearing.forget(endpointId);
    this.detections.forget(endpointId);
    this.recordings.detachEndpoint(endpointId);
    this.takes.endOf(endpointId);
    this.plays.stopAt(endpointId, reason === 'failed' ? { reason, detail: 'the endpoint was lost' } : { reason });
  }

  /** Ends what a party hears now that is to hear somebody else. */
  private endOccupation(endpointId: EndpointId): void {
    this.mixes.leave(endpointId);
    this.bridges.leave(endpointId);
    this.plays.stopAt(endpointId);
  }

  private emit(event: MediaEvent): void {
    this.events.emit('event', event);
  }
}
