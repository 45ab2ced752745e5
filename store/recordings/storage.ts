/** Where the files of recordings lie. Every implementation passes `test/contract/store/recording-storage.test.ts`. */
import type { ByteSource } from '../../base/byte-source';

/** A file that is open for reading; its length may still grow, but not in here. */
export interface StoredFile extends ByteSource {
  readonly modifiedAtMs: number;
  /** Changes when the file's content does. */
  readonly version: string;
  close(): Promise<void>;
}

export type StorageKind = 'disk' | 's3';

/** Failures of the disk or of the server are thrown as SwitchroomError `unavailable`. */
export interface RecordingStorage {
  readonly kind: StorageKind;
  /** @param key a relative path of plain names. Undefined when there is no such file, or the key leads elsewhere. */
  open(key: string): Promise<StoredFile | undefined>;
  /** Writes the whole of it, in the place of what was there; when it returns the file is there for good. */
  put(key: string, source: ByteSource): Promise<void>;
  /** False when there was none. */
  remove(key: string): Promise<boolean>;
}
