/**
 * The event socket: commands out, replies and events in, connected again with back-off when it is lost.
 *
 *     connecting ──open──► open ──lost──► waiting ──delay──► connecting
 *          └────failed──────────────────────┘        any ──close() or bye──► closed
 */
import type { Clock, Timer } from '../../../base/clock';
import { serverMessageSchema } from '../../../api/contract/socket';
import type { Command, ServerMessage } from '../../../api/contract/socket';
import { ApiError } from './http';
import { backOffMs } from './back-off';

/** `left`: by this page's own wish; the others are the server's. */
export type EndReason = 'left' | Exclude<Extract<ServerMessage, { type: 'bye' }>['reason'], 'shutting-down'>;

export type SocketStatus =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAtMs: number }
  | { readonly kind: 'closed'; readonly reason: EndReason };

/** A command without its id, which the socket adds. */
export type CommandBody = Command extends infer One ? (One extends { id: string } ? Omit<One, 'id'> : never) : never;

/** What a connection tells. */
export interface WireHandlers {
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onText: (text: string) => void;
}

/** One connection; `close` is idempotent. */
export interface Wire {
  send(text: string): void;
  close(): void;
}

interface EventSocketOptions {
  readonly clock: Clock;
  readonly open: (handlers: WireHandlers) => Wire;
  /** A number from 0 to 1, for the back-off. */
  readonly chance: () => number;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onStatus: (status: SocketStatus) => void;
  /** A message that breaks the contract: reported, then ignored. */
  readonly onUnreadable: (problem: string) => void;
}

interface PendingCommand {
  readonly resolve: () => void;
  readonly reject: (error: ApiError) => void;
  readonly timer: Timer;
}

const COMMAND_TIMEOUT_MS = 10_000;
const OPEN_TIMEOUT_MS = 8_000;
const PING_PERIOD_MS = 15_000;

export class EventSocket {
  private status: SocketStatus = { kind: 'connecting', attempt: 0 };
  private wire: Wire | undefined;
  private timer: Timer | undefined;
  private lastCommand = 0;
  private failures = 0;
  private readonly pending = new Map<string, PendingCommand>();

  constructor(private readonly options: EventSocketOptions) {}

  /** Connects and stays connected until {@link close}. */
  connect(): void {
    if (this.wire) return;
    this.setStatus({ kind: 'connecting', attempt: this.failures });
    // What a former connection still has to say is no longer heard.
    const ifCurrent = (act: () => void): void => {
      if (this.wire === wire) act();
    };
    const wire = this.options.open({
      onOpen: () => ifCurrent(() => this.opened()),
      onClose: () => ifCurrent(() => this.lost()),
      onText: (text) => ifCurrent(() => this.received(text)),
    });
    this.wire = wire;
    this.setTimer(this.options.clock.after(OPEN_TIMEOUT_MS, () => ifCurrent(() => this.lost())));
  }

  /** Connects at once instead of waiting for the back-off's end. */
  connectNow(): void {
    if (this.status.kind !== 'waiting') return;
    this.setTimer(undefined);
    this.connect();
  }

  /**
   * Sends a command; resolves when the server has done it.
   * @throws ApiError the server's fault, `unreachable` without a connection, `timeout` after 10 s without reply.
   */
  send(body: CommandBody): Promise<void> {
    const wire = this.wire;
    if (!wire || this.status.kind !== 'open') {
      return Promise.reject(new ApiError('unreachable', 'The connection to the server is lost.'));
    }
    this.lastCommand += 1;
    const id = `c${this.lastCommand}`;
    return new Promise((resolve, reject) => {
      const expire = (): void => this.settle(id, new ApiError('timeout', 'The server did not reply in time.'));
      this.pending.set(id, { resolve, reject, timer: this.options.clock.after(COMMAND_TIMEOUT_MS, expire) });
      wire.send(JSON.stringify({ ...body, id }));
    });
  }

  /** Leaves for good. Idempotent. */
  close(): void {
    this.end('left');
  }

  private opened(): void {
    this.failures = 0;
    this.setStatus({ kind: 'open' });
    this.setTimer(this.options.clock.every(PING_PERIOD_MS, () => this.ping()));
  }

  private ping(): void {
    const wire = this.wire;
    // A connection that died without a word (a laptop's sleep, a lost network) shows itself only by silence.
    this.send({ command: 'ping' }).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'timeout' && wire === this.wire) this.lost();
    });
  }

  private received(text: string): void {
    const message = this.read(text);
    if (!message) return;
    if (message.type === 'reply') {
      const fault = message.fault;
      const text = fault?.message ?? 'The server refused.';
      this.settle(
        message.id,
        message.ok ? undefined : new ApiError(fault?.code ?? 'internal', text, { about: fault?.about }),
      );
      return;
    }
    if (message.type === 'bye' && message.reason !== 'shutting-down') this.end(message.reason);
    this.options.onMessage(message);
  }

  private read(text: string): ServerMessage | undefined {
    try {
      const parsed = serverMessageSchema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      const issue = parsed.error.issues[0];
      this.options.onUnreadable(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
    } catch {
      this.options.onUnreadable('not JSON');
    }
    return undefined;
  }

  private lost(): void {
    this.drop();
    this.failures += 1;
    const delayMs = backOffMs(this.failures, this.options.chance());
    this.setTimer(this.options.clock.after(delayMs, () => this.connect()));
    this.setStatus({ kind: 'waiting', attempt: this.failures, retryAtMs: this.options.clock.nowMs() + delayMs });
  }

  private end(reason: EndReason): void {
    if (this.status.kind === 'closed') return;
    this.drop();
    this.setTimer(undefined);
    this.setStatus({ kind: 'closed', reason });
  }

  private drop(): void {
    const wire = this.wire;
    this.wire = undefined;
    wire?.close();
    for (const id of [...this.pending.keys()]) {
      this.settle(id, new ApiError('unreachable', 'The connection to the server was lost.'));
    }
  }

  private settle(id: string, error: ApiError | undefined): void {
    const command = this.pending.get(id);
    if (!command) return;
    this.pending.delete(id);
    command.timer.cancel();
    if (error) command.reject(error);
    else command.resolve();
  }

  private setTimer(timer: Timer | undefined): void {
    this.timer?.cancel();
    this.timer = timer;
  }

  private setStatus(status: SocketStatus): void {
    this.status = status;
    this.options.onStatus(status);
  }
}
