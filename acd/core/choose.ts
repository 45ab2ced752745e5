/** Who gets whom: pure choices over the present state. */
import type { Agent, AcdState, Contact, QueueConfig, SkillLevels } from './model';

/** Whether `has` covers every skill that is `needed`, at its least level. */
export const coversSkills = (has: SkillLevels, needed: SkillLevels): boolean =>
  Object.entries(needed).every(([skill, level]) => (has[skill] ?? 0) >= level);

/** The order of waiting: higher priority first, then the one who came first. */
export const byUrgency = (a: Contact, b: Contact): number => b.priority - a.priority || a.arrival - b.arrival;

/** Waiting contacts, the most urgent first. */
export const waitingContacts = (state: AcdState): Contact[] =>
  [...state.contacts.values()].filter((contact) => contact.status.kind === 'waiting').sort(byUrgency);

export const mayBeOffered = (agent: Agent, queue: QueueConfig): boolean =>
  agent.status.kind === 'ready' && agent.deviceRegistered && coversSkills(agent.skills, queue.skills);

/** The agent with the skills who has been idle longest; equal times are decided by id, so that a replay agrees. */
export const longestIdle = (state: AcdState, queue: QueueConfig): Agent | undefined => {
  let best: Agent | undefined;
  for (const agent of state.agents.values()) {
    if (!mayBeOffered(agent, queue)) continue;
    if (
      !best ||
      agent.idleSinceMs < best.idleSinceMs ||
      (agent.idleSinceMs === best.idleSinceMs && agent.agentId < best.agentId)
    ) {
      best = agent;
    }
  }
  return best;
};
