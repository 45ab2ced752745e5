/** The plumbing of the INVITE server transaction; its decisions are in `invite-server-fsm.ts`. */
import { ok, type Result } from '../../../base/result';
import { SipResponse, type SipRequest } from '../message';
import {
  INVITE_SERVER_ARCS,
  type InviteServerAction,
  type InviteServerInput,
  type InviteServerState,
} from './invite-server-fsm';
import { Machine } from './machine';
import { ServerTransactionBase, type ServerTransactionOptions } from './server-transaction-base';
import { TimerSet } from './timer-set';
import { patienceMs, TRYING_AFTER_MS } from './timers';

export class InviteServerTransaction extends ServerTransactionBase {
  readonly kind = 'invite';
  private readonly machine: Machine<InviteServerState, InviteServerInput, InviteServerAction>;
  private readonly timers: TimerSet<'trying' | 'G' | 'H' | 'I' | 'L'>;
  private intervalGMs: number;
  /** While the machine deals with them. */
  private response: SipResponse | undefined;
  private ack: SipRequest | undefined;

  /** @param passAck takes an ACK that a peer sent with the INVITE's own branch to a 2xx. */
  constructor(
    options: ServerTransactionOptions,
    private readonly passAck: (ack: SipRequest) => void,
  ) {
    super(options);
    this.intervalGMs = options.timers.t1Ms;
    this.timers = new TimerSet(options.clock);
    this.machine = new Machine({
      name: 'invite-server',
      table: INVITE_SERVER_ARCS,
      initial: 'proceeding',
      log: options.log,
      perform: (action) => this.perform(action),
    });
    this.timers.start('trying', TRYING_AFTER_MS, () => this.machine.feed('trying-due'));
  }

  get state(): InviteServerState {
    return this.hasEnded ? 'terminated' : this.machine.state;
  }

  get timerCount(): number {
    return this.timers.size;
  }

  respond(response: SipResponse): Result<void> {
    const input = response.isProvisional ? 'tu-1xx' : response.isSuccess ? 'tu-2xx' : 'tu-300-699';
    if (this.hasEnded || !INVITE_SERVER_ARCS[this.machine.state][input]) return this.conflict(response);
    this.response = response;
    this.machine.feed(input);
    this.response = undefined;
    return ok(undefined);
  }

  receive(request: SipRequest): void {
    if (this.hasEnded) return;
    if (request.method !== 'ACK') return this.machine.feed('invite');
    this.ack = request;
    this.machine.feed('ack');
    this.ack = undefined;
  }

  /** RFC 3261, 9.2: tells the TU; if it does not answer the INVITE at once, 487 does. */
  cancel(cancel: SipRequest): void {
    if (this.state !== 'proceeding') return;
    this.emit('cancelled', cancel);
    if (this.cancelIsLeftToUser || this.state !== 'proceeding') return;
    this.respond(SipResponse.from(this.request, 487, { toTag: this.toTag }));
  }

  protected transportFailed(): void {
    this.machine.feed('transport-error');
  }

  protected stopTimers(): void {
    this.timers.stopAll();
  }

  private perform(action: InviteServerAction): void {
    const { timers, reliable, patience } = this.bounds();
    switch (action) {
      case 'send-response':
        return this.sendCurrent();
      case 'resend-response':
        return this.resend();
      case 'send-100':
        return this.send(SipResponse.from(this.request, 100));
      case 'stop-trying':
        return this.timers.stop('trying');
      case 'start-G':
        return reliable ? undefined : this.startG();
      case 'double-G':
        this.intervalGMs = Math.min(2 * this.intervalGMs, timers.t2Ms);
        return this.startG();
      case 'start-H':
        return this.timers.start('H', patience, () => this.machine.feed('timer-H'));
      case 'start-I':
        return this.timers.start('I', reliable ? 0 : timers.t4Ms, () => this.machine.feed('timer-I'));
      case 'start-L':
        return this.timers.start('L', patience, () => this.machine.feed('timer-L'));
      case 'stop-G-H':
        this.timers.stop('G');
        return this.timers.stop('H');
      case 'report-ack':
        return this.ack && this.emit('ack', this.ack);
      case 'pass-ack':
        return this.ack && this.passAck(this.ack);
      case 'inform-no-ack':
        return this.emit('timeout');
      case 'inform-transport-error':
        return this.lastFault && this.emit('transport-error', this.lastFault);
      case 'terminate':
        return this.end('completed');
      case 'expire':
        return this.end('timeout');
    }
  }

  private bounds(): { timers: ServerTransactionOptions['timers']; reliable: boolean; patience: number } {
    const { timers, connection } = this.options;
    return { timers, reliable: connection.reliable, patience: patienceMs(timers) };
  }

  private startG(): void {
    this.timers.start('G', this.intervalGMs, () => this.machine.feed('timer-G'));
  }

  private sendCurrent(): void {
    if (this.response) this.send(this.response);
  }
}
