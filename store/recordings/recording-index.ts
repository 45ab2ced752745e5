/** The index of recordings: found by time, agent, party, number, queue and trunk. */
import type { Collection, Db, Filter } from 'mongodb';
import { asId } from '../../base/ids';
import type { AgentId, QueueId, RecordingId, TrunkId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { ours } from '../faults';
import type { Interaction } from '../interaction';
import { decodeCursor, encodeCursor, escapeRegExp } from '../page-cursor';
import { factsOf } from './stored-recording';
import type {
  KeptFile,
  LegalHold,
  MessageHeard,
  RecordingState,
  StoredRecording,
  WrappedKey,
} from './stored-recording';

export interface RecordingFilter {
  /** Start, inclusive. */
  readonly fromMs?: number | undefined;
  /** Start, exclusive. */
  readonly toMs?: number | undefined;
  readonly agentId?: string | undefined;
  /** An agent, an extension or a number that took part. */
  readonly partyId?: string | undefined;
  readonly queueId?: string | undefined;
  readonly trunkId?: string | undefined;
  /** Part of the caller's or the called number. */
  readonly number?: string | undefined;
  readonly direction?: Interaction['direction'] | undefined;
  readonly state?: RecordingState | undefined;
  readonly held?: boolean | undefined;
  /** Messages alone: all, those that nobody has heard, or the others. */
  readonly messages?: 'all' | 'new' | 'heard' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface RecordingPage {
  readonly items: StoredRecording[];
  readonly nextCursor?: string | undefined;
}

export interface RecordingIndex {
  /** Takes over what an interaction says of its recordings now. */
  observe(interaction: Interaction): Promise<void>;
  get(recordingId: string): Promise<StoredRecording | undefined>;
  /** Newest first. Fails with `bad_input` when the cursor is none of ours. */
  list(filter: RecordingFilter): Promise<Result<RecordingPage>>;
  /** Those that have ended and are not in the manifest, oldest first. @param after the one to go on behind. */
  listUnkept(limit: number, after?: StoredRecording): Promise<StoredRecording[]>;
  /** Which of these paths are of recordings that are not in the manifest yet. */
  unkeptAmong(paths: readonly string[]): Promise<Set<string>>;
  /** Those that are kept on the disk, oldest first. @param after the one to go on behind. */
  listOnDisk(limit: number, after?: StoredRecording): Promise<StoredRecording[]>;
  /**
   * Those whose time is over and that nobody holds, oldest first. @param defaultDays of those about which nothing else
   * is said; undefined keeps them.
   */
  listExpired(nowMs: number, defaultDays: number | undefined, limit: number): Promise<StoredRecording[]>;
  /** Those whose keys are wrapped by one of these master keys. */
  listWrappedBy(keyIds: readonly string[], limit: number): Promise<StoredRecording[]>;
  rewrapped(recordingId: RecordingId, key: WrappedKey): Promise<void>;
  kept(recordingId: RecordingId, file: KeptFile & Partial<WrappedKey>): Promise<void>;
  lost(recordingId: RecordingId): Promise<void>;
  moved(recordingId: RecordingId, to: Pick<KeptFile, 'storage'>): Promise<void>;
  /** From here on it cannot be held any more. @returns false for one that is held, or is not kept. */
  beginDeletion(recordingId: RecordingId, atMs: number): Promise<boolean>;
  /** It could not be deleted: it can be held again. */
  abandonDeletion(recordingId: RecordingId): Promise<void>;
  deleted(recordingId: RecordingId, atMs: number): Promise<void>;
  /** @returns false when there is no such recording, or it is deleted, or is just being deleted. */
  setHold(recordingId: string, hold: LegalHold | undefined): Promise<boolean>;
  /** @returns false when there is no such message, or it is deleted. */
  setHeard(recordingId: string, heard: MessageHeard | undefined): Promise<boolean>;
}

const DAY_MS = 86_400_000;

export class MongoRecordingIndex implements RecordingIndex {
  private readonly collection: Collection<StoredRecording>;

  constructor(db: Db) {
    this.collection = db.collection<StoredRecording>('recordings');
  }

  async observe(interaction: Interaction): Promise<void> {
    for (const { _id, ...facts } of factsOf(interaction))
      await ours(
        this.collection.updateOne(
          { _id },
          // Days of retention, the end and when each recording runs out are found by an index of their own.
          { $set: { ...facts, ...expiryOf(facts) }, $setOnInsert: { state: 'new' } },
          { upsert: true },
        ),
      );
  }

  async get(recordingId: string): Promise<StoredRecording | undefined> {
    return (await ours(this.collection.findOne({ _id: asId<RecordingId>(recordingId) }))) ?? undefined;
  }

  async list(filter: RecordingFilter): Promise<Result<RecordingPage>> {
    const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor);
    if (filter.cursor !== undefined && !after) return fail('bad_input', 'cursor: this is not a cursor of this list');
    const conditions = conditionsOf(filter);
    if (after) {
      conditions.push({ startedAtMs: { $lte: after.startedAtMs } });
      const behind = { _id: { $lt: asId<RecordingId>(after.id) } };
      conditions.push({ $or: [{ startedAtMs: { $lt: after.startedAtMs } }, behind] });
    }
    const items = await ours(
      this.collection
        .find(conditions.length > 0 ? { $and: conditions } : {})
        .sort({ startedAtMs: -1, _id: -1 })
        .limit(filter.limit + 1)
        .toArray(),
    );
    const page = items.slice(0, filter.limit);
    const last = page.at(-1);
    const more = items.length > page.length && last;
    return ok({
      items: page,
      nextCursor: more ? encodeCursor({ startedAtMs: last.startedAtMs, id: last._id }) : undefined,
    });
  }

  listUnkept(limit: number, after?: StoredRecording): Promise<StoredRecording[]> {
    return this.oldest({ state: 'new', ended: true, ...behind(after) }, limit);
  }

  async unkeptAmong(paths: readonly string[]): Promise<Set<string>> {
    if (paths.length === 0) return new Set();
    const unkept = this.collection.find({ state: 'new', path: { $in: [...paths] } });
    return new Set((await ours(unkept.toArray())).map(({ path }) => path));
  }

  listOnDisk(limit: number, after?: StoredRecording): Promise<StoredRecording[]> {
    return this.oldest({ state: 'kept', storage: 'disk', ...behind(after) }, limit);
  }

  async listExpired(nowMs: number, defaultDays: number | undefined, limit: number): Promise<StoredRecording[]> {
    const own = await this.oldest({ state: 'kept', expiresAtMs: { $lte: nowMs }, hold: { $exists: false } }, limit);
    if (defaultDays === undefined || own.length >= limit) return own;
    const before = nowMs - defaultDays * DAY_MS;
    const others = { state: 'kept' as const, expiresAtMs: { $exists: false }, hold: { $exists: false } };
    return [...own, ...(await this.oldest({ ...others, startedAtMs: { $lte: before } }, limit - own.length))];
  }

  listWrappedBy(keyIds: readonly string[], limit: number): Promise<StoredRecording[]> {
    return this.oldest({ state: 'kept', keyId: { $in: [...keyIds] } }, limit);
  }

  rewrapped(recordingId: RecordingId, key: WrappedKey): Promise<void> {
    return this.set(recordingId, key);
  }

  kept(recordingId: RecordingId, file: KeptFile & Partial<WrappedKey>): Promise<void> {
    return this.set(recordingId, { state: 'kept', ...file });
  }

  lost(recordingId: RecordingId): Promise<void> {
    return this.set(recordingId, { state: 'lost' });
  }

  moved(recordingId: RecordingId, { storage }: Pick<KeptFile, 'storage'>): Promise<void> {
    return this.set(recordingId, { storage });
  }

  async beginDeletion(recordingId: RecordingId, atMs: number): Promise<boolean> {
    const mayGo = { _id: recordingId, state: 'kept', hold: { $exists: false } } as const;
    const { matchedCount } = await ours(this.collection.updateOne(mayGo, { $set: { deletingSinceMs: atMs } }));
    return matchedCount === 1;
  }

  async abandonDeletion(recordingId: RecordingId): Promise<void> {
    await ours(this.collection.updateOne({ _id: recordingId }, { $unset: { deletingSinceMs: '' as const } }));
  }

  deleted(recordingId: RecordingId, atMs: number): Promise<void> {
    return this.set(recordingId, { state: 'deleted', deletedAtMs: atMs });
  }

  async setHold(recordingId: string, hold: LegalHold | undefined): Promise<boolean> {
    const present: Filter<StoredRecording> = { _id: asId<RecordingId>(recordingId), state: { $ne: 'deleted' } };
    const wanted = hold ? { ...present, deletingSinceMs: { $exists: false } } : present;
    const change = hold ? { $set: { hold } } : { $unset: { hold: '' as const } };
    const { matchedCount } = await ours(this.collection.updateOne(wanted, change));
    return matchedCount === 1;
  }

  async setHeard(recordingId: string, heard: MessageHeard | undefined): Promise<boolean> {
    const message: Filter<StoredRecording> = {
      ...{ _id: asId<RecordingId>(recordingId), isMessage: true, state: { $ne: 'deleted' } },
    };
    const change = heard ? { $set: { heard } } : { $unset: { heard: '' as const } };
    const { matchedCount } = await ours(this.collection.updateOne(message, change));
    return matchedCount === 1;
  }

  private async set(recordingId: RecordingId, change: Partial<StoredRecording>): Promise<void> {
    await ours(this.collection.updateOne({ _id: recordingId }, { $set: change }));
  }

  private oldest(
    condition: Filter<StoredRecording & { expiresAtMs?: number }>,
    limit: number,
  ): Promise<StoredRecording[]> {
    const found = this.collection.find(condition as Filter<StoredRecording>);
    return ours(found.sort({ startedAtMs: 1, _id: 1 }).limit(limit).toArray());
  }
}

/** In the order of {@link MongoRecordingIndex.oldest}. */
const behind = (after: StoredRecording | undefined): Filter<StoredRecording> => {
  if (!after) return {};
  const { _id, startedAtMs } = after;
  return { $or: [{ startedAtMs: { $gt: startedAtMs } }, { startedAtMs, _id: { $gt: _id } }] };
};

/** Where its interaction says how long it is kept. */
const expiryOf = ({ startedAtMs, retentionDays }: { startedAtMs: number; retentionDays?: number | undefined }) =>
  retentionDays === undefined ? {} : { expiresAtMs: startedAtMs + retentionDays * DAY_MS };

const conditionsOf = (filter: RecordingFilter): Filter<StoredRecording>[] => {
  const { fromMs, toMs, agentId, partyId, queueId, trunkId, number, direction, state, held, messages } = filter;
  const conditions: Filter<StoredRecording>[] = [];
  if (fromMs !== undefined) conditions.push({ startedAtMs: { $gte: fromMs } });
  if (toMs !== undefined) conditions.push({ startedAtMs: { $lt: toMs } });
  if (agentId !== undefined) conditions.push({ agentIds: asId<AgentId>(agentId) });
  if (partyId !== undefined) conditions.push({ partyIds: partyId });
  if (queueId !== undefined) conditions.push({ queueId: asId<QueueId>(queueId) });
  if (trunkId !== undefined) conditions.push({ trunkId: asId<TrunkId>(trunkId) });
  if (direction !== undefined) conditions.push({ direction });
  if (state !== undefined) conditions.push({ state });
  if (held !== undefined) conditions.push({ hold: { $exists: held } });
  if (messages !== undefined) conditions.push({ isMessage: true });
  if (messages === 'heard') conditions.push({ heard: { $exists: true } });
  // What is gone cannot be heard any more.
  if (messages === 'new') conditions.push({ heard: { $exists: false }, state: { $in: ['new', 'kept'] } });
  if (number !== undefined) {
    const part = { $regex: escapeRegExp(number) };
    conditions.push({ $or: [{ caller: part }, { called: part }] });
  }
  return conditions;
};
