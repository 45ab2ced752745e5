/**
 * What the edge must not forget when its process is killed: entries by key, appended to a file as they change. A write
 * is in the kernel's page cache when it returns, which a killed process does not take with it; nothing is forced to the
 * disk, so that a crash of the operating system may lose the last seconds.
 *
 * The file does not grow without end. When it is large, a new one is begun; live entries are copied into it, a few at a
 * time, and then the old file is deleted. Until then both are there and are read in their order.
 *
 * ```
 * 00000007.log   put a, put b, gone a, …        the old one, until all that lives is in the new one
 * 00000008.log   put b, put c, …                the one that is written
 * ```
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/log';
import { JournalFile, strikeOut } from './journal-file';
import type { Place } from './journal-file';
import type { JournalEntries } from './journal-format';
import { applyRecords, encodeRecord } from './journal-format';

export interface JournalOptions {
  /** A folder of its own; made when it is not there. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** A file that is larger than this, and than twice what lives in it, is replaced. Default 4 MiB. */
  readonly maxFileBytes?: number;
}

/** Where an entry was written last. */
interface Written extends Place {
  readonly file: number;
}

/** In a file of before, nobody knows where. */
const SOMEWHERE: Written = { file: 0, at: 0, bytes: 0 };

interface LiveEntry {
  /** What is written: the entry as it is at that moment. */
  readonly read: () => unknown;
  /** Undefined: no file has it. */
  written: Written | undefined;
}

const FILE_NAME = /^(\d{8})\.log$/;
const nameOf = (file: number): string => `${String(file).padStart(8, '0')}.log`;

/** What nobody outside could notice is written this much later, together. */
const SOON_MS = 10;
const COPY_PERIOD_MS = 5;
const COPIES_AT_ONCE = 50;
const RETRY_MS = 5_000;

export class Journal {
  private readonly live = new Map<string, LiveEntry>();
  private readonly dirty = new Set<string>();
  /** Entries that some file has, and that are gone: to be written. */
  private readonly gone = new Map<string, Written>();
  /** Those that old files have, and of which only the file that is written knows that they are gone. */
  private readonly outdated = new Set<string>();
  private readonly maxFileBytes: number;
  private liveBytes = 0;
  private number: number;
  /** Undefined while none can be written. */
  private file: JournalFile | undefined;
  private soon: Timer | undefined;
  private copying: Timer | undefined;
  private retry: Timer | undefined;
  private oldFiles: string[];
  /** Whether all that lives is in the file that is written. */
  private complete = false;
  private closed = false;

  private constructor(
    private readonly options: JournalOptions,
    files: readonly string[],
    /** Keys of before the start, of which it is not known yet whether they live on. */
    private readonly found: Set<string>,
  ) {
    this.maxFileBytes = options.maxFileBytes ?? 4 * 1024 * 1024;
    this.oldFiles = [...files];
    this.number = Number(FILE_NAME.exec(files.at(-1) ?? '')?.[1] ?? 0);
  }

  /**
   * Reads what is there and begins a new file. The entries that live on must be put again before {@link Journal.settle}.
   * @throws the system's error when the folder cannot be made or read.
   */
  static open(options: JournalOptions): { readonly journal: Journal; readonly entries: JournalEntries } {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    const files = readdirSync(options.dir)
      .filter((name) => FILE_NAME.test(name))
      .sort();
    const entries: JournalEntries = new Map();
    for (const name of files) {
      const unread = applyRecords(readFileSync(join(options.dir, name)), entries);
      if (unread === undefined) options.log.warn({ file: name }, 'a journal of another format is not read');
      else if (unread > 0) options.log.info({ file: name, bytes: unread }, 'a journal ends in the middle of a record');
    }
    const journal = new Journal(options, files, new Set(entries.keys()));
    journal.beginFile();
    return { journal, entries };
  }

  /** All that lives on has been put: what was there before the start is deleted. */
  settle(): void {
    this.flush();
    if (this.file) this.finish();
    else for (const key of this.found) this.gone.set(key, SOMEWHERE);
    this.found.clear();
  }

  get size(): number {
    return this.live.size;
  }

  /** Writes an entry, now: what happens next may depend on it. @param read gives the entry's value, which must be JSON. */
  put(key: string, read: () => unknown): void {
    if (this.closed) return;
    this.remember(key, read);
    this.flush();
  }

  /** Writes an entry, or what has become of it, within 10 ms: nobody is harmed when it is lost. */
  putSoon(key: string, read: () => unknown): void {
    if (this.closed) return;
    this.remember(key, read);
    this.flushSoon();
  }

  /** The entry is gone; written within 10 ms. */
  remove(key: string): void {
    const entry = this.live.get(key);
    if (!entry || this.closed) return;
    this.live.delete(key);
    this.dirty.delete(key);
    // One that has never been written leaves no trace.
    if (!entry.written) return;
    this.liveBytes -= entry.written.bytes;
    this.gone.set(key, entry.written);
    this.flushSoon();
  }

  /** Writes what waits and closes the file. When nothing lives, nothing is left behind. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    for (const timer of [this.soon, this.copying, this.retry]) timer?.cancel();
    this.leaveFile();
    if (this.live.size === 0) this.deleteOldFiles();
  }

  private remember(key: string, read: () => unknown): void {
    const before = this.live.get(key)?.written;
    const known = [this.found.delete(key), this.outdated.delete(key)].includes(true);
    const again = this.gone.get(key) ?? (known ? SOMEWHERE : undefined);
    if (!before && again) this.liveBytes += again.bytes;
    this.live.set(key, { read, written: before ?? again });
    this.gone.delete(key);
    this.dirty.add(key);
  }

  private flushSoon(): void {
    this.soon ??= this.options.clock.after(SOON_MS, () => this.flush());
  }

  private flush(): void {
    this.soon?.cancel();
    this.soon = undefined;
    const { file } = this;
    if (!file) return this.waitForFile();
    if (this.dirty.size === 0 && this.gone.size === 0) return;
    const records = [...this.gone.keys()].map((key) => encodeRecord(key));
    let at = file.bytes + records.reduce((sum, record) => sum + Buffer.byteLength(record), 0);
    const written: [LiveEntry, Written][] = [];
    for (const key of this.dirty) {
      const entry = this.live.get(key);
      if (!entry) continue;
      const record = encodeRecord(key, entry.read());
      const bytes = Buffer.byteLength(record);
      records.push(record);
      written.push([entry, { file: this.number, at, bytes }]);
      at += bytes;
    }
    this.dirty.clear();
    try {
      file.append(records.join(''));
    } catch (error) {
      return this.fail(error);
    }
    for (const [entry, place] of written) {
      this.liveBytes += place.bytes - (entry.written?.bytes ?? 0);
      entry.written = place;
    }
    if (!this.complete) for (const key of this.gone.keys()) this.outdated.add(key);
    this.gone.clear();
    if (this.complete && file.bytes > Math.max(this.maxFileBytes, 2 * this.liveBytes)) this.replaceFile();
  }

  /**
   * The next file gets all that lives then, and first of all what is gone. Until then that is struck out where it
   * stands: a process that is killed meanwhile must not bring back callers who have been refused.
   */
  private waitForFile(): void {
    this.dirty.clear();
    for (const [key, place] of this.gone) {
      if (place === SOMEWHERE) continue;
      this.gone.set(key, SOMEWHERE);
      try {
        strikeOut(this.pathOf(nameOf(place.file)), key, place);
      } catch (error) {
        this.options.log.debug({ err: error }, 'an entry of the journal of calls stays until there is a new file');
      }
    }
  }

  /** Calls go on without a journal; a new file is tried until one can be written. */
  private fail(error: unknown): void {
    const { log, clock } = this.options;
    log.error(
      { err: error, reason: messageOf(error) },
      'the journal of calls cannot be written: make room on its disk',
    );
    this.copying?.cancel();
    this.copying = undefined;
    this.leaveFile();
    for (const key of this.outdated) this.gone.set(key, SOMEWHERE);
    this.outdated.clear();
    this.waitForFile();
    this.retry = clock.after(RETRY_MS, () => {
      this.retry = undefined;
      this.replaceFile();
    });
  }

  private replaceFile(): void {
    this.leaveFile();
    this.beginFile();
    if (this.file) this.copySome();
  }

  private beginFile(): void {
    this.number += 1;
    try {
      this.file = JournalFile.begin(this.pathOf(nameOf(this.number)));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Copies entries that the new file does not have, until it has all. */
  private copySome(): void {
    this.copying = undefined;
    let left = COPIES_AT_ONCE;
    for (const [key, entry] of this.live) {
      if (entry.written?.file === this.number) continue;
      if (left === 0) {
        this.copying = this.options.clock.after(COPY_PERIOD_MS, () => this.copySome());
        break;
      }
      this.dirty.add(key);
      left -= 1;
    }
    this.flush();
    if (!this.copying && this.file) this.finish();
  }

  /** All that lives is in the file that is written: the others are not needed any more. */
  private finish(): void {
    this.complete = true;
    this.outdated.clear();
    this.deleteOldFiles();
  }

  private deleteOldFiles(): void {
    for (const name of this.oldFiles.splice(0)) {
      try {
        rmSync(this.pathOf(name), { force: true });
      } catch (error) {
        this.options.log.warn({ err: error, file: name }, 'an old journal cannot be deleted');
      }
    }
  }

  /** It becomes an old one. One that has not all that lives is not worth its room beside those that it should replace. */
  private leaveFile(): void {
    const { file } = this;
    if (!file) return;
    const isKept = this.complete || this.closed;
    this.file = undefined;
    this.complete = false;
    if (isKept) this.oldFiles.push(nameOf(this.number));
    try {
      if (isKept) file.close();
      else file.drop();
    } catch (error) {
      this.options.log.warn({ err: error }, 'the journal of calls could not be closed');
    }
  }

  private pathOf(name: string): string {
    return join(this.options.dir, name);
  }
}
