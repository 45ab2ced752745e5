/**
 * Provisional responses that are repeated until their PRACK comes (RFC 3262, 3).
 *
 * ```
 * idle --1xx--> unacknowledged --PRACK--> the next that waits, or idle
 *                 |--64*T1--> given up: the INVITE is refused with 504
 * ```
 */
import { randomInt } from 'node:crypto';
import type { Clock, Timer } from '../../../base/clock';
import type { RAck } from '../../sip/headers/rack';
import type { SipResponse } from '../../sip/message';

export interface ReliableOptions {
  readonly clock: Clock;
  readonly t1Ms: number;
  /** Sends a response for the first time, or again. */
  readonly send: (response: SipResponse) => void;
  /** Nobody acknowledged in 64*T1: the UAS SHOULD refuse the INVITE with a 5xx. */
  readonly onGivenUp: () => void;
}

interface Unacknowledged {
  readonly response: SipResponse;
  readonly rseq: number;
  intervalMs: number;
  repeat: Timer;
  readonly giveUp: Timer;
}

const OPTION = '100rel';

const hasOption = (values: readonly string[]): boolean => values.some((value) => value.toLowerCase() === OPTION);

/** Whether a response asks to be acknowledged. */
export const isReliable = (response: SipResponse): boolean =>
  response.isProvisional && response.status > 100 && hasOption(response.getAll('Require'));

/** Whether the caller can acknowledge: it lists the extension as supported or as required. */
export const canAcknowledge = (request: { getAll(name: string): string[] }): boolean =>
  hasOption(request.getAll('Supported')) || hasOption(request.getAll('Require'));

export class ReliableResponses {
  private outstanding: Unacknowledged | undefined;
  /** A PRACK has come that is not answered yet. */
  private acknowledging = false;
  private readonly waiting: SipResponse[] = [];
  // RFC 3262, section 3: the first value is chosen from 1 to 2**31 - 1, each further one is one more.
  private nextRSeq = randomInt(1, 2 ** 31);

  constructor(private readonly options: ReliableOptions) {}

  /** Gives the response its number and sends it, now or when the one before is acknowledged. */
  take(response: SipResponse): void {
    response.set('RSeq', String(this.nextRSeq));
    this.nextRSeq += 1;
    if (this.outstanding || this.acknowledging) this.waiting.push(response);
    else this.transmit(response);
  }

  /**
   * Whether a final response must wait: a 2xx MUST NOT be sent while a response with a session description is not
   * acknowledged. If so it is sent after the PRACK.
   */
  holdsBack(response: SipResponse): boolean {
    const withSdp = [this.outstanding?.response, ...this.waiting].some((one) => (one?.body.length ?? 0) > 0);
    if (!response.isSuccess || !(withSdp || this.acknowledging)) return false;
    this.waiting.push(response);
    return true;
  }

  /**
   * Takes a PRACK, which is to be answered, and after it {@link ReliableResponses.proceed} called. Returns false when it
   * acknowledges nothing (then 481).
   */
  acknowledge(rack: RAck | undefined): boolean {
    const { outstanding } = this;
    if (!outstanding || !rack || rack.rseq !== outstanding.rseq) return false;
    const { number, method } = outstanding.response.cseq;
    if (rack.cseq.number !== number || rack.cseq.method !== method) return false;
    this.settle();
    this.acknowledging = true;
    return true;
  }

  /** The PRACK was answered: what waits for that goes out. */
  proceed(): void {
    if (!this.acknowledging) return;
    this.acknowledging = false;
    const next = this.waiting.shift();
    if (next) this.transmit(next);
  }

  /** A final response was sent, or the INVITE has ended: nothing is repeated any more. */
  stop(): void {
    this.settle();
    this.acknowledging = false;
    this.waiting.length = 0;
  }

  private transmit(response: SipResponse): void {
    this.options.send(response);
    if (!response.isProvisional) return;
    const { clock, t1Ms } = this.options;
    this.outstanding = {
      response,
      rseq: Number(response.get('RSeq')),
      intervalMs: t1Ms,
      repeat: clock.after(t1Ms, () => this.repeat()),
      giveUp: clock.after(64 * t1Ms, () => {
        this.stop();
        this.options.onGivenUp();
      }),
    };
  }

  private repeat(): void {
    const { outstanding } = this;
    if (!outstanding) return;
    outstanding.intervalMs *= 2;
    outstanding.repeat = this.options.clock.after(outstanding.intervalMs, () => this.repeat());
    this.options.send(outstanding.response);
  }

  private settle(): void {
    this.outstanding?.repeat.cancel();
    this.outstanding?.giveUp.cancel();
    this.outstanding = undefined;
  }
}
