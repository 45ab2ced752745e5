/** A center of one queue: many agents, and one number that leads to them. */
import { asId } from '../../../../base/ids';
import type { AgentId, QueueId } from '../../../../base/ids';
import { fillStore } from '../../../support/filled-store';
import type { Product } from '../../../support/product';

export const NUMBER = '4300';
const QUEUE = 'offer';
const OFFER_TIMEOUT_MS = 20_000;
/** Longer than the benchmark: who writes a note ends it, and nobody becomes ready unseen. */
const WRAP_UP_MS = 3_600_000;

export const agentName = (index: number): string => `agent-${index}`;

/** The queue and its agents, for a product that has not started yet. */
export const writeCenter = (home: string, agents: number): Promise<void> =>
  fillStore(home, async (store, account) => {
    await store.queues.save({
      _id: asId<QueueId>(QUEUE),
      name: 'Offer',
      skills: { [QUEUE]: 1 },
      ...{ offerTimeoutMs: OFFER_TIMEOUT_MS, wrapUpMs: WRAP_UP_MS },
    });
    for (let index = 0; index < agents; index += 1) {
      const userName = agentName(index);
      const extension = `5${String(index).padStart(4, '0')}`;
      const agent = { agentId: asId<AgentId>(userName), extension, skills: { [QUEUE]: 5 } };
      await store.users.add({ ...account, userName, displayName: userName, roles: ['agent'], agent });
    }
  });

/** The number leads straight to the queue. */
export async function setUpCenter({ admin }: Product): Promise<void> {
  const steps = { answer: { do: 'answer', next: 'wait' }, wait: { do: 'enqueue', queue: QUEUE } };
  await admin('PUT', `/flows/${QUEUE}`, { id: QUEUE, version: 1, title: 'Offer', start: 'answer', steps });
  await admin('PUT', `/numbers/${NUMBER}`, { flowId: QUEUE });
}
