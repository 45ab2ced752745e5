/** The plumbing of the non-INVITE server transaction; its decisions are in `non-invite-server-fsm.ts`. */
import { fail, ok, type Result } from '../../../base/result';
import type { SipResponse } from '../message';
import { Machine } from './machine';
import {
  NON_INVITE_SERVER_ARCS,
  type NonInviteServerAction,
  type NonInviteServerInput,
  type NonInviteServerState,
} from './non-invite-server-fsm';
import { ServerTransactionBase, type ServerTransactionOptions } from './server-transaction-base';
import { TimerSet } from './timer-set';
import { patienceMs } from './timers';

export class NonInviteServerTransaction extends ServerTransactionBase {
  readonly kind = 'non-invite';
  private readonly machine: Machine<NonInviteServerState, NonInviteServerInput, NonInviteServerAction>;
  private readonly timers: TimerSet<'deadline' | 'J'>;
  /** While the machine deals with it. */
  private response: SipResponse | undefined;

  constructor(options: ServerTransactionOptions) {
    super(options);
    this.timers = new TimerSet(options.clock);
    this.machine = new Machine({
      name: 'non-invite-server',
      table: NON_INVITE_SERVER_ARCS,
      initial: 'trying',
      log: options.log,
      perform: (action) => this.perform(action),
    });
    this.timers.start('deadline', patienceMs(options.timers), () => this.machine.feed('deadline'));
  }

  get state(): NonInviteServerState {
    return this.hasEnded ? 'terminated' : this.machine.state;
  }

  get timerCount(): number {
    return this.timers.size;
  }

  respond(response: SipResponse): Result<void> {
    if (this.hasEnded || this.machine.state === 'completed') return this.conflict(response);
    // RFC 4320, 4.1: "[…] MUST NOT send any provisional response with a Status-Code other than 100 to a non-INVITE
    // request"; 4.2: "[…] MUST NOT send a response with Status-Code of 408 to a non-INVITE request."
    if (response.status === 408 || (response.isProvisional && response.status !== 100)) {
      return fail('conflict', `RFC 4320 forbids to answer a ${this.request.method} with ${response.status}`);
    }
    this.response = response;
    this.machine.feed(response.isProvisional ? 'tu-1xx' : 'tu-final');
    this.response = undefined;
    return ok(undefined);
  }

  receive(): void {
    if (!this.hasEnded) this.machine.feed('request');
  }

  protected transportFailed(): void {
    this.machine.feed('transport-error');
  }

  protected stopTimers(): void {
    this.timers.stopAll();
  }

  private perform(action: NonInviteServerAction): void {
    switch (action) {
      case 'send-response':
        return this.response && this.send(this.response);
      case 'resend-response':
        return this.resend();
      case 'stop-deadline':
        return this.timers.stop('deadline');
      case 'start-J':
        return this.startJ();
      case 'inform-transport-error':
        return this.lastFault && this.emit('transport-error', this.lastFault);
      case 'terminate':
        return this.end('completed');
      case 'expire':
        return this.end('timeout');
      case 'abort':
        return this.end('transport-error');
    }
  }

  private startJ(): void {
    const { connection, timers } = this.options;
    this.timers.start('J', connection.reliable ? 0 : patienceMs(timers), () => this.machine.feed('timer-J'));
  }
}
