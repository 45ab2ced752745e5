/** Repeats our 200 to a re-INVITE until its ACK comes (RFC 3261, 13.3.1.4). */
import type { Clock, Timer } from '../../base/clock';
import type { SipResponse } from '../../signaling/sip/message';
import type { ServerTransaction } from '../../signaling/sip/transaction/types';

const T1_MS = 500;
const T2_MS = 4_000;

export class AcceptedReinvite {
  private timer: Timer | undefined;
  private intervalMs = T1_MS;
  private elapsedMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly transaction: ServerTransaction,
    private readonly response: SipResponse,
  ) {
    this.send();
  }

  /** The ACK has come, or the call is over. Idempotent. */
  stop(): void {
    this.timer?.cancel();
  }

  private send(): void {
    this.transaction.respond(this.response);
    if (this.elapsedMs >= 64 * T1_MS) return;
    this.timer = this.clock.after(this.intervalMs, () => this.send());
    this.elapsedMs += this.intervalMs;
    this.intervalMs = Math.min(2 * this.intervalMs, T2_MS);
  }
}
