/** A SIP user agent on a raw socket: what the other end of the wire looks like to the edge. Test code only. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { SipRequest, SipResponse } from '../../../signaling/sip/message';
import type { SipMessage } from '../../../signaling/sip/message';
import { parseMessage } from '../../../signaling/sip/parse';
import { StreamFramer } from '../../../signaling/sip/stream-framer';

export type PeerTransport = 'udp' | 'tcp' | 'ws';

interface Wire {
  /** host:port to write into Via and Contact. */
  readonly self: string;
  send(bytes: Buffer): void;
  close(): Promise<void>;
}

export interface PeerOptions {
  readonly transport: PeerTransport;
  readonly address: string;
  readonly port: number;
  /** TCP only: waits for the edge's connection instead of opening one. */
  readonly listens?: boolean;
  /** UDP only: the address to send from; default 127.0.0.1. */
  readonly from?: string;
  /** WebSocket only: the X-Forwarded-For header. */
  readonly forwardedFor?: string;
}

const WAIT_MS = 4_000;

/** Sends requests and responses it is told to, keeps everything that arrives, and answers nothing by itself. */
export class SipPeer {
  readonly user = `peer-${randomUUID().slice(0, 8)}`;
  private readonly inbox: SipMessage[] = [];
  private readonly waiting = new Set<() => void>();
  private wire!: Wire;
  private closing: Promise<void> | undefined;

  private constructor(readonly options: PeerOptions) {}

  static async open(options: PeerOptions): Promise<SipPeer> {
    const peer = new SipPeer(options);
    peer.wire = await openWire(options, (message) => peer.onMessage(message));
    return peer;
  }

  get self(): string {
    return this.wire.self;
  }

  get contact(): string {
    const { transport } = this.options;
    return `<sip:${this.user}@${this.self}${transport === 'udp' ? '' : `;transport=${transport}`}>`;
  }

  /** Messages that arrived and were not taken yet. */
  get pending(): readonly SipMessage[] {
    return this.inbox;
  }

  close(): Promise<void> {
    this.closing ??= this.wire.close();
    return this.closing;
  }

  send(message: SipMessage): void {
    this.wire.send(message.toBuffer());
  }

  sendRaw(text: string): void {
    this.wire.send(Buffer.from(text));
  }

  /** A request outside of a dialog. */
  request(method: string, uri: string, extra: Record<string, string> = {}): SipRequest {
    const request = new SipRequest({ method, uri });
    request.append('Via', this.via());
    request.append('Max-Forwards', '70');
    request.append('From', `"Peer" <sip:${this.user}@example.com>;tag=${randomUUID().slice(0, 8)}`);
    request.append('To', `<${uri}>`);
    request.append('Call-ID', randomUUID());
    request.append('CSeq', `1 ${method}`);
    if (method === 'INVITE' || method === 'REGISTER') request.append('Contact', this.contact);
    for (const [name, value] of Object.entries(extra)) request.set(name, value);
    return request;
  }

  invite(uri: string, sdp: string | undefined = OFFER, extra: Record<string, string> = {}): SipRequest {
    const invite = this.request('INVITE', uri, extra);
    if (sdp !== undefined) {
      invite.append('Content-Type', 'application/sdp');
      invite.body = Buffer.from(sdp);
    }
    return invite;
  }

  /** A request within the dialog that `response` to our `invite` made. */
  within(invite: SipRequest, response: SipResponse, method: string, cseq = 2): SipRequest {
    const request = new SipRequest({ method, uri: response.contacts[0]?.uri.toString() ?? invite.uri });
    request.append('Via', this.via());
    for (const route of response.getAll('Record-Route').reverse()) request.append('Route', route);
    request.append('Max-Forwards', '70');
    request.append('From', invite.get('From') ?? '');
    request.append('To', response.get('To') ?? '');
    request.append('Call-ID', invite.callId);
    request.append('CSeq', `${method === 'ACK' ? invite.cseq.number : cseq} ${method}`);
    if (method === 'INVITE') request.append('Contact', this.contact);
    return request;
  }

  /** A request within the dialog that our `response` to their `invite` made. */
  withinTheirs(
    invite: SipRequest,
    response: SipResponse,
    { method, cseq }: { method: string; cseq: number },
  ): SipRequest {
    const request = new SipRequest({ method, uri: invite.contacts[0]?.uri.toString() ?? '' });
    request.append('Via', this.via());
    request.append('Max-Forwards', '70');
    request.append('From', response.get('To') ?? '');
    request.append('To', invite.get('From') ?? '');
    request.append('Call-ID', invite.callId);
    request.append('CSeq', `${cseq} ${method}`);
    if (method === 'INVITE') request.append('Contact', this.contact);
    return request;
  }

  cancelOf(invite: SipRequest): SipRequest {
    const cancel = new SipRequest({ method: 'CANCEL', uri: invite.uri });
    for (const name of ['Via', 'From', 'To', 'Call-ID']) cancel.append(name, invite.get(name) ?? '');
    cancel.append('Max-Forwards', '70');
    cancel.append('CSeq', `${invite.cseq.number} CANCEL`);
    return cancel;
  }

  /** The ACK to a final response other than 2xx: on the INVITE's branch. */
  ackOf(invite: SipRequest, response: SipResponse): SipRequest {
    const ack = this.cancelOf(invite);
    ack.method = 'ACK';
    ack.set('To', response.get('To') ?? '');
    ack.set('CSeq', `${invite.cseq.number} ACK`);
    return ack;
  }

  response(request: SipRequest, status: number, sdp?: string, headers: [string, string][] = []): SipResponse {
    const response = SipResponse.from(request, status, { headers });
    if (status > 100 && status < 300 && request.method === 'INVITE') {
      for (const route of request.getAll('Record-Route')) response.append('Record-Route', route);
      response.append('Contact', this.contact);
    }
    if (sdp !== undefined) {
      response.append('Content-Type', 'application/sdp');
      response.body = Buffer.from(sdp);
    }
    return response;
  }

  /** Sends an INVITE and acknowledges its 200, which it resolves with. */
  async connect(invite: SipRequest): Promise<SipResponse> {
    this.send(invite);
    const ok = await this.nextResponse(200);
    this.send(this.within(invite, ok, 'ACK'));
    return ok;
  }

  /** Takes the CANCEL of an INVITE that rings here, and ends the INVITE by it. */
  async takeCancel(invite: SipRequest): Promise<SipRequest> {
    const cancel = await this.nextRequest('CANCEL');
    this.send(this.response(cancel, 200));
    this.send(this.response(invite, 487));
    return cancel;
  }

  via(): string {
    return `SIP/2.0/${this.options.transport.toUpperCase()} ${this.self};branch=z9hG4bK${randomUUID()};rport`;
  }

  async nextRequest(method: string, waitMs = WAIT_MS): Promise<SipRequest> {
    const message = await this.next((one) => one.kind === 'request' && one.method === method, method, waitMs);
    return message as SipRequest;
  }

  async nextResponse(status: number): Promise<SipResponse> {
    const message = await this.next((one) => one.kind === 'response' && one.status === status, String(status));
    return message as SipResponse;
  }

  /** The next message that fits; those before it stay. */
  private next(fits: (message: SipMessage) => boolean, what: string, waitMs = WAIT_MS): Promise<SipMessage> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const at = this.inbox.findIndex(fits);
        if (at < 0) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(this.inbox.splice(at, 1)[0] as SipMessage);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        const seen = this.inbox.map((one) => (one.kind === 'request' ? one.method : one.status)).join(', ');
        reject(new Error(`no ${what} arrived; what did: ${seen || 'nothing'}`));
      }, waitMs);
      this.waiting.add(look);
      look();
    });
  }

  private onMessage(message: SipMessage): void {
    this.inbox.push(message);
    for (const look of [...this.waiting]) look();
  }
}

export const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 8',
  'a=sendrecv',
  '',
].join('\r\n');

export const ANSWER = OFFER.replace('40000', '50000');

/** Our own address: unless given the loopback of the server's family. */
const homeOf = ({ address, from }: PeerOptions): string => from ?? (address.includes(':') ? '::1' : '127.0.0.1');

const hostport = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

type OnMessage = (message: SipMessage) => void;

const openWire = (options: PeerOptions, onMessage: OnMessage): Promise<Wire> => {
  switch (options.transport) {
    case 'udp':
      return openUdp(options, onMessage);
    case 'tcp':
      return options.listens ? listenTcp(options, onMessage) : openTcp(options, onMessage);
    case 'ws':
      return openWs(options, onMessage);
  }
};

const receiveOne = (bytes: Buffer, onMessage: OnMessage): void => {
  const parsed = parseMessage(bytes);
  if (parsed.ok) onMessage(parsed.value);
};

const openUdp = async (options: PeerOptions, onMessage: OnMessage): Promise<Wire> => {
  const home = homeOf(options);
  const socket = createSocket(home.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (bytes) => receiveOne(bytes, onMessage));
  await new Promise<void>((resolve) => socket.bind(0, home, resolve));
  return {
    self: hostport(home, socket.address().port),
    send: (bytes) => socket.send(bytes, options.port, options.address),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
};

const readStream = (socket: Socket, onMessage: OnMessage): void => {
  const framer = new StreamFramer();
  socket.on('data', (chunk: Buffer) => {
    for (const event of framer.push(chunk)) if (event.kind === 'message') onMessage(event.message);
  });
  socket.on('error', () => undefined);
};

const openTcp = async (options: PeerOptions, onMessage: OnMessage): Promise<Wire> => {
  const socket = connect(options.port, options.address);
  readStream(socket, onMessage);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const { port } = socket.address() as AddressInfo;
  return {
    self: hostport(homeOf(options), port),
    send: (bytes) => void socket.write(bytes),
    close: async () => void socket.destroy(),
  };
};

const listenTcp = async (options: PeerOptions, onMessage: OnMessage): Promise<Wire> => {
  let latest: Socket | undefined;
  const server = createServer((socket) => {
    latest = socket;
    readStream(socket, onMessage);
  });
  await new Promise<void>((resolve) => server.listen(0, homeOf(options), resolve));
  return {
    self: hostport(homeOf(options), (server.address() as AddressInfo).port),
    send: (bytes) => void latest?.write(bytes),
    close: () => {
      latest?.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

const openWs = async (options: PeerOptions, onMessage: OnMessage): Promise<Wire> => {
  const headers = options.forwardedFor === undefined ? {} : { 'X-Forwarded-For': options.forwardedFor };
  const socket = new WebSocket(`ws://${options.address}:${options.port}`, 'sip', { headers });
  socket.on('message', (data: Buffer) => receiveOne(data, onMessage));
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    self: `${randomUUID().slice(0, 12)}.invalid`,
    send: (bytes) => socket.send(bytes.toString('utf8')),
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
};
