/** The sources that an app has banned (extension `bans`): not a byte of theirs is looked at. */
import type { Clock } from '../../base/clock';
import { networkOf } from '../../base/network';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';

/** The extension's name. */
export const BANS = 'bans';

/** One ban as the app writes it. */
export interface SourceBan {
  /** An IPv4 address, or the first four groups of an IPv6 address (its /64). */
  readonly network: string;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

const MAX_BANS = 20_000;

export class BanList {
  private bans = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.bans.size;
  }

  /** Takes an app's list in the place of the one before. Fault `bad_input` changes nothing. */
  replace(input: unknown): Result<void> {
    const list = (input as { sources?: unknown } | null | undefined)?.sources;
    if (!Array.isArray(list) || list.length > MAX_BANS || !list.every(isBan)) {
      return fail('bad_input', `sources is no list of at most ${MAX_BANS} networks with untilMs`);
    }
    this.bans = new Map(list.map(({ network, untilMs }) => [network, untilMs]));
    return ok(undefined);
  }

  holds(address: string): boolean {
    if (this.bans.size === 0) return false;
    const network = networkOf(address);
    const untilMs = this.bans.get(network);
    if (untilMs === undefined) return false;
    if (untilMs > this.clock.nowMs()) return true;
    this.bans.delete(network);
    return false;
  }
}

const isBan = (entry: unknown): entry is SourceBan =>
  typeof entry === 'object' &&
  entry !== null &&
  'network' in entry &&
  typeof entry.network === 'string' &&
  'untilMs' in entry &&
  typeof entry.untilMs === 'number';
