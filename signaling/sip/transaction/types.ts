/** The transaction layer as its user (dialogs, registrar, the edge's application protocol) sees it. */
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import type { Fault, Result } from '../../../base/result';
import type { Connection } from '../connection';
import type { SipRequest, SipResponse } from '../message';

/** RFC 3261, 17.1.1.1 and table 4. */
export interface TransactionTimers {
  /** Round-trip estimate; default 500. */
  readonly t1Ms: number;
  /** Longest interval between retransmissions; default 4000. */
  readonly t2Ms: number;
  /** How long a message stays in the network; default 5000. */
  readonly t4Ms: number;
}

/** Why a transaction ended. */
export type TransactionEnd = 'completed' | 'timeout' | 'transport-error' | 'closed';

export interface ServerTransactionEvents {
  /** INVITE only, while no final response was sent. The 200 to the CANCEL is already on its way. */
  cancelled: [cancel: SipRequest];
  /** INVITE only: the ACK to our 300–699 response arrived. */
  ack: [ack: SipRequest];
  /** INVITE only: nobody acknowledged our 300–699 response (Timer H). */
  timeout: [];
  /** A response could not be sent. */
  'transport-error': [fault: Fault];
  /** Last event; the transaction is forgotten. */
  terminated: [end: TransactionEnd];
}

export interface ServerTransaction {
  /** Unique among the live transactions of the layer. */
  readonly id: string;
  readonly kind: 'invite' | 'non-invite';
  /** As received, with `received` and `rport` filled into its top Via. */
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly state: string;
  /** The To tag for responses of this transaction: that of the first tagged response sent, else one made for it. */
  readonly toTag: string;
  /**
   * Sends a response. Of an INVITE, 2xx responses may be repeated until the transaction ends (RFC 6026): repeating them
   * until the ACK arrives is the caller's duty (RFC 3261, 13.3.1.4). Fault `conflict`: a final response was sent before
   * (after a CANCEL the layer has sent 487), or the transaction has ended.
   */
  respond(response: SipResponse): Result<void>;
  /** INVITE only: after a CANCEL the layer answers nothing by itself; the user responds, as a proxy must. */
  leaveCancelToUser(): void;
  on<Name extends keyof ServerTransactionEvents>(
    name: Name,
    listener: (...args: ServerTransactionEvents[Name]) => void,
  ): () => void;
}

/** What happens to a request that we sent. Exactly one of onFinal, onTimeout, onTransportError comes first. */
export interface ClientHandlers {
  /** Called before the request goes out for the first time. */
  onStart?(transaction: ClientTransaction): void;
  /** 100 to 199. */
  onProvisional?(response: SipResponse): void;
  /** 200 to 699. For an INVITE called again for every further 2xx: retransmissions and forks (RFC 6026). */
  onFinal(response: SipResponse): void;
  /** Timer B or F, or no final response in 64*T1 after a CANCEL. Treat it as 408 (RFC 3261, 8.1.3.1). */
  onTimeout(): void;
  /** Treat it as 503 (RFC 3261, 8.1.3.1). */
  onTransportError(fault: Fault): void;
  /** Last call; the transaction is forgotten. */
  onTerminated?(end: TransactionEnd): void;
}

export interface ClientTransaction {
  /** The branch of our Via and the method. */
  readonly id: string;
  readonly kind: 'invite' | 'non-invite';
  /** As sent, with our Via on top. The ACK to a 2xx and a CANCEL are built from it. */
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly state: string;
  /**
   * INVITE only: sends a CANCEL, at once or as soon as a provisional response has come (RFC 3261, 9.1). Idempotent;
   * without effect after a final response. The INVITE still ends with onFinal (487, or a 2xx that won the race).
   */
  cancel(headers?: readonly (readonly [name: string, value: string])[]): void;
}

export interface TransactionLayerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly timers?: Partial<TransactionTimers>;
  /** A request that opens a transaction. ACK and CANCEL never come here. Respond to it sooner or later. */
  onRequest(transaction: ServerTransaction, request: SipRequest): void;
  /**
   * Whether a request that looks like a merged copy of one under way has come back to a proxy on purpose. Left out: none.
   */
  isSpiral?(request: SipRequest): boolean;
  /** An ACK that belongs to no transaction: to a 2xx, matched by dialog. */
  onAck(request: SipRequest, connection: Connection): void;
  /** A response that matches no transaction. Left out: dropped. */
  onStrayResponse?(response: SipResponse, connection: Connection): void;
}

/** Live objects, for leak tests: all zero after `close()`. */
export interface TransactionCounts {
  readonly server: number;
  readonly client: number;
  readonly timers: number;
}
