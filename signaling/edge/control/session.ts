/** One app's connection to the edge, from its first byte to its last. */
import { timingSafeEqual, createHash, randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/log';
import type { Command } from './command';
import { parseCommand } from './command';
import { EXTENSION_MARK } from './extension';
import { encodeFrame, FrameDecoder } from './frame';
import type { MessageMeta } from './meta';
import { formatMeta } from './meta';

export interface SessionLimits {
  /** A control message larger than this ends the connection. */
  readonly maxMessageBytes: number;
  /** An app that reads so slowly that more than this waits to be sent is disconnected. */
  readonly maxUnsentBytes: number;
  /** A connection that has not authenticated by then is closed. */
  readonly authenticateTimeoutMs: number;
}

/** Who opened the connection: the app, or we, to an app that listens. */
export type SessionOrigin =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'dialled';
      readonly onReady: (session: ControlSession) => void;
      /** It closed before the app had authenticated. */
      readonly onFailed: () => void;
    };

export interface SessionDependencies {
  readonly socket: Socket;
  readonly origin: SessionOrigin;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: SessionLimits;
  readonly secret: string;
  /** What the app is told about the server: `host:port` of its SIP address, with the transport before it. */
  readonly hostport: () => string;
  /** Performs the commands of an authenticated app. */
  readonly onCommand: (session: ControlSession, command: AppCommand) => void;
  readonly onClosed: (session: ControlSession) => void;
}

/** Everything but what the session handles itself. */
export type AppCommand = Exclude<Command, { kind: 'authenticate' | 'ping' | 'unsupported' | 'malformed' }>;

type AuthenticateCommand = Extract<Command, { kind: 'authenticate' }>;

/** A SIP message on its way to the app. */
export interface Delivery {
  readonly meta: MessageMeta;
  readonly transactionId: string;
  /** Empty outside of a dialog. */
  readonly dialogId: string;
  /** `address|port` of the socket on which the message came. */
  readonly receivedOn?: { readonly address: string; readonly port: number };
  readonly text: string;
}

/** A SIP message that was sent for the app. Responses name their dialog, requests do not. */
export interface SentMessage {
  readonly meta: MessageMeta;
  readonly transactionId: string;
  readonly dialogId?: string;
  readonly text: string;
}

/**
 * ```
 * greeting --authenticate, right secret--> ready --disconnect--> closed
 *    |------------- wrong secret, silence, disconnect ------------^
 * ```
 */
type SessionState =
  { readonly name: 'greeting'; readonly deadline: Timer } | { readonly name: 'ready' } | { readonly name: 'closed' };

/** The version that drachtio-srf reads to learn what the server can do: pings came with 0.8.2. */
export const PROTOCOL_VERSION = 'v0.8.27';

export class ControlSession {
  readonly id = randomUUID();
  /** All of it but the last group. */
  private readonly idPrefix = this.id.slice(0, 24);
  private state: SessionState;
  private readonly decoder: FrameDecoder;
  private tagNames: ReadonlySet<string> = new Set();
  /** What was written in this turn of the event loop. */
  private unsent = '';
  private messagesSent = 0;

  constructor(private readonly deps: SessionDependencies) {
    const { socket, clock, limits } = deps;
    this.decoder = new FrameDecoder(limits.maxMessageBytes);
    this.state = {
      name: 'greeting',
      deadline: clock.after(limits.authenticateTimeoutMs, () => this.drop('it did not authenticate in time')),
    };
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', (error) => deps.log.info({ session: this.id, err: error }, 'the connection of an app failed'));
    socket.on('close', () => this.onSocketClosed());
  }

  get ready(): boolean {
    return this.state.name === 'ready';
  }

  /** Names that the app gave itself when it authenticated. */
  get tags(): ReadonlySet<string> {
    return this.tagNames;
  }

  /** Whether we opened the connection, to an app that listens. */
  get dialled(): boolean {
    return this.deps.origin.kind === 'dialled';
  }

  /** Hands a SIP message to the app. */
  deliver(delivery: Delivery): void {
    const { meta, transactionId, dialogId, receivedOn, text } = delivery;
    const received = receivedOn ? `|${receivedOn.address}|${receivedOn.port}` : '';
    const line = `${this.newMessageId()}|sip|${formatMeta(meta)}|${transactionId}|${dialogId}${received}|`;
    this.write(line, { text, bytes: meta.bytes });
  }

  /** Tells the app that its command was done. */
  confirm(commandId: string, ...details: string[]): void {
    this.write([this.newMessageId(), 'response', commandId, 'OK', ...details].join('|'));
  }

  /** Tells the app that its extension was performed, and what came of it. */
  confirmWith(commandId: string, value: unknown): void {
    this.send(`${this.newMessageId()}|response|${commandId}|OK|`, JSON.stringify(value ?? null));
  }

  /** Tells the app that its message was sent, and how it looked. */
  confirmSent(commandId: string, sent: SentMessage): void {
    const { meta, transactionId, dialogId, text } = sent;
    const dialog = dialogId === undefined ? '' : `|${dialogId}|`;
    const result = `${formatMeta(meta)}|${transactionId}${dialog}|Msg sent:|`;
    this.write(`${this.newMessageId()}|response|${commandId}|OK|${result}`, { text, bytes: meta.bytes });
  }

  /** Shows the app one of several messages that answer its command; {@link ControlSession.confirm} ends them. */
  confirmMore(commandId: string, shown: Omit<SentMessage, 'dialogId'>): void {
    const tokens = [
      this.newMessageId(),
      'response',
      commandId,
      'OK',
      formatMeta(shown.meta),
      shown.transactionId,
      '',
      'continue',
    ];
    this.send(tokens.join('|'), shown.text);
  }

  /** Sends the app a line of its own kind, with a SIP message behind it. */
  send(line: string, message: string): void {
    this.write(line, { text: message, bytes: Buffer.byteLength(message) });
  }

  /** Tells the app why its command was not done. */
  refuse(commandId: string, reason: string): void {
    this.deps.log.debug({ session: this.id, reason }, "an app's command was refused");
    this.write([this.newMessageId(), 'response', commandId, 'NOK', reason.replace(/[|\r\n]/g, ' ')].join('|'));
  }

  close(): void {
    this.deps.socket.destroy();
    this.onSocketClosed();
  }

  private onData(chunk: Buffer): void {
    try {
      for (const text of this.decoder.push(chunk)) {
        if (this.state.name === 'closed') return;
        this.onMessage(parseCommand(text));
      }
    } catch (error) {
      this.drop(messageOf(error));
    }
  }

  private onMessage(command: Command): void {
    if (command.kind === 'authenticate') return this.authenticate(command);
    if (this.state.name !== 'ready') {
      this.refuse(command.id, 'not authenticated');
      return this.drop('it sent a command before it authenticated');
    }
    switch (command.kind) {
      case 'ping':
        return this.confirm(command.id);
      case 'unsupported':
        return this.refuse(command.id, `unsupported command ${command.name}`);
      case 'malformed':
        return this.refuse(command.id, command.reason);
      default:
        return this.deps.onCommand(this, command);
    }
  }

  private authenticate({ id: commandId, secret, tags }: AuthenticateCommand): void {
    if (this.state.name !== 'greeting') return this.refuse(commandId, 'already authenticated');
    if (!sameSecret(secret, this.deps.secret)) {
      this.refuse(commandId, 'incorrect secret');
      return this.drop('its secret is wrong');
    }
    this.state.deadline.cancel();
    this.state = { name: 'ready' };
    this.tagNames = new Set(tags);
    const hostport = this.deps.hostport();
    this.confirm(commandId, hostport, `${PROTOCOL_VERSION}${EXTENSION_MARK}`, hostport);
    this.deps.log.info({ session: this.id, peer: this.deps.socket.remoteAddress }, 'an app connected');
    if (this.deps.origin.kind === 'dialled') this.deps.origin.onReady(this);
  }

  /** A UUID in form, as drachtio's message ids are; it only has to differ from the others of this connection. */
  private newMessageId(): string {
    this.messagesSent += 1;
    return `${this.idPrefix}${this.messagesSent.toString(16).padStart(12, '0')}`;
  }

  /** @param message a SIP message or the like behind the line, and its size in UTF-8. */
  private write(line: string, message?: { readonly text: string; readonly bytes: number }): void {
    if (this.state.name === 'closed') return;
    const { socket, limits } = this.deps;
    const waiting = socket.writableLength + this.unsent.length;
    if (waiting > limits.maxUnsentBytes) return this.drop('it reads too slowly');
    if (this.unsent === '') setImmediate(() => this.flush());
    this.unsent += encodeFrame(line, message);
  }

  /**
   * What is written in one turn of the event loop leaves together, and as one text: system calls are the larger part of
   * what a call costs the edge, the app wakes up less often, and the socket has no list of pieces to keep.
   */
  private flush(): void {
    const text = this.unsent;
    this.unsent = '';
    if (text !== '' && this.deps.socket.writable) this.deps.socket.write(text);
  }

  /** Ends the connection; what is already written may still reach the app. */
  private drop(reason: string): void {
    if (this.state.name === 'closed') return;
    const { socket, log } = this.deps;
    log.warn({ session: this.id, peer: socket.remoteAddress, reason }, 'an app was disconnected');
    this.onSocketClosed();
    this.flush();
    if (socket.writableLength > this.deps.limits.maxUnsentBytes) socket.destroy();
    else socket.destroySoon();
  }

  private onSocketClosed(): void {
    if (this.state.name === 'closed') return;
    const before = this.state;
    this.state = { name: 'closed' };
    if (before.name === 'greeting') {
      before.deadline.cancel();
      if (this.deps.origin.kind === 'dialled') this.deps.origin.onFailed();
    }
    this.deps.onClosed(this);
  }
}

const sameSecret = (given: string, expected: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
};
