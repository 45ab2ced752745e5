/** Holds recordings against the manifest, and then the files that are there, some at a time. */
import { messageOf } from '../../base/errors';
import { sha256Of } from './file-hash';
import { NO_PREVIOUS, hashOf } from './manifest';
import type { ManifestEnd, ManifestEntry, RecordingManifest } from './manifest';
import type { RecordingStorage } from './storage';
import { findUnknownFiles } from './unknown-files';
import type { UnknownFile, UnknownFilesDependencies } from './unknown-files';

export type FaultKind =
  /** An entry of the manifest is not what was written, or there are some that nobody of us has written. */
  | 'entry-changed'
  /** Entries are missing between this one and the one before, or stand elsewhere. */
  | 'entries-missing'
  /** The manifest ends earlier or later than its seal says, or nobody with our key has sealed it. */
  | 'end-changed'
  | 'file-missing'
  | 'file-changed'
  /** A file that was never kept, or was deleted by rule. */
  | 'file-unknown'
  /** A file cannot be read now; nothing is said about it. */
  | 'file-unreadable';

export interface VerificationFault {
  readonly kind: FaultKind;
  /** One sentence that names the file or the entry. */
  readonly message: string;
  readonly seq?: number;
  readonly recordingId?: string;
  readonly key?: string;
}

export interface VerificationReport {
  /** Entries that were looked at, and files that were read for them. */
  readonly entries: number;
  readonly files: number;
  readonly faults: readonly VerificationFault[];
  /** Where to go on; absent at the end. */
  readonly nextSeq?: number | undefined;
  /** After the last entry: the file to go on behind; absent at the end. */
  readonly nextKey?: string | undefined;
  /** The last entry, to be kept elsewhere: it vouches for all before it. */
  readonly head?: { readonly seq: number; readonly hash: string } | undefined;
}

export interface VerificationDependencies {
  readonly manifest: Pick<RecordingManifest, 'list' | 'readEnd' | 'deletionOf' | 'kindsOf'>;
  readonly index: UnknownFilesDependencies['index'];
  readonly storages: readonly RecordingStorage[];
}

export interface VerifiedPart {
  /** The first entry to look at, from 1. */
  readonly from: number;
  /** Entries that are looked at, and files. */
  readonly limit: number;
  /** Entries have been looked at: the file to go on behind. */
  readonly after?: string | undefined;
}

/** Once the entries have been looked at, the files are that no entry is about. */
export const verifyRecordings = async (
  deps: VerificationDependencies,
  { from, limit, after }: VerifiedPart,
): Promise<VerificationReport> => {
  const report = after === undefined ? await verifyEntries(deps, { from, limit }) : NOTHING;
  if (report.nextSeq !== undefined) return report;
  const { faults, nextKey } = await fileFaults(deps, { after: after ?? '', limit });
  return { ...report, faults: [...report.faults, ...faults], nextKey };
};

const NOTHING: VerificationReport = { entries: 0, files: 0, faults: [] };

const fileFaults = async (
  deps: VerificationDependencies,
  part: { after: string; limit: number },
): Promise<Pick<VerificationReport, 'faults' | 'nextKey'>> => {
  try {
    const { unknown, nextKey } = await findUnknownFiles(deps, part);
    return { faults: unknown.map(unknownFault), nextKey };
  } catch (error) {
    const message = `Which files are there cannot be seen: ${messageOf(error)}.`;
    return { faults: [{ kind: 'file-unreadable', message }] };
  }
};

const unknownFault = ({ key, wasDeleted }: UnknownFile): VerificationFault => ({
  kind: 'file-unknown',
  message: wasDeleted
    ? `The recording ${key} was deleted by rule, and is there again.`
    : `The manifest does not know the file ${key}.`,
  key,
});

const verifyEntries = async (
  deps: VerificationDependencies,
  { from, limit }: { from: number; limit: number },
): Promise<VerificationReport> => {
  const faults: VerificationFault[] = [];
  const entries = await deps.manifest.list(limit + 1, { from });
  const page = entries.slice(0, limit);
  let before = from > 1 ? (await deps.manifest.list(1, { from: from - 1 }))[0] : undefined;
  let files = 0;
  for (const entry of page) {
    faults.push(...chainFaults(entry, before));
    before = entry;
    const found = await fileFault(deps, entry);
    if (found !== 'none-expected') files += 1;
    if (found !== 'none-expected' && found !== 'right') faults.push(found);
  }
  const end = await deps.manifest.readEnd();
  const { head, last } = end;
  const behind = Math.floor(before?.seq ?? 0) + 1;
  // Entries may have been added meanwhile.
  const isEnd = entries.length <= limit && (page.length === 0 || last === undefined || last.seq < behind);
  if (isEnd) faults.push(...endFaults(end));
  return {
    ...{ entries: page.length, files, faults },
    nextSeq: isEnd ? undefined : behind,
    head: head && head !== 'broken' ? { seq: head.seq, hash: head.hash } : undefined,
  };
};

const chainFaults = (entry: ManifestEntry, before: ManifestEntry | undefined): VerificationFault[] => {
  const { seq, recordingId, key } = entry;
  const about = { seq, recordingId, key };
  if (hashOf(entry) !== entry.hash)
    return [{ kind: 'entry-changed', message: `Entry ${seq} of the manifest, about ${key}, was changed.`, ...about }];
  const follows = entry.previous === (before?.hash ?? NO_PREVIOUS) && seq === (before?.seq ?? 0) + 1;
  if (follows) return [];
  const message = `Entry ${seq} of the manifest, about ${key}, does not follow the one before it: entries are missing, or were moved.`;
  return [{ kind: 'entries-missing', message, ...about }];
};

/** Whether the chain ends as its seal says. */
export const endFaultsOf = async (manifest: Pick<RecordingManifest, 'readEnd'>): Promise<VerificationFault[]> =>
  endFaults(await manifest.readEnd());

const endFaults = ({ head, last, count }: ManifestEnd): VerificationFault[] => {
  const strangers = count - (last?.seq ?? 0);
  const message = `The manifest holds entries that are not in its chain, ${strangers} in all; nothing of them is believed.`;
  const faults: VerificationFault[] = strangers > 0 ? [{ kind: 'entry-changed', message }] : [];
  return [...faults, ...sealFaults(head, last)];
};

const sealFaults = (head: ManifestEnd['head'], last: ManifestEntry | undefined): VerificationFault[] => {
  if (head === undefined && last === undefined) return [];
  if (head !== undefined && head !== 'broken' && head.seq === last?.seq && head.hash === last.hash) return [];
  const sealed =
    head === undefined ? 'no seal' : head === 'broken' ? 'a seal by none of our keys' : `entry ${head.seq}`;
  const present = last === undefined ? 'no entry' : `entry ${last.seq}`;
  return [{ kind: 'end-changed', message: `The manifest ends with ${present}, its seal has ${sealed}.` }];
};

/** What is wrong with the file of an entry that is still to be there. */
const fileFault = async (
  { manifest, storages }: VerificationDependencies,
  entry: ManifestEntry,
): Promise<VerificationFault | 'right' | 'none-expected'> => {
  const { seq, recordingId, key, fileBytes, sha256 } = entry;
  const about = { seq, recordingId, key };
  // That it was deleted by rule counts only when the chain says so.
  if (entry.kind === 'deleted' || (await manifest.deletionOf(recordingId))) return 'none-expected';
  try {
    for (const storage of storages) {
      const file = await storage.open(key);
      if (!file) continue;
      try {
        if (file.sizeBytes === fileBytes && (await sha256Of(file)) === sha256) return 'right';
        return { kind: 'file-changed', message: `The recording ${key} is not the file that was kept.`, ...about };
      } finally {
        await file.close();
      }
    }
    return { kind: 'file-missing', message: `The recording ${key} is missing.`, ...about };
  } catch (error) {
    return { kind: 'file-unreadable', message: `The recording ${key} cannot be read: ${messageOf(error)}.`, ...about };
  }
};
