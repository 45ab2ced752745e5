/**
 * One party's channel of a recording: puts packets where they belong on the recording's time, which begins at sample 0.
 * The first packet of a source stands where it arrived; those after it stand by their RTP timestamps, so that jitter
 * and reordering of the network are not heard. Samples that nothing was written to are silence.
 */
import { SAMPLE_RATE_HZ, SILENCE_BYTE } from '../codec/g711';
import type { StreamPacket } from '../endpoint/endpoint';
import type { G711Codec } from '../ports';
import { timestampDistance } from '../rtp/sequence';

/** What may lie between the taken end and the newest packet. A power of two, so that positions wrap cheaply. */
export const RING_SAMPLES = 32_768;
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
   */
  put(packet: TimedSound, arrival: number, late = 0): void {
    const position = this.positionOf(packet, arrival, late);
    const { payload } = packet;
    const from = Math.max(0, this.taken - position);
    const until = Math.min(payload.length, this.taken + RING_SAMPLES - position);
    if (from < until) this.write(payload.subarray(from, until), (position + from) % RING_SAMPLES);
  }

  /** Takes the samples up to `end` into `target`, which is interleaved: every second byte from `channel` on. */
  takeInto(target: Buffer, channel: number, end: number): void {
    const { ring, silence } = this;
    for (let index = channel; this.taken < end; index += 2, this.taken += 1) {
      const slot = this.taken % RING_SAMPLES;
      target[index] = ring[slot] ?? silence;
      ring[slot] = silence;
    }
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
    last.position = follows ? position : arrival;
    return last.position;
  }
}
