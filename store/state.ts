/** Small values that the program remembers about itself, by name. */
import type { Collection, Db } from 'mongodb';
import { ours } from './faults';

export interface StateStore {
  get<Value>(name: string): Promise<Value | undefined>;
  set(name: string, value: string | number | boolean): Promise<void>;
}

interface Stored {
  _id: string;
  value: unknown;
}

export class MongoStateStore implements StateStore {
  private readonly collection: Collection<Stored>;

  constructor(db: Db) {
    this.collection = db.collection<Stored>('state');
  }

  async get<Value>(name: string): Promise<Value | undefined> {
    return (await ours(this.collection.findOne({ _id: name })))?.value as Value | undefined;
  }

  async set(name: string, value: string | number | boolean): Promise<void> {
    await ours(this.collection.replaceOne({ _id: name }, { value }, { upsert: true }));
  }
}
