/** One of the ways in which a proxied request is tried: a client transaction with the timers of a proxy. */
import type { Timer } from '../../../base/clock';
import type { Connection } from '../../sip/connection';
import { SipResponse } from '../../sip/message';
import type { SipRequest } from '../../sip/message';
import type { ClientTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';

export interface BranchOptions {
  readonly core: EdgeCore;
  /** With our Via on top. */
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly provisionalTimeoutMs: number | undefined;
  readonly finalTimeoutMs: number | undefined;
  readonly onProvisional: (response: SipResponse) => void;
  /** Of an INVITE called again for each further 2xx. */
  readonly onFinal: (response: SipResponse) => void;
}

/**
 * ```
 * trying --any response--> proceeding --final response--> done
 *   |------- timeout: given up ----------------------------^
 * ```
 * Who is given up counts as 408; a final response that still comes is only let through when it is a 2xx, since somebody
 * has answered then (RFC 3261, 16.7 step 5).
 */
export class ProxyBranch {
  private state: 'trying' | 'proceeding' | 'done' = 'trying';
  private readonly transaction: ClientTransaction;
  private provisionalTimer: Timer | undefined;
  private finalTimer: Timer | undefined;
  private timerC: Timer | undefined;

  constructor(private readonly options: BranchOptions) {
    const { core, request, connection } = options;
    const clock = core.clock;
    const giveUp = (): void => this.giveUp();
    if (options.provisionalTimeoutMs !== undefined) {
      this.provisionalTimer = clock.after(options.provisionalTimeoutMs, giveUp);
    }
    if (options.finalTimeoutMs !== undefined) this.finalTimer = clock.after(options.finalTimeoutMs, giveUp);
    this.startTimerC();
    this.transaction = core.layer.forward(request, connection, {
      onProvisional: (response) => this.onProvisional(response),
      onFinal: (response) => this.onFinal(response),
      onTimeout: () => this.onFinal(SipResponse.from(request, 408)),
      // RFC 3261, 16.9: an unreachable next hop counts as 503.
      onTransportError: () => this.onFinal(SipResponse.from(request, 503)),
    });
  }

  get isDone(): boolean {
    return this.state === 'done';
  }

  /**
   * Ends the attempt; an INVITE with a CANCEL (RFC 3261, 16.10). Its final response is still reported.
   * @param received the caller's CANCEL, whose Reason is passed on (RFC 3326).
   */
  cancel(received?: SipRequest): void {
    this.stopTimers();
    const reason = received?.get('Reason');
    if (this.transaction.kind === 'invite') this.transaction.cancel(reason === undefined ? [] : [['Reason', reason]]);
  }

  stopTimers(): void {
    for (const timer of [this.provisionalTimer, this.finalTimer, this.timerC]) timer?.cancel();
  }

  private onProvisional(response: SipResponse): void {
    if (this.state === 'done') return;
    this.state = 'proceeding';
    this.provisionalTimer?.cancel();
    // RFC 3261, 16.7 step 2: Timer C MUST be reset by 101 to 199.
    if (response.status > 100) {
      this.startTimerC();
      this.options.onProvisional(response);
    }
  }

  private onFinal(response: SipResponse): void {
    if (this.state === 'done' && !response.isSuccess) return;
    this.state = 'done';
    this.stopTimers();
    this.options.onFinal(response);
  }

  private giveUp(): void {
    if (this.state === 'done') return;
    this.cancel();
    this.onFinal(SipResponse.from(this.options.request, 408));
  }

  private startTimerC(): void {
    const { core, request } = this.options;
    if (request.method !== 'INVITE') return;
    this.timerC?.cancel();
    this.timerC = core.clock.after(core.limits.timerCMs, () => this.giveUp());
  }
}
