/** Reads a span of the ACD's journal as `GET /api/v1/acd/journal` gives it, or plain events, a line each. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { JournalEntry } from '../core/explain';
import type { JournalHead } from '../journal/export';
import type { JournalRecord, JournalSnapshot } from '../journal/journal';

export interface RecordedEntry extends JournalEntry {
  readonly n: number;
  /** Hashes of the decisions that were taken, where the journal tells them. */
  readonly taken: readonly string[] | undefined;
}

export interface RecordedDay {
  /** Where the day begins; what is before it leads from the snapshot to it. */
  readonly fromMs: number;
  readonly snapshot: JournalSnapshot | undefined;
  readonly entries: readonly RecordedEntry[];
}

type Line = Partial<JournalHead & JournalRecord>;

/** Of lines of JSON; the reason for a refusal names the line. */
export const parseRecordedDay = (text: string): Result<RecordedDay> => {
  let head: Line = {};
  const entries: RecordedEntry[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (parsed?.event && typeof parsed.atMs === 'number') {
      const { event, atMs, n = entries.length + 1, decisions } = parsed;
      entries.push({ event, atMs, n, taken: decisions?.map(({ hash }) => hash) });
    } else if (entries.length === 0 && typeof parsed?.fromMs === 'number') head = parsed;
    else return fail('bad_input', `line ${place + 1}: not an event with its time`);
  }
  return ok({ fromMs: head.fromMs ?? entries[0]?.atMs ?? 0, snapshot: head.snapshot, entries });
};

const parseLine = (line: string): Line | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};
