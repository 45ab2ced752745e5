/** Recordings as the WAV files that they are, wherever they lie and whether they are sealed or not. */
import type { ByteSource } from '../../base/byte-source';
import { SwitchroomError } from '../../base/errors';
import { asId } from '../../base/ids';
import type { RecordingId } from '../../base/ids';
import { DATA_KEY_BYTES, SEALED_HEADER_BYTES, SealedReader, isSealed, readSealedHeader } from '../../base/sealed-file';
import type { SealedHeader } from '../../base/sealed-file';
import type { SecretBox } from '../../base/secret-box';
import type { RecordingStorage, StorageKind, StoredFile } from './storage';

/** Behind the path of a recording that is encrypted. */
export const SEALED_SUFFIX = '.sealed';

const LABEL_PREFIX = 'recordings/';

/** What the file of a recording, and its key, are bound to. */
export const labelOfRecording = (recordingId: RecordingId): string => LABEL_PREFIX + recordingId;

/** Undefined for what is no label of a recording. */
export const recordingOfLabel = (label: string): RecordingId | undefined =>
  label.startsWith(LABEL_PREFIX) ? asId<RecordingId>(label.slice(LABEL_PREFIX.length)) : undefined;

export interface LibraryDependencies {
  /** Those that are looked through, in this order. */
  readonly storages: readonly RecordingStorage[];
  /** Opens the keys of sealed recordings. */
  readonly box: Pick<SecretBox, 'open'>;
  /** The key of a recording as it was wrapped last, if it was sealed; asked when the key that its file names is gone. */
  readonly wrappedKeyOf?: (label: string) => Promise<string | undefined>;
}

/** A file as it lies there. */
export interface FoundFile {
  readonly storage: StorageKind;
  readonly key: string;
  readonly file: StoredFile;
}

export class RecordingLibrary {
  constructor(private readonly deps: LibraryDependencies) {}

  /**
   * The recording of this path, in the clear. Undefined when there is none.
   * @param recordingId whose it is to be: what was sealed for another one and lies in its place is refused. Not looked at when absent.
   * @throws SwitchroomError `unavailable` when its key is not there, or it has been changed.
   */
  async open(path: string, recordingId?: RecordingId): Promise<StoredFile | undefined> {
    const found = await this.find(path);
    if (!found) return undefined;
    try {
      return await this.unsealed({ path, recordingId }, found.file);
    } catch (error) {
      await found.file.close();
      throw error;
    }
  }

  /** The file as it lies there, sealed or not. */
  async find(path: string): Promise<FoundFile | undefined> {
    for (const storage of this.deps.storages)
      for (const key of [path + SEALED_SUFFIX, path]) {
        const file = await storage.open(key);
        if (file) return { storage: storage.kind, key, file };
      }
    return undefined;
  }

  private async unsealed(
    { path, recordingId }: { readonly path: string; readonly recordingId: RecordingId | undefined },
    file: StoredFile,
  ): Promise<StoredFile> {
    const beginning = await file.read(0, SEALED_HEADER_BYTES);
    if (!isSealed(beginning)) {
      if (!(await this.wasSealed(recordingId))) return file;
      throw new SwitchroomError(
        'unavailable',
        `The recording ${path} cannot be read: it was sealed, and its file is not.`,
      );
    }
    const header = readSealedHeader(beginning);
    if (!header.ok)
      throw new SwitchroomError('unavailable', `The recording ${path} cannot be read: ${header.fault.message}.`);
    if (recordingId !== undefined && header.value.label !== labelOfRecording(recordingId))
      throw new SwitchroomError(
        'unavailable',
        `The recording ${path} cannot be read: its file is another recording's.`,
      );
    const dataKey = await this.dataKeyOf(path, header.value);
    const reader = await SealedReader.open(file, header.value, dataKey);
    if (!reader.ok)
      throw new SwitchroomError('unavailable', `The recording ${path} cannot be read: ${reader.fault.message}.`);
    const { modifiedAtMs, version } = file;
    const plain: ByteSource = reader.value;
    return {
      sizeBytes: plain.sizeBytes,
      modifiedAtMs,
      version,
      read: (offsetBytes, lengthBytes) => plain.read(offsetBytes, lengthBytes),
      close: () => file.close(),
    };
  }

  private async wasSealed(recordingId: RecordingId | undefined): Promise<boolean> {
    if (recordingId === undefined) return false;
    return (await this.deps.wrappedKeyOf?.(labelOfRecording(recordingId))) !== undefined;
  }

  private async dataKeyOf(path: string, { label, wrappedKey }: SealedHeader): Promise<Buffer> {
    const { box, wrappedKeyOf } = this.deps;
    let opened = box.open(wrappedKey, label);
    if (!opened.ok && opened.fault.code === 'not_found') {
      const newer = await wrappedKeyOf?.(label);
      if (newer !== undefined) opened = box.open(newer, label);
    }
    if (!opened.ok) {
      const cure = opened.fault.code === 'not_found' ? '; put it back into the key file, below the others' : '';
      const message = `The recording ${path} cannot be decrypted: ${opened.fault.message}${cure}.`;
      throw new SwitchroomError('unavailable', message, { cause: opened.fault.cause });
    }
    const dataKey = Buffer.from(opened.value, 'base64');
    if (dataKey.length === DATA_KEY_BYTES) return dataKey;
    throw new SwitchroomError('unavailable', `The recording ${path} cannot be decrypted: its key is no key.`);
  }
}
