/** The ACD's core: `step(state, event, nowMs)`. No clock, no randomness, nothing asynchronous. */
import { unreachable } from '../../base/errors';
import { moveAgent, moveToNext, updateAgent } from './agents';
import type { Work } from './agents';
import { agentLost, beginContact, contactArrived, contactEnded, contactLeft } from './contacts';
import type { AcdEffect, AcdEvent, AcdState } from './model';
import { acceptOffer, expireOffers, failOffer, offerWaiting, withdrawOffer } from './offers';

/**
 * Applies one event: first what time has brought (expired offers, ended wrap-ups), then the event itself, then offers
 * to whoever is free now. The state passed in is taken over and must not be used again by the caller; the one returned
 * takes its place. An event that is not possible now yields `refused` and changes nothing.
 */
export const step = (state: AcdState, event: AcdEvent, nowMs: number): [AcdState, AcdEffect[]] => {
  const work: Work = { state, nowMs, effects: [] };
  endWrapUps(work);
  expireOffers(work);
  const refusal = apply(work, event);
  if (refusal !== undefined) work.effects.push({ type: 'refused', reason: refusal });
  offerWaiting(work);
  return [state, work.effects];
};

/** The next moment at which `time-passed` would change something; undefined when nothing waits for time. */
export const nextDeadlineMs = (state: AcdState): number | undefined => {
  let deadlineMs: number | undefined;
  const consider = (atMs: number): void => {
    if (deadlineMs === undefined || atMs < deadlineMs) deadlineMs = atMs;
  };
  for (const agent of state.agents.values()) if (agent.status.kind === 'wrap-up') consider(agent.status.untilMs);
  for (const contact of state.contacts.values()) {
    if (contact.status.kind === 'offered') consider(contact.status.expiresAtMs);
  }
  return deadlineMs;
};

/** @returns why the event is refused, or undefined when it was applied. */
const apply = (work: Work, event: AcdEvent): string | undefined => {
  switch (event.type) {
    case 'queue-configured':
      work.state.queues.set(event.queue.queueId, event.queue);
      return undefined;
    case 'agent-configured':
      return configureAgent(work, event);
    case 'agent-signed-in':
    case 'agent-signed-out':
    case 'agent-ready':
    case 'agent-not-ready':
    case 'device-changed':
    case 'wrap-up-done':
      return applyToAgent(work, event);
    case 'contact-arrived':
      return contactArrived(work, event);
    case 'contact-left':
      return contactLeft(work, event.contactId);
    case 'contact-begun':
      return beginContact(work, event);
    case 'contact-ended':
      return contactEnded(work, event.contactId);
    case 'agent-lost':
      return agentLost(work, event.contactId);
    case 'offer-accepted':
      return acceptOffer(work, event);
    case 'offer-failed':
      return failOffer(work, event);
    case 'time-passed':
      return undefined;
    default:
      return unreachable(event);
  }
};

const configureAgent = (work: Work, event: Extract<AcdEvent, { type: 'agent-configured' }>): undefined => {
  const { agentId, skills } = event.agent;
  if (work.state.agents.has(agentId)) {
    updateAgent(work, agentId, { skills });
    return undefined;
  }
  work.state.agents.set(agentId, {
    agentId,
    skills,
    status: { kind: 'signed-out' },
    sinceMs: work.nowMs,
    idleSinceMs: work.nowMs,
    deviceRegistered: false,
    next: { kind: 'not-ready', reason: 'signed-in' },
  });
  return undefined;
};

type AgentEvent = Extract<
  AcdEvent,
  {
    type:
      'agent-signed-in' | 'agent-signed-out' | 'agent-ready' | 'agent-not-ready' | 'device-changed' | 'wrap-up-done';
  }
>;

const applyToAgent = (work: Work, event: AgentEvent): string | undefined => {
  const agent = work.state.agents.get(event.agentId);
  if (!agent) return `there is no agent ${event.agentId}`;
  switch (event.type) {
    case 'agent-signed-in':
      return signIn(work, event.agentId);
    case 'agent-signed-out':
      return signOut(work, event.agentId);
    case 'agent-ready':
      return setReady(work, event.agentId);
    case 'agent-not-ready':
      return setNotReady(work, event);
    case 'device-changed':
      updateAgent(work, event.agentId, { deviceRegistered: event.registered });
      work.effects.push({ type: 'agent-changed', agentId: event.agentId });
      return undefined;
    case 'wrap-up-done':
      if (agent.status.kind !== 'wrap-up') return `agent ${event.agentId} is not in wrap-up`;
      moveToNext(work, event.agentId);
      return undefined;
    default:
      return unreachable(event);
  }
};

/** Signing in again (a second browser, a reload) changes nothing. */
const signIn = (work: Work, agentId: AgentEvent['agentId']): undefined => {
  if (work.state.agents.get(agentId)?.status.kind !== 'signed-out') return undefined;
  updateAgent(work, agentId, { idleSinceMs: work.nowMs, next: { kind: 'not-ready', reason: 'signed-in' } });
  moveAgent(work, agentId, { kind: 'not-ready', reason: 'signed-in' });
  return undefined;
};

const signOut = (work: Work, agentId: AgentEvent['agentId']): string | undefined => {
  const status = work.state.agents.get(agentId)?.status;
  switch (status?.kind) {
    case undefined:
    case 'signed-out':
      return undefined;
    case 'busy':
      return `agent ${agentId} has an open contact`;
    case 'wrap-up':
      return `agent ${agentId} is in wrap-up`;
    case 'offered':
      withdrawOffer(work, status.contactId, 'agent-left');
      moveAgent(work, agentId, { kind: 'signed-out' });
      return undefined;
    case 'not-ready':
    case 'ready':
      moveAgent(work, agentId, { kind: 'signed-out' });
      return undefined;
    default:
      return unreachable(status);
  }
};

const setReady = (work: Work, agentId: AgentEvent['agentId']): string | undefined => {
  const status = work.state.agents.get(agentId)?.status;
  if (!status || status.kind === 'signed-out') return `agent ${agentId} is not signed in`;
  updateAgent(work, agentId, { next: { kind: 'ready' } });
  if (status.kind === 'not-ready') moveAgent(work, agentId, { kind: 'ready' });
  else work.effects.push({ type: 'agent-changed', agentId });
  return undefined;
};

/** During a contact this only chooses what comes after it. */
const setNotReady = (work: Work, event: Extract<AcdEvent, { type: 'agent-not-ready' }>): string | undefined => {
  const status = work.state.agents.get(event.agentId)?.status;
  if (!status || status.kind === 'signed-out') return `agent ${event.agentId} is not signed in`;
  const next = { kind: 'not-ready', reason: event.reason } as const;
  updateAgent(work, event.agentId, { next });
  if (status.kind === 'ready' || status.kind === 'not-ready') moveAgent(work, event.agentId, next);
  else work.effects.push({ type: 'agent-changed', agentId: event.agentId });
  return undefined;
};

const endWrapUps = (work: Work): void => {
  for (const agent of [...work.state.agents.values()]) {
    if (agent.status.kind === 'wrap-up' && agent.status.untilMs <= work.nowMs) moveToNext(work, agent.agentId);
  }
};
