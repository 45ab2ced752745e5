/** What the transports need of the server behind them. */
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import type { Connection, TransportProtocol } from '../../sip/connection';
import type { SipMessage } from '../../sip/message';
import type { SipFault } from '../../sip/parse';
import { parseMessage } from '../../sip/parse';
import type { StreamConnection, StreamTable } from './stream-table';

export interface TransportLimits {
  /** Longer SIP messages are refused. */
  readonly maxMessageBytes: number;
  /** Streams and WebSockets open at the same time; further ones are refused. */
  readonly maxConnections: number;
  /** Of these, from one source that is neither known nor a peer of an app. */
  readonly maxConnectionsPerSource: number;
  /** A peer that reads so slowly that more than this waits to be sent is disconnected. */
  readonly maxUnsentBytes: number;
  /** A stream that carries nothing at all for so long is closed. */
  readonly idleTimeoutMs: number;
  /** A peer that connects must send its first message within this time, and finish each that it begins. */
  readonly messageTimeoutMs: number;
  /** How often a WebSocket is pinged; without an answer until the next ping it is closed. */
  readonly pingPeriodMs: number;
  readonly connectTimeoutMs: number;
}

export type ConnectionRefusal = 'banned' | 'too many connections' | 'too many connections of this source';

export interface TransportDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: TransportLimits;
  readonly streams: StreamTable;
  /** Whether nothing is to be taken from this address. */
  readonly isBanned: (address: string) => boolean;
  /** Why a connection from this address is not taken; undefined when it is. */
  readonly connectionRefusal: (address: string, protocol: TransportProtocol) => ConnectionRefusal | undefined;
  /** `pieces` are the bytes of which the message was read. */
  readonly onMessage: (message: SipMessage, connection: Connection, pieces: readonly Buffer[]) => void;
  /** Called with each whole message that is sent. */
  readonly onSend: (bytes: Buffer, connection: Connection) => void;
  /** Called with what could not be read; the transport goes on, or closes a stream that it cannot follow. */
  readonly onFault: (fault: SipFault, connection: Connection) => void;
  readonly onConnectionClosed: (connection: StreamConnection) => void;
}

/** Reads the one message that a datagram or a WebSocket message holds, and passes it on. */
export const receiveWhole = (deps: TransportDependencies, bytes: Buffer, connection: Connection): void => {
  const parsed = parseMessage(bytes);
  if (parsed.ok) deps.onMessage(parsed.value, connection, [bytes]);
  else deps.onFault(parsed.fault, connection);
};
