/**
 * The far end of the desk's SIP WebSocket: a registrar with digest authentication and a caller that sends INVITE. Only
 * what tests of the desk need, and independent of the product's own SIP stack, which therefore proves nothing to itself.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

const CRLF = '\r\n';
const REALM = 'switchroom.test';

interface Message {
  readonly start: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

const parse = (text: string): Message => {
  const [head = '', ...rest] = text.split(CRLF + CRLF);
  const [start = '', ...lines] = head.split(CRLF);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { start, headers, body: rest.join(CRLF + CRLF) };
};

const first = (message: Message, name: string): string => message.headers.get(name)?.[0] ?? '';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const token = (): string => randomBytes(8).toString('hex');

const compose = (start: string, headers: readonly string[], body = ''): string =>
  [start, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join(CRLF);

/** Whether an Authorization header proves the password (RFC 7616 with MD5, with or without qop). */
const digestHolds = (header: string, method: string, password: string): boolean => {
  const fields = new Map([...header.matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name = '', value = '']) => [name, value]));
  const field = (name: string): string => fields.get(name) ?? '';
  const ha1 = md5(`${field('username')}:${REALM}:${password}`);
  const ha2 = md5(`${method}:${field('uri')}`);
  const middle = field('qop') ? `${field('nonce')}:${field('nc')}:${field('cnonce')}:${field('qop')}` : field('nonce');
  return field('response') === md5(`${ha1}:${middle}:${ha2}`);
};

export interface PlacedCall {
  /** The answer of the 183. */
  readonly early: Promise<string>;
  /** The answer of the 200; rejects with the status when the browser refuses. */
  readonly answered: Promise<string>;
  /** Settles when either side has said BYE. */
  readonly ended: Promise<void>;
  hangUp(): void;
  cancel(): void;
}

interface Invite {
  readonly callId: string;
  readonly number: string;
  readonly displayName?: string;
  readonly sdp: string;
  readonly headers?: readonly string[];
}

interface Dialog {
  /** The connection of the browser that was called: another one may have registered since. */
  readonly socket: WebSocket | undefined;
  readonly invite: Invite;
  readonly from: string;
  readonly branch: string;
  to: string;
  contact: string;
  readonly onProvisional: (sdp: string) => void;
  readonly onFinal: (status: number, sdp: string) => void;
  readonly onBye: () => void;
}

export class SipPeer {
  registered = false;
  private socket: WebSocket | undefined;
  private contact = '';
  private readonly dialogs = new Map<string, Dialog>();
  private cseq = 1;

  constructor(
    private readonly password: string,
    private readonly onRegistered: (registered: boolean) => void,
  ) {}

  attach(socket: WebSocket): void {
    this.socket = socket;
    socket.on('message', (data) => this.receive(socket, String(data)));
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      this.setRegistered(false);
    });
  }

  /** Cuts the connection, as a failing network would. */
  cut(): void {
    this.socket?.terminate();
  }

  invite(invite: Invite): PlacedCall {
    let cancelled = false;
    const dialog = {} as { -readonly [Key in keyof Dialog]: Dialog[Key] };
    const early = new Promise<string>((resolve) => (dialog.onProvisional = resolve));
    const ended = new Promise<void>((resolve) => (dialog.onBye = resolve));
    const answered = new Promise<string>((resolve, reject) => {
      dialog.onFinal = (status, sdp) => {
        if (status < 300) resolve(sdp);
        else reject(new Error(`refused with ${status}`));
      };
    });
    answered.catch(() => undefined);
    Object.assign(dialog, {
      socket: this.socket,
      invite,
      from: `"${invite.displayName ?? ''}" <sip:${invite.number}@${REALM}>;tag=${token()}`,
      to: `<sip:agent1@${REALM}>`,
      branch: `z9hG4bK${token()}`,
      contact: this.contact,
    });
    this.dialogs.set(invite.callId, dialog);
    this.send(dialog, 'INVITE', {
      uri: this.contact,
      more: [
        `Contact: <sip:center@${REALM};transport=ws>`,
        `X-Switchroom-Call: ${invite.callId}`,
        'Content-Type: application/sdp',
        ...(invite.headers ?? []),
      ],
      body: invite.sdp,
    });
    return {
      early,
      answered,
      ended,
      hangUp: () => {
        if (!cancelled) this.send(dialog, 'BYE', { uri: dialog.contact });
        dialog.onBye();
      },
      cancel: () => {
        cancelled = true;
        this.send(dialog, 'CANCEL', { uri: this.contact });
      },
    };
  }

  private request(dialog: Dialog, method: string, uri: string): [string, string[]] {
    const branch = method === 'INVITE' || method === 'CANCEL' ? dialog.branch : `z9hG4bK${token()}`;
    if (method === 'INVITE' || method === 'BYE') this.cseq += 1;
    return [
      `${method} ${uri} SIP/2.0`,
      [
        `Via: SIP/2.0/WS center.invalid;branch=${branch}`,
        `From: ${dialog.from}`,
        `To: ${dialog.to}`,
        `Call-ID: ${dialog.invite.callId}`,
        `CSeq: ${this.cseq} ${method}`,
        'Max-Forwards: 70',
      ],
    ];
  }

  private send(
    dialog: Dialog,
    method: string,
    { uri, more = [], body = '' }: { uri: string; more?: readonly string[]; body?: string },
  ): void {
    const [start, headers] = this.request(dialog, method, uri);
    dialog.socket?.send(compose(start, [...headers, ...more], body));
  }

  private receive(socket: WebSocket, text: string): void {
    if (text.trim() === '') return void socket.send(CRLF);
    const message = parse(text);
    if (message.start.startsWith('SIP/2.0')) return this.receiveResponse(message);
    const method = message.start.split(' ')[0] ?? '';
    if (method === 'ACK') return undefined;
    if (method === 'REGISTER') return this.register(socket, message);
    this.reply(socket, message, '200 OK');
    if (method === 'BYE') this.dialogs.get(first(message, 'call-id'))?.onBye();
    return undefined;
  }

  private reply(socket: WebSocket, request: Message, status: string, more: readonly string[] = []): void {
    const copied = ['via', 'from', 'to', 'call-id', 'cseq'].flatMap((name) =>
      (request.headers.get(name) ?? []).map((value) =>
        name === 'to' && !value.includes(';tag=') ? `To: ${value};tag=${token()}` : `${name}: ${value}`,
      ),
    );
    socket.send(compose(`SIP/2.0 ${status}`, [...copied, ...more]));
  }

  private register(socket: WebSocket, message: Message): void {
    const authorization = first(message, 'authorization');
    if (!digestHolds(authorization, 'REGISTER', this.password)) {
      const challenge = `WWW-Authenticate: Digest realm="${REALM}", nonce="${token()}", algorithm=MD5, qop="auth"`;
      return this.reply(socket, message, '401 Unauthorized', [challenge]);
    }
    const contact = first(message, 'contact');
    this.contact = /<([^>]+)>/.exec(contact)?.[1] ?? '';
    const expires = /expires=(\d+)/.exec(contact)?.[1] ?? (first(message, 'expires') || '120');
    this.reply(socket, message, '200 OK', expires === '0' ? [] : [`Contact: <${this.contact}>;expires=${expires}`]);
    this.setRegistered(expires !== '0');
    return undefined;
  }

  private receiveResponse(message: Message): void {
    const dialog = this.dialogs.get(first(message, 'call-id'));
    const status = Number(message.start.split(' ')[1]);
    if (!dialog || !first(message, 'cseq').endsWith('INVITE') || status === 100) return;
    dialog.to = first(message, 'to');
    dialog.contact = /<([^>]+)>/.exec(first(message, 'contact'))?.[1] ?? dialog.contact;
    if (status < 200) {
      if (message.body) dialog.onProvisional(message.body);
      return;
    }
    this.send(dialog, 'ACK', { uri: dialog.contact });
    dialog.onFinal(status, message.body);
  }

  private setRegistered(registered: boolean): void {
    this.registered = registered;
    this.onRegistered(registered);
  }
}
