/**
 * Contexts of calls that are about to arrive: what another switch, or we ourselves, know about a call that is handed
 * over. Each is found once, by its token or by the temporary number that was reserved for it, and expires. What is kept
 * outlives the process, under the hash of its token: who reads the store cannot ask for a context.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../base/clock';
import type { LastingRecords } from '../base/lasting';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';

/** What is handed over with a call. */
export interface CallerContext {
  readonly caller?: string | undefined;
  readonly callerName?: string | undefined;
  /** What the caller had dialled at first. */
  readonly called?: string | undefined;
  /** The interaction at the switch that hands the call over. */
  readonly interactionId?: string | undefined;
  /** The flow's variables there. */
  readonly data: Readonly<Record<string, string>>;
}

export interface Reservation {
  /** 32 hexadecimal digits. */
  readonly token: string;
  readonly temporaryNumber: string | undefined;
  readonly expiresAtMs: number;
}

export interface FoundContext extends CallerContext {
  /** The number of ours that the call is for; only of those reserved with a temporary number. */
  readonly number: string | undefined;
}

/** What outlives the process. */
export interface KeptContext {
  readonly context: FoundContext;
  readonly temporaryNumber: string | undefined;
}

interface Entry extends KeptContext {
  /** The token's SHA-256. */
  readonly key: string;
  readonly expiresAtMs: number;
}

export interface ContextBookDependencies {
  readonly clock: Clock;
  readonly ranges: () => readonly NumberRange[];
  /** Left out: contexts end with the process. */
  readonly records?: Pick<LastingRecords<KeptContext>, 'takeFound' | 'save' | 'remove' | 'settled'> | undefined;
}

/** A range of numbers of one length that carriers and other switches route to us. */
export interface NumberRange {
  readonly first: string;
  readonly last: string;
}

export const MAX_CONTEXTS = 10_000;
const SWEEP_PERIOD_MS = 5_000;
const TOKEN_BYTES = 16;

export class ContextBook {
  private readonly byKey = new Map<string, Entry>();
  private readonly byNumber = new Map<string, Entry>();
  /** Runs while something is kept. */
  private sweeper: Timer | undefined;
  /** Where the search for a free number goes on, so that one just used rests as long as possible. */
  private nextNumber = 0;

  constructor(private readonly deps: ContextBookDependencies) {
    for (const { id, value, expiresAtMs } of deps.records?.takeFound() ?? [])
      this.add({ ...value, key: id, expiresAtMs });
  }

  get size(): number {
    return this.byKey.size;
  }

  /** Resolves when what has been reserved would outlive the process, as far as the store takes it. */
  async settled(): Promise<void> {
    await this.deps.records?.settled();
  }

  /**
   * @param reserve.forNumber reserves a temporary number that leads to this number of ours.
   * Fails with `overloaded` when there are too many contexts, or no temporary number is free.
   */
  reserve(context: CallerContext, reserve: { ttlMs: number; forNumber?: string | undefined }): Result<Reservation> {
    this.sweep();
    if (this.byKey.size >= MAX_CONTEXTS) return fail('overloaded', 'Too many calls are being handed over.');
    const temporaryNumber = reserve.forNumber === undefined ? undefined : this.freeNumber();
    if (reserve.forNumber !== undefined && temporaryNumber === undefined) {
      return fail('overloaded', 'No temporary number is free; an administrator can add a range.');
    }
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    const expiresAtMs = this.deps.clock.nowMs() + reserve.ttlMs;
    const kept: KeptContext = { context: { ...context, number: reserve.forNumber }, temporaryNumber };
    const key = keyOf(token);
    this.add({ ...kept, key, expiresAtMs });
    this.deps.records?.save({ id: key, value: kept, expiresAtMs });
    return ok({ token, temporaryNumber, expiresAtMs });
  }

  /** Finds a context by its token, once. */
  take(token: string): FoundContext | undefined {
    return this.remove(this.byKey.get(keyOf(token.toLowerCase())));
  }

  /** Finds a context by its temporary number, once. */
  takeByNumber(number: string): FoundContext | undefined {
    return this.remove(this.byNumber.get(number));
  }

  /** Idempotent. */
  close(): void {
    this.sweeper?.cancel();
    this.sweeper = undefined;
    this.byKey.clear();
    this.byNumber.clear();
  }

  private add(entry: Entry): void {
    this.byKey.set(entry.key, entry);
    if (entry.temporaryNumber !== undefined) this.byNumber.set(entry.temporaryNumber, entry);
    this.sweeper ??= this.deps.clock.after(SWEEP_PERIOD_MS, () => this.sweepOn());
  }

  private remove(entry: Entry | undefined): FoundContext | undefined {
    if (!entry) return undefined;
    const { key, temporaryNumber, expiresAtMs } = entry;
    this.byKey.delete(key);
    this.deps.records?.remove(key);
    if (temporaryNumber !== undefined) this.byNumber.delete(temporaryNumber);
    return expiresAtMs > this.deps.clock.nowMs() ? entry.context : undefined;
  }

  private sweepOn(): void {
    this.sweep();
    const goesOn = this.byKey.size > 0;
    this.sweeper = goesOn ? this.deps.clock.after(SWEEP_PERIOD_MS, () => this.sweepOn()) : undefined;
  }

  private sweep(): void {
    const nowMs = this.deps.clock.nowMs();
    for (const entry of this.byKey.values()) if (entry.expiresAtMs <= nowMs) this.remove(entry);
  }

  private freeNumber(): string | undefined {
    const sizes = this.deps.ranges().map(sizeOf);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    for (let tried = 0; tried < total; tried += 1) {
      const number = this.numberAt((this.nextNumber + tried) % total, sizes);
      if (number === undefined || this.byNumber.has(number)) continue;
      this.nextNumber = (this.nextNumber + tried + 1) % total;
      return number;
    }
    return undefined;
  }

  private numberAt(index: number, sizes: readonly number[]): string | undefined {
    let left = index;
    for (const [at, range] of this.deps.ranges().entries()) {
      const size = sizes[at] ?? 0;
      if (left < size) return plus(range.first, left);
      left -= size;
    }
    return undefined;
  }
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

const digitsOf = (number: string): { prefix: string; digits: string } =>
  number.startsWith('+') ? { prefix: '+', digits: number.slice(1) } : { prefix: '', digits: number };

/** How many numbers a range has; none when its ends do not fit each other. */
export const sizeOf = ({ first, last }: NumberRange): number => {
  const [from, to] = [digitsOf(first), digitsOf(last)];
  const fits = from.prefix === to.prefix && from.digits.length === to.digits.length;
  const size = fits ? Number(BigInt(to.digits) - BigInt(from.digits)) + 1 : 0;
  return size > 0 && size <= MAX_CONTEXTS ? size : 0;
};

const plus = (number: string, add: number): string => {
  const { prefix, digits } = digitsOf(number);
  return prefix + (BigInt(digits) + BigInt(add)).toString().padStart(digits.length, '0');
};
