/**
 * Makes an even stream of sound out of packets that come early, late, twice, in disorder or not at all.
 *
 *   put(packet) ─► packets by timestamp ─► decoder ─► queue of samples ─► pull(20 ms)
 *
 * - A packet is due `target` after the fastest packet's sound would be (see {@link DelayEstimator}).
 * - Lost: a later packet is there, this one is not. Its time is concealed and passes.
 * - Late: nothing is there. Time is concealed too, but does not pass for the sender: the sound behind it is played later,
 *   so the delay grows by itself to what the network needs. A gap in the timestamps behind it (a loss, a pause of the
 *   sender) is set off against it.
 * - More delay than is needed, also by a sender whose clock is faster than ours, is taken back a pitch period at a time.
 */
import type { Clock } from '../../base/clock';
import type { AudioDecoder } from '../codec/audio-codec';
import type { StreamPacket } from '../endpoint/endpoint';
import { timestampDistance, wrapTimestamp } from '../rtp/sequence';
import { Concealer } from './concealer';
import { DelayEstimator } from './delay-estimator';
import { SampleQueue } from './sample-queue';
import { shortenByPitch } from './shorten';

/** Packets that wait at most, whatever the sender does. */
const MAX_PACKETS = 50;
/** A gap longer than this was a pause of the sender, not a loss. */
const LONGEST_LOSS_MS = 120;
/** Timestamps that jump by more belong to a clock that was set anew. */
const LONGEST_JUMP_MS = 2000;
/** Below the target, for the beat's own unevenness. */
const TOLERATED_MS = 8;
/** Delay is taken back at most every so many pulls; sooner when it is much. */
const GIVE_BACK_PULLS = 25;
const GIVE_BACK_MUCH_PULLS = 5;
const MUCH_EXCESS_MS = 40;
/** More than this is thrown away at once: a burst behind an outage is no conversation. */
const HARD_EXCESS_MS = 300;
/** So long after a loss sound waits for the packet behind it, if that may hold a copy of the lost one. */
const LOSS_REMEMBERED_MS = 10_000;
/** After a pause sound is held back for so long at most. */
const LONGEST_HOLD_MS = 120;

export interface JitterBufferOptions {
  readonly clock: Clock;
  readonly decoder: AudioDecoder;
  /** Of the packets' timestamps. */
  readonly clockRateHz: number;
}

export interface JitterBufferCounters {
  /** Sound that was made up because packets were lost or late, in milliseconds; pauses of the sender do not count. */
  readonly concealedMs: number;
  readonly playedMs: number;
  /** Packets that came after their time had passed. */
  readonly latePackets: number;
  readonly lostPackets: number;
  /** What the buffer adds to the fastest packet's delay at the moment. */
  readonly delayMs: number;
}

interface Waiting {
  readonly timestamp: number;
  readonly payload: Buffer;
}

export class JitterBuffer {
  private readonly estimator = new DelayEstimator();
  private readonly concealer: Concealer;
  private readonly queue = new SampleQueue();
  private packets: Waiting[] = [];
  private sourceId: number | undefined;
  /** A timestamp whose time of the sender is known. */
  private reference: { readonly timestamp: number; readonly ms: number } | undefined;
  /** Timestamp of the next sample to be decoded; undefined before the first packet. */
  private next: number | undefined;
  /** Samples that were made up while nothing was there, and how many of them count as concealed. */
  private madeUp = 0;
  private madeUpCounted = 0;
  private holding = true;
  private pullsSinceGivenBack = 0;
  /** How long packets waited beyond the fastest one's arrival, at least, since delay was given back last. */
  private leastWaitMs = Infinity;
  private delayMs = 0;
  private concealedSamples = 0;
  private playedSamples = 0;
  private latePackets = 0;
  private lostPackets = 0;
  private lastPacketSamples = 0;
  private lastLossMs = -Infinity;

  constructor(private readonly options: JitterBufferOptions) {
    this.concealer = new Concealer(options.decoder.sampleRateHz);
  }

  /** Takes a packet of content `audio`. */
  put(packet: Pick<StreamPacket, 'sourceId' | 'timestamp' | 'payload'>): void {
    if (packet.sourceId !== this.sourceId || this.hasJumped(packet.timestamp)) this.restart(packet.sourceId);
    const { timestamp, payload } = packet;
    this.estimator.note(this.sentMs(timestamp), this.options.clock.monotonicMs());
    if (this.next !== undefined && timestampDistance(this.next, timestamp) < 0) {
      this.latePackets += 1;
      return;
    }
    const place = this.packets.findIndex((waiting) => timestampDistance(waiting.timestamp, timestamp) >= 0);
    if (this.packets[place]?.timestamp === timestamp) return;
    // Newest first: packets nearly always come in order, and then this is a look at one element.
    this.packets.splice(place < 0 ? this.packets.length : place, 0, { timestamp, payload: Buffer.from(payload) });
    if (this.packets.length > MAX_PACKETS) this.skipTo(this.packets[MAX_PACKETS - 1]);
  }

  /** The next `count` samples at the decoder's rate. */
  pull(count: number): Int16Array {
    this.holdBack(count);
    this.fill(count);
    this.giveBackDelay(count);
    const missing = count - this.queue.length;
    if (missing > 0) this.makeUp(missing);
    this.playedSamples += count;
    return this.queue.take(count);
  }

  counters(): JitterBufferCounters {
    const { latePackets, lostPackets, delayMs } = this;
    const inMs = (samples: number): number => (samples * 1000) / this.options.decoder.sampleRateHz;
    return {
      concealedMs: inMs(this.concealedSamples),
      playedMs: inMs(this.playedSamples),
      latePackets,
      lostPackets,
      delayMs,
    };
  }

  /** Whether nothing has come for so long that only background noise is played. */
  get idle(): boolean {
    return this.next === undefined || this.madeUp > this.options.decoder.sampleRateHz * 0.2;
  }

  private fill(count: number): void {
    while (this.queue.length < count) {
      const head = this.packets.at(-1);
      if (!head || !this.isDue(head)) return;
      this.holding = false;
      this.next ??= head.timestamp;
      const gap = timestampDistance(this.next, head.timestamp);
      if (gap <= 0) this.decode(head, gap);
      else this.passGap(gap, head);
    }
  }

  /** Sound goes on at once; after a pause it waits until packets that are as late as usual would be there. */
  private isDue({ timestamp }: Waiting): boolean {
    if (!this.holding || this.next === undefined) return true;
    const heldMs = (this.madeUp * 1000) / this.options.decoder.sampleRateHz;
    const gap = timestampDistance(this.next, timestamp);
    if (heldMs - (gap * 1000) / this.options.clockRateHz > LONGEST_HOLD_MS) return true;
    return this.delayOf(timestamp) >= this.targetMs - 1;
  }

  private decode(head: Waiting, gap: number): void {
    this.packets.pop();
    this.forgetMadeUp();
    // Overlaps what was played already, so it is late.
    if (gap < 0) return void (this.latePackets += 1);
    this.leastWaitMs = Math.min(this.leastWaitMs, this.delayOf(head.timestamp));
    const samples = this.options.decoder.decode(head.payload);
    if (samples.length === 0) return;
    this.lastPacketSamples = samples.length;
    this.concealer.hear(samples);
    this.queue.push(samples);
    this.next = wrapTimestamp(head.timestamp + this.toUnits(samples.length));
  }

  /** Time that the sender spent and we did not hear of: first set off against what was made up, then concealed. */
  private passGap(gap: number, head: Waiting): void {
    const gapSamples = Math.round((gap * this.options.decoder.sampleRateHz) / this.options.clockRateHz);
    const missing = Math.max(0, gapSamples - this.madeUp);
    this.next = head.timestamp;
    if (gap > (LONGEST_LOSS_MS * this.options.clockRateHz) / 1000) {
      // The whole pause was no loss: what was made up during it is not to be counted.
      this.concealedSamples -= Math.min(this.madeUpCounted, gapSamples);
      this.forgetMadeUp();
      return;
    }
    if (this.lastPacketSamples > 0) this.lostPackets += Math.max(1, Math.round(gapSamples / this.lastPacketSamples));
    this.forgetMadeUp();
    this.lastLossMs = this.options.clock.monotonicMs();
    this.concealedSamples += missing;
    if (missing > 0) this.queue.push(this.hide(missing, head.payload));
  }

  /** What hides a loss: the codec's own means, where it has some, else the voice's last period. */
  private hide(count: number, next?: Buffer): Int16Array {
    const { decoder } = this.options;
    if (!decoder.conceal) return this.concealer.conceal(count);
    return this.idle ? this.concealer.rest(count) : decoder.conceal(count, next);
  }

  /** A lost packet can be had from the next one only if that is there in time. */
  private get targetMs(): number {
    const { clock, decoder } = this.options;
    const waitsForCopies = decoder.conceal && clock.monotonicMs() - this.lastLossMs < LOSS_REMEMBERED_MS;
    const packetMs = (this.lastPacketSamples * 1000) / decoder.sampleRateHz;
    return this.estimator.targetMs + (waitsForCopies ? packetMs : 0);
  }

  private makeUp(count: number): void {
    const counts = !this.idle;
    const made = this.hide(count);
    if (counts) {
      this.concealedSamples += made.length;
      this.madeUpCounted += made.length;
    }
    this.queue.push(made);
    this.madeUp += made.length;
    this.holding = true;
  }

  /** Delay that the network has come to need is taken at once: otherwise packets in disorder would count as lost. */
  private holdBack(count: number): void {
    if (this.next === undefined || this.holding || this.queue.length >= count) return;
    if (this.delayOf(this.next) < this.targetMs - TOLERATED_MS) this.holding = true;
  }

  /**
   * Samples beyond the frame can be left out at will. Without them a packet is needed sooner than before, which goes
   * when packets have been waiting for a packet's time longer than they must.
   */
  private giveBackDelay(count: number): void {
    const { next, queue, options } = this;
    if (next === undefined || this.holding) return;
    const { sampleRateHz } = options.decoder;
    this.delayMs = this.delayOf(next) + (queue.length * 1000) / sampleRateHz;
    const excessMs = this.delayMs - this.targetMs;
    if (excessMs > HARD_EXCESS_MS) return this.skipTo(this.packets[0]);
    this.pullsSinceGivenBack += 1;
    if (this.pullsSinceGivenBack < (excessMs > MUCH_EXCESS_MS ? GIVE_BACK_MUCH_PULLS : GIVE_BACK_PULLS)) return;
    const packetMs = (this.lastPacketSamples * 1000) / sampleRateHz;
    const spare = this.leastWaitMs - this.targetMs > packetMs + 2;
    this.leastWaitMs = Infinity;
    this.pullsSinceGivenBack = 0;
    const head = this.packets.at(-1);
    if (spare && head?.timestamp === next) this.decode(head, 0);
    shortenByPitch(queue, { sampleRateHz, most: queue.length - count });
  }

  /** Throws everything before this packet away. */
  private skipTo(packet: Waiting | undefined): void {
    if (!packet) return;
    this.packets = this.packets.slice(0, this.packets.indexOf(packet) + 1);
    this.queue.clear();
    this.next = packet.timestamp;
    this.forgetMadeUp();
  }

  private forgetMadeUp(): void {
    this.madeUp = 0;
    this.madeUpCounted = 0;
  }

  private restart(sourceId: number): void {
    this.sourceId = sourceId;
    this.packets = [];
    this.next = undefined;
    this.estimator.restart();
  }

  private hasJumped(timestamp: number): boolean {
    if (this.next === undefined) return false;
    const jumpMs = (timestampDistance(this.next, timestamp) * 1000) / this.options.clockRateHz;
    const madeUpMs = (this.madeUp * 1000) / this.options.decoder.sampleRateHz;
    return jumpMs < -LONGEST_JUMP_MS || jumpMs - madeUpMs > LONGEST_JUMP_MS;
  }

  /** How much later than the fastest packet this timestamp's sound would be if it were played now. */
  private delayOf(timestamp: number): number {
    return this.options.clock.monotonicMs() - this.sentMs(timestamp) - this.estimator.baseMs;
  }

  /** Timestamps wrap: the sender's time is counted from the first one of the stream, by distances. */
  private sentMs(timestamp: number): number {
    this.reference ??= { timestamp, ms: 0 };
    const distance = timestampDistance(this.reference.timestamp, timestamp);
    const ms = this.reference.ms + (distance * 1000) / this.options.clockRateHz;
    // Moved along, long before distances would wrap.
    if (distance > 0x2000_0000) this.reference = { timestamp, ms };
    return ms;
  }

  private toUnits(samples: number): number {
    return Math.round((samples * this.options.clockRateHz) / this.options.decoder.sampleRateHz);
  }
}
