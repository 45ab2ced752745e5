/**
 * After a restart the ACD's journal tells of contacts of the app that has died. Those whose calls go on stay; the others
 * are ended, as is the work after them, and agents whose browsers have not come back are signed out, both as events of
 * their own. Who signs in again finds the skills, the locks and the counts of before. An agent whose session lives on is
 * as before, and gets calls once the telephone is back. Callbacks stay, with their places.
 */
import type { AcdEvent, AcdState, Agent, Contact } from '../acd/core/model';
import type { AgentId, ContactId } from '../base/ids';

export interface Resumed {
  /** Agents whose sessions live on. */
  readonly stay?: ReadonlySet<AgentId> | undefined;
  /** Contacts of calls that go on, or that an agent still writes about. */
  readonly kept?: ReadonlySet<ContactId> | undefined;
}

const NOBODY: ReadonlySet<never> = new Set();

/** What must be told to the ACD before new calls come. */
export const settleResumed = (state: AcdState, { stay = NOBODY, kept = NOBODY }: Resumed = {}): AcdEvent[] => {
  const contacts = [...state.contacts.values()].filter(({ contactId }) => !kept.has(contactId)).flatMap(settleContact);
  // First of all: nothing is offered again before a telephone is back.
  const devices = [...state.agents.values()]
    .filter(({ deviceRegistered }) => deviceRegistered)
    .map(({ agentId }): AcdEvent => ({ type: 'device-changed', agentId, registered: false }));
  const agents = [...state.agents.values()].flatMap((agent): AcdEvent[] => {
    const { agentId, intent } = agent;
    return [
      ...(intent.kind === 'signed-out' || stay.has(agentId)
        ? []
        : [{ type: 'agent-signed-out', agentId, whenDone: true } as const]),
      ...endedWork(agent, kept),
    ];
  });
  return [...devices, ...contacts, ...agents];
};

/** Who will be called back waits without a call; who was being called back then counts as not reached. */
const settleContact = ({ contactId, leg, status }: Contact): AcdEvent[] => {
  if (leg.kind !== 'callback') return [{ type: 'contact-left', contactId }];
  if (status.kind === 'connected') return [{ type: 'callback-failed', contactId }];
  return status.kind === 'offered' ? [{ type: 'offers-withdrawn', contactId }] : [];
};

/** Of contacts that are no more; an agent has at most a few. */
const endedWork = (
  { agentId, intent, engagements }: Agent,
  kept: ReadonlySet<ContactId>,
): Extract<AcdEvent, { type: 'wrap-up-done' }>[] => {
  if (!engagements.some(({ contactId }) => kept.has(contactId)))
    return intent.kind === 'signed-out' && engagements.length === 0 ? [] : [{ type: 'wrap-up-done', agentId }];
  return engagements
    .filter(({ kind, contactId }) => kind !== 'offered' && !kept.has(contactId))
    .map(({ contactId }) => ({ type: 'wrap-up-done', agentId, contactId }));
};
