/** A recorded day once more: exactly, or as the arrivals of another scenario. */
import type { ContactId } from '../../base/ids';
import { decisionHash } from '../core/explain';
import type { JournalEntry } from '../core/explain';
import type { AcdRules, AcdState } from '../core/model';
import { stateHash } from '../core/snapshot';
import { emptyState, step } from '../core/step';
import type { RecordedContact } from './scenario';

export interface Replay {
  readonly state: AcdState;
  readonly stateHash: string;
  readonly decisionHashes: readonly string[];
}

/** The same events give the same decisions; the hashes prove it. */
export const replay = (journal: Iterable<JournalEntry>, rules: AcdRules = {}): Replay => {
  let state = emptyState(rules);
  const decisionHashes: string[] = [];
  for (const { event, atMs } of journal) {
    const [next, effects] = step(state, event, atMs);
    state = next;
    for (const effect of effects) if (effect.type === 'offer') decisionHashes.push(decisionHash(effect));
  }
  return { state, stateHash: stateHash(state), decisionHashes };
};

type Open = { -readonly [Key in keyof RecordedContact]: RecordedContact[Key] } & { connectedAtMs: number | undefined };

/**
 * The contacts of a recorded day, to be played with other rules, staff or further arrivals: when they came, how long
 * the conversation was, and how long those who gave up had waited. Times count from `fromMs`.
 */
export const recordedContacts = (journal: Iterable<JournalEntry>, fromMs: number): RecordedContact[] => {
  const open = new Map<ContactId, Open>();
  const all: Open[] = [];
  for (const { event, atMs } of journal) {
    if (event.type === 'contact-arrived') {
      const { queueId, priority, attributes = {} } = event;
      const contact: Open = {
        atMs: atMs - fromMs,
        queueId,
        priority,
        attributes,
        handleMs: undefined,
        patienceMs: undefined,
        connectedAtMs: undefined,
      };
      open.set(event.contactId, contact);
      all.push(contact);
    } else if (event.type === 'offer-accepted') {
      const contact = open.get(event.contactId);
      if (contact) contact.connectedAtMs = atMs;
    } else if (event.type === 'contact-left' || event.type === 'contact-ended') {
      const contact = open.get(event.contactId);
      if (!contact) continue;
      if (contact.connectedAtMs === undefined) contact.patienceMs = atMs - fromMs - contact.atMs;
      else contact.handleMs = atMs - contact.connectedAtMs;
      open.delete(event.contactId);
    }
  }
  return all.map(({ connectedAtMs: _connectedAtMs, ...contact }) => contact);
};
