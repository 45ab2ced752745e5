/** The plumbing of the non-INVITE client transaction; its decisions are in `non-invite-client-fsm.ts`. */
import type { SipResponse } from '../message';
import { ClientTransactionBase, type ClientTransactionOptions } from './client-transaction-base';
import { Machine } from './machine';
import {
  NON_INVITE_CLIENT_ARCS,
  type NonInviteClientAction,
  type NonInviteClientInput,
  type NonInviteClientState,
} from './non-invite-client-fsm';
import { TimerSet } from './timer-set';
import { patienceMs } from './timers';

export class NonInviteClientTransaction extends ClientTransactionBase {
  readonly kind = 'non-invite';
  private readonly machine: Machine<NonInviteClientState, NonInviteClientInput, NonInviteClientAction>;
  private readonly timers: TimerSet<'E' | 'F' | 'K'>;
  private intervalEMs: number;
  /** While the machine deals with it. */
  private response: SipResponse | undefined;

  constructor(options: ClientTransactionOptions) {
    super(options);
    this.intervalEMs = options.timers.t1Ms;
    this.timers = new TimerSet(options.clock);
    this.machine = new Machine({
      name: 'non-invite-client',
      table: NON_INVITE_CLIENT_ARCS,
      initial: 'trying',
      log: options.log,
      perform: (action) => this.perform(action),
    });
  }

  start(): void {
    const { connection, timers } = this.options;
    if (!connection.reliable) this.startE();
    this.timers.start('F', patienceMs(timers), () => this.machine.feed('timer-F'));
    this.sendRequest();
  }

  get state(): NonInviteClientState {
    return this.hasEnded ? 'terminated' : this.machine.state;
  }

  get timerCount(): number {
    return this.timers.size;
  }

  /** RFC 3261, 9.1: "a CANCEL request SHOULD NOT be sent to cancel a request other than INVITE": does nothing. */
  cancel(): void {
    this.options.log.warn({ transaction: this.id }, 'only an INVITE can be cancelled');
  }

  receive(response: SipResponse): void {
    if (this.hasEnded) return;
    this.response = response;
    this.machine.feed(response.isProvisional ? '1xx' : 'final');
    this.response = undefined;
    if (!response.isProvisional) this.settle();
  }

  protected transportFailed(): void {
    this.machine.feed('transport-error');
  }

  protected stopTimers(): void {
    this.timers.stopAll();
  }

  private perform(action: NonInviteClientAction): void {
    switch (action) {
      case 'resend-request':
        return this.sendRequest();
      case 'grow-E':
        this.intervalEMs = Math.min(2 * this.intervalEMs, this.options.timers.t2Ms);
        return this.startE();
      case 'restart-E-at-T2':
        this.intervalEMs = this.options.timers.t2Ms;
        return this.startE();
      case 'stop-E-F':
        this.timers.stop('E');
        return this.timers.stop('F');
      case 'start-K':
        return this.startK();
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

  private startE(): void {
    this.timers.start('E', this.intervalEMs, () => this.machine.feed('timer-E'));
  }

  private startK(): void {
    const { connection, timers } = this.options;
    this.timers.start('K', connection.reliable ? 0 : timers.t4Ms, () => this.machine.feed('timer-K'));
  }
}
