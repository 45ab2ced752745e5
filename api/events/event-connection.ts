/**
 * One browser's event socket. What it is sent waits in a bounded queue: a browser that does not read is cut off rather
 * than kept in memory. A heartbeat finds the ones that vanished without closing.
 */
import type { RawData, WebSocket } from 'ws';
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';
import { messageOf } from '../../base/errors';
import type { Command, ServerMessage } from '../contract/socket';
import { commandSchema } from '../contract/socket';
import { badInputBody, faultBody, faultOf } from '../http/fault-body';
import type { FaultBody } from '../contract/common';
import type { LiveSession } from '../sessions/session-registry';

/** A message from a browser is a command: short. */
export const MAX_COMMAND_BYTES = 16 * 1024;
export const HEARTBEAT_MS = 15_000;
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Commands of one socket that have no reply yet. */
const MAX_PENDING_COMMANDS = 32;
/** What a program with a fault may send before it is cut off. */
const MAX_BAD_MESSAGES = 50;
/** How long a browser has to answer our closing frame. */
const CLOSE_TIMEOUT_MS = 2_000;

/** WebSocket close codes; those from 4000 are ours (RFC 6455, section 7.4.2). */
const CLOSE_CODES: Record<ByeReason, number> = {
  replaced: 4001,
  'signed-out': 4002,
  expired: 4003,
  'in-use': 4004,
  'shutting-down': 1001,
};
const POLICY_VIOLATION = 1008;
const UNSUPPORTED_DATA = 1003;

export type ByeReason = Extract<ServerMessage, { type: 'bye' }>['reason'];

/** Performs a command; the fault, if it failed. */
export type CommandHandler = (command: Command) => Promise<FaultBody | undefined>;

export interface EventConnectionOptions {
  readonly socket: WebSocket;
  readonly session: LiveSession;
  readonly perform: CommandHandler;
  readonly onClosed: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const TOO_MANY: FaultBody = { code: 'overloaded', message: 'Too many commands wait for their reply.' };

export class EventConnection {
  readonly session: LiveSession;
  private readonly heartbeat: Timer;
  private closing: Timer | undefined;
  private answeredHeartbeat = true;
  private pendingCommands = 0;
  private badMessages = 0;

  constructor(private readonly options: EventConnectionOptions) {
    const { socket, clock, log } = options;
    this.session = options.session;
    this.heartbeat = clock.every(HEARTBEAT_MS, () => this.beat());
    socket.on('pong', () => (this.answeredHeartbeat = true));
    socket.on('message', (data, isBinary) => this.onMessage(data, isBinary));
    socket.on('error', (error) => log.debug({ err: error }, 'an event socket failed'));
    socket.on('close', () => this.onSocketClosed());
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  /** A message that has been written as JSON already, for many at once. */
  sendText(text: string): void {
    const { socket, log } = this.options;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
      log.warn({ userName: this.session.user.userName }, 'a browser does not read its events; it is cut off');
      socket.terminate();
      return;
    }
    socket.send(text);
  }

  /** Says why, then closes; a browser that does not answer is cut off. Idempotent. */
  bye(reason: ByeReason): void {
    if (this.closing) return;
    this.send({ type: 'bye', reason });
    this.close(CLOSE_CODES[reason], reason);
  }

  private close(code: number, reason: string): void {
    const { socket, clock } = this.options;
    this.closing ??= clock.after(CLOSE_TIMEOUT_MS, () => socket.terminate());
    socket.close(code, reason);
  }

  private beat(): void {
    const { socket } = this.options;
    if (!this.answeredHeartbeat) {
      socket.terminate();
      return;
    }
    this.answeredHeartbeat = false;
    socket.ping();
  }

  private onSocketClosed(): void {
    this.heartbeat.cancel();
    this.closing?.cancel();
    this.options.onClosed();
  }

  private onMessage(data: RawData, isBinary: boolean): void {
    if (this.closing) return;
    if (isBinary) {
      this.close(UNSUPPORTED_DATA, 'text messages only');
      return;
    }
    const read = readCommand(messageText(data));
    if (!read.command) {
      this.badMessages += 1;
      this.reply(read.id, read.fault);
      if (this.badMessages >= MAX_BAD_MESSAGES) this.close(POLICY_VIOLATION, 'too many malformed messages');
    } else if (this.pendingCommands >= MAX_PENDING_COMMANDS) {
      this.reply(read.command.id, TOO_MANY);
    } else {
      void this.perform(read.command);
    }
  }

  private async perform(command: Command): Promise<void> {
    this.pendingCommands += 1;
    try {
      this.reply(command.id, await this.options.perform(command));
    } catch (error) {
      this.options.log.error({ err: error, command: command.command }, `a command failed: ${messageOf(error)}`);
      this.reply(command.id, faultBody(faultOf(error)));
    } finally {
      this.pendingCommands -= 1;
    }
  }

  private reply(id: string, fault: FaultBody | undefined): void {
    this.send(fault ? { type: 'reply', id, ok: false, fault } : { type: 'reply', id, ok: true });
  }
}

const messageText = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');

type ReadCommand =
  { readonly command: Command } | { readonly command?: undefined; readonly id: string; readonly fault: FaultBody };

/** The id of a message that is no command, so that its sender may recognise it; empty when it has none. */
const idOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    ? value.id.slice(0, 64)
    : '';

const readCommand = (text: string): ReadCommand => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { id: '', fault: { code: 'bad_input', message: 'The message is not valid JSON.' } };
  }
  const result = commandSchema.safeParse(value);
  if (result.success) return { command: result.data };
  return { id: idOf(value), fault: badInputBody('command', result.error) };
};
