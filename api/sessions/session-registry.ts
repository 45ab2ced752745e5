/**
 * The sessions of signed-in users. A session's token is known to the client only; here and in the store lies its
 * SHA-256, so that a memory dump, a log or a stolen database signs nobody in. Sessions outlive the process.
 */
import { createHash } from 'node:crypto';
import type { Clock, Timer } from '../../base/clock';
import { newToken } from '../../base/ids';
import type { Lasting, LastingRecords } from '../../base/lasting';
import type { Logger } from '../../base/log';
import { TypedEmitter } from '../../base/emitter';
import type { SessionUser } from '../contract/rest';

export interface LiveSession {
  /** The token's hash. */
  readonly key: string;
  readonly user: SessionUser;
  readonly expiresAtMs: number;
}

/** What outlives the process, under the token's hash. */
export interface KeptSession {
  readonly user: SessionUser;
}

export interface SessionRegistryOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly lifetimeMs: number;
  /** Left out: sessions end with the process. */
  readonly records?: Pick<LastingRecords<KeptSession>, 'save' | 'remove' | 'settled'> | undefined;
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

  constructor(private readonly options: SessionRegistryOptions) {
    this.events = new TypedEmitter(options.log);
  }

  /** Goes on with sessions of before a restart, oldest first. */
  restore(found: readonly Lasting<KeptSession>[]): void {
    for (const { id, value, expiresAtMs } of found) this.add(id, value.user, expiresAtMs);
  }

  /** Resolves when what was opened and ended until now would be so after a restart, as far as the store takes it. */
  async settled(): Promise<void> {
    await this.options.records?.settled();
  }

  open(user: SessionUser): { token: string; session: LiveSession } {
    const token = newToken(32);
    const { clock, lifetimeMs, records } = this.options;
    const session = this.add(keyOf(token), user, clock.nowMs() + lifetimeMs);
    records?.save({ id: session.key, value: { user }, expiresAtMs: session.expiresAtMs });
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

  /** The sessions by which this agent's seat is taken. */
  ofAgent(agentId: string): LiveSession[] {
    return [...this.entries.values()].filter((entry) => entry.user.agent?.agentId === agentId);
  }

  /** Idempotent. */
  end(key: string, end: SessionEnd): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    entry.expiry.cancel();
    if (end !== 'shutting-down') this.options.records?.remove(key);
    this.events.emit('ended', entry, end);
  }

  close(): void {
    for (const key of [...this.entries.keys()]) this.end(key, 'shutting-down');
    this.events.removeAll();
  }

  private add(key: string, user: SessionUser, expiresAtMs: number): Entry {
    const { clock } = this.options;
    const expiry = clock.after(Math.max(0, expiresAtMs - clock.nowMs()), () => this.end(key, 'expired'));
    const entry: Entry = { key, user, expiresAtMs, expiry };
    this.entries.set(key, entry);
    return entry;
  }
}
