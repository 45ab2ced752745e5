/**
 * Matches messages to transactions and makes new ones (RFC 3261, 17; RFC 6026).
 *
 *     request ──► known transaction? ──► its machine
 *        │            ACK of a 2xx ──► onAck          CANCEL ──► 200, and 'cancelled' on its INVITE (else 481)
 *        │            merged copy ──► 482
 *        └──► new server transaction ──► onRequest
 *     response ──► known transaction? ──► its machine, else onStrayResponse
 */
import type { Result } from '../../../base/result';
import type { Connection } from '../connection';
import { type SipMessage, type SipRequest, SipResponse } from '../message';
import type { SipFault } from '../parse';
import { makeVia, stampReceived } from '../via-stamp';
import type { ClientTransactionBase, ClientTransactionOptions } from './client-transaction-base';
import { InviteClientTransaction } from './invite-client-transaction';
import { InviteServerTransaction } from './invite-server-transaction';
import { clientKey, mergeKey, serverKey } from './keys';
import { NonInviteClientTransaction } from './non-invite-client-transaction';
import { NonInviteServerTransaction } from './non-invite-server-transaction';
import type { ServerTransactionBase, ServerTransactionOptions } from './server-transaction-base';
import { DEFAULT_TIMERS } from './timers';
import type {
  ClientHandlers,
  ClientTransaction,
  TransactionCounts,
  TransactionLayerOptions,
  TransactionTimers,
} from './types';

export class TransactionLayer {
  private readonly timers: TransactionTimers;
  private readonly servers = new Map<string, ServerTransactionBase>();
  private readonly clients = new Map<string, ClientTransactionBase>();
  private readonly merges = new Map<string, ServerTransactionBase>();
  private closed = false;

  constructor(private readonly options: TransactionLayerOptions) {
    this.timers = { ...DEFAULT_TIMERS, ...options.timers };
  }

  /** Takes a message that `parseMessage` or `StreamFramer` accepted. */
  receive(message: SipMessage, connection: Connection): void {
    if (this.closed) return;
    if (message.kind === 'response') this.receiveResponse(message, connection);
    else this.receiveRequest(message, connection);
  }

  /** Answers a request that could not be parsed, without a transaction, if it can be answered at all. */
  receiveFault(fault: SipFault, connection: Connection): void {
    this.options.log.info({ status: fault.status, reason: fault.message, ...peerOf(connection) }, 'refused a message');
    if (this.closed || !fault.partial) return;
    const reason = fault.status === 400 ? oneLine(`Bad Request: ${fault.message}`) : undefined;
    this.sendAndForget(SipResponse.from(fault.partial, fault.status, { reason }), connection);
  }

  /** Sends a request in a transaction of its own. Adds the Via with a fresh branch on top. Not for ACK and CANCEL. */
  request(request: SipRequest, connection: Connection, handlers: ClientHandlers): ClientTransaction {
    const sent = request.clone();
    sent.prepend('Via', makeVia(connection).toString());
    if (!sent.has('Max-Forwards')) sent.append('Max-Forwards', '70');
    return this.openClient(sent, connection, handlers);
  }

  /** Sends a request that has our Via on top already, as a proxy makes it, in a transaction of its own. */
  forward(request: SipRequest, connection: Connection, handlers: ClientHandlers): ClientTransaction {
    return this.openClient(request.clone(), connection, handlers);
  }

  /**
   * Goes on with an INVITE that a former process has sent, and that its peer has heard of: nothing is sent, responses and
   * {@link ClientTransaction.cancel} find it.
   */
  adopt(invite: SipRequest, connection: Connection, handlers: ClientHandlers): ClientTransaction {
    const transaction = this.addClient(invite, connection, handlers);
    transaction.receive(SipResponse.from(invite, 100));
    return transaction;
  }

  /** Sends the ACK to a 2xx: adds a Via with a fresh branch, opens no transaction. */
  sendAck(ack: SipRequest, connection: Connection): Promise<Result<void>> {
    const sent = ack.clone();
    sent.prepend('Via', makeVia(connection).toString());
    if (!sent.has('Max-Forwards')) sent.append('Max-Forwards', '70');
    return connection.send(sent.toBuffer());
  }

  /**
   * A connection has closed by which its peer alone could have answered, as a browser's: a BYE that went by it without
   * an answer has failed at once, instead of after Timer F, so that it can go by the next one.
   */
  connectionLost(connection: Connection): void {
    for (const client of this.clients.values()) {
      if (client.connection === connection && client.request.method === 'BYE') client.connectionLost();
    }
  }

  /** Ends all transactions and timers without another message. Idempotent; later messages are dropped. */
  close(): void {
    this.closed = true;
    for (const transaction of [...this.servers.values(), ...this.clients.values()]) transaction.close();
  }

  get counts(): TransactionCounts {
    let timers = 0;
    for (const transaction of this.servers.values()) timers += transaction.timerCount;
    for (const transaction of this.clients.values()) timers += transaction.timerCount;
    return { server: this.servers.size, client: this.clients.size, timers };
  }

  /** Whether a request belongs to a transaction that exists: repeats it, acknowledges it or cancels it. */
  holds(request: SipRequest): boolean {
    if (this.servers.has(serverKey(request))) return true;
    return request.method === 'CANCEL' && this.servers.has(serverKey(request, 'INVITE'));
  }

  private receiveResponse(response: SipResponse, connection: Connection): void {
    const transaction = this.clients.get(clientKey(response));
    if (transaction) transaction.receive(response);
    else this.options.onStrayResponse?.(response, connection);
  }

  private receiveRequest(request: SipRequest, connection: Connection): void {
    const key = serverKey(request);
    const known = this.servers.get(key);
    const inviteKey = request.method === 'CANCEL' ? serverKey(request, 'INVITE') : undefined;
    stampReceived(request, connection);
    if (known && this.belongs(request, known)) return known.receive(request);
    if (request.method === 'ACK') return this.options.onAck(request, connection);
    const merged = mergeKey(request);
    const transaction = this.openServer({ id: key, request, connection, merged });
    if (inviteKey !== undefined) return this.receiveCancel(transaction, inviteKey);
    if (merged !== undefined && !this.options.isSpiral?.(request)) {
      if (this.merges.has(merged)) return this.answer(transaction, 482);
      this.merges.set(merged, transaction);
    }
    this.offer(transaction);
  }

  /** RFC 3261, 17.2.3: an RFC 2543 agent's ACK must carry the To tag of our response, too. */
  private belongs(request: SipRequest, known: ServerTransactionBase): boolean {
    return request.method !== 'ACK' || request.topVia.hasMagicBranch || request.to.tag === known.toTag;
  }

  private offer(transaction: ServerTransactionBase): void {
    try {
      this.options.onRequest(transaction, transaction.request);
    } catch (error) {
      this.options.log.error({ err: error, transaction: transaction.id }, 'the user of the transaction layer threw');
      this.answer(transaction, 500);
    }
  }

  private receiveCancel(transaction: ServerTransactionBase, inviteKey: string): void {
    const invite = this.servers.get(inviteKey);
    if (!(invite instanceof InviteServerTransaction)) return this.answer(transaction, 481);
    // RFC 3261, 9.2: "the To tag of the response to the CANCEL and the To tag in the response to the original request
    // SHOULD be the same."
    transaction.respond(SipResponse.from(transaction.request, 200, { toTag: invite.toTag }));
    invite.cancel(transaction.request);
  }

  private answer(transaction: ServerTransactionBase, status: number): void {
    transaction.respond(SipResponse.from(transaction.request, status, { toTag: transaction.toTag }));
  }

  private openServer(
    of: Pick<ServerTransactionOptions, 'id' | 'request' | 'connection' | 'merged'>,
  ): ServerTransactionBase {
    const { clock, log, onAck } = this.options;
    const { id, request, connection, merged } = of;
    const { timers, onServerTerminated: onTerminated } = this;
    const options = { id, request, connection, merged, clock, log, timers, onTerminated };
    const transaction: ServerTransactionBase =
      request.method === 'INVITE'
        ? new InviteServerTransaction(options, (ack) => onAck(ack, connection))
        : new NonInviteServerTransaction(options);
    this.servers.set(id, transaction);
    return transaction;
  }

  private readonly onServerTerminated = (transaction: ServerTransactionBase): void => {
    if (this.servers.get(transaction.id) === transaction) this.servers.delete(transaction.id);
    const { merged } = transaction;
    if (merged !== undefined && this.merges.get(merged) === transaction) this.merges.delete(merged);
  };

  private openClient(request: SipRequest, connection: Connection, handlers: ClientHandlers): ClientTransactionBase {
    const transaction = this.addClient(request, connection, handlers);
    handlers.onStart?.(transaction);
    transaction.start();
    return transaction;
  }

  private addClient(request: SipRequest, connection: Connection, handlers: ClientHandlers): ClientTransactionBase {
    const { clock, log } = this.options;
    const { timers, onClientTerminated: onTerminated } = this;
    const id = clientKey(request);
    const options: ClientTransactionOptions = { id, request, connection, clock, log, handlers, timers, onTerminated };
    const transaction =
      request.method === 'INVITE'
        ? new InviteClientTransaction(options, (cancel) => this.sendCancel(cancel, connection))
        : new NonInviteClientTransaction(options);
    this.clients.set(id, transaction);
    return transaction;
  }

  private readonly onClientTerminated = (transaction: ClientTransactionBase): void =>
    void this.clients.delete(transaction.id);

  /** The answer to a CANCEL changes nothing: the INVITE's own final response does (RFC 3261, 9.1). */
  private sendCancel(cancel: SipRequest, connection: Connection): void {
    const ignore = (): void => undefined;
    this.openClient(cancel, connection, { onFinal: ignore, onTimeout: ignore, onTransportError: ignore });
  }

  private sendAndForget(response: SipResponse, connection: Connection): void {
    void connection.send(response.toBuffer()).then((sent) => {
      if (!sent.ok) this.options.log.info({ reason: sent.fault.message, ...peerOf(connection) }, 'a response was lost');
    });
  }
}

const peerOf = (connection: Connection): { peer: string; protocol: string } => ({
  peer: `${connection.remote.address}:${connection.remote.port}`,
  protocol: connection.protocol,
});

const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 120);
