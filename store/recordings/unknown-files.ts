/** Files among the recordings that nobody has kept, some at a time. */
import type { RecordingManifest } from './manifest';
import type { RecordingIndex } from './recording-index';
import { SEALED_SUFFIX } from './recording-library';
import { OPEN_MARKER_SUFFIX, UNFINISHED_SUFFIX } from './storage';
import type { RecordingStorage } from './storage';

export interface UnknownFilesDependencies {
  readonly manifest: Pick<RecordingManifest, 'kindsOf'>;
  readonly index: Pick<RecordingIndex, 'unkeptAmong'>;
  readonly storages: readonly RecordingStorage[];
}

export interface UnknownFile {
  readonly key: string;
  /** It was deleted by rule, and is there again. */
  readonly wasDeleted: boolean;
}

export interface UnknownFilesReport {
  readonly unknown: readonly UnknownFile[];
  /** Where to go on; absent at the end. */
  readonly nextKey: string | undefined;
}

interface Listed {
  readonly key: string;
  readonly storage: RecordingStorage;
}

/** @param after the file to go on behind; '' from the beginning. */
export const findUnknownFiles = async (
  deps: UnknownFilesDependencies,
  { after, limit }: { after: string; limit: number },
): Promise<UnknownFilesReport> => {
  const listed: Listed[] = [];
  for (const storage of deps.storages)
    for (const key of await storage.list(after, limit)) listed.push({ key, storage });
  listed.sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)));
  const page = listed.slice(0, limit);
  // A file that is being moved lies in both storages, and may stand on both sides of the page's end.
  return { unknown: await unknownAmong(deps, page), nextKey: listed.length < limit ? undefined : page.at(-1)?.key };
};

const unknownAmong = async (deps: UnknownFilesDependencies, page: readonly Listed[]): Promise<UnknownFile[]> => {
  const files = page.filter(({ key }) => !key.endsWith(OPEN_MARKER_SUFFIX) && !key.endsWith(UNFINISHED_SUFFIX));
  const closed: Listed[] = [];
  for (const stranger of await notKept(deps, files))
    if (!(await isOpen(stranger.storage, stranger.key))) closed.push(stranger);
  // In this order: what ends and is kept meanwhile is found by one of the two.
  const unkept = await deps.index.unkeptAmong(closed.map(({ key }) => pathOf(key)));
  const rest = closed.filter(({ key }) => !unkept.has(pathOf(key)));
  const kinds = await deps.manifest.kindsOf(rest.map(({ key }) => key));
  const unknown = rest.filter(({ key }) => kinds.get(key) !== 'kept').map(({ key }) => key);
  return [...new Set(unknown)].map((key) => ({ key, wasDeleted: kinds.has(key) }));
};

const notKept = async ({ manifest }: UnknownFilesDependencies, files: readonly Listed[]): Promise<Listed[]> => {
  const kinds = await manifest.kindsOf(files.map(({ key }) => key));
  return files.filter(({ key }) => kinds.get(key) !== 'kept');
};

const isOpen = async (storage: RecordingStorage, key: string): Promise<boolean> => {
  const mark = await storage.open(key + OPEN_MARKER_SUFFIX);
  await mark?.close();
  return mark !== undefined;
};

const pathOf = (key: string): string => (key.endsWith(SEALED_SUFFIX) ? key.slice(0, -SEALED_SUFFIX.length) : key);
