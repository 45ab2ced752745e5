/** The ACD's decisions about a contact, as those read them who ask why. */
import type { ContactId } from '../base/ids';
import { explainContact } from '../acd/journal/decisions';
import type { ExplainedDecision } from '../acd/journal/decisions';
import type { JournalReader } from '../acd/journal/journal';
import type { Candidate } from '../acd/core/explain';

export interface CandidateList {
  /** Of all, whether listed or not. */
  readonly total: number;
  /** The chosen one first, then the best. */
  readonly items: readonly Candidate[];
}

export interface ContactDecision {
  readonly decision: number;
  readonly atMs: number;
  readonly agentId: string;
  readonly queueId: string;
  readonly hash: string;
  readonly proved: boolean;
  readonly explanation?: {
    readonly score: number;
    readonly agents: CandidateList;
    readonly contacts: CandidateList;
  };
}

/** A floor may have ten thousand agents; nobody reads them all. */
const MOST_CANDIDATES = 200;

/** Empty when the contact was never offered to anybody, or nobody knows it. */
export const decisionsOf = async (reader: JournalReader, contactId: ContactId): Promise<ContactDecision[]> =>
  (await explainContact(reader, contactId)).map(view);

const view = ({ taken, atMs, explanation, proved }: ExplainedDecision): ContactDecision => {
  const { decision, agentId, queueId, hash } = taken;
  const common = { decision, atMs, agentId, queueId, hash, proved };
  if (!explanation) return common;
  const { score, agents, contacts } = explanation;
  return { ...common, explanation: { score, agents: listed(agents), contacts: listed(contacts) } };
};

const listed = (candidates: readonly Candidate[]): CandidateList => {
  const chosenFirst = ({ verdict }: Candidate): number => (verdict.kind === 'chosen' ? 0 : 1);
  const items = [...candidates].sort((a, b) => chosenFirst(a) - chosenFirst(b) || b.score - a.score);
  return { total: candidates.length, items: items.slice(0, MOST_CANDIDATES) };
};
