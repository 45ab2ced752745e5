/** Why a contact went to whom it went: its decisions, recomputed from the journal. */
import type { ContactId } from '../../base/ids';
import { explainDecision } from '../core/explain';
import type { Explanation } from '../core/explain';
import type { AcdRules } from '../core/model';
import type { JournalReader, JournalRecord, TakenDecision } from './journal';

export interface ExplainedDecision {
  readonly taken: TakenDecision;
  readonly atMs: number;
  /** Absent when the journal does not reach back to it any more. */
  readonly explanation: Explanation | undefined;
  /** Whether the recomputed decision is the one that was taken. */
  readonly proved: boolean;
}

/** A contact that nobody takes is offered again and again; the latest are told. */
const MOST_DECISIONS = 20;

/** In the order in which they were taken; none when the contact was never offered to anybody. */
export const explainContact = async (
  reader: JournalReader,
  contactId: ContactId,
  rules?: AcdRules,
): Promise<ExplainedDecision[]> => {
  const records = await reader.decisionsOf(contactId);
  const explained: ExplainedDecision[] = [];
  for (const record of records.slice(-MOST_DECISIONS)) {
    for (const taken of record.decisions.filter((one) => one.contactId === contactId)) {
      const explanation = await explain(reader, { record, taken, rules });
      explained.push({ taken, atMs: record.atMs, explanation, proved: explanation?.hash === taken.hash });
    }
  }
  return explained;
};

const explain = async (
  reader: JournalReader,
  of: { record: JournalRecord; taken: TakenDecision; rules: AcdRules | undefined },
): Promise<Explanation | undefined> => {
  const { record, taken, rules } = of;
  const snapshot = await reader.latestSnapshot(record.n - 1);
  const journal: JournalRecord[] = [];
  for await (const one of reader.records(snapshot?.n ?? 0, record.n)) journal.push(one);
  if (journal[0]?.n !== (snapshot?.n ?? 0) + 1) return undefined;
  return explainDecision(journal, taken.decision, {
    ...(snapshot && { snapshot: snapshot.state }),
    ...(rules && { rules }),
  });
};
