/** Sends digits to peers, in each one's own form and one after the other. */
import type { Clock } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { CODEC_FACTS } from '../codec/codecs';
import type { MediaEndpoint, StreamPacket } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import type { MediaEvent } from '../ports';
import { nextSourceId } from '../source-id';
import { DigitSender } from './digit-sender';
import { eventOfDigit } from './telephone-event';
import { ToneSender } from './tone-sender';

/** RFC 4733 names no bounds; Q.24 asks receivers to know 40 ms, and one event segment states at most 8191 ms. */
const DIGIT_MIN_MS = 40;
const DIGIT_MAX_MS = 8000;

export interface DigitDeskOptions {
  readonly clock: Clock;
  readonly ticker: FrameTicker;
  /** Told what has to reach a peer by SIP INFO. */
  readonly onDue: (event: Extract<MediaEvent, { type: 'digit-due' }>) => void;
}

interface Senders {
  events?: DigitSender;
  tones?: ToneSender;
}

export class DigitDesk {
  private readonly senders = new Map<EndpointId, Senders>();

  constructor(private readonly options: DigitDeskOptions) {}

  async send(endpoint: MediaEndpoint, digit: string, durationMs: number): Promise<Result<void>> {
    if (eventOfDigit(digit) === undefined) return fail('bad_input', `"${digit}" is no digit; one of 0-9, *, #, A-D is`);
    if (!(durationMs >= DIGIT_MIN_MS && durationMs <= DIGIT_MAX_MS))
      return fail('bad_input', `a digit lasts ${DIGIT_MIN_MS} to ${DIGIT_MAX_MS} ms, not ${durationMs}`);
    const endpointId = endpoint.id;
    if (endpoint.digitForm === 'info') this.options.onDue({ type: 'digit-due', endpointId, digit, durationMs });
    else await this.senderOf(endpoint).send(digit, durationMs);
    return ok(undefined);
  }

  /** A digit that another peer has sent, however long: within the bounds of those that we send. */
  async relay(endpoint: MediaEndpoint, digit: string, durationMs: number): Promise<void> {
    await this.send(endpoint, digit, Math.max(DIGIT_MIN_MS, Math.min(DIGIT_MAX_MS, durationMs)));
  }

  /** Idempotent. */
  forget(endpointId: EndpointId): void {
    const senders = this.senders.get(endpointId);
    this.senders.delete(endpointId);
    senders?.events?.close();
    senders?.tones?.close();
  }

  /** Tones need a codec: without one nothing could be heard yet, and events are left out in the same way. */
  private senderOf(endpoint: MediaEndpoint): DigitSender | ToneSender {
    const senders = this.senders.get(endpoint.id) ?? {};
    this.senders.set(endpoint.id, senders);
    const { codec, digitForm } = endpoint;
    const common = { sourceId: nextSourceId(), send: (packet: StreamPacket) => endpoint.send(packet) };
    if (digitForm === 'inband' && codec)
      return (senders.tones ??= new ToneSender({ ...common, codec, ticker: this.options.ticker }));
    const { clockRateHz } = CODEC_FACTS[codec ?? 'PCMA'];
    return (senders.events ??= new DigitSender({ ...common, clockRateHz, clock: this.options.clock }));
  }
}
