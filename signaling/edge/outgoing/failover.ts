/**
 * Sends a request to one server of a name after the other (RFC 3263, 4.3): one that does not answer, cannot be reached or
 * answers 503 makes room for the next. Once any response has come, the request stays where it is: it may have taken
 * effect there.
 */
import type { Fault, Result } from '../../../base/result';
import type { Connection, SocketAddress } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import type { ClientHandlers, ClientTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';

export interface Attempts {
  readonly request: SipRequest;
  /** The way to the first server. */
  readonly connection: Connection;
  /** The URI whose servers are tried. */
  readonly target: string;
  readonly onStart?: ((transaction: ClientTransaction) => void) | undefined;
  /** Finds another way to the same peer; left out: one to the next server of `target`. */
  readonly again?: (() => Promise<Result<Connection>>) | undefined;
  readonly onEach: (response: SipResponse, connection: Connection) => void;
  /** Whether nobody wants it to be tried elsewhere any more. */
  readonly isOver: () => boolean;
  /** It goes to another server. */
  readonly onMoved: (transaction: ClientTransaction, connection: Connection) => void;
}

/** Sends the request for the first time. */
export const sendWithFailover = (core: EdgeCore, attempts: Attempts): ClientTransaction =>
  new Failover(core, attempts).send();

/** One object for all attempts, to which a timeout is a 408 and a broken transport a 503 (RFC 3261, 8.1.3.1). */
class Failover implements ClientHandlers {
  private readonly tried: SocketAddress[] = [];
  private connection: Connection;
  private heard = false;

  constructor(
    private readonly core: EdgeCore,
    private readonly attempts: Attempts,
  ) {
    this.connection = attempts.connection;
  }

  send(): ClientTransaction {
    this.tried.push(this.connection.remote);
    return this.core.layer.request(this.attempts.request, this.connection, this);
  }

  onStart(transaction: ClientTransaction): void {
    this.attempts.onStart?.(transaction);
  }

  onProvisional(response: SipResponse): void {
    this.pass(response);
  }

  onFinal(response: SipResponse): void {
    if (response.status === 503) this.goElsewhere(response);
    else this.pass(response);
  }

  onTimeout(): void {
    this.goElsewhere(SipResponse.from(this.attempts.request, 408));
  }

  onTransportError(fault: Fault): void {
    this.goElsewhere(SipResponse.from(this.attempts.request, 503, { reason: fault.message }));
  }

  private pass(response: SipResponse): void {
    this.heard = true;
    if (!response.isProvisional) this.attempts.request.compact();
    this.attempts.onEach(response, this.connection);
  }

  /** @param otherwise what the app hears when there is nowhere else to go. */
  private goElsewhere(otherwise: SipResponse): void {
    const { core, attempts } = this;
    core.hops.avoid(this.connection);
    if (this.heard || attempts.isOver()) return this.pass(otherwise);
    const next = attempts.again?.() ?? core.hops.toUri(attempts.target);
    void next.then((hop) => {
      if (!hop.ok || this.hasTried(hop.value) || attempts.isOver()) return this.pass(otherwise);
      this.connection = hop.value;
      attempts.onMoved(this.send(), hop.value);
    });
  }

  private hasTried({ remote }: Connection): boolean {
    return this.tried.some(({ address, port }) => address === remote.address && port === remote.port);
  }
}
