/** What both server transactions share: identity, events, the To tag, and sending with its errors. */
import type { Clock } from '../../../base/clock';
import { TypedEmitter } from '../../../base/emitter';
import { newToken } from '../../../base/ids';
import type { Logger } from '../../../base/log';
import { fail, type Fault, type Result } from '../../../base/result';
import type { Connection } from '../connection';
import type { SipRequest, SipResponse } from '../message';
import { responsePath } from '../via-stamp';
import type { ServerTransaction, ServerTransactionEvents, TransactionEnd, TransactionTimers } from './types';

export interface ServerTransactionOptions {
  readonly id: string;
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timers: TransactionTimers;
  /** The layer forgets the transaction. */
  readonly onTerminated: (transaction: ServerTransactionBase) => void;
  /** What copies of the request on other ways have in common with it; see `mergeKey`. */
  readonly merged: string | undefined;
}

export abstract class ServerTransactionBase implements ServerTransaction {
  abstract readonly kind: 'invite' | 'non-invite';
  readonly id: string;
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly merged: string | undefined;
  private readonly path: Connection;
  private readonly events: TypedEmitter<ServerTransactionEvents>;
  private tag: string | undefined;
  private lastResponse: Buffer | undefined;
  private ended = false;
  protected cancelIsLeftToUser = false;

  constructor(protected readonly options: ServerTransactionOptions) {
    this.id = options.id;
    this.request = options.request;
    this.connection = options.connection;
    this.merged = options.merged;
    this.path = responsePath(options.request, options.connection);
    this.events = new TypedEmitter(options.log);
    this.tag = options.request.to.tag;
  }

  abstract get state(): string;
  abstract respond(response: SipResponse): Result<void>;
  /** A retransmission of the request, or an ACK. */
  abstract receive(request: SipRequest): void;
  abstract get timerCount(): number;
  protected abstract transportFailed(): void;
  protected abstract stopTimers(): void;

  get toTag(): string {
    this.tag ??= newToken(9);
    return this.tag;
  }

  leaveCancelToUser(): void {
    this.cancelIsLeftToUser = true;
  }

  on<Name extends keyof ServerTransactionEvents>(
    name: Name,
    listener: (...args: ServerTransactionEvents[Name]) => void,
  ): () => void {
    return this.events.on(name, listener);
  }

  /** Ends the transaction without another message, as the layer's close does. Idempotent. */
  close(): void {
    this.end('closed');
  }

  protected get hasEnded(): boolean {
    return this.ended;
  }

  protected emit<Name extends keyof ServerTransactionEvents>(name: Name, ...args: ServerTransactionEvents[Name]): void {
    this.events.emit(name, ...args);
  }

  protected conflict(response: SipResponse): Result<void> {
    const { method, callId } = this.request;
    return fail(
      'conflict',
      `the ${method} ${callId} cannot be answered with ${response.status}: its transaction is ${this.state}`,
    );
  }

  /** Remembers the response for retransmission and sends it. */
  protected send(response: SipResponse): void {
    this.tag ??= response.to.tag;
    this.lastResponse = response.toBuffer();
    this.transmit(this.lastResponse);
  }

  /** Sends the last response again, if there was one. */
  protected resend(): void {
    if (this.lastResponse) this.transmit(this.lastResponse);
  }

  protected end(end: TransactionEnd): void {
    if (this.ended) return;
    this.ended = true;
    this.stopTimers();
    this.options.onTerminated(this);
    this.emit('terminated', end);
    this.events.removeAll();
  }

  private transmit(bytes: Buffer): void {
    void this.path.send(bytes).then((sent) => {
      if (!sent.ok) this.failed(sent.fault);
    });
  }

  private failed(fault: Fault): void {
    if (this.ended) return;
    this.lastFault = fault;
    this.transportFailed();
  }

  /** The fault that the machine's `inform-transport-error` reports. */
  protected lastFault: Fault | undefined;
}
