/**
 * Counts keys in a stream of RFC 4733 events: each once, at its end, although an event is made of many packets and its
 * end is sent three times. Every packet of an event bears the timestamp of its beginning, which tells events apart.
 */
import type { Clock, Timer } from '../../base/clock';
import type { StreamPacket } from '../endpoint/endpoint';
import { timestampDistance, wrapTimestamp } from '../rtp/sequence';
import { EVENT_UNITS_PER_MS, MAX_EVENT_DURATION, digitOfEvent, parseTelephoneEvent } from './telephone-event';

/** All of an event's ends were lost when nothing more of it comes for so long. */
const LOST_END_MS = 200;
/** Late copies of this many finished events are recognised. */
const REMEMBERED_EVENTS = 8;

interface OpenEvent {
  readonly digit: string;
  readonly event: number;
  readonly sourceId: number;
  /** Timestamp of the current segment. */
  timestamp: number;
  /** Duration of the segments before the current one, in timestamp units. */
  earlierDuration: number;
  duration: number;
}

export interface DigitDetectorOptions {
  readonly clock: Clock;
  readonly onDigit: (digit: string, durationMs: number) => void;
}

export class DigitDetector {
  private open: OpenEvent | undefined;
  private finished: string[] = [];
  private patience: Timer | undefined;

  constructor(private readonly options: DigitDetectorOptions) {}

  /** Takes one packet of content `telephone-event`; malformed ones and events that are no digits are ignored. */
  accept(packet: Pick<StreamPacket, 'sourceId' | 'timestamp' | 'marker' | 'payload'>): void {
    const parsed = parseTelephoneEvent(packet.payload);
    if (!parsed.ok) return;
    const { event, end, duration } = parsed.value;
    const digit = digitOfEvent(event);
    if (digit === undefined || this.finished.includes(keyOf(packet))) return;
    if (this.open && !this.belongsToOpen(packet, event)) this.finish();
    this.open ??= {
      digit,
      event,
      sourceId: packet.sourceId,
      timestamp: packet.timestamp,
      earlierDuration: 0,
      duration: 0,
    };
    this.open.duration = Math.max(this.open.duration, duration);
    this.patience?.cancel();
    if (end) this.finish();
    else this.patience = this.options.clock.after(LOST_END_MS, () => this.finish());
  }

  /** Forgets an unfinished event without reporting it. Idempotent. */
  close(): void {
    this.patience?.cancel();
    this.open = undefined;
  }

  private belongsToOpen(packet: Pick<StreamPacket, 'sourceId' | 'timestamp' | 'marker'>, event: number): boolean {
    const open = this.open;
    if (!open || open.sourceId !== packet.sourceId) return false;
    const distance = timestampDistance(open.timestamp, packet.timestamp);
    if (distance === 0) return true;
    // RFC 4733 section 2.5.1.3: a longer event goes on in a new segment, whose timestamp is that of the first plus the
    // longest duration; its marker is not set.
    if (packet.marker || event !== open.event || distance !== MAX_EVENT_DURATION) return false;
    this.remember({ sourceId: open.sourceId, timestamp: open.timestamp });
    open.timestamp = wrapTimestamp(packet.timestamp);
    open.earlierDuration += MAX_EVENT_DURATION;
    open.duration = 0;
    return true;
  }

  private finish(): void {
    const event = this.open;
    this.patience?.cancel();
    if (!event) return;
    this.open = undefined;
    this.remember(event);
    this.options.onDigit(event.digit, Math.round((event.earlierDuration + event.duration) / EVENT_UNITS_PER_MS));
  }

  private remember(event: { readonly sourceId: number; readonly timestamp: number }): void {
    this.finished = [...this.finished.slice(1 - REMEMBERED_EVENTS), keyOf(event)];
  }
}

const keyOf = (event: { readonly sourceId: number; readonly timestamp: number }): string =>
  `${event.sourceId}:${event.timestamp}`;
