/**
 * The caller's way to one SIP server. Its UDP socket is connected, so that the system reports at once when nobody
 * listens there, instead of leaving the caller to wait for Timer B.
 */
import { createSocket } from 'node:dgram';
import { connect as connectTcp } from 'node:net';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Connection, SocketAddress } from '../../signaling/sip/connection';
import type { SipMessage } from '../../signaling/sip/message';
import { parseMessage } from '../../signaling/sip/parse';
import { StreamFramer } from '../../signaling/sip/stream-framer';

export type LineTransport = 'udp' | 'tcp';

const CONNECT_TIMEOUT_MS = 5_000;

export interface SipLineOptions {
  readonly transport: LineTransport;
  /** An IP address. */
  readonly remote: SocketAddress;
  readonly clock: Clock;
  /** Nobody at the other end for a moment is no loss. */
  readonly isPatient?: boolean;
  readonly onMessage: (message: SipMessage, connection: Connection) => void;
  /** Bytes that are no SIP message; the line goes on. */
  readonly onMalformed: (reason: string) => void;
  /** The server is gone or was never there. */
  readonly onLost: (reason: string) => void;
}

export interface SipLine {
  readonly connection: Connection;
  /** Idempotent. */
  close(): void;
}

/** Fails with `unavailable` when no connection comes about. */
export const openSipLine = (options: SipLineOptions): Promise<Result<SipLine>> =>
  options.transport === 'udp' ? openUdp(options) : openTcp(options);

const openUdp = ({ remote, isPatient, onMessage, onMalformed, onLost }: SipLineOptions): Promise<Result<SipLine>> =>
  new Promise((resolve) => {
    const socket = createSocket(remote.address.includes(':') ? 'udp6' : 'udp4');
    let closed = false;
    const close = (): void => {
      if (!closed) socket.close();
      closed = true;
    };
    socket.on('error', (error) => {
      resolve(fail('unavailable', messageOf(error), error));
      if (!closed && !isPatient) onLost(messageOf(error));
    });
    socket.connect(remote.port, remote.address, () => {
      const { address, port } = socket.address();
      const connection: Connection = {
        protocol: 'udp',
        local: { address, port },
        remote,
        reliable: false,
        send: (bytes) => {
          if (closed) return Promise.resolve(fail('closed', 'the line is closed'));
          return new Promise((sent) => {
            socket.send(bytes, (error) =>
              sent(error && !isPatient ? fail('unavailable', error.message, error) : ok(undefined)),
            );
          });
        },
      };
      socket.on('message', (datagram) => {
        const parsed = parseMessage(datagram);
        if (parsed.ok) onMessage(parsed.value, connection);
        else onMalformed(parsed.fault.message);
      });
      resolve(ok({ connection, close }));
    });
  });

const openTcp = (options: SipLineOptions): Promise<Result<SipLine>> =>
  new Promise((resolve) => {
    const { remote, clock, onLost } = options;
    const socket = connectTcp({ host: remote.address, port: remote.port, noDelay: true });
    let closed = false;
    const close = (): void => {
      closed = true;
      socket.destroySoon();
    };
    const impatience = clock.after(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no answer within 5 seconds')));
    socket.on('error', (error) => {
      resolve(fail('unavailable', messageOf(error), error));
    });
    socket.on('close', () => {
      impatience.cancel();
      if (!closed) onLost('the server closed the connection');
      closed = true;
    });
    socket.once('connect', () => {
      impatience.cancel();
      const connection: Connection = {
        protocol: 'tcp',
        local: { address: socket.localAddress ?? remote.address, port: socket.localPort ?? 0 },
        remote,
        reliable: true,
        send: (bytes) =>
          new Promise((sent) => {
            socket.write(bytes, (error) => sent(error ? fail('unavailable', error.message, error) : ok(undefined)));
          }),
      };
      const framer = new StreamFramer();
      socket.on('data', (chunk: Buffer) => readStream({ chunk, framer, connection, options, close }));
      resolve(ok({ connection, close }));
    });
  });

const readStream = (stream: {
  chunk: Buffer;
  framer: StreamFramer;
  connection: Connection;
  options: SipLineOptions;
  close: () => void;
}): void => {
  const { chunk, framer, connection, options, close } = stream;
  for (const event of framer.push(chunk)) {
    if (event.kind === 'message') options.onMessage(event.message, connection);
    else if (event.kind === 'ping') void connection.send(Buffer.from('\r\n'));
    else if (event.kind === 'fault') options.onMalformed(event.fault.message);
    else if (event.kind === 'broken') {
      close();
      options.onLost(event.fault.message);
    }
  }
};
