/** Which packet of a stream a sequence number of 16 bits means, and whether it has been there before (RFC 3711, 3.3). */

export const SEQUENCE_RANGE = 0x1_0000;
const HALF = 0x8000;

/** Appendix A: the index next to `highest` that ends in `sequenceNumber`; never below zero. */
export const nearestIndex = (sequenceNumber: number, highest: number | undefined): number => {
  if (highest === undefined) return sequenceNumber;
  const rollovers = Math.floor(highest / SEQUENCE_RANGE);
  const candidate = rollovers * SEQUENCE_RANGE + sequenceNumber;
  if (candidate - highest > HALF && rollovers > 0) return candidate - SEQUENCE_RANGE;
  return highest - candidate > HALF ? candidate + SEQUENCE_RANGE : candidate;
};

/** Section 3.3.2 asks for 64 at least; a burst that is late by a second still passes. */
const WINDOW = 128;

export class ReplayWindow {
  private readonly seen = new Float64Array(WINDOW).fill(-1);
  private top: number | undefined;

  get highest(): number | undefined {
    return this.top;
  }

  /** Whether the packet is neither too old nor known. */
  admits(index: number): boolean {
    if (this.top !== undefined && index <= this.top - WINDOW) return false;
    return this.seen[index % WINDOW] !== index;
  }

  /** To be called for packets that have proved to be genuine. */
  add(index: number): void {
    this.seen[index % WINDOW] = index;
    this.top = Math.max(index, this.top ?? index);
  }
}
