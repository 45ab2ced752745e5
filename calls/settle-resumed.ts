/**
 * After a restart the ACD's journal tells of contacts whose calls are over and of agents whose browsers have not come
 * back: the one are ended, the other signed out, both as events of their own. Who signs in again finds the skills, the
 * locks and the counts of before.
 */
import type { AcdEvent, AcdState } from '../acd/core/model';

/** What must be told to the ACD before new calls come. */
export const settleResumed = (state: AcdState): AcdEvent[] => {
  const contacts = [...state.contacts.keys()].map((contactId): AcdEvent => ({ type: 'contact-left', contactId }));
  const agents = [...state.agents.values()].flatMap(({ agentId, intent, deviceRegistered }): AcdEvent[] => [
    ...(deviceRegistered ? [{ type: 'device-changed', agentId, registered: false } as const] : []),
    ...(intent.kind === 'signed-out'
      ? []
      : ([
          { type: 'agent-signed-out', agentId, whenDone: true },
          { type: 'wrap-up-done', agentId },
        ] as const)),
  ]);
  return [...contacts, ...agents];
};
