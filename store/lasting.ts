/** Records that end by themselves, in collections from which MongoDB removes what has expired. */
import type { Collection, Db } from 'mongodb';
import { systemClock } from '../base/clock';
import type { Lasting, LastingStore } from '../base/lasting';
import { SHORT_LIMIT_MS, ours } from './faults';
import { notNewer, replaceOlder } from './write-order';
import type { Marked, WriteOrder } from './write-order';

export const LASTING_COLLECTIONS = [
  'guard',
  'handedContexts',
  'subscriptions',
  'sessions',
  'sipAccounts',
  'liveCalls',
  'webhookOutbox',
  'standingAlarms',
] as const;
export type LastingCollection = (typeof LASTING_COLLECTIONS)[number];

interface Stored extends Marked {
  _id: string;
  /** A date, as expiry needs one. */
  expiresAt: Date;
  /** JSON: names within it may be anybody's, which names of fields may not. Absent when only the place is kept. */
  json?: string;
}

/** Longer than anything that was sent may be on its way. */
const PLACE_KEPT_MS = 20 * 60_000;
/** Records whose last word may be on its way, at most; of more, those of long ago are forgotten. */
const MAX_ADRIFT = 10_000;

export class MongoLastingStore<Value> implements LastingStore<Value> {
  private readonly collection: Collection<Stored>;
  /** Records that were not taken, and may be there some time all the same. */
  private readonly adrift = new Set<string>();

  constructor(
    db: Db,
    name: LastingCollection,
    private readonly order: WriteOrder,
  ) {
    this.collection = db.collection(name);
  }

  async save({ id, value, expiresAtMs }: Lasting<Value>): Promise<void> {
    const record = { expiresAt: new Date(expiresAtMs), json: JSON.stringify(value), write: this.order.next() };
    try {
      await replaceOlder(this.collection, id, record);
    } catch (error) {
      this.markAdrift(id);
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    const write = this.order.next();
    if (!this.adrift.has(id)) {
      await ours(this.collection.deleteOne(notNewer(id, write)), SHORT_LIMIT_MS);
      return;
    }
    // In an empty place, a record that lands late would stay for good.
    await replaceOlder(this.collection, id, { expiresAt: new Date(systemClock.nowMs() + PLACE_KEPT_MS), write });
  }

  async list(nowMs: number, limit: number): Promise<Lasting<Value>[]> {
    // What has expired may lie here for another minute.
    const live = this.collection.find({ expiresAt: { $gt: new Date(nowMs) }, json: { $exists: true } });
    const found = await ours(live.sort({ expiresAt: -1, _id: 1 }).limit(limit).toArray());
    return found.flatMap(({ _id, json, expiresAt }) =>
      json === undefined ? [] : { id: _id, value: JSON.parse(json) as Value, expiresAtMs: expiresAt.getTime() },
    );
  }

  private markAdrift(id: string): void {
    this.adrift.delete(id);
    this.adrift.add(id);
    const [oldest] = this.adrift;
    if (this.adrift.size > MAX_ADRIFT && oldest !== undefined) this.adrift.delete(oldest);
  }
}
