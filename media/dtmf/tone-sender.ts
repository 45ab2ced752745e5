/** Sends digits as tones in the sound, one after the other with a pause between, in the place of everything else. */
import { InvariantError } from '../../base/errors';
import { CODEC_FACTS, createEncoder } from '../codec/codecs';
import type { AudioEncoder } from '../codec/audio-codec';
import { FRAME_MS } from '../codec/g711';
import type { StreamPacket } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import type { AudioCodec } from '../ports';
import { wrapSequence, wrapTimestamp } from '../rtp/sequence';
import { dtmfTone } from './dtmf-tones';
import { eventOfDigit } from './telephone-event';

/** Silence after a digit; Q.24 asks for at least 40 ms. */
const PAUSE_MS = 60;

interface Sending {
  readonly samples: Int16Array;
  readonly done: () => void;
}

export interface ToneSenderOptions {
  readonly ticker: FrameTicker;
  readonly sourceId: number;
  readonly codec: AudioCodec;
  readonly send: (packet: StreamPacket) => void;
}

export class ToneSender {
  private readonly waiting: Sending[] = [];
  private readonly encoder: AudioEncoder;
  private unsubscribe: (() => void) | undefined;
  private sentSamples = 0;
  private sentFrames = 0;

  constructor(private readonly options: ToneSenderOptions) {
    this.encoder = createEncoder(options.codec);
  }

  /** Sends one digit, after those before it. Resolves when its pause is over, or at close(). */
  send(digit: string, durationMs: number): Promise<void> {
    if (eventOfDigit(digit) === undefined) throw new InvariantError(`"${digit}" is no DTMF digit`);
    const { sampleRateHz } = this.encoder;
    const tone = dtmfTone(digit.toUpperCase(), durationMs, sampleRateHz);
    const frames = Math.ceil((durationMs + PAUSE_MS) / FRAME_MS);
    const samples = new Int16Array((frames * FRAME_MS * sampleRateHz) / 1000);
    samples.set(tone);
    return new Promise((resolve) => {
      this.waiting.push({ samples, done: resolve });
      this.unsubscribe ??= this.options.ticker.subscribe(() => this.onFrame());
    });
  }

  /** Stops at once and resolves what waits. Idempotent. */
  close(): void {
    this.stop();
    this.encoder.close();
    for (const { done } of this.waiting.splice(0)) done();
  }

  private stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private onFrame(): void {
    const [digit] = this.waiting;
    if (!digit) return this.stop();
    const perFrame = (this.encoder.sampleRateHz * FRAME_MS) / 1000;
    const frame = digit.samples.subarray(this.sentSamples, this.sentSamples + perFrame);
    this.sentSamples += perFrame;
    this.emit(this.encoder.encode(frame));
    if (this.sentSamples < digit.samples.length) return;
    this.sentSamples = 0;
    this.waiting.shift();
    digit.done();
    if (this.waiting.length === 0) this.stop();
  }

  private emit(payload: Buffer): void {
    const sent = this.sentFrames++;
    this.options.send({
      sourceId: this.options.sourceId,
      sequenceNumber: wrapSequence(sent),
      timestamp: wrapTimestamp((sent * CODEC_FACTS[this.options.codec].clockRateHz * FRAME_MS) / 1000),
      marker: sent === 0,
      content: 'tone',
      payload,
    });
  }
}
