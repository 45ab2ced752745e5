/** What time will bring, the earliest first. Entries are never taken out early: they are checked when they fall due. */
import type { AgentId, ContactId, OfferId } from '../../../base/ids';

/** A time that does not come; a number that survives JSON. */
export const NEVER_MS = Number.MAX_SAFE_INTEGER;

export type Deadline =
  | { readonly kind: 'offer'; readonly atMs: number; readonly contactId: ContactId; readonly offerId: OfferId }
  | { readonly kind: 'wrap-up'; readonly atMs: number; readonly agentId: AgentId; readonly contactId: ContactId }
  /** A waiting contact's next ring or overflow, or when its customer may be called, or no longer. */
  | { readonly kind: 'review'; readonly atMs: number; readonly contactId: ContactId };

/** A total order that depends on nothing but the deadlines, so that a restored state goes on as the first one would. */
const before = (a: Deadline, b: Deadline): boolean => {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.kind !== b.kind) return a.kind < b.kind;
  if (a.contactId !== b.contactId) return a.contactId < b.contactId;
  return a.kind === 'offer' && b.kind === 'offer' && a.offerId < b.offerId;
};

/** A binary heap. */
export class Deadlines {
  private readonly heap: Deadline[] = [];

  get first(): Deadline | undefined {
    return this.heap[0];
  }

  add(deadline: Deadline): void {
    const { heap } = this;
    let place = heap.length;
    heap.push(deadline);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = heap[parent] as Deadline;
      if (!before(deadline, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = deadline;
  }

  removeFirst(): void {
    const { heap } = this;
    const moved = heap.pop();
    if (!moved || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Deadline, heap[child] as Deadline)) child += 1;
      const below = heap[child] as Deadline;
      if (!before(below, moved)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = moved;
  }
}
