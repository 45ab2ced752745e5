/** The ACD's core: `step(state, event, nowMs)`. No clock, no randomness, nothing asynchronous. */
import { unreachable } from '../../base/errors';
import type { QueueId } from '../../base/ids';
import { changeAgent, configureAgent, release, setIntent } from './agents';
import { answerCallback, failCallback, requestCallback, reviewCallback, setCallbackHours } from './callback';
import {
  agentLost,
  beginContact,
  contactArrived,
  contactEnded,
  contactLeft,
  moveContact,
  prioritiseContact,
} from './contacts';
import type { AcdEffect, AcdEvent, AgentEvent } from './events';
import { tellPosition } from './expected-wait';
import { handOver } from './hand-over';
import type { Deadline } from './index/deadlines';
import type { AcdState, Agent, Engagement, Mutable, NotReadyReason, Queue } from './model';
import {
  acceptOffer,
  assignContact,
  expireOffer,
  failOffer,
  interruptOffers,
  offerWaiting,
  withdrawFromAgent,
} from './offers';
import { reviewWaiting } from './overflow';
import { configureQueue, removeQueue } from './queues';
import { beginWork } from './work';
import type { Work } from './work';

export { emptyState } from './state';

/**
 * Applies one event: first what time has brought (expired offers, ended wrap-ups, new rings, overflow), in the order
 * of their times; then the event itself; then offers to whoever is free now. The state passed in is taken over and must
 * not be used again by the caller; the one returned takes its place. An event that is not possible now yields `refused`
 * and changes nothing.
 */
export const step = (state: AcdState, event: AcdEvent, nowMs: number): [AcdState, AcdEffect[]] => {
  const work = beginWork(state, nowMs);
  state.nowMs = nowMs;
  passTime(work);
  const refusal = apply(work, event);
  if (refusal !== undefined) work.effects.push({ type: 'refused', reason: refusal });
  // Who comes back to a queue after a long time may have overflowed it already.
  passTime(work);
  offerWaiting(work);
  return [state, work.effects];
};

/** The next moment at which `time-passed` would change something; undefined when nothing waits for time. */
export const nextDeadlineMs = (state: AcdState): number | undefined => {
  const { deadlines } = state;
  for (let { first } = deadlines; first; { first } = deadlines) {
    if (stands(state, first)) return first.atMs;
    deadlines.removeFirst();
  }
  return undefined;
};

const passTime = (work: Work): void => {
  const { state, nowMs } = work;
  const { deadlines } = state;
  for (let { first } = deadlines; first && first.atMs <= nowMs; { first } = deadlines) {
    deadlines.removeFirst();
    if (stands(state, first)) fallDue(work, first);
  }
};

/** Deadlines are not taken back: one whose reason is gone means nothing. */
const stands = (state: AcdState, deadline: Deadline): boolean => {
  switch (deadline.kind) {
    case 'offer': {
      const status = state.contacts.get(deadline.contactId)?.status;
      return status?.kind === 'offered' && status.offers.some(({ offerId }) => offerId === deadline.offerId);
    }
    case 'wrap-up': {
      const engagement = wrapUpOf(state.agents.get(deadline.agentId), deadline.contactId);
      return engagement?.untilMs === deadline.atMs;
    }
    case 'review':
      return state.contacts.get(deadline.contactId)?.reviewAtMs === deadline.atMs;
  }
};

const wrapUpOf = (
  agent: Agent | undefined,
  contactId: Deadline['contactId'],
): Extract<Engagement, { kind: 'wrap-up' }> | undefined => {
  const found = agent?.engagements.find((engagement) => engagement.contactId === contactId);
  return found?.kind === 'wrap-up' ? found : undefined;
};

const fallDue = (work: Work, deadline: Deadline): void => {
  const { contactId } = deadline;
  switch (deadline.kind) {
    case 'offer':
      return expireOffer(work, deadline);
    case 'wrap-up': {
      const agent = work.state.agents.get(deadline.agentId);
      if (agent) changeAgent(work, agent, (changing) => release(changing, contactId));
      return;
    }
    case 'review': {
      const contact = work.state.contacts.get(contactId);
      if (!contact || reviewCallback(work, contact) || contact.status.kind !== 'waiting') return;
      return reviewWaiting(work, contact);
    }
  }
};

/** @returns why the event is refused, or undefined when it was applied. */
const apply = (work: Work, event: AcdEvent): string | undefined => {
  switch (event.type) {
    case 'queue-configured':
      return configureQueue(work, event.queue);
    case 'queue-opened':
    case 'queue-closed':
      return setOpen(work, event.queueId, event.type === 'queue-opened');
    case 'callback-hours-set':
      return setCallbackHours(work, event);
    case 'queue-removed':
      return removeQueue(work, event.queueId);
    case 'agent-configured':
      return configureAgent(work, event.agent);
    case 'agent-signed-in':
    case 'agent-signed-out':
    case 'agent-ready':
    case 'agent-not-ready':
    case 'agent-locked':
    case 'agent-unlocked':
    case 'device-changed':
    case 'wrap-up-done':
    case 'wrap-up-extended': {
      const agent = work.state.agents.get(event.agentId);
      return agent ? applyToAgent(work, agent, event) : `there is no agent ${event.agentId}`;
    }
    case 'contact-arrived':
      return contactArrived(work, event);
    case 'contact-left':
      return contactLeft(work, event);
    case 'contact-begun':
      return beginContact(work, event);
    case 'contact-ended':
      return contactEnded(work, event.contactId);
    case 'agent-lost':
      return agentLost(work, event.contactId);
    case 'contact-moved':
      return moveContact(work, event);
    case 'contact-handed-over':
      return handOver(work, event);
    case 'contact-prioritised':
      return prioritiseContact(work, event);
    case 'contact-assigned':
      return assignContact(work, event);
    case 'callback-requested':
      return requestCallback(work, event);
    case 'callback-failed':
      return failCallback(work, event);
    case 'callback-answered':
      return answerCallback(work, event);
    case 'position-asked':
      return tellPosition(work, event);
    case 'offer-accepted':
      return acceptOffer(work, event);
    case 'offer-failed':
      return failOffer(work, event);
    case 'offers-withdrawn':
      return interruptOffers(work, event.contactId);
    case 'time-passed':
      return undefined;
    default:
      return unreachable(event);
  }
};

const setOpen = (work: Work, queueId: QueueId, open: boolean): string | undefined => {
  const queue: Mutable<Queue> | undefined = work.state.queues.get(queueId);
  if (!queue) return `there is no queue ${queueId}`;
  queue.open = open;
  work.effects.push({ type: 'queue-changed', queueId });
  return undefined;
};

const applyToAgent = (work: Work, agent: Agent, event: AgentEvent): string | undefined => {
  switch (event.type) {
    case 'agent-signed-in':
      return signIn(work, agent);
    case 'agent-signed-out':
      return signOut(work, agent, event.whenDone ?? false);
    case 'agent-ready':
      return setReady(work, agent);
    case 'agent-not-ready':
      return setNotReady(work, agent, event.reason);
    case 'agent-locked':
      return setLocked(work, agent, true);
    case 'agent-unlocked':
      return setLocked(work, agent, false);
    case 'device-changed':
      changeAgent(work, agent, (changing) => {
        changing.deviceRegistered = event.registered;
      });
      return undefined;
    case 'wrap-up-done':
      return endWrapUp(work, agent, event.contactId);
    case 'wrap-up-extended':
      return extendWrapUp(work, agent, event);
    default:
      return unreachable(event);
  }
};

/** Signing in again (a second browser, a reload) changes nothing but takes back a delayed sign-out. */
const signIn = (work: Work, agent: Agent): undefined => {
  if (agent.intent.kind !== 'signed-out') return undefined;
  const anew = agent.engagements.length === 0;
  changeAgent(work, agent, (changing) => {
    changing.intent = { kind: 'not-ready', reason: agent.locked ? 'locked' : 'signed-in' };
    if (!anew) return;
    changing.idleSinceMs = work.nowMs;
    changing.signedInAtMs = work.nowMs;
    changing.handled = 0;
    changing.busyMs = 0;
    changing.occupancyPermille = 0;
  });
  return undefined;
};

const signOut = (work: Work, agent: Agent, whenDone: boolean): string | undefined => {
  if (agent.status.kind === 'signed-out') return undefined;
  const open = (kind: Engagement['kind']): boolean => agent.engagements.some((engagement) => engagement.kind === kind);
  if (!whenDone && open('connected')) return `agent ${agent.agentId} has an open contact`;
  if (!whenDone && open('wrap-up')) return `agent ${agent.agentId} is in wrap-up`;
  withdrawFromAgent(work, agent.agentId);
  setIntent(work, agent, { kind: 'signed-out' });
  return undefined;
};

const setReady = (work: Work, agent: Agent): string | undefined => {
  if (agent.intent.kind === 'signed-out') return `agent ${agent.agentId} is not signed in`;
  if (agent.locked) return `agent ${agent.agentId} is locked by a supervisor`;
  setIntent(work, agent, { kind: 'ready' });
  return undefined;
};

/** During a contact this only chooses what comes after it. */
const setNotReady = (work: Work, agent: Agent, reason: NotReadyReason): string | undefined => {
  if (agent.intent.kind === 'signed-out') return `agent ${agent.agentId} is not signed in`;
  if (agent.locked) return `agent ${agent.agentId} is locked by a supervisor`;
  setIntent(work, agent, { kind: 'not-ready', reason });
  return undefined;
};

const setLocked = (work: Work, agent: Agent, locked: boolean): string | undefined => {
  if (agent.locked === locked) return `agent ${agent.agentId} is ${locked ? 'locked already' : 'not locked'}`;
  if (locked) withdrawFromAgent(work, agent.agentId);
  changeAgent(work, agent, (changing) => {
    changing.locked = locked;
    const { intent } = changing;
    if (locked && intent.kind !== 'signed-out') changing.intent = { kind: 'not-ready', reason: 'locked' };
    // As after signing in: whoever is locked no more says so by becoming ready.
    if (!locked && intent.kind === 'not-ready' && intent.reason === 'locked')
      changing.intent = { kind: 'not-ready', reason: 'signed-in' };
  });
  return undefined;
};

const endWrapUp = (work: Work, agent: Agent, contactId?: Deadline['contactId']): string | undefined => {
  const ending = agent.engagements.filter(
    (engagement) => engagement.kind === 'wrap-up' && (contactId === undefined || engagement.contactId === contactId),
  );
  if (ending.length === 0) return `agent ${agent.agentId} is not in wrap-up`;
  changeAgent(work, agent, (changing) => {
    for (const engagement of ending) release(changing, engagement.contactId);
  });
  return undefined;
};

const extendWrapUp = (
  work: Work,
  agent: Agent,
  event: Extract<AgentEvent, { type: 'wrap-up-extended' }>,
): string | undefined => {
  const { contactId, byMs } = event;
  const place = agent.engagements.findIndex(
    (engagement) => engagement.kind === 'wrap-up' && (contactId === undefined || engagement.contactId === contactId),
  );
  const engagement = agent.engagements[place];
  if (engagement?.kind !== 'wrap-up') return `agent ${agent.agentId} is not in wrap-up`;
  if (!Number.isSafeInteger(byMs) || byMs <= 0) return `a wrap-up cannot be extended by ${byMs} ms`;
  const untilMs = engagement.untilMs + byMs;
  changeAgent(work, agent, (changing) => {
    changing.engagements[place] = { ...engagement, untilMs };
  });
  const { agentId } = agent;
  work.state.deadlines.add({ kind: 'wrap-up', atMs: untilMs, agentId, contactId: engagement.contactId });
  return undefined;
};
