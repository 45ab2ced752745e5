/** Things to come, the earliest first; those of one moment in the order in which they were added. */
export class EventHeap<Item> {
  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly items: Item[] = [];
  private added = 0;

  get size(): number {
    return this.times.length;
  }

  get firstAtMs(): number | undefined {
    return this.times[0];
  }

  add(atMs: number, item: Item): void {
    const { times, orders, items } = this;
    const order = this.added++;
    let place = times.length;
    times.push(atMs);
    orders.push(order);
    items.push(item);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if ((times[parent] as number) <= atMs) break;
      this.move(parent, place);
      place = parent;
    }
    this.put(place, { atMs, order, item });
  }

  /** Removes and returns the first, when it is not later than `untilMs`. */
  takeUntil(untilMs: number): { readonly atMs: number; readonly item: Item } | undefined {
    const { times, orders, items } = this;
    const atMs = times[0];
    if (atMs === undefined || atMs > untilMs) return undefined;
    const item = items[0] as Item;
    const last = { atMs: times.pop() as number, order: orders.pop() as number, item: items.pop() as Item };
    if (times.length > 0) this.sink(last);
    return { atMs, item };
  }

  private sink(last: { atMs: number; order: number; item: Item }): void {
    const size = this.times.length;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(child + 1, child)) child += 1;
      const childMs = this.times[child] as number;
      if (childMs > last.atMs || (childMs === last.atMs && (this.orders[child] as number) > last.order)) break;
      this.move(child, place);
      place = child;
    }
    this.put(place, last);
  }

  private isBefore(a: number, b: number): boolean {
    const aMs = this.times[a] as number;
    const bMs = this.times[b] as number;
    return aMs < bMs || (aMs === bMs && (this.orders[a] as number) < (this.orders[b] as number));
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] as number;
    this.orders[to] = this.orders[from] as number;
    this.items[to] = this.items[from] as Item;
  }

  private put(place: number, entry: { atMs: number; order: number; item: Item }): void {
    this.times[place] = entry.atMs;
    this.orders[place] = entry.order;
    this.items[place] = entry.item;
  }
}
