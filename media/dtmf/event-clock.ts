/**
 * The durations of RFC 4733 events between the wire and the inside of media. Inside, a duration counts at 8 kHz whatever
 * the leg's codec is, and one digit is one event; with Opus peers agree on telephone-event/48000, at which one segment of
 * an event is over after 1.4 s. Timestamps are those of the leg's stream on both sides: so does Chromium have it too, which
 * beside Opus sends telephone-event/8000 where it may.
 */
import type { StreamPacket } from '../endpoint/endpoint';
import { timestampDistance, wrapTimestamp } from '../rtp/sequence';
import {
  EVENT_UNITS_PER_MS,
  MAX_EVENT_DURATION,
  parseTelephoneEvent,
  serializeTelephoneEvent,
} from './telephone-event';

const ratioOf = (clockRateHz: number): number => clockRateHz / (EVENT_UNITS_PER_MS * 1000);

export class EventClock {
  /** The event that is being received: its first segment's timestamp, and the one of its current segment. */
  private open: { readonly event: number; readonly timestamp: number; segment: number } | undefined;

  /**
   * A peer's packet as it is inside; malformed ones stay as they are, for the detector to refuse.
   * @param clockRateHz of the telephone-event that it is: 8000 or 48000.
   */
  inward(packet: StreamPacket, clockRateHz: number): StreamPacket {
    const ratio = ratioOf(clockRateHz);
    const parsed = ratio === 1 ? undefined : parseTelephoneEvent(packet.payload);
    if (!parsed?.ok) return packet;
    const { event, end, volume, duration } = parsed.value;
    const open = this.follow(packet, event);
    const whole = timestampDistance(open.timestamp, open.segment) + duration;
    const payload = serializeTelephoneEvent({
      event,
      end,
      volume,
      duration: Math.min(MAX_EVENT_DURATION, Math.round(whole / ratio)),
    });
    return { ...packet, timestamp: open.timestamp, payload };
  }

  /** An event from inside as the peer is to get it: RFC 4733 section 2.5.1.3 has long ones go on in further segments. */
  outward(packet: StreamPacket, clockRateHz: number): StreamPacket {
    const ratio = ratioOf(clockRateHz);
    const parsed = ratio === 1 ? undefined : parseTelephoneEvent(packet.payload);
    if (!parsed?.ok) return packet;
    const whole = Math.round(parsed.value.duration * ratio);
    const segments = Math.max(0, Math.ceil(whole / MAX_EVENT_DURATION) - 1);
    const passed = segments * MAX_EVENT_DURATION;
    const payload = serializeTelephoneEvent({ ...parsed.value, duration: whole - passed });
    return { ...packet, timestamp: wrapTimestamp(packet.timestamp + passed), payload };
  }

  private follow({ timestamp, marker }: StreamPacket, event: number): { timestamp: number; segment: number } {
    const { open } = this;
    const distance = open?.event === event ? timestampDistance(open.segment, timestamp) : undefined;
    if (open && distance === 0) return open;
    if (open && distance === MAX_EVENT_DURATION && !marker) {
      open.segment = timestamp;
      return open;
    }
    this.open = { event, timestamp, segment: timestamp };
    return this.open;
  }
}
