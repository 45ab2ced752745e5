/**
 * A WAV file that grows: after each append its header tells the truth, so that it can be played at any moment, even
 * when the process is killed. Appends are written one after the other; what waits is bounded.
 */
import { mkdir, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { WavFormat } from '../wav/format';
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES, wavHeader } from '../wav/wav-header';
import { OPEN_MARKER_SUFFIX } from './recording-path';

/** Half a minute of two G.711 channels: a disk that is slower than this for long is no disk to record on. */
const MAX_WAITING_BYTES = 512 * 1024;

export class GrowingWavFile {
  private dataBytes = 0;
  private waitingBytes = 0;
  private tail: Promise<void> = Promise.resolve();
  private failure: string | undefined;

  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
    private readonly format: WavFormat,
  ) {}

  /** Makes the folders and the file. Fails with `conflict` when it exists, with `unavailable` when the disk refuses. */
  static async create(file: string, format: WavFormat): Promise<Result<GrowingWavFile>> {
    try {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'wx', 0o640);
      await handle.write(wavHeader(format, 0), 0, WAV_HEADER_BYTES, 0);
      await (await open(file + OPEN_MARKER_SUFFIX, 'w', 0o640)).close();
      return ok(new GrowingWavFile(handle, file, format));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        return fail('conflict', `the recording ${file} exists already`, error);
      return fail('unavailable', `the recording ${file} cannot be made: ${messageOf(error)}`, error);
    }
  }

  get sizeBytes(): number {
    return WAV_HEADER_BYTES + this.dataBytes;
  }

  /** Why nothing is written any more, if so. */
  get failed(): string | undefined {
    return this.failure;
  }

  /** Appends samples; returns when they and the header are written. A failure shows in {@link failed}. */
  append(data: Buffer): Promise<void> {
    if (data.length === 0 || this.failure !== undefined) return this.tail;
    if (this.waitingBytes + data.length > MAX_WAITING_BYTES) this.failure = 'the disk is too slow for the recording';
    if (this.dataBytes + this.waitingBytes + data.length > MAX_WAV_DATA_BYTES)
      this.failure = 'the recording has reached the 4 GB that a WAV file can hold';
    if (this.failure !== undefined) return this.tail;
    this.waitingBytes += data.length;
    this.tail = this.tail.then(() => this.write(data));
    return this.tail;
  }

  /** Has the disk itself hold what was appended; a failure shows in {@link failed}. */
  sync(): Promise<void> {
    this.tail = this.tail.then(async () => {
      try {
        await this.handle.datasync();
      } catch (error) {
        this.failure ??= messageOf(error);
      }
    });
    return this.tail;
  }

  /** Finishes the writes, closes the file and takes its mark of being open away. */
  async close(): Promise<void> {
    await this.sync();
    try {
      await this.handle.close();
      await rm(this.file + OPEN_MARKER_SUFFIX, { force: true });
    } catch (error) {
      this.failure ??= messageOf(error);
    }
  }

  private async write(data: Buffer): Promise<void> {
    try {
      // First the samples, then the header that counts them: it never promises what is not there.
      await this.handle.write(data, 0, data.length, this.sizeBytes);
      this.dataBytes += data.length;
      await this.handle.write(wavHeader(this.format, this.dataBytes), 0, WAV_HEADER_BYTES, 0);
    } catch (error) {
      this.failure ??= messageOf(error);
    } finally {
      this.waitingBytes -= data.length;
    }
  }
}
