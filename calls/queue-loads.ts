/** How all queues are at this moment, as their alarms see them. Who is to be called back does not wait on the line. */
import type { QueueId } from '../base/ids';
import { coversSkills } from '../acd/core/skills';
import { isSameTenant } from '../acd/core/tenant';
import type { CallContext } from './context';
import type { QueueLoad } from './queue-alarms';

interface Waiting {
  waiting: number;
  oldestWaitingSinceMs: number;
}

export const queueLoads = (ctx: CallContext): QueueLoad[] => {
  const { state } = ctx.acd;
  const lines = new Map<QueueId, Waiting>();
  for (const { queueId, status, leg, arrivedAtMs } of state.contacts.values()) {
    if (queueId === undefined || status.kind === 'connected' || leg.kind !== 'line') continue;
    const line = lines.get(queueId) ?? { waiting: 0, oldestWaitingSinceMs: arrivedAtMs };
    line.waiting += 1;
    line.oldestWaitingSinceMs = Math.min(line.oldestWaitingSinceMs, arrivedAtMs);
    lines.set(queueId, line);
  }
  const signedIn = [...state.agents.values()].filter(({ status }) => status.kind !== 'signed-out');
  return [...state.queues.values()].map((queue) => {
    const { queueId, open, skills, plan } = queue;
    // Whoever may have contacts at the latest in the last ring.
    const needed = plan.rings.at(-1)?.skills ?? skills;
    return {
      queueId,
      name: ctx.directory.queue(queueId)?.name ?? queueId,
      open,
      ...(lines.get(queueId) ?? { waiting: 0 }),
      isAttended: signedIn.some((agent) => isSameTenant(queue, agent) && coversSkills(agent.skills, needed)),
    };
  });
};
