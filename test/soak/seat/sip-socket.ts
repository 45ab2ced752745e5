/**
 * An agent's SIP telephone over WebSocket (RFC 7118) without a browser: registers, takes calls, and says when they end.
 * The project's own transactions; what a browser's telephone does with them is written out here.
 */
import { once } from 'node:events';
import WebSocket from 'ws';
import { systemClock } from '../../../base/clock';
import { newToken } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { fail, ok } from '../../../base/result';
import type { Connection } from '../../../signaling/sip/connection';
import { answerChallenge } from '../../../signaling/sip/digest';
import { parseAuth } from '../../../signaling/sip/headers/auth';
import { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { parseMessage } from '../../../signaling/sip/parse';
import { TransactionLayer } from '../../../signaling/sip/transaction/transaction-layer';
import type { ServerTransaction } from '../../../signaling/sip/transaction/types';

const REGISTERED_FOR_S = 600;
const REGISTER_AGAIN_MS = 300_000;
const COME_BACK_MS = 300;

export interface SipAccount {
  readonly url: string;
  readonly token: string;
  readonly userName: string;
  readonly password: string;
  /** `sip:user@realm`. */
  readonly aor: string;
  /** Connects again, and registers by the same Contact, as pages do. Default false. */
  readonly comesBack?: boolean;
}

export interface SipSocketEvents {
  /** A new call: answer it. */
  readonly onInvite: (call: SipSocketCall) => void;
}

/** One INVITE and its dialog. */
export class SipSocketCall {
  /** Resolves when either side has ended it. */
  readonly ended: Promise<void>;
  /** Answers an offer within the dialog; the last answer is repeated without it. */
  onReoffer: ((offer: string) => Promise<string>) | undefined;
  private settle: () => void = () => undefined;
  private sdp = '';
  private cseq = 100;

  constructor(
    readonly invite: ServerTransaction,
    private readonly socket: SipSocket,
  ) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    invite.on('cancelled', () => this.settle());
  }

  get id(): string {
    return this.invite.request.callId;
  }

  get offer(): string {
    return this.invite.request.body.toString('utf8');
  }

  /** 183 with the answer, so that ICE and DTLS are done before the click. */
  prepare(sdp: string): void {
    this.sdp = sdp;
    this.respond(this.invite, 183);
  }

  accept(): void {
    this.respond(this.invite, 200);
  }

  /** BYE from this side. */
  async hangUp(): Promise<void> {
    const { request, toTag } = this.invite;
    const bye = new SipRequest({ method: 'BYE', uri: request.contacts[0]?.uri.toString() ?? '' });
    for (const route of request.getAll('Record-Route')) bye.append('Route', route);
    bye.append('From', request.to.withTag(toTag).toString());
    bye.append('To', request.get('From') ?? '');
    bye.append('Call-ID', request.callId);
    bye.append('CSeq', `${++this.cseq} BYE`);
    await this.socket.request(bye);
    this.settle();
  }

  /** What comes within the dialog. */
  receive(transaction: ServerTransaction): void {
    if (transaction.request.method === 'INVITE') return void this.answerAgain(transaction);
    transaction.respond(SipResponse.from(transaction.request, 200, { toTag: this.invite.toTag }));
    if (transaction.request.method === 'BYE') this.settle();
  }

  private async answerAgain(transaction: ServerTransaction): Promise<void> {
    const offer = transaction.request.body.toString('utf8');
    if (this.onReoffer && offer !== '') this.sdp = await this.onReoffer(offer);
    this.respond(transaction, 200);
  }

  private respond(transaction: ServerTransaction, status: number): void {
    const headers: [string, string][] = [
      ['Contact', this.socket.contact],
      ['Content-Type', 'application/sdp'],
      ...transaction.request.getAll('Record-Route').map((route): [string, string] => ['Record-Route', route]),
    ];
    const body = Buffer.from(this.sdp);
    transaction.respond(SipResponse.from(transaction.request, status, { toTag: this.invite.toTag, headers, body }));
  }
}

export class SipSocket {
  readonly contact: string;
  private readonly calls = new Map<string, SipSocketCall>();
  private readonly layer: TransactionLayer;
  private readonly connection: Connection;
  /** What to call when the connection is lost. */
  private readonly unanswered = new Set<() => void>();
  private readonly callId = newToken(16);
  private readonly fromTag = newToken(9);
  private cseq = 0;
  private again: NodeJS.Timeout | undefined;
  private comingBack: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    private socket: WebSocket,
    private readonly account: SipAccount,
    events: SipSocketEvents,
  ) {
    this.contact = `<sip:${account.userName}@${newToken(6)
      .toLowerCase()
      .replaceAll(/[^a-z]/g, 'x')}.invalid;transport=ws>`;
    const address = '127.0.0.1';
    this.connection = {
      ...{ protocol: 'ws', reliable: true, local: { address, port: 9 }, remote: { address, port: 9 } },
      send: (bytes) =>
        new Promise((resolve) =>
          this.socket.send(bytes.toString('utf8'), (error) =>
            resolve(error ? fail('unavailable', error.message) : ok(undefined)),
          ),
        ),
    };
    this.layer = new TransactionLayer({
      clock: systemClock,
      log: silentLogger(),
      onRequest: (transaction) => this.onRequest(transaction, events),
      onAck: () => undefined,
    });
    this.listen(socket);
  }

  /** Connects and registers. @throws Error when either is refused. */
  static async open(account: SipAccount, events: SipSocketEvents): Promise<SipSocket> {
    const socket = connectTo(account);
    await once(socket, 'open');
    const opened = new SipSocket(socket, account, events);
    await opened.register();
    opened.again = setInterval(() => void opened.register().catch(() => undefined), REGISTER_AGAIN_MS);
    return opened;
  }

  /** Resolves with the final response. @throws Error without one; one that the connection was lost with never comes. */
  request(request: SipRequest): Promise<SipResponse> {
    const { unanswered } = this;
    return new Promise((resolve, reject) => {
      const lost = (): void => {
        unanswered.delete(lost);
        reject(new Error(`${request.method} was not answered`));
      };
      unanswered.add(lost);
      const onFinal = (response: SipResponse): void => {
        unanswered.delete(lost);
        resolve(response);
      };
      this.layer.request(request, this.connection, { onFinal, onTimeout: lost, onTransportError: lost });
    });
  }

  /** Idempotent. */
  close(): void {
    this.closed = true;
    clearInterval(this.again);
    clearTimeout(this.comingBack);
    this.layer.close();
    this.socket.close();
  }

  private listen(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => {
      const parsed = parseMessage(data);
      if (parsed.ok) this.layer.receive(parsed.value, this.connection);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const lost of [...this.unanswered]) lost();
    });
    if (this.account.comesBack) socket.on('close', () => this.comeBack());
  }

  private comeBack(): void {
    if (this.closed) return;
    this.comingBack = setTimeout(() => {
      const socket = connectTo(this.account);
      this.listen(socket);
      socket.once('open', () => {
        if (this.closed) return socket.close();
        this.socket = socket;
        // Who is not let in tries anew.
        void this.register().catch(() => socket.close());
      });
    }, COME_BACK_MS);
  }

  private async register(): Promise<void> {
    const challenged = await this.request(this.registration());
    const challenge = parseAuth(challenged.get('WWW-Authenticate') ?? '');
    if (challenged.status !== 401 || !challenge.ok) throw new Error(`REGISTER got ${challenged.status}`);
    const { userName: user, password } = this.account;
    const answer = answerChallenge({
      ...{ challenge: challenge.value, user, password, count: 1 },
      ...{ method: 'REGISTER', uri: this.registrar, body: Buffer.alloc(0) },
    });
    if (!answer.ok) throw new Error(answer.fault.message);
    const registered = await this.request(this.registration(answer.value));
    if (registered.status !== 200) throw new Error(`REGISTER of ${user} got ${registered.status}`);
  }

  private get registrar(): string {
    return `sip:${this.account.aor.replace(/^sip:[^@]*@/, '')}`;
  }

  private registration(authorization?: string): SipRequest {
    const request = new SipRequest({ method: 'REGISTER', uri: this.registrar });
    request.append('From', `<${this.account.aor}>;tag=${this.fromTag}`);
    request.append('To', `<${this.account.aor}>`);
    request.append('Call-ID', this.callId);
    request.append('CSeq', `${++this.cseq} REGISTER`);
    request.append('Contact', this.contact);
    request.append('Expires', String(REGISTERED_FOR_S));
    if (authorization !== undefined) request.append('Authorization', authorization);
    return request;
  }

  private onRequest(transaction: ServerTransaction, events: SipSocketEvents): void {
    const { request } = transaction;
    const known = this.calls.get(request.callId);
    if (known) return known.receive(transaction);
    if (request.method !== 'INVITE') {
      const status = request.method === 'OPTIONS' ? 200 : 481;
      transaction.respond(SipResponse.from(request, status, { toTag: transaction.toTag }));
      return;
    }
    const call = new SipSocketCall(transaction, this);
    this.calls.set(call.id, call);
    void call.ended.then(() => this.calls.delete(call.id));
    events.onInvite(call);
  }
}

const connectTo = ({ url, token }: SipAccount): WebSocket =>
  new WebSocket(url, 'sip', { headers: { authorization: `Bearer ${token}` } });
