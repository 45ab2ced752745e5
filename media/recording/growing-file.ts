/**
 * The file of a recording that runs: at any moment what has been written can be played, even when the process is
 * killed or the disk is full. Its header tells at least of half of what is there, and of what is older than five seconds:
 * to write it each time costs as much as the samples. Who finds a recording that was left open puts its header right.
 * Appends are written one after the other; what waits is bounded.
 */
import { fdatasync, write } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES } from '../wav/wav-header';
import type { RecordingFailure } from '../ports';
import { TOO_LONG, TOO_SLOW, failureOf } from './failure';
import type { FileLayout } from './file-layout';
import { OPEN_MARKER_SUFFIX } from './recording-path';

/** Half a minute of two G.711 channels: a disk that is slower than this for long is no disk to record on. */
const MAX_WAITING_BYTES = 512 * 1024;
/** Five seconds of two G.711 channels. */
const HEADER_STEP_BYTES = 80_000;

export class GrowingFile {
  private dataBytes = 0;
  /** How many of them the header tells of. */
  private toldBytes = 0;
  /** Behind the last byte that was written as a whole. */
  private endBytes = 0;
  private waitingBytes = 0;
  private tail: Promise<void> = Promise.resolve();
  private failure: RecordingFailure | undefined;

  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
    private readonly layout: FileLayout,
  ) {}

  /**
   * Makes the folders and the file. Fails with `conflict` when it exists, with `unavailable` when the disk refuses.
   * @param owner the process that writes it, by its name.
   */
  static async create(path: string, layout: FileLayout, owner = ''): Promise<Result<GrowingFile>> {
    const file = path + layout.suffix;
    let handle: FileHandle | undefined;
    try {
      await mkdir(dirname(file), { recursive: true });
      handle = await open(file, 'wx', 0o640);
      // The mark first: what has a sample in it is found after a crash.
      await mark(file, owner);
      const growing = new GrowingFile(handle, file, layout);
      await growing.put(layout.begin());
      return ok(growing);
    } catch (error) {
      await handle?.close();
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        return fail('conflict', `the recording ${file} exists already`, error);
      if (handle) await Promise.all([file, file + OPEN_MARKER_SUFFIX].map((left) => rm(left, { force: true })));
      return fail('unavailable', `the recording ${file} cannot be made: ${failureOf(error).detail}`, error);
    }
  }

  /** Of the WAV that it is, sealed or not. */
  get sizeBytes(): number {
    return WAV_HEADER_BYTES + this.dataBytes;
  }

  /** Why nothing is written any more, if so. */
  get failed(): RecordingFailure | undefined {
    return this.failure;
  }

  /** Appends samples; returns when they are written. A failure shows in {@link failed}. */
  append(samples: Buffer): Promise<void> {
    if (samples.length === 0 || this.failure !== undefined) return this.tail;
    if (this.waitingBytes + samples.length > MAX_WAITING_BYTES) this.failure = TOO_SLOW;
    if (this.dataBytes + this.waitingBytes + samples.length > MAX_WAV_DATA_BYTES) this.failure = TOO_LONG;
    if (this.failure !== undefined) return this.tail;
    this.waitingBytes += samples.length;
    this.tail = this.tail.then(() => this.write(samples));
    return this.tail;
  }

  /** Has the disk itself hold what was appended; a failure shows in {@link failed}. */
  sync(): Promise<void> {
    this.tail = this.tail.then(() => this.attempt(() => syncData(this.handle)));
    return this.tail;
  }

  /** Finishes the writes, closes the file and takes its mark of being open away. */
  async close(): Promise<void> {
    this.tail = this.tail.then(() => this.finish());
    await this.sync();
    await this.attempt(() => this.handle.close());
    await this.attempt(() => rm(this.file + OPEN_MARKER_SUFFIX, { force: true }));
  }

  private async write(samples: Buffer): Promise<void> {
    await this.attempt(async () => {
      if (this.failure !== undefined) return;
      await this.put(this.layout.take(samples));
      this.dataBytes += samples.length;
      // First the samples, then the header that counts them: it never promises what is not there.
      const untold = this.dataBytes - this.toldBytes;
      if (untold >= Math.min(this.toldBytes, HEADER_STEP_BYTES)) await this.renewHeader();
    });
    this.waitingBytes -= samples.length;
  }

  private async put(bytes: Buffer): Promise<void> {
    await writeAll(this.handle, bytes, this.endBytes);
    this.endBytes += bytes.length;
  }

  private async renewHeader(): Promise<void> {
    const header = this.layout.renewed(this.dataBytes);
    if (header) await writeAll(this.handle, header, 0);
    this.toldBytes = this.dataBytes;
  }

  private async finish(): Promise<void> {
    // After a failure the last write may stand there in part.
    if (this.failure === undefined) await this.attempt(() => this.put(this.layout.end()));
    if (this.failure !== undefined) await this.attempt(() => this.handle.truncate(this.endBytes));
    if (this.toldBytes < this.dataBytes) await this.attempt(() => this.renewHeader());
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.failure ??= failureOf(error);
    }
  }
}

/**
 * Marks the file as open. The mark is there with its owner's name or not at all: another process that is just starting
 * takes a mark without a name for one that a crash has left.
 */
const mark = async (file: string, owner: string): Promise<void> => {
  const unfinished = `${file}${OPEN_MARKER_SUFFIX}.part`;
  try {
    await writeFile(unfinished, owner, { mode: 0o640 });
    await rename(unfinished, file + OPEN_MARKER_SUFFIX);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
};

/** A system may take less than it is given, such as when the disk becomes full, and say so only the next time. */
const writeAll = async (handle: FileHandle, bytes: Buffer, position: number): Promise<void> => {
  for (let at = 0; at < bytes.length;) at += await writeSome(handle, bytes.subarray(at), position + at);
};

// By descriptor, twice a second for each call: the methods of a FileHandle cost several times as much.

const writeSome = ({ fd }: FileHandle, bytes: Buffer, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, written) => (error ? reject(error) : resolve(written)));
  });

const syncData = ({ fd }: FileHandle): Promise<void> =>
  new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error ? reject(error) : resolve()));
  });
