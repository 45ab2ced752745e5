/**
 * One party's channel of a recording: puts packets where they belong on the recording's time, which begins at sample 0.
 * The first packet of a source stands where it arrived; those after it stand by their RTP timestamps, so that jitter
 * and reordering of the network are not heard; a clock that is not quite as fast as ours is followed by a sample now and then.
 * Samples that nothing was written to are silence.
 */
import { SAMPLE_RATE_HZ, SILENCE_BYTE } from '../codec/g711';
import type { StreamPacket } from '../endpoint/endpoint';
import type { G711Codec } from '../ports';
import { timestampDistance } from '../rtp/sequence';

/** What may lie between the taken end and the newest packet. A power of two, so that positions wrap cheaply. */
export const RING_SAMPLES = 32_768;
/** Places of the fastest packets may be so far from their arrival; beyond that the sender's clock runs away from ours. */
const TOLERATED_SAMPLES = 0.04 * SAMPLE_RATE_HZ;
/** The fastest packet is looked for among so many, and as many before them: some five seconds each. */
const JUDGED_PACKETS = 256;
/** A stream whose timestamps lead or lag its arrival by more has changed its clock and is placed anew. */
const MAX_SKEW_SAMPLES = 0.25 * SAMPLE_RATE_HZ;

/** Sound in the file's codec; its timestamp counts at the clock of the leg that it comes from. */
export interface TimedSound extends Pick<StreamPacket, 'sourceId' | 'timestamp' | 'payload'> {
  /** Default 8000. */
  readonly clockRateHz?: number;
}

/** None that a source has. */
const NO_SOURCE = -1;

export class ChannelTimeline {
  private readonly ring: Uint8Array;
  private readonly silence: number;
  /** Where the last packet was put, on both times. */
  private readonly last = { sourceId: NO_SOURCE, timestamp: 0, position: 0 };
  /** How far places are ahead of arrivals, at most: in the packets that are judged now, and in those before. */
  private readonly leads = { now: -Infinity, before: -Infinity, packets: 0 };
  /** By how much the last packet was moved. */
  private slipped = 0;

  /** @param taken the first sample that is still to be taken. */
  constructor(
    codec: G711Codec,
    private taken = 0,
  ) {
    this.silence = SILENCE_BYTE[codec];
    this.ring = new Uint8Array(RING_SAMPLES).fill(this.silence);
  }

  /**
   * @param arrival when it was read, in samples since the recording's beginning.
   * @param late by how many samples it may have been read later than it came.
   * @returns where it stands.
   */
  put(packet: TimedSound, arrival: number, late = 0): number {
    const { payload } = packet;
    const before = this.last.position;
    const position = this.positionOf(packet, arrival, late);
    this.place(payload, position);
    // The sample before was left free: it is heard twice.
    if (this.slipped === 1 && position > before) this.place(payload.subarray(0, 1), position - 1);
    return position;
  }

  /** Takes the samples up to `end` into `target`, which is interleaved: every second byte from `channel` on. */
  takeInto(target: Buffer, channel: number, end: number): void {
    const { ring, silence, taken } = this;
    for (let sample = taken, index = channel; sample < end; sample += 1, index += 2) {
      const slot = sample & (RING_SAMPLES - 1);
      target[index] = ring[slot] ?? silence;
      ring[slot] = silence;
    }
    this.taken = Math.max(taken, end);
  }

  /** As much of it as the ring has room for. */
  private place(payload: Uint8Array, position: number): void {
    const from = Math.max(0, this.taken - position);
    const until = Math.min(payload.length, this.taken + RING_SAMPLES - position);
    if (from >= until) return;
    const fits = until - from === payload.length;
    this.write(fits ? payload : payload.subarray(from, until), (position + from) & (RING_SAMPLES - 1));
  }

  private write(samples: Uint8Array, slot: number): void {
    const toEdge = RING_SAMPLES - slot;
    if (samples.length <= toEdge) return this.ring.set(samples, slot);
    this.ring.set(samples.subarray(0, toEdge), slot);
    this.ring.set(samples.subarray(toEdge));
  }

  private positionOf(packet: TimedSound, arrival: number, late: number): number {
    const { sourceId, timestamp, clockRateHz = SAMPLE_RATE_HZ } = packet;
    const { last } = this;
    const passed = (timestampDistance(last.timestamp, timestamp) * SAMPLE_RATE_HZ) / clockRateHz;
    const position = last.position + Math.round(passed);
    const lead = position - arrival;
    const follows = last.sourceId === sourceId && lead <= MAX_SKEW_SAMPLES && lead >= -MAX_SKEW_SAMPLES - late;
    last.sourceId = sourceId;
    last.timestamp = timestamp;
    this.slipped = follows ? this.slip(lead) : 0;
    last.position = follows ? position + this.slipped : arrival;
    if (!follows) this.judgeAnew();
    return last.position;
  }

  /** By how many samples, -1 to 1, the stream is moved now, so that a clock that runs away from ours is followed. */
  private slip(lead: number): number {
    const { leads } = this;
    leads.now = Math.max(leads.now, lead);
    leads.packets += 1;
    if (leads.packets >= JUDGED_PACKETS) {
      leads.before = leads.now;
      leads.now = -Infinity;
      leads.packets = 0;
    }
    // Of the fastest packet: others are late by the network's doing.
    const most = Math.max(leads.now, leads.before);
    if (leads.before === -Infinity || Math.abs(most) <= TOLERATED_SAMPLES) return 0;
    const by = most > 0 ? -1 : 1;
    leads.now += by;
    leads.before += by;
    return by;
  }

  private judgeAnew(): void {
    this.leads.now = -Infinity;
    this.leads.before = -Infinity;
    this.leads.packets = 0;
  }
}
