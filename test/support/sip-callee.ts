/** A telephone that a test call rings: signaling/sip's transactions on real sockets, told by the test what to answer. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { ok } from '../../base/result';
import type { Connection } from '../../signaling/sip/connection';
import type { SipResponse as Answer } from '../../signaling/sip/message';
import { SipRequest, SipResponse } from '../../signaling/sip/message';
import { parseMessage } from '../../signaling/sip/parse';
import { StreamFramer } from '../../signaling/sip/stream-framer';
import { TransactionLayer } from '../../signaling/sip/transaction/transaction-layer';
import type { ServerTransaction } from '../../signaling/sip/transaction/types';
import { until } from './wait';

export class SipCallee {
  /** Requests that opened a transaction, in order. */
  readonly transactions: ServerTransaction[] = [];
  readonly acks: SipRequest[] = [];
  cancelled = false;
  port = 0;
  /** Answers what comes, but BYE; without it OPTIONS are answered, too. */
  onRequest: ((transaction: ServerTransaction) => void) | undefined;
  private cseq = 100;
  private readonly layer = new TransactionLayer({
    clock: systemClock,
    log: silentLogger(),
    timers: { t1Ms: 100 },
    onRequest: (transaction, request) => {
      this.transactions.push(transaction);
      transaction.on('cancelled', () => (this.cancelled = true));
      const { method } = request;
      if (method !== 'BYE' && this.onRequest) this.onRequest(transaction);
      else if (method === 'BYE' || method === 'OPTIONS') this.respond(transaction, 200);
    },
    onAck: (ack) => void this.acks.push(ack),
  });
  private closing: Promise<void> | undefined;
  private stop: () => Promise<void> = () => Promise.resolve();

  static async listen(transport: 'udp' | 'tcp'): Promise<SipCallee> {
    const callee = new SipCallee();
    await (transport === 'udp' ? callee.listenUdp() : callee.listenTcp());
    return callee;
  }

  /** The transaction of this method's n-th request, as soon as it has come. */
  async request(method: string, n = 0): Promise<ServerTransaction> {
    return until(
      `${method} number ${n}`,
      () => this.transactions.filter(({ request }) => request.method === method)[n],
    );
  }

  respond(transaction: ServerTransaction, status: number, sdp?: string): void {
    transaction.respond(this.response(transaction, status, sdp));
  }

  response(transaction: ServerTransaction, status: number, sdp?: string): Answer {
    const headers: [string, string][] = [['Contact', `<sip:callee@127.0.0.1:${this.port}>`]];
    if (sdp !== undefined) headers.push(['Content-Type', 'application/sdp']);
    const body = sdp === undefined ? undefined : Buffer.from(sdp);
    return SipResponse.from(transaction.request, status, { toTag: transaction.toTag, headers, body });
  }

  /** Sends a request within the dialog that the INVITE made; resolves with the final response. */
  send(method: string, invite: ServerTransaction, options: { sdp?: string; headers?: [string, string][] } = {}) {
    const { request, connection, toTag } = invite;
    const sent = new SipRequest({ method, uri: request.contacts[0]?.uri.toString() ?? '' });
    sent.append('From', request.to.withTag(toTag).toString());
    sent.append('To', request.get('From') ?? '');
    sent.append('Call-ID', request.callId);
    sent.append('CSeq', `${++this.cseq} ${method}`);
    sent.append('Contact', `<sip:callee@127.0.0.1:${this.port}>`);
    for (const [name, value] of options.headers ?? []) sent.append(name, value);
    if (options.sdp !== undefined) {
      sent.append('Content-Type', 'application/sdp');
      sent.body = Buffer.from(options.sdp);
    }
    return new Promise<Answer>((resolve, reject) => {
      const lost = (): void => reject(new Error(`${method} was not answered`));
      this.layer.request(sent, connection, { onFinal: resolve, onTimeout: lost, onTransportError: lost });
    });
  }

  /** Acknowledges the answer to a re-INVITE. */
  async ack(invite: ServerTransaction, answer: Answer): Promise<void> {
    const ack = new SipRequest({ method: 'ACK', uri: invite.request.contacts[0]?.uri.toString() ?? '' });
    for (const name of ['From', 'To', 'Call-ID']) ack.append(name, answer.get(name) ?? '');
    ack.append('CSeq', `${answer.cseq.number} ACK`);
    await this.layer.sendAck(ack, invite.connection);
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.layer.close();
    return (this.closing ??= this.stop());
  }

  private async listenUdp(): Promise<void> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    this.port = socket.address().port;
    socket.on('message', (datagram, peer) => {
      const parsed = parseMessage(datagram);
      if (!parsed.ok) throw new Error(parsed.fault.message);
      const remote = { address: peer.address, port: peer.port };
      const local = { address: '127.0.0.1', port: this.port };
      const connection: Connection = {
        ...{ protocol: 'udp', reliable: false, local, remote },
        send: (bytes) =>
          new Promise((resolve) => socket.send(bytes, peer.port, peer.address, () => resolve(ok(undefined)))),
      };
      this.layer.receive(parsed.value, connection);
    });
    this.stop = () => new Promise((resolve) => socket.close(() => resolve()));
  }

  private async listenTcp(): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      const connection: Connection = {
        ...{ protocol: 'tcp', reliable: true, local: { address: '127.0.0.1', port: this.port } },
        remote: { address: '127.0.0.1', port: socket.remotePort ?? 0 },
        send: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve(ok(undefined)))),
      };
      const framer = new StreamFramer();
      socket.on('data', (chunk: Buffer) => {
        for (const event of framer.push(chunk)) {
          if (event.kind !== 'message') throw new Error(`the caller sent ${event.kind}`);
          this.layer.receive(event.message, connection);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.stop = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    };
  }
}
