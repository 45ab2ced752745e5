/** Why a contact went to whom it went: its decisions, recomputed from the journal. */
import type { ContactId } from '../../base/ids';
import { explainDecisions } from '../core/explain';
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
  const records = (await reader.decisionsOf(contactId)).slice(-MOST_DECISIONS);
  const ofContact = ({ decisions }: JournalRecord): TakenDecision[] =>
    decisions.filter((one) => one.contactId === contactId);
  const explanations = new Map<number, Explanation>();
  // Those that lie behind the same snapshot are found by one replay.
  for (let left = records; left.length > 0;) {
    const endN = left.at(-1)?.n ?? 0;
    const snapshot = await reader.latestSnapshot(endN - 1);
    const beginN = snapshot?.n ?? 0;
    const together = left.filter(({ n }) => n > beginN);
    left = left.filter(({ n }) => n <= beginN);
    const decisions = together.flatMap((record) => ofContact(record).map(({ decision }) => decision));
    const journal = await journalBetween(reader, beginN, endN);
    for (const explanation of explainDecisions(journal, decisions, { rules, snapshot: snapshot?.state })) {
      explanations.set(explanation.decision, explanation);
    }
  }
  return records.flatMap((record) =>
    ofContact(record).map((taken) => {
      const explanation = explanations.get(taken.decision);
      return { taken, atMs: record.atMs, explanation, proved: explanation?.hash === taken.hash };
    }),
  );
};

/** The records after `beginN`, up to and including `endN`; none when the journal does not reach back so far. */
const journalBetween = async (reader: JournalReader, beginN: number, endN: number): Promise<JournalRecord[]> => {
  const journal: JournalRecord[] = [];
  for await (const record of reader.records(beginN, endN)) journal.push(record);
  return journal[0]?.n === beginN + 1 ? journal : [];
};
