/** One file of the journal on the disk: appended to, and struck out in when nothing can be appended any more. */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { encodeRemoval, FORMAT_LINE } from './journal-format';

/** Where a record stands in a file. */
export interface Place {
  readonly at: number;
  readonly bytes: number;
}

const writeAll = (descriptor: number, text: string, at: number): number => {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
  }
  return bytes.length;
};

export class JournalFile {
  private size = 0;

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
  ) {}

  /** A new one, or none. @throws the system's error. */
  static begin(path: string): JournalFile {
    const file = new JournalFile(path, openSync(path, 'wx', 0o600));
    try {
      file.append(FORMAT_LINE);
    } catch (error) {
      file.drop();
      throw error;
    }
    return file;
  }

  get bytes(): number {
    return this.size;
  }

  /** All of the text, or nothing of it. @throws the system's error. */
  append(text: string): void {
    try {
      this.size += writeAll(this.descriptor, text, this.size);
    } catch (error) {
      ftruncateSync(this.descriptor, this.size);
      throw error;
    }
  }

  /** @throws the system's error. */
  close(): void {
    closeSync(this.descriptor);
  }

  /** Closes and deletes it. @throws the system's error. */
  drop(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}

/**
 * Writes over an entry that it is gone. That takes no room, so that it can be done on a full disk.
 * @throws the system's error.
 */
export const strikeOut = (path: string, key: string, { at, bytes }: Place): void => {
  const descriptor = openSync(path, 'r+');
  try {
    writeAll(descriptor, encodeRemoval(key, bytes), at);
  } finally {
    closeSync(descriptor);
  }
};
