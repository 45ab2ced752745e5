/** Records that end by themselves, in collections from which MongoDB removes what has expired. */
import type { Collection, Db } from 'mongodb';
import type { Lasting, LastingStore } from '../base/lasting';
import { SHORT_LIMIT_MS, ours } from './faults';

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

interface Stored {
  _id: string;
  /** A date, as expiry needs one. */
  expiresAt: Date;
  /** JSON: names within it may be anybody's, which names of fields may not. */
  json: string;
}

export class MongoLastingStore<Value> implements LastingStore<Value> {
  private readonly collection: Collection<Stored>;

  constructor(db: Db, name: LastingCollection) {
    this.collection = db.collection(name);
  }

  async save({ id, value, expiresAtMs }: Lasting<Value>): Promise<void> {
    const stored = { expiresAt: new Date(expiresAtMs), json: JSON.stringify(value) };
    await ours(this.collection.replaceOne({ _id: id }, stored, { upsert: true }), SHORT_LIMIT_MS);
  }

  async remove(id: string): Promise<void> {
    await ours(this.collection.deleteOne({ _id: id }), SHORT_LIMIT_MS);
  }

  async list(nowMs: number, limit: number): Promise<Lasting<Value>[]> {
    // What has expired may lie here for another minute.
    const live = this.collection.find({ expiresAt: { $gt: new Date(nowMs) } });
    const found = await ours(live.sort({ expiresAt: -1, _id: 1 }).limit(limit).toArray());
    return found.map(({ _id, json, expiresAt }) => {
      return { id: _id, value: JSON.parse(json) as Value, expiresAtMs: expiresAt.getTime() };
    });
  }
}
