/**
 * A map that forgets what was set longest ago when it would grow over its bound.
 *
 * It forgets an eighth at a time: a Map keeps the places of what was deleted at its front, so that looking for the one
 * oldest entry, time after time, would cost more the larger the map; a flood of made-up keys must not be able to buy that.
 */
export class BoundedMap<Key, Value> {
  private readonly entries = new Map<Key, Value>();

  constructor(
    private readonly maxSize: number,
    /** Called for each key that is forgotten for the bound's sake. */
    private readonly onForgotten?: (key: Key) => void,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: Key): Value | undefined {
    return this.entries.get(key);
  }

  has(key: Key): boolean {
    return this.entries.has(key);
  }

  /** Sets a value; the key counts as new. */
  set(key: Key, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.maxSize) this.forgetOldest();
  }

  delete(key: Key): boolean {
    return this.entries.delete(key);
  }

  /** In the order in which they were set. */
  values(): IterableIterator<Value> {
    return this.entries.values();
  }

  private forgetOldest(): void {
    let left = Math.max(1, this.maxSize >> 3);
    for (const oldest of this.entries.keys()) {
      if (left === 0) return;
      this.entries.delete(oldest);
      this.onForgotten?.(oldest);
      left -= 1;
    }
  }
}
