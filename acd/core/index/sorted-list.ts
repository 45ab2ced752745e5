/** A list kept in order. Finding is a binary search; making room is a move of memory, fast for ten thousands of items. */
export class SortedList<Item> {
  readonly items: Item[] = [];

  /** @param compare a total order: 0 only for an item and itself. */
  constructor(private readonly compare: (a: Item, b: Item) => number) {}

  get first(): Item | undefined {
    return this.items[0];
  }

  get size(): number {
    return this.items.length;
  }

  /** Puts many items at once into an empty list. */
  fill(items: readonly Item[]): void {
    this.items.push(...items);
    this.items.sort(this.compare);
  }

  add(item: Item): void {
    const { items } = this;
    const last = items.length - 1;
    // Most contacts come last, in the order of time.
    if (last < 0 || this.compare(items[last] as Item, item) < 0) items.push(item);
    else items.splice(this.placeOf(item), 0, item);
  }

  /** Removes what compares equal to `item`; returns whether there was such an item. */
  remove(item: Item): boolean {
    const place = this.placeOf(item);
    const found = this.items[place];
    if (found === undefined || this.compare(found, item) !== 0) return false;
    if (place === 0) this.items.shift();
    else this.items.splice(place, 1);
    return true;
  }

  /** How many items come before `item`. */
  placeOf(item: Item): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(this.items[middle] as Item, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
