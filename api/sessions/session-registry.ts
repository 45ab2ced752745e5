/**
 * The sessions of signed-in users. A session's token is known to the client only; here lies its SHA-256, so that a
 * memory dump or a log signs nobody in. Sessions live in this process: after its restart everyone signs in again.
 */
import { createHash } from 'node:crypto';
import type { Clock, Timer } from '../../base/clock';
import { newToken } from '../../base/ids';
import type { Logger } from '../../base/log';
import { TypedEmitter } from '../../base/emitter';
import type { SessionUser } from '../contract/rest';

export interface LiveSession {
  /** The token's hash. */
  readonly key: string;
  readonly user: SessionUser;
  readonly expiresAtMs: number;
}

export type SessionEnd = 'signed-out' | 'expired' | 'shutting-down';

/** Programs that sign in again and again without signing out end their own oldest sessions. */
const MAX_SESSIONS_PER_USER = 100;
/** Longer than any token of ours; what is longer is not hashed at all. */
const MAX_TOKEN_LENGTH = 256;

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

interface Entry extends LiveSession {
  readonly expiry: Timer;
}

export class SessionRegistry {
  readonly events: TypedEmitter<{ ended: [session: LiveSession, end: SessionEnd] }>;
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly options: { clock: Clock; log: Logger; lifetimeMs: number }) {
    this.events = new TypedEmitter(options.log);
  }

  open(user: SessionUser): { token: string; session: LiveSession } {
    const token = newToken(32);
    const key = keyOf(token);
    const { clock, lifetimeMs } = this.options;
    const expiry = clock.after(lifetimeMs, () => this.end(key, 'expired'));
    const session: Entry = { key, user, expiresAtMs: clock.nowMs() + lifetimeMs, expiry };
    this.entries.set(key, session);
    const own = this.ofUser(user.userId);
    const oldest = own[0];
    if (own.length > MAX_SESSIONS_PER_USER && oldest) this.end(oldest.key, 'signed-out');
    return { token, session };
  }

  find(token: string): LiveSession | undefined {
    return token.length > MAX_TOKEN_LENGTH ? undefined : this.entries.get(keyOf(token));
  }

  /** Oldest first. */
  ofUser(userId: string): LiveSession[] {
    return [...this.entries.values()].filter((entry) => entry.user.userId === userId);
  }

  /** Idempotent. */
  end(key: string, end: SessionEnd): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    entry.expiry.cancel();
    this.events.emit('ended', entry, end);
  }

  close(): void {
    for (const key of [...this.entries.keys()]) this.end(key, 'shutting-down');
    this.events.removeAll();
  }
}
