/** A recorded day once more: exactly, or as the arrivals of another scenario. */
import { SwitchroomError } from '../../base/errors';
import type { ContactId } from '../../base/ids';
import { decisionHash } from '../core/explain';
import type { AcdRules, AcdState } from '../core/model';
import { restoreState, stateHash } from '../core/snapshot';
import { emptyState, step } from '../core/step';
import type { RecordedDay } from './recorded-day';
import type { RecordedContact } from './scenario';

export interface Replay {
  readonly state: AcdState;
  readonly stateHash: string;
  readonly decisionHashes: readonly string[];
  /** The number of the first record whose decisions were others then; only of a journal that holds them. */
  readonly differsAtN?: number;
}

/**
 * The same events give the same decisions; the hashes prove it.
 * @throws SwitchroomError `bad_input` when the snapshot is not what was written.
 */
export const replay = ({ snapshot, entries }: RecordedDay, rules: AcdRules = {}): Replay => {
  let state = snapshot ? restoreState(snapshot.state, rules) : emptyState(rules);
  if (snapshot && stateHash(state) !== snapshot.hash) {
    throw new SwitchroomError('bad_input', `The snapshot ${snapshot.n} is damaged: its hash does not fit.`);
  }
  const decisionHashes: string[] = [];
  let differsAtN: number | undefined;
  for (const { event, atMs, n, taken } of entries) {
    const [next, effects] = step(state, event, atMs);
    state = next;
    const hashes = effects.flatMap((effect) => (effect.type === 'offer' ? [decisionHash(effect)] : []));
    if (taken && taken.join() !== hashes.join()) differsAtN ??= n;
    decisionHashes.push(...hashes);
  }
  return { state, stateHash: stateHash(state), decisionHashes, ...(differsAtN !== undefined && { differsAtN }) };
};

type Open = { -readonly [Key in keyof RecordedContact]: RecordedContact[Key] } & { connectedAtMs: number | undefined };

/**
 * The contacts of a recorded day, to be played with other rules, staff or further arrivals: when they came, how long
 * the conversation was, and how long those who gave up had waited. Times count from `fromMs`; who came before is left out.
 */
export const recordedContacts = ({ entries, fromMs }: RecordedDay): RecordedContact[] => {
  const open = new Map<ContactId, Open>();
  const all: Open[] = [];
  for (const { event, atMs } of entries) {
    if (event.type === 'contact-arrived') {
      if (atMs < fromMs) continue;
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
