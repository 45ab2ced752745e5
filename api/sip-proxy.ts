/**
 * Carries the browsers' SIP WebSockets (RFC 7118) from this server's port to the edge's. The edge gets a handshake of
 * our making, without the session's cookie; after it bytes are passed on as they are.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { Refusal } from './http/authenticate';
import { addressOf } from './http/client';
import { refuseUpgrade } from './http/refuse-upgrade';
import type { Upgrade } from './http/upgrades';
import { HTTP_STATUS } from './http/status';

const CONNECT_TIMEOUT_MS = 5_000;
/** An agent's browser needs one; a page that is loaded again has two for a moment. */
const MAX_PIPES_PER_USER = 10;

/** The headers of the handshake that pass (RFC 6455, section 4.1). */
const PASSED_HEADERS = [
  'upgrade',
  'connection',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'user-agent',
] as const;

export interface SipProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly log: Logger;
}

interface Pipe {
  readonly sessionKey: string;
  readonly userName: string;
  readonly browser: Duplex;
  readonly edge: Socket;
}

const UNAVAILABLE: Refusal = {
  status: HTTP_STATUS.unavailable,
  body: { code: 'unavailable', message: 'The SIP server does not answer; try again in a moment.' },
};

const offersSip = (request: IncomingMessage): boolean =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').some((name) => name.trim().toLowerCase() === 'sip');

export class SipProxy {
  private readonly pipes = new Set<Pipe>();

  constructor(private readonly options: SipProxyOptions) {}

  /** Takes over an upgrade, or says why not. */
  accept(upgrade: Upgrade): Refusal | undefined {
    const { request, auth } = upgrade;
    const { user } = auth.session;
    if (!user.agent) {
      return { status: HTTP_STATUS.forbidden, body: { code: 'forbidden', message: 'Only agents have a SIP account.' } };
    }
    if (!offersSip(request)) {
      const message = 'A SIP WebSocket asks for the subprotocol sip (RFC 7118).';
      return { status: HTTP_STATUS.bad_input, body: { code: 'bad_input', message } };
    }
    if (this.ofUser(user.userName).length >= MAX_PIPES_PER_USER) {
      const message = 'This user has too many SIP WebSockets open.';
      return { status: HTTP_STATUS.overloaded, body: { code: 'overloaded', message } };
    }
    this.open(upgrade);
    return undefined;
  }

  closeOfSession(sessionKey: string): void {
    for (const pipe of this.pipes) if (pipe.sessionKey === sessionKey) this.end(pipe);
  }

  closeOfUser(userName: string): void {
    for (const pipe of this.ofUser(userName)) this.end(pipe);
  }

  close(): void {
    for (const pipe of this.pipes) this.end(pipe);
  }

  private ofUser(userName: string): Pipe[] {
    return [...this.pipes].filter((pipe) => pipe.userName === userName);
  }

  private open({ request, socket: browser, head, auth }: Upgrade): void {
    const { target, clock, log } = this.options;
    const { key, user } = auth.session;
    const edge = connect({ host: target.host, port: target.port, noDelay: true });
    const pipe: Pipe = { sessionKey: key, userName: user.userName, browser, edge };
    this.pipes.add(pipe);
    let connected = false;
    const timeout = clock.after(CONNECT_TIMEOUT_MS, () => edge.destroy());
    edge.on('connect', () => {
      connected = true;
      timeout.cancel();
      edge.write(this.handshake(request));
      if (head.length > 0) edge.write(head);
      browser.pipe(edge);
      edge.pipe(browser);
    });
    edge.on('error', (error) => log.warn({ err: error }, 'the SIP server’s WebSocket door does not answer'));
    edge.on('close', () => {
      timeout.cancel();
      if (connected) this.end(pipe);
      else this.refuse(pipe);
    });
    browser.on('close', () => this.end(pipe));
  }

  private refuse(pipe: Pipe): void {
    this.pipes.delete(pipe);
    if (!pipe.browser.destroyed) refuseUpgrade(pipe.browser, UNAVAILABLE);
  }

  private end(pipe: Pipe): void {
    if (!this.pipes.delete(pipe)) return;
    pipe.browser.destroy();
    pipe.edge.destroy();
  }

  private handshake(request: IncomingMessage): string {
    const { target } = this.options;
    const lines = ['GET /sip HTTP/1.1', `Host: ${target.host}:${target.port}`];
    for (const name of PASSED_HEADERS) {
      const value = request.headers[name];
      if (typeof value === 'string') lines.push(`${name}: ${value}`);
    }
    lines.push(`X-Forwarded-For: ${addressOf(request)}`);
    return `${lines.join('\r\n')}\r\n\r\n`;
  }
}
