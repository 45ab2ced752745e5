/** Queues as configured, and configured anew while contacts wait in them. */
import type { QueueId } from '../../base/ids';
import { checkQueue } from './check';
import type { QueueConfig } from './config';
import { dropLane } from './index/lane';
import type { Contact, Mutable, Queue, QueuePlan } from './model';
import { planOf } from './plan';
import { isSameTenant } from './tenant';
import { placeContact, unplaceContact } from './waiting';
import type { Work } from './work';

/** What may be absent from a configuration, so that it is gone when the new one does not have it. */
const CLEARED = {
  priority: undefined,
  strategy: undefined,
  ringAtOnce: undefined,
  agentOrder: undefined,
  weights: undefined,
  rings: undefined,
  preferredAgentMs: undefined,
  serviceLevel: undefined,
  overflow: undefined,
  callback: undefined,
  tenant: undefined,
};

/** An open, empty queue. Fields are named one by one for the same reason as those of an agent. */
export const newQueue = (config: QueueConfig, plan: QueuePlan): Mutable<Queue> => ({
  queueId: config.queueId,
  skills: config.skills,
  offerTimeoutMs: config.offerTimeoutMs,
  wrapUpMs: config.wrapUpMs,
  priority: config.priority,
  strategy: config.strategy,
  ringAtOnce: config.ringAtOnce,
  agentOrder: config.agentOrder,
  weights: config.weights,
  rings: config.rings,
  preferredAgentMs: config.preferredAgentMs,
  serviceLevel: config.serviceLevel,
  overflow: config.overflow,
  callback: config.callback,
  tenant: config.tenant,
  plan,
  open: true,
  length: 0,
  turns: new Map(),
  handleMs: undefined,
  callbackHours: undefined,
  lanes: new Map(),
});

/** @returns the reason when the configuration contradicts itself; then the queue stays as it was. */
export const configureQueue = (work: Work, config: QueueConfig): string | undefined => {
  const { state } = work;
  const [reason] = checkQueue(config, state.rules);
  if (reason !== undefined) return reason;
  const plan = planOf(config, state.rules);
  const known: Mutable<Queue> | undefined = state.queues.get(config.queueId);
  if (!known) {
    state.queues.set(config.queueId, newQueue(config, plan));
    work.effects.push({ type: 'queue-changed', queueId: config.queueId });
    return undefined;
  }
  if (!isSameTenant(known, config)) {
    const contact = [...state.contacts.values()].find(({ queueId }) => queueId === config.queueId);
    if (contact) return `the queue ${config.queueId} still has contacts and cannot become another tenant's`;
  }
  const waiting = [...state.contacts.values()].filter(
    (contact) => contact.queueId === config.queueId && contact.status.kind === 'waiting',
  );
  for (const contact of waiting) unplaceContact(work, contact);
  for (const lane of [...known.lanes.values()]) dropLane(state, lane);
  const priorityBefore = known.priority ?? 0;
  Object.assign(known, CLEARED, config, { plan });
  for (const contact of state.contacts.values()) {
    if (contact.queueId === config.queueId) adjust(contact, (config.priority ?? 0) - priorityBefore);
  }
  for (const contact of waiting) placeContact(work, contact);
  work.effects.push({ type: 'queue-changed', queueId: config.queueId });
  return undefined;
};

/** @returns why the queue stays: a contact of it, waiting or in a conversation, would have none any more. */
export const removeQueue = (work: Work, queueId: QueueId): string | undefined => {
  const { state } = work;
  const queue = state.queues.get(queueId);
  if (!queue) return `there is no queue ${queueId}`;
  for (const contact of state.contacts.values())
    if (contact.queueId === queueId) return `the queue ${queueId} still has contacts`;
  for (const lane of [...queue.lanes.values()]) dropLane(state, lane);
  state.queues.delete(queueId);
  work.effects.push({ type: 'queue-changed', queueId });
  return undefined;
};

const adjust = (contact: Mutable<Contact>, by: number): void => {
  contact.priority += by;
  contact.overflowsDone = 0;
};
