/** Where the files of recordings lie. Every implementation passes `test/contract/store/recording-storage.test.ts`. */
import type { ByteSource } from '../../base/byte-source';

/** A file that is open for reading; its length may still grow, but not in here. */
export interface StoredFile extends ByteSource {
  readonly modifiedAtMs: number;
  /** Changes when the file's content does. */
  readonly version: string;
  close(): Promise<void>;
}

/** Behind the name of a file that is still written; the media process puts it there and takes it away. */
export const OPEN_MARKER_SUFFIX = '.open';

/** Behind the name of what has not been written whole yet. */
export const UNFINISHED_SUFFIX = '.part';

export type StorageKind = 'disk' | 's3';

/** Failures of the disk or of the server are thrown as SwitchroomError `unavailable`. */
export interface RecordingStorage {
  readonly kind: StorageKind;
  /** @param key a relative path of plain names. Undefined when there is no such file, or the key leads elsewhere. */
  open(key: string): Promise<StoredFile | undefined>;
  /** The keys of files behind this one, at most so many, in the order of their characters. @param after '' for the first. */
  list(after: string, limit: number): Promise<string[]>;
  /** Writes the whole of it, in the place of what was there; when it returns the file is there for good. */
  put(key: string, source: ByteSource): Promise<void>;
  /** False when there was none. */
  remove(key: string): Promise<boolean>;
}
