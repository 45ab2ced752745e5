/** The media process's side of the socket: admits apps by the shared secret and serves the engine to them. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock';
import { messageOf } from '../base/errors';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { createMediaServer } from './connection';
import type { MediaAddress } from './connection';
import { ClientSession } from './client-session';
import type { Disconnection } from './client-session';
import { FrameReader, writeFrame } from './framing';
import { AppLives } from './keeping/app-lives';
import type { KeptMedia } from './keeping/kept-media';
import type { AppLife } from './keeping/terms';
import type { MediaPort } from './ports';
import {
  HEARTBEAT_MS,
  PROTOCOL_VERSION,
  byeSchema,
  drainSchema,
  helloSchema,
  requestSchema,
  seenSchema,
} from './protocol';
import type { ServerMessage } from './protocol';

/** A connection that does not say hello is ended. */
const HELLO_TIMEOUT_MS = 5000;
const DEFAULT_GRACE_MS = 3000;
const DEFAULT_KEEP_MS = 60_000;
const SUPERSEDED = 'another start of this app has taken over';
const DRAIN_CHECK_MS = 200;
/** Heartbeats without a word: an app whose machine or network is gone may not say so. More than the app itself waits. */
const SILENT_BEATS = 4;

export interface MediaServerOptions {
  readonly engine: MediaPort;
  readonly address: MediaAddress;
  readonly secret: string;
  /** Told once: no app has anything open any more after a {@link MediaServer.drain}, or its time is over. */
  readonly onDrained?: () => void;
  /** How long an app that lost its connection may come back before its endpoints are closed. Default 3 s. */
  readonly graceMs?: number;
  /** How long what an app had open is kept for its next start when its process is gone. Default 60 s. */
  readonly keepMs?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export class MediaServer {
  private readonly sessions = new Map<string, ClientSession>();
  private readonly lives = new AppLives();
  private readonly silent = new WeakSet<Socket>();
  /** Each with the number of heartbeats in which nothing was heard from there. */
  private readonly sockets = new Map<Socket, number>();
  private readonly heartbeat: Timer | undefined;
  private readonly server: Server;
  private readonly unsubscribe: () => void;
  private draining: { readonly watch: Timer; deadline?: Timer } | undefined;

  private constructor(private readonly options: MediaServerOptions) {
    this.server = createMediaServer(options.address, {
      accept: (socket) => this.onConnection(socket),
      refused: (err) => options.log.warn({ err }, 'a connection without a certificate of ours was refused'),
    });
    this.unsubscribe = options.engine.onEvent((event) => {
      for (const session of this.sessions.values()) session.onEvent(event);
    });
    if (!('socketPath' in options.address))
      this.heartbeat = options.clock.every(HEARTBEAT_MS, () => this.checkHeartbeats());
  }

  /** Listens. Fails with `unavailable` when the address cannot be had. */
  static async start(options: MediaServerOptions): Promise<Result<MediaServer>> {
    const server = new MediaServer(options);
    try {
      // A Unix socket's file outlives a process that was killed; whoever starts here owns the path.
      if ('socketPath' in options.address) await rm(options.address.socketPath, { force: true });
      await server.listen();
      return ok(server);
    } catch (error) {
      server.unsubscribe();
      server.heartbeat?.cancel();
      return fail('unavailable', `the media process cannot listen: ${messageOf(error)}`, error);
    }
  }

  /** Where to connect to. */
  get address(): MediaAddress {
    const bound = this.server.address();
    if (bound !== null && typeof bound === 'object') return { host: bound.address, port: bound.port };
    return this.options.address;
  }

  /**
   * Tells the apps to put no more calls here, and waits until nothing is open. Asked again, a new time counts.
   * @param withinMs after which it is over, whatever is open; without it as long as it takes.
   */
  drain(withinMs?: number): void {
    if (!this.draining) {
      this.draining = { watch: this.options.clock.every(DRAIN_CHECK_MS, () => this.checkDrained()) };
      for (const socket of this.sockets.keys()) writeFrame(socket, { type: 'draining' });
    }
    this.draining.deadline?.cancel();
    if (withinMs === undefined) return;
    this.draining.deadline = this.options.clock.after(withinMs, () => this.drained());
  }

  private checkDrained(): void {
    if ([...this.sessions.values()].every(({ isIdle }) => isIdle)) this.drained();
  }

  private drained(): void {
    this.endDraining();
    this.options.onDrained?.();
  }

  /** Its app may come back within the grace. */
  private checkHeartbeats(): void {
    for (const [socket, silentBeats] of this.sockets) {
      if (silentBeats < SILENT_BEATS) this.sockets.set(socket, silentBeats + 1);
      else {
        this.silent.add(socket);
        socket.destroy();
      }
    }
  }

  private endDraining(): void {
    this.draining?.watch.cancel();
    this.draining?.deadline?.cancel();
  }

  /** Ends all connections; what the apps had open is closed at once. Idempotent. */
  async close(): Promise<void> {
    this.unsubscribe();
    this.endDraining();
    this.heartbeat?.cancel();
    const closed = new Promise<void>((resolve) => void this.server.close(() => resolve()));
    for (const socket of this.sockets.keys()) socket.destroy();
    await Promise.all([...this.sessions.values()].map((session) => session.end()));
    await closed;
  }

  private listen(): Promise<void> {
    const { address } = this.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      const onListening = (): void => {
        this.server.off('error', reject);
        this.server.on('error', (err) => this.options.log.error({ err }, 'the media server reported an error'));
        resolve();
      };
      if ('socketPath' in address) this.server.listen(address.socketPath, onListening);
      else this.server.listen(address.port, address.host, onListening);
    });
  }

  private onConnection(socket: Socket): void {
    this.sockets.set(socket, 0);
    const reader = new FrameReader();
    let session: ClientSession | undefined;
    const timeout = this.options.clock.after(HELLO_TIMEOUT_MS, () => socket.destroy());
    socket.setNoDelay(true);
    socket.on('error', (err) => this.options.log.debug({ err }, 'a connection to the media process broke'));
    socket.on('close', () => {
      timeout.cancel();
      this.sockets.delete(socket);
      const how: Disconnection = this.silent.has(socket) ? 'silent' : 'broken';
      session?.disconnected(socket, how);
    });
    socket.on('data', (chunk) => {
      this.sockets.set(socket, 0);
      const messages = reader.push(chunk);
      if (!messages.ok) return this.refuse(socket, messages.fault.message);
      for (const message of messages.value) {
        if (session) this.onRequest(session, socket, message);
        else {
          session = this.admit(socket, message);
          if (!session) return;
          timeout.cancel();
        }
      }
    });
  }

  private admit(socket: Socket, message: unknown): ClientSession | undefined {
    const hello = helloSchema.safeParse(message);
    if (!hello.success) return this.refuse(socket, 'the first message must be a hello');
    const { version, secret, clientId, app } = hello.data;
    if (!sameSecret(secret, this.options.secret)) return this.refuse(socket, 'the secret is wrong');
    if (version !== PROTOCOL_VERSION)
      return this.refuse(socket, `this process speaks version ${PROTOCOL_VERSION}, not ${version}`);
    if (app && !this.lives.admit(app)) return this.refuse(socket, SUPERSEDED, { superseded: true });
    const session = this.sessions.get(clientId) ?? this.newSession(clientId, app);
    writeFrame(socket, { type: 'welcome', version: PROTOCOL_VERSION, sessionId: session.sessionId });
    session.connected(socket);
    if (this.draining) writeFrame(socket, { type: 'draining' });
    return session;
  }

  private newSession(clientId: string, app: AppLife | undefined): ClientSession {
    const { engine, clock, log, graceMs = DEFAULT_GRACE_MS, keepMs = DEFAULT_KEEP_MS } = this.options;
    // Who comes as somebody new within one life has given up what it had.
    const givenUp = this.sessionsOf(app).filter((other) => other.app?.life === app?.life);
    const session: ClientSession = new ClientSession({
      ...{ engine, clock, log, app, graceMs, keepMs },
      onEnded: () => void this.sessions.delete(clientId),
      takeOver: () => this.takeOver(session),
      after: givenUp.length > 0 ? Promise.all(givenUp.map((other) => other.end())) : undefined,
    });
    this.sessions.set(clientId, session);
    return session;
  }

  /** The newer claim wins: all others of the app are cut off, and not admitted again. */
  private takeOver(claimant: ClientSession): readonly KeptMedia[] {
    const others = this.sessionsOf(claimant.app).filter((session) => session !== claimant);
    if (claimant.app) this.lives.claimedBy(claimant.app);
    return others.map((other) => other.supersede(SUPERSEDED));
  }

  private sessionsOf(app: AppLife | undefined): ClientSession[] {
    if (!app) return [];
    return [...this.sessions.values()].filter((session) => session.app?.id === app.id);
  }

  private onRequest(session: ClientSession, socket: Socket, message: unknown): void {
    const drain = drainSchema.safeParse(message);
    if (drain.success) return this.drain(drain.data.withinMs);
    const seen = seenSchema.safeParse(message);
    if (seen.success) return session.seen(seen.data.upTo);
    if (byeSchema.safeParse(message).success) {
      void session.end();
      return void socket.end();
    }
    const request = requestSchema.safeParse(message);
    if (!request.success) return this.refuse(socket, 'a message is no request of this protocol');
    const { id } = request.data;
    void session.answer(request.data).then((result) => {
      const response: ServerMessage = { type: 'response', id, result };
      writeFrame(socket, response);
    });
  }

  private refuse(socket: Socket, reason: string, more: { readonly superseded?: true } = {}): undefined {
    this.options.log.warn({ reason }, 'a connection to the media process was refused');
    writeFrame(socket, { type: 'refused', reason, ...more });
    socket.end();
    socket.destroySoon();
  }
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
