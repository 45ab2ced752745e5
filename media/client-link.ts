/**
 * The app's line to one media process: a connection that is made again when it breaks, and the requests on their way. A
 * process that still has our session has lost nothing: it is asked again what it has not answered yet, and does nothing
 * twice. One that is gone, or has closed the session, has lost everything.
 *
 *   connecting ──welcome──► ready ──broken──► connecting ──welcome to the same session──► ready
 *                                                 └──refused, another session, too long──► lost
 */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock';
import { newToken } from '../base/ids';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { connectToMedia } from './connection';
import type { MediaAddress } from './connection';
import { FrameReader, writeFrame } from './framing';
import type { AppLife, KeepingMethod } from './keeping/terms';
import type { MediaEvent } from './ports';
import { HEARTBEAT_MS, PROTOCOL_VERSION, serverMessageSchema } from './protocol';
import type { MediaMethod } from './protocol';

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 2000;
/** From the first packet to the welcome; a network that swallows packets would keep an attempt for minutes. */
const CONNECT_PATIENCE_MS = 5000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Heartbeats without a word; with the grace they are what the loss of a whole machine takes to be noticed. */
const SILENT_BEATS = 3;
/** Who has said nothing for so long gets little more time: the calls are silent already. */
const GRACE_AFTER_SILENCE_MS = 500;
/** Less than the server's, so that the app never holds an endpoint for alive that is closed there. */
const DEFAULT_GRACE_MS = 2000;

/**
 * What becomes of the process: it can be asked, takes no more calls, or all that was open there is gone; `superseded`:
 * another start of this app has taken over what was open, and goes on with it.
 */
export type ProcessChange = 'ready' | 'draining' | 'lost' | 'superseded';

export interface MediaLinkOptions {
  readonly address: MediaAddress;
  readonly secret: string;
  /** With it what is open outlives this app's process for a while; see `media/keeping/terms.ts`. */
  readonly app?: AppLife | undefined;
  readonly graceMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface MediaLinkHandlers {
  readonly onEvent: (event: MediaEvent) => void;
  readonly onChange: (change: ProcessChange) => void;
}

interface Pending {
  readonly method: MediaMethod | KeepingMethod;
  readonly params: readonly unknown[];
  readonly settle: (result: Result<unknown>) => void;
  readonly timeout: Timer;
}

type Connection =
  | { readonly name: 'connecting'; readonly socket: Socket; readonly patience: Timer }
  | { readonly name: 'waiting'; readonly retry: Timer }
  | { readonly name: 'ready'; readonly socket: Socket }
  | { readonly name: 'closed' };

export class MediaLink {
  private clientId = newToken();
  /** In the order of their ids. */
  private readonly pending = new Map<number, Pending>();
  private connection: Connection;
  /** In which the process has what we opened; undefined when it has nothing. */
  private sessionId: string | undefined;
  private lastRequest = 0;
  /** The number of the last event of this session. */
  private lastEvent = 0;
  private hasNews = false;
  private hasComplained = false;
  private retryMs = FIRST_RETRY_MS;
  private grace: Timer | undefined;
  private readonly heartbeat: Timer | undefined;
  private silentBeats = 0;
  private wasSilent = false;

  constructor(
    private readonly options: MediaLinkOptions,
    private readonly handlers: MediaLinkHandlers,
  ) {
    // On one machine the system tells of an end at once; a network may say nothing.
    if (!('socketPath' in options.address))
      this.heartbeat = options.clock.every(HEARTBEAT_MS, () => this.checkHeartbeat());
    this.connection = this.connect();
  }

  /** Whether requests reach the process now. */
  get ready(): boolean {
    return this.connection.name === 'ready';
  }

  /**
   * Asks, or will ask when the connection is back within the grace. Fails with `unavailable` when the process is or gets
   * lost, with `timeout` when it does not answer; then it may still do what it was asked for.
   */
  request(method: MediaMethod | KeepingMethod, params: readonly unknown[]): Promise<Result<unknown>> {
    const { connection } = this;
    if (connection.name === 'closed' || this.sessionId === undefined)
      return Promise.resolve(fail('unavailable', 'the media process cannot be reached at the moment'));
    const id = (this.lastRequest += 1);
    return new Promise((resolve) => {
      const timeout = this.options.clock.after(REQUEST_TIMEOUT_MS, () =>
        this.settle(id, fail('timeout', `the media process did not answer ${method} in ${REQUEST_TIMEOUT_MS} ms`)),
      );
      const asked = { method, params, settle: resolve, timeout };
      this.pending.set(id, asked);
      if (connection.name === 'ready') this.ask(connection.socket, id, asked);
    });
  }

  /** See {@link MediaClient.drain}. */
  drain(withinMs?: number): Result<void> {
    const { connection } = this;
    const order = { type: 'drain', ...(withinMs !== undefined && { withinMs }) } as const;
    if (connection.name === 'ready' && writeFrame(connection.socket, order)) return ok(undefined);
    return fail('unavailable', 'the media process cannot be reached at the moment');
  }

  /** Says goodbye, so that nothing is kept there. Idempotent. */
  close(): void {
    const { connection } = this;
    if (connection.name === 'ready') writeFrame(connection.socket, { type: 'bye' });
    this.end('the connection to the media process was closed');
  }

  private end(why: string): void {
    const { connection } = this;
    if (connection.name === 'closed') return;
    this.connection = { name: 'closed' };
    this.grace?.cancel();
    this.heartbeat?.cancel();
    if (connection.name === 'waiting') connection.retry.cancel();
    else if (connection.name === 'ready') connection.socket.destroySoon();
    else connection.socket.destroy();
    if (connection.name === 'connecting') connection.patience.cancel();
    this.failPending(why);
  }

  private ask(socket: Socket, id: number, { method, params }: Pending): void {
    // One that is just ending: asked again when the connection is back.
    if (!socket.writable) return;
    const [oldest = id] = this.pending.keys();
    if (!writeFrame(socket, { type: 'request', id, oldest, method, params }))
      this.settle(id, fail('unavailable', `${method} could not be sent to the media process`));
  }

  private settle(id: number, result: Result<unknown>): void {
    const pending = this.pending.get(id);
    if (!pending) return;
    this.pending.delete(id);
    pending.timeout.cancel();
    pending.settle(result);
  }

  private failPending(message: string): void {
    for (const id of [...this.pending.keys()]) this.settle(id, fail('unavailable', message));
  }

  private connect(): Connection {
    const { address, secret, app, clock } = this.options;
    const socket = connectToMedia(address, () =>
      writeFrame(socket, {
        ...{ type: 'hello', version: PROTOCOL_VERSION, secret, clientId: this.clientId },
        ...(app && { app }),
      }),
    );
    const patience = clock.after(CONNECT_PATIENCE_MS, () => socket.destroy());
    const reader = new FrameReader();
    let refused = false;
    socket.setNoDelay(true);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
      this.complain('the media process cannot be reached', { err: error });
    });
    socket.on('close', () => {
      patience.cancel();
      this.onClosed(refused);
    });
    socket.on('data', (chunk) => {
      this.silentBeats = 0;
      const messages = reader.push(chunk);
      if (!messages.ok) return void socket.destroy();
      for (const message of messages.value) this.onMessage(socket, message);
      if (this.hasNews) writeFrame(socket, { type: 'seen', upTo: this.lastEvent });
      this.hasNews = false;
    });
    return { name: 'connecting', socket, patience };
  }

  /** Once until it is there again: a certificate that is not taken is found in the log, and does not fill it. */
  private complain(message: string, details: object): void {
    this.options.log[this.hasComplained ? 'debug' : 'warn'](details, message);
    this.hasComplained = true;
  }

  private onMessage(socket: Socket, message: unknown): void {
    const parsed = serverMessageSchema.safeParse(message);
    if (!parsed.success || this.connection.name === 'closed') return void socket.destroy();
    switch (parsed.data.type) {
      case 'welcome':
        return this.onWelcome(socket, parsed.data.sessionId);
      case 'refused':
        if (parsed.data.superseded) return this.supersede(parsed.data.reason);
        this.complain('the media process refused the connection', { reason: parsed.data.reason });
        return void socket.destroy();
      case 'response':
        return this.settle(parsed.data.id, parsed.data.result as Result<unknown>);
      case 'draining':
        return this.handlers.onChange('draining');
      case 'event':
        return this.heard(parsed.data.number, parsed.data.event as MediaEvent);
    }
  }

  /** One that was sent again, since nobody knew whether it had come, is only confirmed. */
  private heard(number: number, event: MediaEvent): void {
    this.hasNews = true;
    if (number <= this.lastEvent) return;
    this.handlers.onEvent(event);
    this.lastEvent = number;
  }

  private onWelcome(socket: Socket, sessionId: string): void {
    if (this.connection.name === 'connecting') this.connection.patience.cancel();
    this.grace?.cancel();
    this.retryMs = FIRST_RETRY_MS;
    this.hasComplained = false;
    if (this.sessionId !== sessionId) {
      this.lose();
      this.lastEvent = 0;
    }
    this.sessionId = sessionId;
    this.connection = { name: 'ready', socket };
    for (const [id, asked] of [...this.pending]) this.ask(socket, id, asked);
    this.handlers.onChange('ready');
  }

  /** What was open there is another's, who goes on with it: it is not lost, and not to be opened anew. */
  private supersede(reason: string): void {
    this.options.log.error({ reason }, 'the media process serves this app no more');
    this.end('another start of this app has taken over');
    this.handlers.onChange('superseded');
  }

  /** A process that answers no question any more is as good as cut off. */
  private checkHeartbeat(): void {
    const { connection } = this;
    if (connection.name !== 'ready') return;
    // Counted, not timed: an app that was busy for so long has not listened either.
    if (this.silentBeats >= SILENT_BEATS) {
      this.wasSilent = true;
      return void connection.socket.destroy();
    }
    this.silentBeats += 1;
    void this.request('counts', []);
  }

  /** @param refused nobody listens there: the process is gone, and no grace brings its endpoints back. */
  private onClosed(refused: boolean): void {
    const { connection, options } = this;
    if (connection.name === 'closed') return;
    if (connection.name === 'ready') {
      options.log.warn('the connection to the media process is lost');
      const graceMs = this.wasSilent ? GRACE_AFTER_SILENCE_MS : (options.graceMs ?? DEFAULT_GRACE_MS);
      this.wasSilent = false;
      this.grace = options.clock.after(graceMs, () => this.giveUp());
    }
    const retry = options.clock.after(this.retryMs, () => void (this.connection = this.connect()));
    this.retryMs = Math.min(MAX_RETRY_MS, this.retryMs * 2);
    this.connection = { name: 'waiting', retry };
    if (refused) this.giveUp();
  }

  /** From here on we come as somebody new: what the process still holds of ours closes there after its own grace. */
  private giveUp(): void {
    this.clientId = newToken();
    if (this.connection.name === 'connecting') this.connection.socket.destroy();
    this.lose();
  }

  /** Nothing can be lost twice. */
  private lose(): void {
    if (this.sessionId === undefined) return;
    this.sessionId = undefined;
    this.grace?.cancel();
    this.failPending('the media process that was asked is gone');
    this.handlers.onChange('lost');
  }
}
