/** The ACD's journal and snapshots. */
import type { Collection, Db, Filter } from 'mongodb';
import { Binary } from 'mongodb';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { AcdEvent } from '../acd/core/model';
import type { AcdSnapshot } from '../acd/core/snapshot';
import type { JournalReader, JournalRecord, JournalSink, JournalSnapshot, TakenDecision } from '../acd/journal/journal';
import { SwitchroomError } from '../base/errors';
import type { ContactId } from '../base/ids';
import { SHORT_LIMIT_MS, eachOf, ours } from './faults';

/** Events and states are kept as JSON: exactly as they were, whatever names their fields have. */
interface StoredRecord {
  _id: number;
  atMs: number;
  type: string;
  event: string;
  /** Who wrote it: of two programs that believe to be the only one, one must learn that it is not. */
  writer: string;
  decisions?: TakenDecision[];
  stateHash?: string;
}

interface StoredSnapshot {
  _id: number;
  atMs: number;
  hash: string;
  /** JSON, gzip. */
  state: Binary;
}

export interface AcdJournalStore extends JournalReader {
  /** The journal's only writer. Records older than `keepMs` are removed after a snapshot is saved. */
  writer(options: { readonly writer: string; readonly keepMs: number }): JournalSink;
}

/** Records that one deletion takes away. */
const FORGOTTEN_AT_ONCE = 200;

const compress = promisify(gzip);
const expand = promisify(gunzip);

export class MongoAcdJournalStore implements AcdJournalStore {
  private readonly events: Collection<StoredRecord>;
  private readonly snapshots: Collection<StoredSnapshot>;

  constructor(db: Db) {
    this.events = db.collection('acdEvents');
    this.snapshots = db.collection('acdSnapshots');
  }

  writer({ writer, keepMs }: { writer: string; keepMs: number }): JournalSink {
    let forgetting = Promise.resolve();
    return {
      append: (records) => this.append(records, writer),
      saveSnapshot: async (snapshot) => {
        await this.saveSnapshot(snapshot);
        // Nobody waits for it. What a store that fails does not forget now, it is told to after the next snapshot.
        forgetting = forgetting.then(() => this.forget(snapshot, keepMs)).catch(() => undefined);
      },
    };
  }

  async latestSnapshot(n = Number.MAX_SAFE_INTEGER): Promise<JournalSnapshot | undefined> {
    const found = await ours(this.snapshots.findOne({ _id: { $lte: n } }, { sort: { _id: -1 } }));
    if (!found) return undefined;
    const state = JSON.parse((await expand(found.state.buffer)).toString('utf8')) as AcdSnapshot;
    return { n: found._id, atMs: found.atMs, hash: found.hash, state };
  }

  /** Times grow with the numbers, so halving finds it; the index by time would do so only where times differ. */
  async firstAt(atMs: number): Promise<number | undefined> {
    let low = 1;
    let high = (await this.oneRecord({}, -1))?._id ?? 0;
    let found: number | undefined;
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const record = await this.oneRecord({ _id: { $gte: middle } }, 1);
      if (!record) return found;
      if (record.atMs >= atMs) {
        found = record._id;
        high = middle - 1;
      } else low = record._id + 1;
    }
    return found;
  }

  private oneRecord(filter: Filter<StoredRecord>, direction: 1 | -1): Promise<StoredRecord | null> {
    return ours(this.events.findOne(filter, { sort: { _id: direction } }));
  }

  async *records(afterN: number, untilN = Number.MAX_SAFE_INTEGER): AsyncGenerator<JournalRecord> {
    const cursor = this.events.find({ _id: { $gt: afterN, $lte: untilN } }, { sort: { _id: 1 }, batchSize: 2000 });
    for await (const stored of eachOf(cursor)) yield recordOf(stored);
  }

  async decisionsOf(contactId: ContactId): Promise<JournalRecord[]> {
    const found = this.events.find({ 'decisions.contactId': contactId }).sort({ _id: 1 });
    return (await ours(found.toArray())).map(recordOf);
  }

  /** Repeating it is harmless: a record that is there already stays. */
  private async append(records: readonly JournalRecord[], writer: string): Promise<void> {
    const stored = records.map((record) => storedOf(record, writer));
    try {
      await ours(this.events.insertMany(stored, { ordered: false }), SHORT_LIMIT_MS);
    } catch (error) {
      if (!(error instanceof SwitchroomError) || error.code !== 'conflict') throw error;
      // What was missing is there now; what was there already must be this writer's own.
      const _id = { $in: stored.map((record) => record._id) };
      if ((await ours(this.events.countDocuments({ _id, writer }))) === stored.length) return;
      throw new SwitchroomError(
        'conflict',
        'Another program writes the ACD’s journal; only one app may use a database.',
        { cause: error },
      );
    }
  }

  private async saveSnapshot({ n: _id, atMs, hash, state: plain }: JournalSnapshot): Promise<void> {
    const state = new Binary(await compress(JSON.stringify(plain)));
    await ours(this.snapshots.replaceOne({ _id }, { atMs, hash, state }, { upsert: true }));
  }

  /**
   * Removes what is older than `keepMs`, and no record after the snapshot. The old records are the beginning of the
   * journal, so that their numbers find them without a look at those that stay; a few at a time, so that events that
   * are to be written meanwhile wait for few.
   */
  private async forget({ n, atMs }: JournalSnapshot, keepMs: number): Promise<void> {
    const beforeMs = atMs - keepMs;
    await ours(this.snapshots.deleteMany({ _id: { $lt: n }, atMs: { $lt: beforeMs } }));
    const untilN = Math.min((await this.firstAt(beforeMs)) ?? n, n);
    let fromN = (await this.oneRecord({}, 1))?._id ?? untilN;
    while (fromN < untilN) {
      fromN = Math.min(fromN + FORGOTTEN_AT_ONCE, untilN);
      await ours(this.events.deleteMany({ _id: { $lt: fromN } }));
    }
  }
}

const storedOf = ({ n, atMs, event, decisions, stateHash }: JournalRecord, writer: string): StoredRecord => ({
  ...{ _id: n, atMs, type: event.type, event: JSON.stringify(event), writer },
  ...(decisions.length > 0 && { decisions: [...decisions] }),
  ...(stateHash !== undefined && { stateHash }),
});

const recordOf = ({ _id, atMs, event, decisions = [], stateHash }: StoredRecord): JournalRecord => ({
  n: _id,
  atMs,
  event: JSON.parse(event) as AcdEvent,
  decisions,
  ...(stateHash !== undefined && { stateHash }),
});
