/**
 * Records two parties into one WAV, each on its own channel, on one time base. Once a second what is older than the
 * reordering window is written, and is on the disk itself.
 */
import type { Clock, Timer } from '../../base/clock';
import { invariant } from '../../base/errors';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { CODEC_FACTS, isG711 } from '../codec/codecs';
import { SAMPLE_RATE_HZ } from '../codec/g711';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type {
  AudioCodec,
  G711Codec,
  RecordingChannel,
  RecordingFailure,
  RecordingRequest,
  RecordingSummary,
} from '../ports';
import type { WavFormat } from '../wav/format';
import { toG711 } from './to-g711';
import type { G711Converter } from './to-g711';
import { ChannelTimeline, RING_SAMPLES } from './channel-timeline';
import type { TimedSound } from './channel-timeline';
import { recordingFile } from './recording-path';
import { plainLayout, sealedLayout } from './file-layout';
import type { FileLayout } from './file-layout';
import { FurtherVoices } from './further-voices';
import { GrowingFile } from './growing-file';
import type { StallWatch } from './stall-watch';

/** Each write costs more than the sound in it; the disk gets its time to be done within the second. */
const FLUSH_INTERVAL_MS = 900;
/** How late a packet may come and still find its place. */
const REORDERING_WINDOW_MS = 300;
/** What was said while masked may still be on its way when the mask ends. */
const MASK_TAIL_MS = 250;
/** So long after a failure the file is waited for. */
const CLOSING_MS = 2000;
const CHANNELS = 2;

export interface RecorderOptions {
  readonly request: RecordingRequest;
  readonly recordingsDir: string;
  /** Name of the process, by which it finds after a crash what it was writing. */
  readonly owner?: string | undefined;
  readonly clock: Clock;
  readonly stalls: StallWatch;
  /** The part of the interval, up to 1, after which it is written first. Default 1. */
  readonly phase?: number | undefined;
  /** Called once, when nothing can be written any more. The file is closed then, if the disk lets it. */
  readonly onFailed: (failure: RecordingFailure) => void;
}

/** How a peer's sound becomes the file's. */
interface Hearing {
  readonly converter: G711Converter;
  /** Of its timestamps. */
  readonly clockRateHz: number;
}

interface Attachment {
  readonly endpointId: EndpointId;
  readonly unsubscribe: () => void;
}

export class Recorder {
  private readonly channels: readonly [ChannelTimeline, ChannelTimeline];
  private readonly further: FurtherVoices;
  private readonly attachments: [Attachment | undefined, Attachment | undefined] = [undefined, undefined];
  private readonly startedAtMs: number;
  private readonly startedMonotonicMs: number;
  private flushTimer: Timer;
  private readonly endWatch: () => void;
  private maskTimer: Timer | undefined;
  private maskedUntilMs = -Infinity;
  private takenSamples = 0;
  private ended: Promise<void> | undefined;

  private constructor(
    private readonly options: RecorderOptions,
    private readonly file: GrowingFile,
  ) {
    const { clock, request } = options;
    const codec = fileCodecOf(request);
    this.endWatch = options.stalls.use();
    this.channels = [new ChannelTimeline(codec), new ChannelTimeline(codec)];
    this.further = new FurtherVoices(codec);
    this.startedAtMs = clock.nowMs();
    this.startedMonotonicMs = clock.monotonicMs();
    const { phase = 1 } = options;
    this.flushTimer = clock.after(phase * FLUSH_INTERVAL_MS, () => this.flushFromNowOn());
  }

  /** Fails with `bad_input`, `conflict` or `unavailable` when the file cannot be made. */
  static async start(options: RecorderOptions): Promise<Result<Recorder>> {
    const path = recordingFile(options.recordingsDir, options.request.path);
    if (!path.ok) return path;
    const file = await GrowingFile.create(path.value, layoutOf(options.request), options.owner);
    return file.ok ? ok(new Recorder(options, file.value)) : file;
  }

  /** What this endpoint's peer says goes to the channel from now on. */
  attach(channel: RecordingChannel, endpoint: MediaEndpoint): void {
    this.detach(channel);
    const timeline = this.channels[channel];
    const unsubscribe = this.listenTo(endpoint, (sound) => this.onPacket(timeline, sound));
    this.attachments[channel] = { endpointId: endpoint.id, unsubscribe };
  }

  /** What this endpoint's peer says is added to the channel from now on. */
  attachAlso(channel: RecordingChannel, endpoint: MediaEndpoint): void {
    const { id } = endpoint;
    const unsubscribe = this.listenTo(endpoint, (sound) => {
      const nowMs = this.options.clock.monotonicMs();
      if (this.isMasked(nowMs)) return;
      const arrival = this.samplesSinceStart(nowMs) - sound.payload.length;
      this.further.put(id, sound, { arrival, late: this.lateSamples(nowMs) });
    });
    this.further.add(id, { channel, unsubscribe, fromSample: this.takenSamples });
  }

  private listenTo(endpoint: MediaEndpoint, onSound: (sound: TimedSound) => void): () => void {
    const hearing = (codec: AudioCodec): Hearing => ({
      converter: toG711(codec, fileCodecOf(this.options.request)),
      clockRateHz: CODEC_FACTS[codec].clockRateHz,
    });
    // An endpoint that has a codec keeps it.
    let heard = endpoint.codec && hearing(endpoint.codec);
    const unsubscribe = endpoint.onPacket(({ content, sourceId, timestamp, payload }) => {
      if (content !== 'audio') return;
      heard ??= endpoint.codec && hearing(endpoint.codec);
      if (!heard) return;
      const { converter, clockRateHz } = heard;
      onSound({ sourceId, timestamp, payload: converter.convert(payload), clockRateHz });
    });
    return () => {
      unsubscribe();
      heard?.converter.close();
    };
  }

  /** Silence from now on. Idempotent. */
  detach(channel: RecordingChannel): void {
    this.attachments[channel]?.unsubscribe();
    this.attachments[channel] = undefined;
    this.further.removeOf(channel);
  }

  /** Detaches an endpoint that has gone from wherever it is attached. */
  detachEndpoint(endpointId: EndpointId): void {
    this.further.remove(endpointId);
    this.attachments.forEach((attachment, channel) => {
      if (attachment?.endpointId !== endpointId) return;
      attachment.unsubscribe();
      this.attachments[channel] = undefined;
    });
  }

  /** Silence on both channels, for `maxMs` unless {@link unmask} comes before. */
  mask(maxMs: number): void {
    this.maskTimer?.cancel();
    this.maskedUntilMs = Infinity;
    this.maskTimer = this.options.clock.after(maxMs, () => this.unmask());
  }

  /** Idempotent. */
  unmask(): void {
    if (!this.maskTimer) return;
    this.maskTimer.cancel();
    this.maskTimer = undefined;
    this.maskedUntilMs = this.options.clock.monotonicMs() + MASK_TAIL_MS;
  }

  /** Of what is read now: it may have come before the mask's end, when this process has stalled since. */
  private isMasked(nowMs: number): boolean {
    if (this.maskedUntilMs === -Infinity) return false;
    return nowMs - this.options.stalls.lateByMs(nowMs) < this.maskedUntilMs;
  }

  /** Writes the rest and closes the file. Fails with `unavailable` when the disk did not take all of it. */
  async stop(): Promise<Result<RecordingSummary>> {
    await this.end();
    const { recordingId, path } = this.options.request;
    if (this.file.failed !== undefined)
      return fail('unavailable', `the recording ${path} is not complete: ${this.file.failed.detail}`);
    return ok({
      recordingId,
      path,
      startedAtMs: this.startedAtMs,
      durationMs: Math.round((this.takenSamples * 1000) / SAMPLE_RATE_HZ),
      sizeBytes: this.file.sizeBytes,
    });
  }

  private end(): Promise<void> {
    this.ended ??= this.finish();
    return this.ended;
  }

  private async finish(): Promise<void> {
    this.flushTimer.cancel();
    this.endWatch();
    this.maskTimer?.cancel();
    this.detach(0);
    this.detach(1);
    await this.append(0);
    await this.file.close();
  }

  private onPacket(timeline: ChannelTimeline, sound: TimedSound): void {
    const nowMs = this.options.clock.monotonicMs();
    if (this.isMasked(nowMs)) return;
    // A packet arrives when its last sample has been spoken.
    const arrival = this.samplesSinceStart(nowMs) - sound.payload.length;
    const late = this.lateSamples(nowMs);
    if (arrival - this.takenSamples > RING_SAMPLES / 2) void this.append(REORDERING_WINDOW_MS);
    timeline.put(sound, arrival, late);
  }

  private flushFromNowOn(): void {
    const flush = (): void => void this.flush(REORDERING_WINDOW_MS);
    this.flushTimer = this.options.clock.every(FLUSH_INTERVAL_MS, flush);
    flush();
  }

  private async flush(holdBackMs: number): Promise<void> {
    const written = this.append(holdBackMs);
    // A disk that does not answer at all is known before, and not by, the end of a write.
    if (this.file.failed === undefined) {
      await written;
      await this.file.sync();
    }
    const { failed } = this.file;
    if (failed === undefined || this.ended) return;
    await this.tellFailure(failed);
  }

  /** As soon as the file is closed, so that its length can be told; a disk that does not answer is not waited for. */
  private async tellFailure(failure: RecordingFailure): Promise<void> {
    const { clock, onFailed } = this.options;
    let told = false;
    const tell = (): void => {
      if (!told) onFailed(failure);
      told = true;
    };
    const patience = clock.after(CLOSING_MS, tell);
    await this.end();
    patience.cancel();
    tell();
  }

  /** Writes everything up to `holdBackMs` before now, but for what may have come and was not read yet. */
  private append(holdBackMs: number): Promise<void> {
    const nowMs = this.options.clock.monotonicMs();
    const late = holdBackMs > 0 ? this.lateSamples(nowMs) : 0;
    const end = this.samplesSinceStart(nowMs) - (holdBackMs * SAMPLE_RATE_HZ) / 1000 - late;
    if (end <= this.takenSamples) return Promise.resolve();
    const data = Buffer.allocUnsafeSlow((end - this.takenSamples) * CHANNELS);
    this.channels.forEach((timeline, channel) => timeline.takeInto(data, channel, end));
    this.further.addTo(data, end);
    this.takenSamples = end;
    return this.file.append(data);
  }

  private lateSamples(nowMs: number): number {
    return Math.round((this.options.stalls.lateByMs(nowMs) * SAMPLE_RATE_HZ) / 1000);
  }

  private samplesSinceStart(nowMs: number): number {
    const elapsedMs = nowMs - this.startedMonotonicMs;
    invariant(elapsedMs >= 0, 'the monotonic clock went backwards');
    return Math.round((elapsedMs * SAMPLE_RATE_HZ) / 1000);
  }
}

const fileCodecOf = ({ codec }: RecordingRequest): G711Codec => (isG711(codec) ? codec : 'PCMA');

const layoutOf = (request: RecordingRequest): FileLayout => {
  const format = formatOf(fileCodecOf(request));
  const { recordingId, seal } = request;
  return seal ? sealedLayout(format, recordingId, seal) : plainLayout(format);
};

const formatOf = (codec: G711Codec): WavFormat => ({
  encoding: codec === 'PCMA' ? 'alaw' : 'mulaw',
  channels: CHANNELS,
  sampleRateHz: SAMPLE_RATE_HZ,
});
