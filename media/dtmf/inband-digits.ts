/**
 * Makes keys that a peer sends as tones into RFC 4733 events, packet by packet, so that everybody behind
 * the leg gets them in one form: bridges pass them on as events, and recordings do not have their sound.
 *
 * ```
 * a packet in which a tone may have begun ─► silence     the tone is certain ─► event, until it ends; its end three times
 * ```
 * Of the tone itself at most the first 20 ms are heard.
 */
import type { Clock } from '../../base/clock';
import { CODEC_FACTS, createDecoder, silentFrame } from '../codec/codecs';
import type { AudioDecoder } from '../codec/audio-codec';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../codec/g711';
import type { StreamPacket } from '../endpoint/endpoint';
import { createResampler } from '../mixer/resampler';
import type { StreamResampler } from '../mixer/resampler';
import type { AudioCodec } from '../ports';
import { timestampDistance, wrapTimestamp } from '../rtp/sequence';
import { DigitDetector } from './digit-detector';
import { MAX_EVENT_DURATION, eventOfDigit, serializeTelephoneEvent } from './telephone-event';
import { ToneDetector } from './tone-detector';

/** What was lost of the sound is replaced by silence up to here; after more the detector begins anew. */
const MAX_GAP_SAMPLES = 3 * FRAME_SAMPLES;
const END_COPIES = 3;

export interface InbandDigitsOptions {
  readonly codec: AudioCodec;
  readonly clock: Clock;
  /** At the end of each key. */
  readonly onDigit: (digit: string, durationMs: number) => void;
}

interface OpenEvent {
  readonly digit: string;
  readonly event: number;
  readonly timestamp: number;
  /** In timestamp units, so far. */
  duration: number;
}

export class InbandDigits {
  private detector = new ToneDetector();
  private readonly decoder: AudioDecoder;
  private readonly resampler: StreamResampler;
  private readonly digits: DigitDetector;
  private readonly silence: Buffer;
  /** Timestamp units of one sample at 8 kHz. */
  private readonly unitsPerSample: number;
  private readonly variesInLength: boolean;
  /** Of the packet that should come next. */
  private expected: { readonly sourceId: number; readonly timestamp: number } | undefined;
  /** Timestamp of the first packet in which a tone may have begun. */
  private suspectedSince: number | undefined;
  private open: OpenEvent | undefined;
  private endsToSend = 0;

  constructor({ codec, clock, onDigit }: InbandDigitsOptions) {
    this.decoder = createDecoder(codec, SAMPLE_RATE_HZ);
    this.resampler = createResampler(this.decoder.sampleRateHz, SAMPLE_RATE_HZ);
    this.digits = new DigitDetector({ clock, onDigit });
    this.unitsPerSample = CODEC_FACTS[codec].clockRateHz / SAMPLE_RATE_HZ;
    this.silence = silentFrame(codec);
    this.variesInLength = codec === 'OPUS';
  }

  /** Takes a packet of sound; what others are to get in its place: itself, silence, or an event. */
  accept(packet: StreamPacket): StreamPacket {
    const samples = this.resampler.process(this.decoder.decode(packet.payload));
    if (!this.follow(packet, samples.length)) return this.isHushed ? this.hushed(packet) : packet;
    const begun = this.detector.accept(samples);
    const { state } = this.detector;
    const key = begun.at(-1) ?? (state.kind === 'key' ? state.key : undefined);
    if (key !== undefined) return this.during(packet, { key, begins: begun.length > 0, samples: samples.length });
    if (this.open && this.endsToSend === 0) this.endsToSend = END_COPIES;
    if (this.endsToSend > 0) return this.ending(packet);
    if (state.kind === 'key' || state.suspects.length === 0) {
      this.suspectedSince = undefined;
      return packet;
    }
    this.suspectedSince ??= packet.timestamp;
    return this.hushed(packet);
  }

  /** Forgets a key that has not ended. Idempotent. */
  close(): void {
    this.digits.close();
    this.decoder.close();
  }

  private get isHushed(): boolean {
    return this.open !== undefined || this.suspectedSince !== undefined;
  }

  /** Puts the packet into its place; false for one that comes too late. */
  private follow({ sourceId, timestamp }: StreamPacket, length: number): boolean {
    const { expected } = this;
    const gap = expected?.sourceId === sourceId ? this.samplesBetween(expected.timestamp, timestamp) : Infinity;
    if (gap < 0 && gap >= -MAX_GAP_SAMPLES) return false;
    this.expected = { sourceId, timestamp: wrapTimestamp(timestamp + length * this.unitsPerSample) };
    if (gap === 0) return true;
    if (gap > 0 && gap <= MAX_GAP_SAMPLES) this.detector.accept(new Int16Array(gap));
    else this.startAnew();
    return true;
  }

  private samplesBetween(from: number, to: number): number {
    return Math.round(timestampDistance(from, to) / this.unitsPerSample);
  }

  private startAnew(): void {
    this.detector = new ToneDetector();
    this.suspectedSince = undefined;
    // Whoever listens for events, and our own detector, ends an event by itself when no more of it comes.
    this.open = undefined;
    this.endsToSend = 0;
  }

  private during(packet: StreamPacket, tone: { key: string; begins: boolean; samples: number }): StreamPacket {
    const { key, begins, samples } = tone;
    if (begins || !this.open) this.open = this.begin(packet, key);
    const { open } = this;
    const lasted = this.samplesBetween(open.timestamp, packet.timestamp) + samples;
    const isFirst = open.duration === 0;
    open.duration = Math.min(MAX_EVENT_DURATION, Math.max(open.duration, lasted));
    return this.eventPacket(packet, open, { end: false, marker: isFirst });
  }

  private begin(packet: StreamPacket, key: string): OpenEvent {
    const timestamp = this.open ? packet.timestamp : (this.suspectedSince ?? packet.timestamp);
    this.suspectedSince = undefined;
    this.endsToSend = 0;
    return { digit: key, event: eventOfDigit(key) ?? 0, timestamp, duration: 0 };
  }

  private ending(packet: StreamPacket): StreamPacket {
    const { open } = this;
    if (!open) return packet;
    this.endsToSend -= 1;
    if (this.endsToSend === 0) this.open = undefined;
    return this.eventPacket(packet, open, { end: true, marker: false });
  }

  private eventPacket(
    packet: StreamPacket,
    { event, timestamp, duration }: OpenEvent,
    { end, marker }: { end: boolean; marker: boolean },
  ): StreamPacket {
    const payload = serializeTelephoneEvent({ event, end, duration });
    const made: StreamPacket = { ...packet, timestamp, marker, content: 'telephone-event', payload };
    this.digits.accept(made);
    return made;
  }

  private hushed(packet: StreamPacket): StreamPacket {
    const { length } = packet.payload;
    if (this.variesInLength) return { ...packet, payload: this.silence };
    const payload =
      length <= this.silence.length ? this.silence.subarray(0, length) : Buffer.alloc(length, this.silence);
    return { ...packet, payload };
  }
}
