/**
 * The media process's heart: which endpoints, bridges, plays and recordings there are, and what ends what. The work
 * itself is theirs.
 */
import type { Clock } from '../base/clock';
import { TypedEmitter } from '../base/emitter';
import type { EndpointId, MixId, PlayId, RecordingId } from '../base/ids';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { ForwardingBridge } from './bridge';
import type { Bridge } from './bridge';
import { TranscodingBridge } from './mixer/transcoding-bridge';
import type { BridgedParty } from './mixer/transcoding-bridge';
import { DigitSender } from './dtmf/digit-sender';
import { ToneSender } from './dtmf/tone-sender';
import { eventOfDigit } from './dtmf/telephone-event';
import type { EndpointNotice, MediaEndpoint, StreamPacket } from './endpoint/endpoint';
import type { EndpointFactory } from './endpoint/factory';
import { FrameTicker } from './frame-ticker';
import { MixDesk } from './mixer/mix-desk';
import { Player } from './player';
import type {
  EndpointKind,
  EndpointStats,
  MediaCounts,
  MediaEvent,
  MediaPort,
  MixMember,
  OpenEndpoint,
  OpenMix,
  OpenedEndpoint,
  PlayRequest,
  RecordingChannel,
  RecordingRequest,
  RecordingSummary,
} from './ports';
import type { SoundLibrary } from './prompts/sound-library';
import { legQuality } from './quality/leg-quality';
import { Recorder } from './recording/recorder';
import { nextSourceId } from './source-id';

/** RFC 4733 names no bounds; Q.24 asks receivers to know 40 ms, and one event segment states at most 8191 ms. */
const DIGIT_MIN_MS = 40;
const DIGIT_MAX_MS = 8000;

const MASK_MIN_MS = 1000;
const MASK_MAX_MS = 3_600_000;

export interface MediaEngineOptions {
  readonly factories: Readonly<Record<EndpointKind, EndpointFactory>>;
  readonly sounds: SoundLibrary;
  readonly recordingsDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What one endpoint has around it. */
interface Party {
  readonly endpoint: MediaEndpoint;
  bridge?: Bridge;
  play?: { readonly id: PlayId; readonly player: Player };
  digits?: DigitSender;
  tones?: ToneSender;
}

export class MediaEngine implements MediaPort {
  private readonly parties = new Map<EndpointId, Party>();
  /** Ids that are being opened; true when they are to be closed as soon as they are open. */
  private readonly opening = new Map<EndpointId, boolean>();
  private readonly recorders = new Map<RecordingId, Recorder>();
  private readonly startingRecordings = new Set<RecordingId>();
  private readonly events: TypedEmitter<{ event: [MediaEvent] }>;
  private readonly ticker: FrameTicker;
  private readonly mixes: MixDesk;

  constructor(private readonly options: MediaEngineOptions) {
    this.events = new TypedEmitter(options.log);
    this.ticker = new FrameTicker(options.clock);
    this.mixes = new MixDesk({
      clock: options.clock,
      ticker: this.ticker,
      isPlayingTo: (endpointId) => this.isPlayingTo(endpointId),
      endpointOf: (endpointId) => this.parties.get(endpointId)?.endpoint,
      onJoining: (endpointId) => this.endOccupation(endpointId),
    });
  }

  onEvent(listener: (event: MediaEvent) => void): () => void {
    return this.events.on('event', listener);
  }

  async openEndpoint(request: OpenEndpoint): Promise<Result<OpenedEndpoint>> {
    const { endpointId, kind } = request;
    if (this.parties.has(endpointId) || this.opening.has(endpointId))
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
    this.parties.set(endpointId, { endpoint: opened.value.endpoint });
    return ok(opened.value.opened);
  }

  async acceptAnswer(endpointId: EndpointId, sdp: string): Promise<Result<OpenedEndpoint>> {
    const party = this.parties.get(endpointId);
    return party ? party.endpoint.acceptAnswer(sdp) : noEndpoint(endpointId);
  }

  async answerReoffer(endpointId: EndpointId, offer: string): Promise<Result<OpenedEndpoint>> {
    const party = this.parties.get(endpointId);
    return party ? party.endpoint.answerReoffer(offer) : noEndpoint(endpointId);
  }

  async reoffer(endpointId: EndpointId): Promise<Result<OpenedEndpoint>> {
    const party = this.parties.get(endpointId);
    return party ? party.endpoint.reoffer() : noEndpoint(endpointId);
  }

  async closeEndpoint(endpointId: EndpointId): Promise<Result<void>> {
    if (this.opening.has(endpointId)) this.opening.set(endpointId, true);
    this.parties.get(endpointId)?.endpoint.close();
    this.forget(endpointId, 'stopped');
    return ok(undefined);
  }

  async bridge(a: EndpointId, b: EndpointId): Promise<Result<void>> {
    if (a === b) return fail('bad_input', `endpoint ${a} cannot be bridged with itself`);
    const [partyA, partyB] = [this.parties.get(a), this.parties.get(b)];
    if (!partyA || !partyB) return noEndpoint(partyA ? b : a);
    const [codecA, codecB] = [partyA.endpoint.codec, partyB.endpoint.codec];
    if (!codecA || !codecB)
      return fail('conflict', `endpoint ${codecA ? b : a} has no codec yet and cannot be bridged`);
    for (const endpointId of [a, b]) {
      this.mixes.leave(endpointId);
      this.endOccupation(endpointId);
    }
    const bridge = this.newBridge(
      { endpoint: partyA.endpoint, codec: codecA },
      { endpoint: partyB.endpoint, codec: codecB },
    );
    partyA.bridge = bridge;
    partyB.bridge = bridge;
    return ok(undefined);
  }

  private newBridge(a: BridgedParty, b: BridgedParty): Bridge {
    const isPlayingTo = (endpointId: EndpointId): boolean => this.isPlayingTo(endpointId);
    if (a.codec === b.codec) return new ForwardingBridge({ a: a.endpoint, b: b.endpoint, isPlayingTo });
    return new TranscodingBridge({ a, b, isPlayingTo, clock: this.options.clock, ticker: this.ticker });
  }

  async unbridge(endpointId: EndpointId): Promise<Result<void>> {
    const party = this.parties.get(endpointId);
    if (!party) return noEndpoint(endpointId);
    this.endBridge(party);
    return ok(undefined);
  }

  async openMix(request: OpenMix): Promise<Result<void>> {
    return this.mixes.open(request);
  }

  async joinMix(mixId: MixId, members: readonly MixMember[]): Promise<Result<void>> {
    return this.mixes.join(mixId, members);
  }

  async leaveMix(endpointId: EndpointId): Promise<Result<void>> {
    if (!this.parties.has(endpointId)) return noEndpoint(endpointId);
    this.mixes.leave(endpointId);
    return ok(undefined);
  }

  async closeMix(mixId: MixId): Promise<Result<void>> {
    this.mixes.close(mixId);
    return ok(undefined);
  }

  async play(request: PlayRequest): Promise<Result<void>> {
    const { playId, endpointId } = request;
    const party = this.parties.get(endpointId);
    if (!party) return noEndpoint(endpointId);
    if (this.partyPlaying(playId)) return fail('conflict', `play ${playId} is running already`);
    party.play?.player.stop();
    const player = new Player({
      request,
      endpoint: party.endpoint,
      library: this.options.sounds,
      ticker: this.ticker,
      onEnded: (end) => {
        if (party.play?.player === player) delete party.play;
        this.emit({ type: 'play-ended', playId, endpointId, ...end });
      },
    });
    party.play = { id: playId, player };
    const started = await player.start();
    if (!started.ok && party.play?.player === player) delete party.play;
    return started;
  }

  async stopPlay(playId: PlayId): Promise<Result<void>> {
    this.partyPlaying(playId)?.play?.player.stop();
    return ok(undefined);
  }

  async sendDigit(endpointId: EndpointId, digit: string, durationMs: number): Promise<Result<void>> {
    const party = this.parties.get(endpointId);
    if (!party) return noEndpoint(endpointId);
    if (eventOfDigit(digit) === undefined) return fail('bad_input', `"${digit}" is no digit; one of 0-9, *, #, A-D is`);
    if (!(durationMs >= DIGIT_MIN_MS && durationMs <= DIGIT_MAX_MS))
      return fail('bad_input', `a digit lasts ${DIGIT_MIN_MS} to ${DIGIT_MAX_MS} ms, not ${durationMs}`);
    if (party.endpoint.digitForm === 'info') this.emit({ type: 'digit-due', endpointId, digit, durationMs });
    else await this.digitSenderOf(party).send(digit, durationMs);
    return ok(undefined);
  }

  /** Tones need a codec: without one nothing could be heard yet, and events are left out in the same way. */
  private digitSenderOf(party: Party): DigitSender | ToneSender {
    const { endpoint } = party;
    const { codec, digitForm } = endpoint;
    const common = { sourceId: nextSourceId(), send: (packet: StreamPacket) => endpoint.send(packet) };
    if (digitForm === 'inband' && codec)
      return (party.tones ??= new ToneSender({ ...common, codec, ticker: this.ticker }));
    return (party.digits ??= new DigitSender({ ...common, clock: this.options.clock }));
  }

  async startRecording(request: RecordingRequest): Promise<Result<void>> {
    const { recordingId } = request;
    if (this.recorders.has(recordingId) || this.startingRecordings.has(recordingId))
      return fail('conflict', `recording ${recordingId} is running already`);
    this.startingRecordings.add(recordingId);
    const { recordingsDir, clock } = this.options;
    const onFailed = (detail: string): void => {
      this.recorders.delete(recordingId);
      this.emit({ type: 'recording-failed', recordingId, detail });
    };
    const recorder = await Recorder.start({ request, recordingsDir, clock, onFailed });
    this.startingRecordings.delete(recordingId);
    if (!recorder.ok) return recorder;
    this.recorders.set(recordingId, recorder.value);
    return ok(undefined);
  }

  async attachRecording(
    recordingId: RecordingId,
    channel: RecordingChannel,
    endpointId: EndpointId,
  ): Promise<Result<void>> {
    const recorder = this.recorders.get(recordingId);
    const party = this.parties.get(endpointId);
    if (!recorder) return noRecording(recordingId);
    if (!party) return noEndpoint(endpointId);
    recorder.attach(channel, party.endpoint);
    return ok(undefined);
  }

  async detachRecording(recordingId: RecordingId, channel: RecordingChannel): Promise<Result<void>> {
    this.recorders.get(recordingId)?.detach(channel);
    return this.recorders.has(recordingId) ? ok(undefined) : noRecording(recordingId);
  }

  async maskRecording(recordingId: RecordingId, maxMs: number): Promise<Result<void>> {
    const recorder = this.recorders.get(recordingId);
    if (!recorder) return noRecording(recordingId);
    if (!(maxMs >= MASK_MIN_MS && maxMs <= MASK_MAX_MS))
      return fail('bad_input', `a recording is masked for ${MASK_MIN_MS} to ${MASK_MAX_MS} ms, not ${maxMs}`);
    recorder.mask(maxMs);
    return ok(undefined);
  }

  async unmaskRecording(recordingId: RecordingId): Promise<Result<void>> {
    this.recorders.get(recordingId)?.unmask();
    return this.recorders.has(recordingId) ? ok(undefined) : noRecording(recordingId);
  }

  async stopRecording(recordingId: RecordingId): Promise<Result<RecordingSummary>> {
    const recorder = this.recorders.get(recordingId);
    if (!recorder) return noRecording(recordingId);
    this.recorders.delete(recordingId);
    return recorder.stop();
  }

  async stats(endpointId: EndpointId): Promise<Result<EndpointStats>> {
    const party = this.parties.get(endpointId);
    if (!party) return noEndpoint(endpointId);
    const mixed = this.mixes.countersOf(endpointId);
    const stats = party.endpoint.stats();
    const { codec } = party.endpoint;
    const quality = codec && legQuality(codec, stats, mixed);
    return ok({
      ...stats,
      ...(mixed && { concealedMs: mixed.concealedMs, jitterBufferMs: mixed.delayMs }),
      ...quality,
    });
  }

  async counts(): Promise<Result<MediaCounts>> {
    const parties = [...this.parties.values()];
    const factories = new Set(Object.values(this.options.factories));
    return ok({
      endpoints: parties.length,
      bridges: new Set(parties.flatMap(({ bridge }) => bridge ?? [])).size,
      mixes: this.mixes.size,
      plays: parties.filter(({ play }) => play).length,
      recordings: this.recorders.size,
      portsInUse: [...factories].reduce((sum, factory) => sum + factory.portsInUse, 0),
    });
  }

  /** Closes every endpoint, finishes every recording, and then the factories. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.recorders.keys()].map((recordingId) => this.stopRecording(recordingId)));
    this.mixes.closeAll();
    for (const endpointId of [...this.parties.keys(), ...this.opening.keys()]) await this.closeEndpoint(endpointId);
    await Promise.all(Object.values(this.options.factories).map((factory) => factory.close()));
    this.events.removeAll();
  }

  private onNotice(notice: EndpointNotice): void {
    if (notice.type === 'endpoint-lost') {
      if (this.opening.has(notice.endpointId)) this.opening.set(notice.endpointId, true);
      this.forget(notice.endpointId, 'failed');
    }
    // An event that the peer has not agreed to goes out as a tone, or the app sends it.
    if (notice.type === 'digit-due')
      void this.sendDigit(notice.endpointId, notice.digit, withinBounds(notice.durationMs));
    else this.emit(notice);
  }

  /** Ends everything an endpoint was in. */
  private forget(endpointId: EndpointId, reason: 'stopped' | 'failed'): void {
    const party = this.parties.get(endpointId);
    if (!party) return;
    this.parties.delete(endpointId);
    this.mixes.leave(endpointId);
    this.endBridge(party);
    party.digits?.close();
    party.tones?.close();
    for (const recorder of this.recorders.values()) recorder.detachEndpoint(endpointId);
    party.play?.player.stop(reason === 'failed' ? { reason, detail: 'the endpoint was lost' } : { reason });
  }

  private endBridge({ bridge }: Party): void {
    if (!bridge) return;
    bridge.close();
    for (const { id } of bridge.endpoints) {
      const party = this.parties.get(id);
      if (party?.bridge === bridge) delete party.bridge;
    }
  }

  private isPlayingTo(endpointId: EndpointId): boolean {
    return this.parties.get(endpointId)?.play !== undefined;
  }

  /** Ends the bridge and the play of a party that is to hear somebody else. */
  private endOccupation(endpointId: EndpointId): void {
    const party = this.parties.get(endpointId);
    if (!party) return;
    this.endBridge(party);
    party.play?.player.stop();
  }

  private partyPlaying(playId: PlayId): Party | undefined {
    return [...this.parties.values()].find(({ play }) => play?.id === playId);
  }

  private emit(event: MediaEvent): void {
    this.events.emit('event', event);
  }
}

const withinBounds = (durationMs: number): number => Math.max(DIGIT_MIN_MS, Math.min(DIGIT_MAX_MS, durationMs));

const noEndpoint = (endpointId: EndpointId): ReturnType<typeof fail> =>
  fail('not_found', `there is no endpoint ${endpointId}`);

const noRecording = (recordingId: RecordingId): ReturnType<typeof fail> =>
  fail('not_found', `there is no recording ${recordingId}`);
