/**
 * Who has failed to prove an identity too often. Failures are counted for each source, each account, and each account
 * from each source (a pair); a ban lies on the smallest of them that stops the attack:
 *
 * ```
 * ten failures of a pair                        the pair is banned
 * ten failures of a source                      the source is banned whole, unless somebody there has proved an identity
 * ten failures of an account, from anywhere     the account is open only to sources that have proved it before
 * ```
 *
 * So two hundred good users behind one address are never shut out for one attacker among them, a source that tries many
 * accounts is shut out whole, and an attack from many sources on one account leaves its owner alone. Bans end by
 * themselves; each further one lasts longer. Failures lie within a day, so that patience does not help. All tables are
 * bounded, and nothing here waits: who asks brings the time along. Bans and proofs outlive the process, failures do not.
 */
import { BoundedMap } from '../../base/bounded-map';
import type { Clock } from '../../base/clock';
import type { LastingRecords } from '../../base/lasting';
import { networkOf } from '../../base/network';
import { RecentCounts } from './recent-counts';

export interface Attempt {
  /** The address that it came from. */
  readonly source: string;
  readonly account: string;
}

export type BanKind = 'source' | 'pair' | 'account';

export interface Ban {
  /** What it lies on; the same again while the same is banned. */
  readonly id: string;
  readonly kind: BanKind;
  /** The address, or an IPv6 address's first four groups; absent for an account. */
  readonly network?: string | undefined;
  readonly account?: string | undefined;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Counts from 1; a ban soon after another one lasts longer. */
  readonly level: number;
}

/** What outlives the process. */
export type GuardRecord =
  { readonly kind: 'ban'; readonly ban: Ban } | { readonly kind: 'proof'; readonly key: string; readonly atMs: number };

export type GuardRecords = Pick<LastingRecords<GuardRecord>, 'takeFound' | 'save' | 'remove'>;

export interface BanBookDependencies {
  /** Left out: all is forgotten with the process. */
  readonly records?: GuardRecords | undefined;
  /** Sources that are never banned whole: carriers, whose calls must come in whatever else comes from there. */
  readonly isExempt: (source: string) => boolean;
  /** The tenth failure. `ban` is absent where nothing could be banned without hitting good users. */
  readonly onAlarm: (alarm: { readonly attempt: Attempt; readonly bans: readonly Ban[] }) => void;
  /** The sources that are banned whole are others now. */
  readonly onSourcesChanged: () => void;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long the first, second, third and every further ban lasts. */
export const BAN_LENGTHS_MS = [10 * 60_000, HOUR_MS, 6 * HOUR_MS, DAY_MS] as const;

export const FAILURES_TO_BAN = 10;

/** A proved identity speaks for its source for so long. */
const PROOF_MS = 7 * DAY_MS;

const MAX_KEYS = 20_000;

/** Bans, and proofs of pairs and of sources. */
export const MAX_GUARD_RECORDS = 3 * MAX_KEYS;

/** Names of accounts come from strangers: a long one is as good as its beginning. */
const MAX_ACCOUNT_CHARS = 64;

export class BanBook {
  private readonly bans: BoundedMap<string, Ban>;
  /** Pairs and sources, and when an identity was last proved there. */
  private readonly proofs: BoundedMap<string, number>;
  private readonly failures: RecentCounts;

  constructor(
    private readonly clock: Clock,
    private readonly deps: BanBookDependencies,
  ) {
    const { records } = deps;
    this.bans = new BoundedMap(MAX_KEYS, (id) => records?.remove(id));
    this.proofs = new BoundedMap(2 * MAX_KEYS, (key) => records?.remove(proofId(key)));
    this.failures = new RecentCounts({ clock, windowMs: DAY_MS, limit: FAILURES_TO_BAN, maxKeys: 3 * MAX_KEYS });
    for (const { value } of records?.takeFound() ?? []) {
      if (value.kind === 'ban') this.bans.set(value.ban.id, value.ban);
      else this.proofs.set(value.key, value.atMs);
    }
  }

  /** Whether credentials may be looked at. Otherwise they are refused like wrong ones, whatever they are. */
  mayTry(attempt: Attempt): boolean {
    const keys = keysOf(attempt);
    if (this.isBanned(keys.source) || this.isBanned(keys.pair)) return false;
    return !this.isBanned(keys.account) || this.isProved(keys.pair);
  }

  /** Somebody has proved to be the account's owner. */
  succeeded(attempt: Attempt): void {
    const { source, pair, account } = keysOf(attempt);
    for (const key of [source, pair]) this.proved(key);
    // Who mistypes and then succeeds has done nothing; what others have failed at stays counted.
    const own = this.failures.count(pair);
    this.failures.forget(pair);
    this.failures.takeBack(source, own);
    this.failures.takeBack(account, own);
  }

  /** Somebody has failed to, with credentials made for a challenge that went to this very source. */
  failed(attempt: Attempt): void {
    if (!this.mayTry(attempt)) return;
    const keys = keysOf(attempt);
    const full = {
      pair: this.failures.add(keys.pair) >= FAILURES_TO_BAN,
      source: this.failures.add(keys.source) >= FAILURES_TO_BAN,
      account: this.failures.add(keys.account) >= FAILURES_TO_BAN,
    };
    if (!full.pair && !full.source && !full.account) return;
    const bans: Ban[] = [];
    if (full.source && !this.isProved(keys.source) && !this.deps.isExempt(attempt.source))
      bans.push(this.ban('source', attempt));
    else if (full.pair) bans.push(this.ban('pair', attempt));
    if (full.account && !full.pair) bans.push(this.ban('account', attempt));
    // What has been counted has had its consequence: the next ten begin.
    if (full.pair) this.failures.forget(keys.pair);
    if (full.source) this.failures.forget(keys.source);
    if (full.account) this.failures.forget(keys.account);
    this.deps.onAlarm({ attempt, bans });
    if (bans.some(({ kind }) => kind === 'source')) this.deps.onSourcesChanged();
  }

  /** The bans that hold now, the latest first. */
  list(): Ban[] {
    const nowMs = this.clock.nowMs();
    return [...this.bans.values()].filter(({ untilMs }) => untilMs > nowMs).reverse();
  }

  /** Ends a ban before its time, and forgets what led to it. False when there is none of this id. */
  lift(id: string): boolean {
    const ban = this.isBanned(id) ? this.bans.get(id) : undefined;
    if (!ban) return false;
    this.bans.delete(id);
    this.deps.records?.remove(id);
    this.failures.forget(id);
    if (ban.kind === 'source') this.deps.onSourcesChanged();
    return true;
  }

  private ban(kind: BanKind, attempt: Attempt): Ban {
    const id = keysOf(attempt)[kind];
    const nowMs = this.clock.nowMs();
    const last = this.bans.get(id);
    const isSoonAfter = last !== undefined && nowMs - last.untilMs < DAY_MS;
    const level = isSoonAfter ? Math.min(last.level + 1, BAN_LENGTHS_MS.length) : 1;
    const ban: Ban = {
      id,
      kind,
      ...(kind === 'account' ? {} : { network: networkOf(attempt.source) }),
      ...(kind === 'source' ? {} : { account: attempt.account.slice(0, MAX_ACCOUNT_CHARS) }),
      sinceMs: nowMs,
      untilMs: nowMs + (BAN_LENGTHS_MS[level - 1] ?? DAY_MS),
      level,
    };
    this.bans.set(id, ban);
    // The next ban within a day of its end counts it.
    this.deps.records?.save({ id, value: { kind: 'ban', ban }, expiresAtMs: ban.untilMs + DAY_MS });
    return ban;
  }

  private proved(key: string): void {
    const atMs = this.clock.nowMs();
    const lastMs = this.proofs.get(key) ?? 0;
    this.proofs.set(key, atMs);
    // Phones prove themselves every few minutes; an hour more or less of a week is not worth writing down.
    if (Math.floor(atMs / HOUR_MS) === Math.floor(lastMs / HOUR_MS)) return;
    this.deps.records?.save({ id: proofId(key), value: { kind: 'proof', key, atMs }, expiresAtMs: atMs + PROOF_MS });
  }

  private isBanned(key: string): boolean {
    return (this.bans.get(key)?.untilMs ?? 0) > this.clock.nowMs();
  }

  private isProved(key: string): boolean {
    const atMs = this.proofs.get(key);
    return atMs !== undefined && this.clock.nowMs() - atMs < PROOF_MS;
  }
}

const proofId = (key: string): string => `proof:${key}`;

const keysOf = ({ source, account }: Attempt): Readonly<Record<BanKind, string>> => {
  const network = networkOf(source);
  const name = Buffer.from(account.slice(0, MAX_ACCOUNT_CHARS).toLowerCase()).toString('base64url');
  return { source: `source:${network}`, account: `account:${name}`, pair: `pair:${network}:${name}` };
};
