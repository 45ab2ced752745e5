/**
 * After a restart the ACD's journal tells of contacts whose calls are over and of agents whose browsers have not come
 * back: the one are ended, the other signed out, both as events of their own. Who signs in again finds the skills, the
 * locks and the counts of before. An agent whose session lives on is as before, and gets calls once the telephone is
 * back; only the wrap-up of a call that is no more is over. Callbacks stay, with their places.
 */
import type { AcdEvent, AcdState, Contact } from '../acd/core/model';
import type { AgentId } from '../base/ids';

/** What must be told to the ACD before new calls come. @param stay agents whose sessions live on. */
export const settleResumed = (state: AcdState, stay: ReadonlySet<AgentId> = new Set()): AcdEvent[] => {
  const contacts = [...state.contacts.values()].flatMap(settleContact);
  const agents = [...state.agents.values()].flatMap(({ agentId, intent, deviceRegistered }): AcdEvent[] => [
    ...(deviceRegistered ? [{ type: 'device-changed', agentId, registered: false } as const] : []),
    ...(intent.kind === 'signed-out'
      ? []
      : ([
          ...(stay.has(agentId) ? [] : [{ type: 'agent-signed-out', agentId, whenDone: true } as const]),
          { type: 'wrap-up-done', agentId },
        ] as const)),
  ]);
  return [...contacts, ...agents];
};

/** Who will be called back waits without a call; who was being called back then counts as not reached. */
const settleContact = ({ contactId, leg, status }: Contact): AcdEvent[] => {
  if (leg.kind !== 'callback') return [{ type: 'contact-left', contactId }];
  if (status.kind === 'connected') return [{ type: 'callback-failed', contactId }];
  if (status.kind !== 'offered') return [];
  return status.offers.map(({ offerId }) => ({ type: 'offer-failed', contactId, offerId, reason: 'unreachable' }));
};
