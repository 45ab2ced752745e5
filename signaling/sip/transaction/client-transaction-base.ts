/** What both client transactions share: identity, sending with its errors, and telling the user. */
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import { fail, type Fault } from '../../../base/result';
import type { Connection } from '../connection';
import { NO_BODY, type SipRequest, type SipResponse } from '../message';
import type { ClientHandlers, ClientTransaction, TransactionEnd, TransactionTimers } from './types';

export interface ClientTransactionOptions {
  readonly id: string;
  /** With our Via on top. */
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timers: TransactionTimers;
  readonly handlers: ClientHandlers;
  /** The layer forgets the transaction. */
  readonly onTerminated: (transaction: ClientTransactionBase) => void;
}

export abstract class ClientTransactionBase implements ClientTransaction {
  abstract readonly kind: 'invite' | 'non-invite';
  readonly id: string;
  readonly request: SipRequest;
  readonly connection: Connection;
  private bytes: Buffer;
  private lastFault: Fault | undefined;
  private ended = false;

  constructor(protected readonly options: ClientTransactionOptions) {
    this.id = options.id;
    this.request = options.request;
    this.connection = options.connection;
    this.bytes = options.request.toBuffer();
  }

  /** Sends the request for the first time. Called once, when the layer can already match its responses. */
  abstract start(): void;
  abstract get state(): string;
  abstract cancel(headers?: readonly (readonly [name: string, value: string])[]): void;
  abstract receive(response: SipResponse): void;
  abstract get timerCount(): number;
  /** No answer can come any more by the connection that the request went by. */
  connectionLost(): void {
    if (!this.hasEnded) this.transportFailed();
  }

  protected abstract transportFailed(): void;
  protected abstract stopTimers(): void;

  /** Ends the transaction without another message, as the layer's close does. Idempotent. */
  close(): void {
    this.end('closed');
  }

  protected get hasEnded(): boolean {
    return this.ended;
  }

  /** After a final response: nothing is sent again, and hardly anybody looks at the request any more. */
  protected settle(): void {
    this.bytes = NO_BODY;
    this.request.compact();
  }

  protected sendRequest(): void {
    this.transmit(this.bytes);
  }

  protected transmit(bytes: Buffer): void {
    void this.connection.send(bytes).then((sent) => {
      if (sent.ok || this.ended) return;
      this.lastFault = sent.fault;
      this.transportFailed();
    });
  }

  protected passProvisional(response: SipResponse | undefined): void {
    if (response) this.tell(() => this.options.handlers.onProvisional?.(response));
  }

  protected passFinal(response: SipResponse | undefined): void {
    if (response) this.tell(() => this.options.handlers.onFinal(response));
  }

  protected informTimeout(): void {
    this.tell(() => this.options.handlers.onTimeout());
  }

  protected informTransportError(): void {
    const { fault } = this.lastFault ? { fault: this.lastFault } : fail('unavailable', 'the request could not be sent');
    this.tell(() => this.options.handlers.onTransportError(fault));
  }

  protected end(end: TransactionEnd): void {
    if (this.ended) return;
    this.ended = true;
    this.stopTimers();
    this.options.onTerminated(this);
    this.tell(() => this.options.handlers.onTerminated?.(end));
  }

  /** A handler's exception is reported and contained: the machine goes on. */
  private tell(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.options.log.error({ err: error, transaction: this.id }, 'a handler of a client transaction threw');
    }
  }
}
