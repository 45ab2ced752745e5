/** A 2xx to an INVITE that is repeated until its ACK comes (RFC 3261, 13.3.1.4). */
import type { Clock, Timer } from '../../../base/clock';
import type { SipResponse } from '../../sip/message';

export interface AwaitedAckOptions {
  readonly clock: Clock;
  /** The CSeq number that the ACK must have. */
  readonly cseq: number;
  readonly t1Ms: number;
  readonly t2Ms: number;
  readonly answer: SipResponse;
  /** Sends the answer again. */
  readonly repeat: () => void;
  /** Nobody acknowledged in 64*T1. The dialog SHOULD be ended with BYE. */
  readonly onGivenUp: () => void;
}

/** Intervals start with T1 and double up to T2. Over reliable transports too, as the ACK travels end to end. */
export class AwaitedAck {
  readonly cseq: number;
  readonly answer: SipResponse;
  private intervalMs: number;
  private repeatTimer: Timer;
  private readonly giveUpTimer: Timer;
  private later: (() => void) | undefined;
  private isOver = false;

  constructor(private readonly options: AwaitedAckOptions) {
    this.cseq = options.cseq;
    this.answer = options.answer;
    this.intervalMs = options.t1Ms;
    this.repeatTimer = options.clock.after(this.intervalMs, () => this.onRepeat());
    this.giveUpTimer = options.clock.after(64 * options.t1Ms, () => {
      this.stop();
      options.onGivenUp();
    });
  }

  /** Ends the waiting: the ACK has come, or the dialog is over. */
  stop(): void {
    this.isOver = true;
    this.repeatTimer.cancel();
    this.giveUpTimer.cancel();
    const { later } = this;
    this.later = undefined;
    later?.();
  }

  /** Has something done when the waiting is over. Returns false when it is, or when something else waits already. */
  afterwards(task: () => void): boolean {
    if (this.isOver || this.later) return false;
    this.later = task;
    return true;
  }

  private onRepeat(): void {
    this.intervalMs = Math.min(2 * this.intervalMs, this.options.t2Ms);
    this.repeatTimer = this.options.clock.after(this.intervalMs, () => this.onRepeat());
    this.options.repeat();
  }
}
