/**
 * Lends pairs of UDP ports out of a range: the even one for RTP, the next for RTCP (RFC 3550 section 11). It goes round
 * the range from a random start, so that a port rests as long as possible before another call gets it.
 */
import { randomInt } from 'node:crypto';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

/** Inclusive bounds. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export class PortAllocator {
  private readonly taken = new Set<number>();
  private readonly firstEven: number;
  private readonly pairs: number;
  private next: number;

  /** Throws a RangeError when the range holds no pair. */
  constructor(private readonly range: PortRange) {
    this.firstEven = range.first + (range.first % 2);
    this.pairs = Math.floor((range.last - this.firstEven + 1) / 2);
    if (range.first < 1 || range.last > 0xffff || this.pairs < 1)
      throw new RangeError(`the RTP ports ${range.first}-${range.last} hold no pair of an even port and the next`);
    this.next = randomInt(this.pairs);
  }

  /** Number of pairs in the range. */
  get capacity(): number {
    return this.pairs;
  }

  /** Number of pairs lent. */
  get inUse(): number {
    return this.taken.size;
  }

  /** The RTP port of a free pair. Fails with `overloaded` when all are lent. */
  take(): Result<number> {
    for (let tried = 0; tried < this.pairs; tried += 1) {
      const port = this.firstEven + this.next * 2;
      this.next = (this.next + 1) % this.pairs;
      if (this.taken.has(port)) continue;
      this.taken.add(port);
      return ok(port);
    }
    const { first, last } = this.range;
    return fail('overloaded', `all ${this.pairs} pairs of the RTP ports ${first}-${last} are in use; widen RTP_PORTS`);
  }

  /** Gives a pair back. Idempotent. */
  give(rtpPort: number): void {
    this.taken.delete(rtpPort);
  }
}
