/**
 * Maps the packets of changing sources onto the one RTP stream that a peer hears (RFC 3550: one SSRC, one sequence, one
 * timeline). Within a source the distances between sequence numbers and timestamps stay as they are, so a packet lost
 * before us stays a visible gap. On a change of source the sequence goes on by one, the timestamp by the wall-clock
 * time that has passed, and the marker tells the peer's jitter buffer that a talk spurt begins.
 */
import { randomInt } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { CODEC_FACTS, unitsOf } from '../codec/codecs';
import { EVENT_END_BIT } from '../dtmf/telephone-event';
import type { StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { sequenceDistance, timestampDistance, wrapSequence, wrapTimestamp } from './sequence';

/** Until something is agreed on. */
const FIRST_CODEC = 'PCMA';
/** An unfinished digit whose packets stopped coming no longer keeps other sources silent. */
const EVENT_PATIENCE_MS = 100;
/** Further copies of a digit's end are expected; a source that came between would give them a new timestamp. */
const END_COPIES_PATIENCE_MS = 50;
/** A tone goes on: its frames come every 20 ms. */
const TONE_PATIENCE_MS = 60;

/** The header fields of the outgoing packet. */
export interface RewrittenHeader {
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly marker: boolean;
}

interface CurrentSource {
  readonly sourceId: number;
  readonly timestampOffset: number;
  sequenceOffset: number;
  highestSequence: number;
  /** Packets from the source's first one to its highest. */
  span: number;
}

export class StreamRewriter {
  private source: CurrentSource | undefined;
  /** In the lower half, so that a peer that loses the first SRTP packets still counts rollovers as we do (RFC 3711, 3.3.1). */
  private lastSequence = randomInt(0x8000);
  /** The outgoing timestamp that belongs to the moment `anchorMs`. */
  private anchorTimestamp = randomInt(0x1_0000_0000 - 1);
  private anchorMs: number | undefined;
  private codec: AudioCodec = FIRST_CODEC;
  private lastAudioUnits = 0;
  private eventUntilMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** What the stream's packets are; to be told before the first of them. */
  carry(codec: AudioCodec): void {
    this.codec = codec;
  }

  /**
   * The header for a packet that is sent now. Undefined when the packet must not be sent: it is a straggler from before
   * the source was switched to, or audio while another source sends a digit as events or as a tone.
   */
  rewrite(packet: StreamPacket): RewrittenHeader | undefined {
    const nowMs = this.clock.monotonicMs();
    const switched = this.source?.sourceId !== packet.sourceId;
    if (switched && packet.content === 'audio' && nowMs < this.eventUntilMs) return undefined;
    const source = switched ? this.switchTo(packet, nowMs) : this.source;
    if (!source || !this.advance(source, packet.sequenceNumber)) return undefined;
    const sequenceNumber = wrapSequence(packet.sequenceNumber + source.sequenceOffset);
    const timestamp = wrapTimestamp(packet.timestamp + source.timestampOffset);
    if (switched || sequenceDistance(this.lastSequence, sequenceNumber) > 0) this.lastSequence = sequenceNumber;
    this.moveAnchor(timestamp, nowMs);
    this.noteContent(packet, nowMs);
    return { sequenceNumber, timestamp, marker: switched || packet.marker };
  }

  /** Tells that this packet of the current source is left out on purpose, so that no gap is to be seen. */
  omit(packet: StreamPacket): void {
    if (this.source?.sourceId !== packet.sourceId) return;
    if (sequenceDistance(this.source.highestSequence, packet.sequenceNumber) <= 0) return;
    this.advance(this.source, packet.sequenceNumber);
    this.source.sequenceOffset -= 1;
  }

  /** The timestamp that a packet sampled now would have, for RTCP sender reports. */
  timestampNow(): number {
    if (this.anchorMs === undefined) return this.anchorTimestamp;
    return wrapTimestamp(this.anchorTimestamp + this.unitsSince(this.anchorMs));
  }

  private switchTo(packet: StreamPacket, nowMs: number): CurrentSource {
    const elapsed = this.anchorMs === undefined ? 0 : Math.max(this.unitsSince(this.anchorMs), this.lastAudioUnits);
    const timestamp = wrapTimestamp(this.anchorTimestamp + elapsed);
    this.anchorTimestamp = timestamp;
    this.anchorMs = nowMs;
    this.source = {
      sourceId: packet.sourceId,
      sequenceOffset: this.lastSequence + 1 - packet.sequenceNumber,
      timestampOffset: timestamp - packet.timestamp,
      highestSequence: packet.sequenceNumber,
      span: 0,
    };
    return this.source;
  }

  /** False for a packet from before the source's first one: its number is taken by the source before. */
  private advance(source: CurrentSource, sequenceNumber: number): boolean {
    const distance = sequenceDistance(source.highestSequence, sequenceNumber);
    if (distance <= 0) return source.span + distance >= 0;
    source.highestSequence = sequenceNumber;
    source.span += distance;
    return true;
  }

  /** All packets of one digit bear the timestamp of its beginning; only a new timestamp says where time stands. */
  private moveAnchor(timestamp: number, nowMs: number): void {
    if (timestampDistance(this.anchorTimestamp, timestamp) <= 0) return;
    this.anchorTimestamp = timestamp;
    this.anchorMs = nowMs;
  }

  private noteContent(packet: StreamPacket, nowMs: number): void {
    if (packet.content !== 'telephone-event') {
      this.lastAudioUnits = unitsOf(this.codec, packet.payload);
      if (packet.content === 'tone') this.eventUntilMs = nowMs + TONE_PATIENCE_MS;
      return;
    }
    this.lastAudioUnits = 0;
    const ended = ((packet.payload[1] ?? 0) & EVENT_END_BIT) !== 0;
    this.eventUntilMs = nowMs + (ended ? END_COPIES_PATIENCE_MS : EVENT_PATIENCE_MS);
  }

  private unitsSince(sinceMs: number): number {
    return Math.round(((this.clock.monotonicMs() - sinceMs) * CODEC_FACTS[this.codec].clockRateHz) / 1000);
  }
}
