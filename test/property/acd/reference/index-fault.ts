import { covers } from '../../../../acd/core/index/lane';
import type { AcdState } from '../../../../acd/core/model';

/** Whether the index says what the records say. @returns the first difference. */
export const indexFault = (state: AcdState): string | undefined => {
  for (const queue of state.queues.values()) {
    for (const lane of queue.lanes.values()) {
      const members = [...state.agents.values()].filter(
        (agent) => (agent.tenant ?? 'main') === (queue.tenant ?? 'main') && covers(state, agent, lane.required),
      );
      const free = members.filter((agent) => agent.listedFor.includes(lane.channel));
      if (free.length !== lane.free.size)
        return `lane ${lane.key} of ${queue.queueId} has ${lane.free.size} free agents, not ${free.length}`;
      const waiting = [...state.contacts.values()].filter((contact) => contact.lane === lane);
      if (waiting.length !== lane.waiting.size)
        return `lane ${lane.key} of ${queue.queueId} has lost or doubled a contact`;
    }
  }
  return undefined;
};
