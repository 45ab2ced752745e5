/**
 * The manifest: what was kept and what was deleted, each entry bound to the one before it by SHA-256, so that nothing
 * can be changed, removed or put in between without it being seen. The last entry stands, sealed by the master key,
 * beside the chain, so that nobody without that key can end it earlier, add to it, or make it anew.
 */
import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { SwitchroomError } from '../../base/errors';
import type { SecretBox } from '../../base/secret-box';
import { ours } from '../faults';
import type { StateStore } from '../state';

export interface NewManifestEntry {
  readonly atMs: number;
  /** `deleted` is what stays of a recording that was deleted by rule. */
  readonly kind: 'kept' | 'deleted';
  readonly recordingId: string;
  /** The file's name in its storage. */
  readonly key: string;
  readonly fileBytes: number;
  readonly sha256: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

export interface ManifestEntry extends NewManifestEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** The hash of the entry before, or 64 zeros. */
  readonly previous: string;
  readonly hash: string;
}

export const NO_PREVIOUS = '0'.repeat(64);
/** The numbers that entries may have; a document named by anything else is compared with none of them. */
const FIRST = 1;
const LAST = Number.MAX_SAFE_INTEGER;
/** A crash may have a recording deleted twice. */
const MOST_DELETIONS = 100;
const HEAD_NAME = 'recording-manifest-head';
const HEAD_PLACE = 'recordings/manifest';

/** What an entry's hash must be. */
export const hashOf = (entry: Omit<ManifestEntry, 'hash'>): string => {
  const { seq, atMs, kind, recordingId, key, fileBytes, sha256, startedAtMs, durationMs, previous } = entry;
  const text = JSON.stringify([
    seq,
    atMs,
    kind,
    recordingId,
    key,
    fileBytes,
    sha256,
    startedAtMs,
    durationMs,
    previous,
  ]);
  return createHash('sha256').update(text).digest('hex');
};

export interface ManifestDependencies {
  readonly state: StateStore;
  readonly box: Pick<SecretBox, 'seal' | 'open' | 'isCurrent'>;
}

type Stored = Omit<ManifestEntry, 'seq'> & { readonly _id: number };

/** What the chain ends with, and how many entries there are in all: more than its last number says belong nowhere. */
export interface ManifestEnd {
  /** As the seal has it. */
  readonly head: ManifestEntry | 'broken' | undefined;
  readonly last: ManifestEntry | undefined;
  readonly count: number;
}

/** Whoever writes into the collection may choose other names of documents than the chain has; they prove nothing. */
const isNumbered = ({ _id }: { readonly _id: unknown }): boolean => Number.isSafeInteger(_id) && Number(_id) >= FIRST;

const asEntry = ({ _id, ...entry }: Stored): ManifestEntry => ({ seq: Number(_id), ...entry });

export class RecordingManifest {
  private readonly collection: Collection<Stored>;
  /** The last entry, as its seal has it. */
  private head: ManifestEntry | undefined;
  private lastSeq = 0;
  /** Sealed as the last one, but perhaps not in the chain yet. */
  private unwritten: ManifestEntry | undefined;
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    db: Db,
    private readonly deps: ManifestDependencies,
  ) {
    this.collection = db.collection<Stored>('recordingManifest');
  }

  /** Finishes what a crash interrupted. A head that is not ours shows when the manifest is verified. */
  static async open(db: Db, deps: ManifestDependencies): Promise<RecordingManifest> {
    const manifest = new RecordingManifest(db, deps);
    const head = await manifest.readHead();
    const [last] = await manifest.list(1, { from: 'end' });
    if (head !== 'broken' && head && head.seq === (last?.seq ?? 0) + 1) await manifest.insert(head);
    manifest.head = head === 'broken' ? undefined : head;
    manifest.lastSeq = Math.max(manifest.head?.seq ?? 0, last?.seq ?? 0);
    if (manifest.head) await manifest.writeHead(manifest.head);
    return manifest;
  }

  /** Appends after every earlier append. */
  append(entry: NewManifestEntry): Promise<ManifestEntry> {
    return this.inTurn(() => this.appendNow(entry));
  }

  /** Head and last entry as they belong together: never between the two writes of an append. */
  readEnd(): Promise<ManifestEnd> {
    return this.inTurn(async () => {
      await this.finishAppend();
      const head = await this.readHead();
      const [last] = await this.list(1, { from: 'end' });
      return { head, last, count: await ours(this.collection.countDocuments({})) };
    });
  }

  /** The last entry as the seal has it; `broken` when the seal was not made by any key of ours. */
  async readHead(): Promise<ManifestEntry | 'broken' | undefined> {
    const sealed = await this.deps.state.get<string>(HEAD_NAME);
    if (sealed === undefined) return undefined;
    const opened = sealed.startsWith('sealed:') ? this.deps.box.open(sealed, HEAD_PLACE) : undefined;
    return opened?.ok ? (JSON.parse(opened.value) as ManifestEntry) : 'broken';
  }

  /** At most `limit` entries, from a sequence number upwards, or the last ones. */
  async list(limit: number, { from }: { from: number | 'end' }): Promise<ManifestEntry[]> {
    const found =
      from === 'end'
        ? this.collection.find({ _id: { $gte: FIRST, $lte: LAST } }).sort({ _id: -1 })
        : this.collection.find({ _id: { $gte: Math.max(FIRST, from), $lte: LAST } }).sort({ _id: 1 });
    return (await ours(found.limit(limit).toArray())).map(asEntry);
  }

  /** What stays of a recording that was deleted by rule. */
  async deletionOf(recordingId: string): Promise<ManifestEntry | undefined> {
    const found = await ours(this.collection.find({ recordingId, kind: 'deleted' }).limit(MOST_DELETIONS).toArray());
    const entry = found.find(isNumbered);
    return entry && asEntry(entry);
  }

  /** What stands there of these files last; those that it does not know are left out. */
  async kindsOf(keys: readonly string[]): Promise<Map<string, ManifestEntry['kind']>> {
    const about = this.collection.find({ key: { $in: [...keys] } }, { projection: { key: 1, kind: 1 } });
    const entries = keys.length === 0 ? [] : await ours(about.sort({ _id: 1 }).toArray());
    return new Map(entries.filter(isNumbered).map(({ key, kind }) => [key, kind]));
  }

  private inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const done = this.tail.then(act);
    this.tail = done.catch(() => undefined);
    return done;
  }

  private async appendNow(entry: NewManifestEntry): Promise<ManifestEntry> {
    await this.finishAppend();
    // Bound to what the seal says. Where somebody has changed the end of the chain, the break stays to be seen.
    const unhashed = { seq: this.lastSeq + 1, ...entry, previous: this.head?.hash ?? NO_PREVIOUS };
    const full: ManifestEntry = { ...unhashed, hash: hashOf(unhashed) };
    // The head first: what it has and the chain has not is put there at the next start.
    await this.writeHead(full);
    this.head = full;
    this.lastSeq = full.seq;
    this.unwritten = full;
    await this.finishAppend();
    return full;
  }

  /** What an append that failed between its two writes has left to do: the seal has it, so it is the last entry. */
  private async finishAppend(): Promise<void> {
    if (!this.unwritten) return;
    await this.insert(this.unwritten);
    this.unwritten = undefined;
  }

  private writeHead(entry: ManifestEntry): Promise<void> {
    return this.deps.state.set(HEAD_NAME, this.deps.box.seal(JSON.stringify(entry), HEAD_PLACE));
  }

  private async insert({ seq, ...entry }: ManifestEntry): Promise<void> {
    try {
      await ours(this.collection.insertOne({ _id: seq, ...entry }));
    } catch (error) {
      const present = error instanceof SwitchroomError && error.code === 'conflict';
      const same = present && (await this.list(1, { from: seq }))[0]?.hash === entry.hash;
      if (!same) throw error;
    }
  }
}
