/**
 * Keeps the keys that a peer presses from everybody behind its leg, in whatever form they come, while other sound passes:
 * for a card number that is keyed with an agent on the line.
 *
 * ```
 * off ─hide─► on ─show─► ending ─250 ms without a key─► off
 *             ▲───hide─────┘
 * ```
 * Events are left out, tones become silence. A tone is known for one only after it has begun; so at least the last 40 ms
 * are held back, and become silence too. Who listens hears the peer 40 ms later meanwhile, or by whole packets where
 * those are longer.
 */
import type { Clock } from '../../base/clock';
import type { AudioDecoder, AudioEncoder } from '../codec/audio-codec';
import { CODEC_FACTS, createDecoder, createEncoder, silentFrame, unitsOf } from '../codec/codecs';
import { SAMPLE_RATE_HZ } from '../codec/g711';
import type { StreamPacket } from '../endpoint/endpoint';
import { createResampler } from '../mixer/resampler';
import type { StreamResampler } from '../mixer/resampler';
import type { AudioCodec } from '../ports';
import { wrapSequence } from '../rtp/sequence';
import { ToneDetector } from './tone-detector';

/** More than the detector takes to suspect a tone. */
const HELD_MS = 40;
/** What was pressed before the end may still be on its way. */
const TAIL_MS = 250;
/** Windows go on after the key's end, with some of its sound in them. */
const QUIET_AFTER_KEY_PACKETS = 2;

type State = { readonly kind: 'off' | 'on' } | { readonly kind: 'ending'; readonly sinceMs: number };

/** The tools of one codec, made when they are needed first. */
interface Listening {
  readonly codec: AudioCodec;
  readonly decoder: AudioDecoder;
  readonly resampler: StreamResampler;
  readonly detector: ToneDetector;
  /** None for Opus, whose silent frame is always the same. */
  readonly encoder: AudioEncoder | undefined;
}

interface Held {
  readonly packet: StreamPacket;
  readonly ms: number;
}

export class DigitShield {
  private state: State = { kind: 'off' };
  private listening: Listening | undefined;
  private held: Held[] = [];
  private quietPackets = 0;
  /** Of the last event that was left out; copies of its end may come when the shield is off again. */
  private lastEvent: { readonly sourceId: number; readonly timestamp: number } | undefined;
  /** Packets left out of this source, so that its numbers stay without a gap. */
  private leftOut = { sourceId: 0, count: 0 };

  constructor(private readonly clock: Clock) {}

  /** Idempotent. */
  hide(): void {
    this.state = { kind: 'on' };
  }

  /** Idempotent. */
  show(): void {
    if (this.state.kind === 'on') this.state = { kind: 'ending', sinceMs: this.clock.monotonicMs() };
  }

  /** Whether every packet may pass as it is. */
  get isIdle(): boolean {
    return this.state.kind === 'off' && this.lastEvent === undefined && this.leftOut.count === 0;
  }

  /** Takes a packet of the peer; what everybody else is to get now, in order. */
  accept(packet: StreamPacket, codec: AudioCodec): readonly StreamPacket[] {
    if (packet.content === 'telephone-event') return this.acceptEvent(packet);
    if (this.state.kind === 'off') return [this.numbered(packet)];
    const { decoder, resampler } = this.listenTo(codec);
    const ms = (unitsOf(codec, packet.payload) * 1000) / CODEC_FACTS[codec].clockRateHz;
    const isKey = this.hasKey(resampler.process(decoder.decode(packet.payload)), codec);
    if (isKey) this.silenceHeld(codec);
    this.held.push(isKey ? this.silent({ packet, ms }, codec) : { packet, ms });
    if (!isKey && this.isOver()) return this.end();
    return this.release(HELD_MS);
  }

  /** Idempotent. */
  close(): void {
    this.listening?.decoder.close();
    this.listening?.encoder?.close();
    this.listening = undefined;
    this.held = [];
  }

  private acceptEvent(packet: StreamPacket): readonly StreamPacket[] {
    const { lastEvent } = this;
    const isCopy = lastEvent?.sourceId === packet.sourceId && lastEvent.timestamp === packet.timestamp;
    if (!isCopy && this.isOver()) return [...this.end(), this.numbered(packet)];
    if (!isCopy && this.state.kind === 'off') return [this.numbered(packet)];
    const { sourceId, timestamp } = packet;
    this.lastEvent = { sourceId, timestamp };
    this.quietPackets = QUIET_AFTER_KEY_PACKETS;
    if (this.listening) this.silenceHeld(this.listening.codec);
    // What is held back bears earlier numbers: those must go first.
    const released = this.release(0);
    if (this.leftOut.sourceId !== sourceId) this.leftOut = { sourceId, count: 0 };
    this.leftOut = { sourceId, count: this.leftOut.count + 1 };
    return released;
  }

  private hasKey(samples: Int16Array, codec: AudioCodec): boolean {
    const { detector } = this.listenTo(codec);
    detector.accept(samples);
    const { state } = detector;
    if (state.kind === 'key' || state.suspects.length > 0) {
      this.quietPackets = QUIET_AFTER_KEY_PACKETS;
      return true;
    }
    if (this.quietPackets === 0) return false;
    this.quietPackets -= 1;
    return true;
  }

  private isOver(): boolean {
    return this.state.kind === 'ending' && this.clock.monotonicMs() - this.state.sinceMs >= TAIL_MS;
  }

  private end(): readonly StreamPacket[] {
    this.state = { kind: 'off' };
    const released = this.release(0);
    this.close();
    return released;
  }

  private silenceHeld(codec: AudioCodec): void {
    this.held = this.held.map((each) => this.silent(each, codec));
  }

  /** All that can go without less than `keepMs` being left, however long single packets are. */
  private release(keepMs: number): readonly StreamPacket[] {
    let heldMs = this.held.reduce((sum, { ms }) => sum + ms, 0);
    const released: StreamPacket[] = [];
    for (;;) {
      const [first] = this.held;
      if (!first || heldMs - first.ms < keepMs) return released;
      this.held.shift();
      heldMs -= first.ms;
      released.push(this.numbered(first.packet));
    }
  }

  private numbered(packet: StreamPacket): StreamPacket {
    const { sourceId, count } = this.leftOut;
    if (count === 0 || packet.sourceId !== sourceId) return packet;
    return { ...packet, sequenceNumber: wrapSequence(packet.sequenceNumber - count) };
  }

  private silent({ packet, ms }: Held, codec: AudioCodec): Held {
    return { packet: { ...packet, payload: this.silence(codec, ms) }, ms };
  }

  /** As long as what it takes the place of; a frame of Opus that is shorter is followed by silence. */
  private silence(codec: AudioCodec, ms: number): Buffer {
    const { encoder } = this.listenTo(codec);
    if (!encoder) return silentFrame(codec);
    return encoder.encode(new Int16Array(Math.round((ms * encoder.sampleRateHz) / 1000)));
  }

  private listenTo(codec: AudioCodec): Listening {
    if (this.listening?.codec === codec) return this.listening;
    this.listening?.decoder.close();
    this.listening?.encoder?.close();
    const decoder = createDecoder(codec, SAMPLE_RATE_HZ);
    this.listening = {
      codec,
      decoder,
      resampler: createResampler(decoder.sampleRateHz, SAMPLE_RATE_HZ),
      detector: new ToneDetector(),
      encoder: codec === 'OPUS' ? undefined : createEncoder(codec),
    };
    return this.listening;
  }
}
