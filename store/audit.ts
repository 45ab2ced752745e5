/** Who did what that must be provable later; entries are only ever added. */
import type { Collection, Db, ObjectId } from 'mongodb';
import { ours } from './faults';

export interface AuditEntry {
  readonly atMs: number;
  /** Such as `sign-in` and `sign-in-failed`. */
  readonly action: string;
  /** As typed, when it is nobody's. */
  readonly userName: string;
  readonly userId?: string | undefined;
  /** Where it came from. */
  readonly address: string;
  readonly detail?: Readonly<Record<string, string>> | undefined;
}

export interface AuditStore {
  write(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(filter: { userName?: string; limit: number }): Promise<AuditEntry[]>;
}

export class MongoAuditStore implements AuditStore {
  private readonly collection: Collection<AuditEntry & { _id?: ObjectId }>;

  constructor(db: Db) {
    this.collection = db.collection('audit');
  }

  async write(entry: AuditEntry): Promise<void> {
    await ours(this.collection.insertOne({ ...entry }));
  }

  list({ userName, limit }: { userName?: string; limit: number }): Promise<AuditEntry[]> {
    const condition = userName === undefined ? {} : { userName };
    const entries = this.collection
      .find(condition, { projection: { _id: 0 } })
      .sort({ atMs: -1, _id: -1 })
      .limit(limit);
    return ours(entries.toArray());
  }
}
