/** The plumbing of the INVITE client transaction; its decisions are in `invite-client-fsm.ts`. */
import type { SipRequest, SipResponse } from '../message';
import { ClientTransactionBase, type ClientTransactionOptions } from './client-transaction-base';
import {
  INVITE_CLIENT_ARCS,
  type InviteClientAction,
  type InviteClientInput,
  type InviteClientState,
} from './invite-client-fsm';
import { Machine } from './machine';
import { ackFor, cancelFor } from './requests';
import { TimerSet } from './timer-set';
import { patienceMs, timerDMs } from './timers';

type CancelProgress =
  { readonly step: 'none' } | { readonly step: 'wanted'; readonly request: SipRequest } | { readonly step: 'sent' };

export class InviteClientTransaction extends ClientTransactionBase {
  readonly kind = 'invite';
  private readonly machine: Machine<InviteClientState, InviteClientInput, InviteClientAction>;
  private readonly timers: TimerSet<'A' | 'B' | 'D' | 'M' | 'cancel'>;
  private intervalAMs: number;
  /** While the machine deals with it. */
  private response: SipResponse | undefined;
  private cancelling: CancelProgress = { step: 'none' };

  /** @param sendCancel sends a CANCEL in a transaction of its own. */
  constructor(
    options: ClientTransactionOptions,
    private readonly sendCancel: (cancel: SipRequest) => void,
  ) {
    super(options);
    this.intervalAMs = options.timers.t1Ms;
    this.timers = new TimerSet(options.clock);
    this.machine = new Machine({
      name: 'invite-client',
      table: INVITE_CLIENT_ARCS,
      initial: 'calling',
      log: options.log,
      perform: (action) => this.perform(action),
    });
  }

  start(): void {
    const { connection, timers } = this.options;
    if (!connection.reliable) this.startA();
    this.timers.start('B', patienceMs(timers), () => this.machine.feed('timer-B'));
    this.sendRequest();
  }

  get state(): InviteClientState {
    return this.hasEnded ? 'terminated' : this.machine.state;
  }

  get timerCount(): number {
    return this.timers.size;
  }

  cancel(headers: readonly (readonly [name: string, value: string])[] = []): void {
    if (this.cancelling.step !== 'none' || (this.state !== 'calling' && this.state !== 'proceeding')) return;
    this.cancelling = { step: 'wanted', request: cancelFor(this.request, headers) };
    this.cancelIfPossible();
  }

  receive(response: SipResponse): void {
    if (this.hasEnded) return;
    this.response = response;
    this.machine.feed(response.isProvisional ? '1xx' : response.isSuccess ? '2xx' : '300-699');
    this.response = undefined;
    if (!response.isProvisional) this.settle();
    this.cancelIfPossible();
  }

  protected transportFailed(): void {
    this.machine.feed('transport-error');
  }

  protected stopTimers(): void {
    this.timers.stopAll();
  }

  /** RFC 3261, 9.1: "If no provisional response has been received, the CANCEL request MUST NOT be sent". */
  private cancelIfPossible(): void {
    if (this.cancelling.step !== 'wanted' || this.state !== 'proceeding') return;
    const { request } = this.cancelling;
    this.cancelling = { step: 'sent' };
    this.timers.start('cancel', patienceMs(this.options.timers), () => this.machine.feed('cancel-deadline'));
    this.sendCancel(request);
  }

  private perform(action: InviteClientAction): void {
    switch (action) {
      case 'resend-request':
        return this.sendRequest();
      case 'double-A':
        this.intervalAMs *= 2;
        return this.startA();
      case 'stop-A-B':
        this.timers.stop('A');
        return this.timers.stop('B');
      case 'stop-cancel-deadline':
        return this.timers.stop('cancel');
      case 'start-D':
        return this.startD();
      case 'start-M':
        return this.timers.start('M', patienceMs(this.options.timers), () => this.machine.feed('timer-M'));
      case 'send-ack':
        return this.response && this.transmit(ackFor(this.request, this.response).toBuffer());
      case 'pass-provisional':
        return this.passProvisional(this.response);
      case 'pass-final':
        return this.passFinal(this.response);
      case 'inform-timeout':
        return this.informTimeout();
      case 'inform-transport-error':
        return this.informTransportError();
      case 'terminate':
        return this.end('completed');
      case 'expire':
        return this.end('timeout');
      case 'abort':
        return this.end('transport-error');
    }
  }

  private startA(): void {
    this.timers.start('A', this.intervalAMs, () => this.machine.feed('timer-A'));
  }

  private startD(): void {
    const { connection, timers } = this.options;
    this.timers.start('D', connection.reliable ? 0 : timerDMs(timers), () => this.machine.feed('timer-D'));
  }
}
