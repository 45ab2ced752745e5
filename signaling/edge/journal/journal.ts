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
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/log';
import type { JournalEntries } from './journal-format';
import { applyRecords, encodeRecord, FORMAT_LINE } from './journal-format';

export interface JournalOptions {
  /** A folder of its own; made when it is not there. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** A file that is larger than this, and than twice what lives in it, is replaced. Default 4 MiB. */
  readonly maxFileBytes?: number;
}

interface LiveEntry {
  /** What is written: the entry as it is at that moment. */
  readonly read: () => unknown;
  /** The file that has it last. */
  file: number;
  bytes: number;
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
  private readonly gone = new Set<string>();
  private readonly maxFileBytes: number;
  private liveBytes = 0;
  private fileBytes = 0;
  private file: number;
  private descriptor: number | undefined;
  private soon: Timer | undefined;
  private copying: Timer | undefined;
  private retry: Timer | undefined;
  private oldFiles: string[] = [];
  /** Whether all that lives is in the file that is written. */
  private complete = false;
  private closed = false;

  private constructor(
    private readonly options: JournalOptions,
    found: readonly string[],
  ) {
    this.maxFileBytes = options.maxFileBytes ?? 4 * 1024 * 1024;
    this.oldFiles = [...found];
    this.file = Number(FILE_NAME.exec(found.at(-1) ?? '')?.[1] ?? 0);
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
    const journal = new Journal(options, files);
    journal.beginFile();
    return { journal, entries };
  }

  /** All that lives on has been put: what was there before the start is deleted. */
  settle(): void {
    this.flush();
    if (this.descriptor === undefined) return;
    this.complete = true;
    this.deleteOldFiles();
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
    this.liveBytes -= entry.bytes;
    // One that has never been written leaves no trace.
    if (entry.file === 0) return;
    this.gone.add(key);
    this.flushSoon();
  }

  /** Writes what waits and closes the file. When nothing lives, nothing is left behind. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    for (const timer of [this.soon, this.copying, this.retry]) timer?.cancel();
    this.closeFile();
    if (this.live.size > 0) return;
    this.oldFiles.push(nameOf(this.file));
    this.deleteOldFiles();
  }

  private remember(key: string, read: () => unknown): void {
    const before = this.live.get(key);
    this.live.set(key, { read, file: before?.file ?? (this.gone.has(key) ? this.file : 0), bytes: before?.bytes ?? 0 });
    this.gone.delete(key);
    this.dirty.add(key);
  }

  private flushSoon(): void {
    this.soon ??= this.options.clock.after(SOON_MS, () => this.flush());
  }

  private flush(): void {
    this.soon?.cancel();
    this.soon = undefined;
    if (this.descriptor === undefined) return this.forgetChanges();
    if (this.dirty.size === 0 && this.gone.size === 0) return;
    const records: string[] = [];
    for (const key of this.gone) records.push(encodeRecord(key));
    for (const key of this.dirty) {
      const entry = this.live.get(key);
      if (!entry) continue;
      const record = encodeRecord(key, entry.read());
      records.push(record);
      const bytes = Buffer.byteLength(record);
      this.liveBytes += bytes - entry.bytes;
      entry.bytes = bytes;
      entry.file = this.file;
    }
    this.gone.clear();
    this.dirty.clear();
    this.append(records.join(''));
    if (this.complete && this.fileBytes > Math.max(this.maxFileBytes, 2 * this.liveBytes)) this.replaceFile();
  }

  /** Without a file there is nothing to change; the next one gets all that lives then. */
  private forgetChanges(): void {
    for (const key of this.dirty) {
      const entry = this.live.get(key);
      if (entry) entry.file = 0;
    }
    this.dirty.clear();
    this.gone.clear();
  }

  private append(text: string): void {
    if (this.descriptor === undefined) return;
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.descriptor, bytes, at);
      this.fileBytes += bytes.length;
    } catch (error) {
      this.fail(error);
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
    this.complete = false;
    this.closeFile();
    this.retry = clock.after(RETRY_MS, () => {
      this.retry = undefined;
      this.replaceFile();
    });
  }

  private replaceFile(): void {
    this.closeFile();
    this.oldFiles.push(nameOf(this.file));
    this.beginFile();
    if (this.descriptor !== undefined) this.copySome();
  }

  private beginFile(): void {
    this.file += 1;
    this.fileBytes = 0;
    this.complete = false;
    try {
      this.descriptor = openSync(join(this.options.dir, nameOf(this.file)), 'wx', 0o600);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.append(FORMAT_LINE);
  }

  /** Copies entries that the new file does not have, until it has all. */
  private copySome(): void {
    this.copying = undefined;
    let left = COPIES_AT_ONCE;
    for (const [key, entry] of this.live) {
      if (entry.file === this.file) continue;
      if (left === 0) {
        this.copying = this.options.clock.after(COPY_PERIOD_MS, () => this.copySome());
        break;
      }
      this.dirty.add(key);
      left -= 1;
    }
    const done = left > 0;
    this.flush();
    if (!done || this.descriptor === undefined) return;
    this.complete = true;
    this.deleteOldFiles();
  }

  private deleteOldFiles(): void {
    for (const name of this.oldFiles.splice(0)) {
      try {
        unlinkSync(join(this.options.dir, name));
      } catch (error) {
        this.options.log.warn({ err: error, file: name }, 'an old journal cannot be deleted');
      }
    }
  }

  private closeFile(): void {
    if (this.descriptor === undefined) return;
    try {
      closeSync(this.descriptor);
    } catch (error) {
      this.options.log.warn({ err: error }, 'the journal of calls could not be closed');
    }
    this.descriptor = undefined;
  }
}
