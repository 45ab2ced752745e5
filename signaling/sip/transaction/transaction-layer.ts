/** Matches messages to transactions and makes new ones (RFC 3261, 17). */
import type { Connection } from '../connection';
import type { SipMessage, SipRequest } from '../message';
import type { ClientHandlers, ClientTransaction, TransactionCounts, TransactionLayerOptions } from './types';

export declare class TransactionLayer {
  constructor(options: TransactionLayerOptions);
  /** Takes a message that `parseMessage` or `StreamFramer` accepted. */
  receive(message: SipMessage, connection: Connection): void;
  /** Sends a request in a transaction of its own. Adds the Via with a fresh branch on top. Not for ACK and CANCEL. */
  request(request: SipRequest, connection: Connection, handlers: ClientHandlers): ClientTransaction;
  /** Sends the ACK to a 2xx: adds a Via with a fresh branch, opens no transaction. Call again to repeat `ack`. */
  sendAck(ack: SipRequest, connection: Connection): void;
  /** Ends all transactions and timers without another message. Idempotent. */
  close(): void;
  get counts(): TransactionCounts;
}
