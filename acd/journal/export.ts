/** A span of the journal as lines of JSON, to be played again elsewhere: first the state, then every event. */
import type { JournalReader, JournalRecord, JournalSnapshot } from './journal';

/** The first line. */
export interface JournalHead {
  /** What was asked for; records before it lead from the snapshot to it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Absent when the journal begins with its first record. */
  readonly snapshot?: JournalSnapshot;
}

/** From the latest snapshot before `fromMs` to the last record before `toMs`. */
export async function* exportJournal(
  reader: JournalReader,
  span: { readonly fromMs: number; readonly toMs: number },
): AsyncGenerator<JournalHead | JournalRecord> {
  const { fromMs, toMs } = span;
  const firstN = await reader.firstAt(fromMs);
  const snapshot = await reader.latestSnapshot(firstN === undefined ? undefined : firstN - 1);
  yield { fromMs, toMs, ...(snapshot && { snapshot }) };
  if (firstN === undefined) return;
  for await (const record of reader.records(snapshot?.n ?? 0)) {
    if (record.atMs >= toMs) return;
    yield record;
  }
}
