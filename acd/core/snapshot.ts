/** The state as plain data: to keep, to compare, and to go on from. The index is left out and built again. */
import { createHash } from 'node:crypto';
import type { AgentId } from '../../base/ids';
import { rememberCallback } from './callback';
import { agentConfigOf, queueConfigOf } from './config';
import type { QueueConfig } from './config';
import { holdSkills } from './index/lane';
import type { AcdRules, AcdState, Agent, CallbackHours, Contact, KeptPlace, Mutable, Queue } from './model';
import { planOf } from './plan';
import { newQueue } from './queues';
import { emptyState } from './state';
import { newAgent, relist } from './agents';
import { placeContact } from './waiting';
import { beginWork } from './work';

type AgentIndex = 'channels' | 'lanes' | 'listedFor' | 'knownBy' | 'status';
type ContactIndex = 'lane' | 'baseScore';

export interface AcdSnapshot {
  readonly nowMs: number;
  readonly arrivals: number;
  readonly decisions: number;
  readonly queues: readonly {
    readonly config: QueueConfig;
    readonly open: boolean;
    readonly length: number;
    readonly turns: readonly (readonly [AgentId, number])[];
    readonly handleMs: number | undefined;
    /** Absent in snapshots of old. */
    readonly callbackHours?: CallbackHours | undefined;
  }[];
  readonly agents: readonly (Omit<Agent, AgentIndex> & Pick<Agent, 'status'>)[];
  readonly contacts: readonly Omit<Contact, ContactIndex>[];
  /** Absent in snapshots of old. */
  readonly kept?: readonly (readonly [string, KeptPlace])[];
}

/** Plain data that shares nothing that will change; safe to write down at leisure. */
export const snapshotOf = (state: AcdState): AcdSnapshot => {
  const { nowMs, arrivals, decisions } = state;
  return {
    nowMs,
    arrivals,
    decisions,
    queues: [...state.queues.values()].map(queueRecord),
    agents: [...state.agents.values()].map(agentRecord),
    contacts: [...state.contacts.values()].map(contactRecord),
    kept: [...state.kept],
  };
};

/** Equal for equal states, whether reached by the same events or restored (SHA-256, hexadecimal). */
export const stateHash = (state: AcdState): string => snapshotHash(snapshotOf(state));

export const snapshotHash = (snapshot: AcdSnapshot): string =>
  createHash('sha256').update(JSON.stringify(snapshot)).digest('hex');

// Fields are named one by one so that their order never depends on the order in which they were set.

const queueRecord = (queue: Queue): AcdSnapshot['queues'][number] => ({
  config: queueConfigOf(queue),
  open: queue.open,
  length: queue.length,
  turns: [...queue.turns],
  handleMs: queue.handleMs,
  callbackHours: queue.callbackHours,
});

const agentRecord = (agent: Agent): AcdSnapshot['agents'][number] => ({
  ...agentConfigOf(agent),
  status: agent.status,
  sinceMs: agent.sinceMs,
  intent: agent.intent,
  locked: agent.locked,
  deviceRegistered: agent.deviceRegistered,
  engagements: agent.engagements.map((engagement) => ({ ...engagement })),
  idleSinceMs: agent.idleSinceMs,
  signedInAtMs: agent.signedInAtMs,
  handled: agent.handled,
  busyMs: agent.busyMs,
  busySinceMs: agent.busySinceMs,
  occupancyPermille: agent.occupancyPermille,
});

const contactRecord = (contact: Contact): AcdSnapshot['contacts'][number] => ({
  contactId: contact.contactId,
  queueId: contact.queueId,
  channel: contact.channel,
  attributes: contact.attributes,
  priority: contact.priority,
  arrivedAtMs: contact.arrivedAtMs,
  arrival: contact.arrival,
  offers: contact.offers,
  status: contact.status,
  leg: contact.leg,
  toldPosition: contact.toldPosition,
  reviewAtMs: contact.reviewAtMs,
  overflowsDone: contact.overflowsDone,
});

/** The state that the snapshot was taken of, ready to go on. @throws SwitchroomError for an unknown strategy. */
export const restoreState = (snapshot: AcdSnapshot, rules: AcdRules = {}): AcdState => {
  const state = emptyState(rules);
  const { nowMs, arrivals, decisions } = snapshot;
  Object.assign(state, { nowMs, arrivals, decisions });
  for (const { config, open, length, turns, handleMs, callbackHours } of snapshot.queues) {
    const queue = Object.assign(newQueue(config, planOf(config, rules)), {
      open,
      length,
      turns: new Map(turns),
      handleMs,
      callbackHours,
    });
    state.queues.set(config.queueId, queue);
  }
  for (const record of snapshot.agents) {
    const engagements = record.engagements.map((engagement) => ({ ...engagement }));
    const agent = Object.assign(newAgent(record, nowMs), record, { engagements });
    state.agents.set(record.agentId, agent);
    holdSkills(state, agent, {});
  }
  for (const record of snapshot.contacts) restoreContact(state, record);
  for (const [customer, place] of snapshot.kept ?? []) state.kept.set(customer, place);
  const work = beginWork(state, nowMs);
  for (const agent of state.agents.values()) relist(work, agent);
  restoreDeadlines(state);
  return state;
};

const restoreContact = (state: AcdState, record: AcdSnapshot['contacts'][number]): void => {
  const contact: Mutable<Contact> = { ...record, lane: undefined, baseScore: 0 };
  state.contacts.set(contact.contactId, contact);
  rememberCallback(state, contact);
  if (contact.status.kind === 'waiting') placeContact(beginWork(state, state.nowMs), contact);
};

const restoreDeadlines = (state: AcdState): void => {
  for (const { contactId, status, reviewAtMs } of state.contacts.values()) {
    if (status.kind === 'resting') state.deadlines.add({ kind: 'review', atMs: status.untilMs, contactId });
    if (status.kind !== 'offered') continue;
    if (reviewAtMs !== undefined) state.deadlines.add({ kind: 'review', atMs: reviewAtMs, contactId });
    for (const { offerId, expiresAtMs } of status.offers) {
      state.deadlines.add({ kind: 'offer', atMs: expiresAtMs, contactId, offerId });
    }
  }
  for (const { agentId, engagements } of state.agents.values()) {
    for (const engagement of engagements) {
      if (engagement.kind !== 'wrap-up') continue;
      state.deadlines.add({ kind: 'wrap-up', atMs: engagement.untilMs, agentId, contactId: engagement.contactId });
    }
  }
};
