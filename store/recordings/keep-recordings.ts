/** Puts recordings that have ended into the manifest, and moves them to where they are kept. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { SEALED_HEADER_BYTES, readSealedHeader } from '../../base/sealed-file';
import { keyIdOfSealed } from '../../base/secret-box';
import { sha256Of } from './file-hash';
import type { RecordingManifest } from './manifest';
import type { RecordingIndex } from './recording-index';
import { SEALED_SUFFIX } from './recording-library';
import { OPEN_MARKER_SUFFIX } from './storage';
import type { RecordingStorage, StoredFile } from './storage';
import type { StoredRecording, WrappedKey } from './stored-recording';

/** Whoever writes a recording has closed it by then, and whoever was killed has been started again. */
const PATIENCE_MS = 15 * 60_000;
const BATCH = 50;
/** So many in a row that cannot be written to the archive are the archive's fault rather than theirs. */
const MOST_FAILURES_IN_A_ROW = 3;

/** `away`: it could not be done. `refused`: what is there must not be moved, however often it is tried. */
type Moved = { readonly kind: 'moved' } | { readonly kind: 'away' | 'refused'; readonly reason: string };

export interface KeepingDependencies {
  readonly index: RecordingIndex;
  readonly manifest: Pick<RecordingManifest, 'append'>;
  /** Where recordings are written. */
  readonly disk: RecordingStorage;
  /** Where they are moved to; undefined: they stay. */
  readonly archive: RecordingStorage | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** A recording could not be moved, for the first time, and no other failed right before it. */
  readonly onMoveFailed: (path: string, reason: string) => void;
}

export class RecordingKeeper {
  private movesFail = false;
  /** Those that could not be moved yet. */
  private readonly stuck = new Set<RecordingId>();
  /** The last one that failed: the others have their turn before it is tried again. */
  private triedLast: StoredRecording | undefined;

  constructor(private readonly deps: KeepingDependencies) {}

  /** Hashes what has ended and writes it into the manifest. @returns how many recordings that were. */
  async keepEnded(): Promise<number> {
    let last: StoredRecording | undefined;
    for (;;) {
      let kept = 0;
      const recordings = await this.deps.index.listUnkept(BATCH, last);
      for (const recording of recordings) if (await this.keep(recording)) kept += 1;
      last = recordings.at(-1);
      // Those that have to wait must not keep the ones behind them waiting.
      if (kept > 0 || recordings.length < BATCH) return kept;
    }
  }

  /**
   * Moves what is on the disk to the archive, one after the other. What cannot be moved is passed over, and tried again
   * after all others; when the archive seems to be away, the rest waits.
   */
  async moveKept(): Promise<number> {
    const { archive, index } = this.deps;
    if (!archive) return 0;
    const recordings = await index.listOnDisk(BATCH, this.triedLast);
    let [moved, failures] = [0, 0];
    for (const recording of recordings) {
      const done = await this.move(recording, archive);
      if (done.kind === 'moved') {
        moved += 1;
        this.wasMoved(recording);
      } else this.wasNotMoved(recording, done.reason);
      failures = done.kind === 'away' ? failures + 1 : 0;
      if (failures === MOST_FAILURES_IN_A_ROW) return moved;
    }
    if (recordings.length < BATCH) this.triedLast = undefined;
    return moved;
  }

  private wasMoved({ _id }: StoredRecording): void {
    this.movesFail = false;
    this.stuck.delete(_id);
  }

  private wasNotMoved(recording: StoredRecording, reason: string): void {
    this.triedLast = recording;
    if (this.stuck.has(recording._id)) return;
    this.stuck.add(recording._id);
    if (!this.movesFail) this.deps.onMoveFailed(recording.path, reason);
    this.movesFail = true;
  }

  private async keep(recording: StoredRecording): Promise<boolean> {
    const { index, manifest, disk, clock, log } = this.deps;
    const { _id, path, startedAtMs, durationMs } = recording;
    const found = await this.closedFile(path);
    if (found === 'open') return false;
    if (!found) {
      if (clock.nowMs() - startedAtMs - durationMs < PATIENCE_MS) return false;
      log.error({ recordingId: _id, path }, 'the file of a recording is not there');
      await index.lost(_id);
      return false;
    }
    const { key, file } = found;
    try {
      const [sha256, fileBytes] = [await this.hashOf(key, file), file.sizeBytes];
      if (sha256 === undefined) return false;
      // The manifest first: what is in it twice is seen there, what is missing would not be.
      await manifest.append({
        ...{ atMs: clock.nowMs(), kind: 'kept', recordingId: _id, key, fileBytes, sha256, startedAtMs, durationMs },
      });
      await index.kept(_id, { storage: disk.kind, key, fileBytes, sha256, ...(await wrappedKeyIn(file)) });
      return true;
    } finally {
      await file.close();
    }
  }

  /** Undefined for a file that cannot be read now: it is tried again. */
  private async hashOf(key: string, file: StoredFile): Promise<string | undefined> {
    try {
      return await sha256Of(file);
    } catch (error) {
      this.deps.log.error({ key, reason: messageOf(error) }, 'a recording cannot be read, and is not kept yet');
      return undefined;
    }
  }

  private async closedFile(path: string): Promise<{ key: string; file: StoredFile } | 'open' | undefined> {
    for (const key of [path + SEALED_SUFFIX, path]) {
      const file = await this.deps.disk.open(key);
      if (!file) continue;
      const marker = await this.deps.disk.open(key + OPEN_MARKER_SUFFIX);
      if (!marker) return { key, file };
      await Promise.all([marker.close(), file.close()]);
      return 'open';
    }
    return undefined;
  }

  /** What could not be moved stays where it is. */
  private async move(recording: StoredRecording, archive: RecordingStorage): Promise<Moved> {
    const { index, disk, log } = this.deps;
    const { _id, path, key = path, sha256 } = recording;
    try {
      const local = await disk.open(key);
      if (!local) {
        // Moved already, when the app was ended before it could say so; or somebody has taken it.
        if ((await hashIn(archive, key)) !== sha256)
          return { kind: 'refused', reason: `${key} is neither on the disk nor in the archive` };
        await index.moved(_id, { storage: archive.kind });
        return { kind: 'moved' };
      }
      try {
        await archive.put(key, local);
      } finally {
        await local.close();
      }
      // The copy on the disk goes only when what the archive gives back is what was kept.
      if ((await hashIn(archive, key)) !== sha256)
        return { kind: 'refused', reason: `${key} is not the same in the archive as it was kept` };
      await index.moved(_id, { storage: archive.kind });
      await disk.remove(key);
      return { kind: 'moved' };
    } catch (error) {
      log.warn({ err: error, recordingId: _id, key }, 'a recording could not be moved');
      return { kind: 'away', reason: messageOf(error) };
    }
  }
}

/** Of a sealed file; kept beside it too, so that master keys can be exchanged without writing files anew. */
const wrappedKeyIn = async (file: StoredFile): Promise<Partial<WrappedKey>> => {
  const header = readSealedHeader(await file.read(0, SEALED_HEADER_BYTES));
  const keyId = header.ok ? keyIdOfSealed(header.value.wrappedKey) : undefined;
  return header.ok && keyId !== undefined ? { keyId, wrappedKey: header.value.wrappedKey } : {};
};

const hashIn = async (storage: RecordingStorage, key: string): Promise<string | undefined> => {
  const file = await storage.open(key);
  if (!file) return undefined;
  try {
    return await sha256Of(file);
  } finally {
    await file.close();
  }
};
