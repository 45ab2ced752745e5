/**
 * Sends digits as RFC 4733 events: an update every 20 ms, the end three times (section 2.5.1.4), digits one after the
 * other with a pause between.
 */
import { randomInt } from 'node:crypto';
import { InvariantError } from '../../base/errors';
import type { Clock, Timer } from '../../base/clock';
import type { StreamPacket } from '../endpoint/endpoint';
import { wrapSequence, wrapTimestamp } from '../rtp/sequence';
import { EVENT_UNITS_PER_MS, MAX_EVENT_DURATION, eventOfDigit, serializeTelephoneEvent } from './telephone-event';

const UPDATE_MS = 20;
const END_COPIES = 3;
/** Silence between two digits; Q.24 asks for at least 40 ms. */
const PAUSE_MS = 60;

interface Sending {
  readonly event: number;
  readonly durationMs: number;
  readonly done: () => void;
}

export interface DigitSenderOptions {
  readonly clock: Clock;
  readonly sourceId: number;
  /** Of the timestamps, as the leg's codec has it. Default 8000. */
  readonly clockRateHz?: number;
  readonly send: (packet: StreamPacket) => void;
}

export class DigitSender {
  private readonly waiting: Sending[] = [];
  private timer: Timer | undefined;
  private sequenceNumber = randomInt(0x10000);
  private timestamp = randomInt(0x7fff_ffff);

  constructor(private readonly options: DigitSenderOptions) {}

  /** Number of digits that are being sent or wait for it. */
  get pending(): number {
    return this.waiting.length;
  }

  /**
   * Sends one digit, after those before it. Resolves when its last packet is out, or at close().
   * @param durationMs at most 8000, the longest of one segment.
   */
  send(digit: string, durationMs: number): Promise<void> {
    const event = eventOfDigit(digit);
    if (event === undefined) throw new InvariantError(`"${digit}" is no DTMF digit`);
    return new Promise((resolve) => {
      this.waiting.push({ event, durationMs: Math.max(UPDATE_MS, durationMs), done: resolve });
      if (this.waiting.length === 1) this.begin();
    });
  }

  /** Stops at once and resolves what waits. Idempotent. */
  close(): void {
    this.timer?.cancel();
    for (const { done } of this.waiting.splice(0)) done();
  }

  private begin(): void {
    const digit = this.waiting[0];
    if (!digit) return;
    const total = Math.min(MAX_EVENT_DURATION, Math.round(digit.durationMs * EVENT_UNITS_PER_MS));
    const updates = Math.ceil(total / (UPDATE_MS * EVENT_UNITS_PER_MS));
    let step = 0;
    const tick = (): void => {
      step += 1;
      this.emit(digit.event, { step, updates, total });
      if (step < updates + END_COPIES - 1) return;
      this.timer?.cancel();
      const { clockRateHz = EVENT_UNITS_PER_MS * 1000 } = this.options;
      const passedMs = total / EVENT_UNITS_PER_MS + PAUSE_MS;
      this.timestamp = wrapTimestamp(this.timestamp + Math.round((passedMs * clockRateHz) / 1000));
      this.timer = this.options.clock.after(PAUSE_MS, () => this.next());
    };
    this.timer = this.options.clock.every(UPDATE_MS, tick);
  }

  private next(): void {
    this.waiting.shift()?.done();
    this.begin();
  }

  private emit(event: number, progress: { step: number; updates: number; total: number }): void {
    const { step, updates, total } = progress;
    this.sequenceNumber = wrapSequence(this.sequenceNumber + 1);
    this.options.send({
      sourceId: this.options.sourceId,
      sequenceNumber: this.sequenceNumber,
      timestamp: this.timestamp,
      // RFC 4733 section 2.5.1.1: the marker is set on an event's first packet.
      marker: step === 1,
      content: 'telephone-event',
      payload: serializeTelephoneEvent({
        event,
        end: step >= updates,
        duration: Math.min(total, step * UPDATE_MS * EVENT_UNITS_PER_MS),
      }),
    });
  }
}
