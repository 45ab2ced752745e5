/** How each wait in a queue is told to have ended. */
import { asId } from '../../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../../base/ids';
import type { AcdEvent, AcdState } from '../../../../acd/core/model';
import { emptyState, step } from '../../../../acd/core/step';
import { WaitTally } from '../../../../acd/tally/wait-tally';

const QUEUE = asId<QueueId>('support');
const OTHER = asId<QueueId>('sales');
const ANN = asId<AgentId>('ann');
const ADA = asId<ContactId>('ada');
const BOB = asId<ContactId>('bob');

class World {
  state: AcdState = emptyState({});
  readonly told: unknown[] = [];
  nowMs = 0;
  private readonly tally = new WaitTally(this.state, {
    onEnded: ({ contactId, queueId, arrivedAtMs, endedAtMs, result }) =>
      void this.told.push([contactId, queueId, result, endedAtMs - arrivedAtMs]),
    onHandled: ({ contactId, agentId }, handleMs) => void this.told.push([contactId, 'handled by', agentId, handleMs]),
  });

  constructor() {
    const rules = { skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 5_000 };
    this.at(0, {
      type: 'queue-configured',
      queue: { queueId: QUEUE, ...rules, callback: { maxAttempts: 2, retryMs: 1_000 } },
    });
    this.at(0, { type: 'queue-configured', queue: { queueId: OTHER, ...rules, skills: { sales: 1 } } });
    this.at(0, { type: 'agent-configured', agent: { agentId: ANN, skills: {} } });
    this.at(0, { type: 'agent-signed-in', agentId: ANN });
    this.at(0, { type: 'device-changed', agentId: ANN, registered: true });
  }

  at(nowMs: number, event: AcdEvent): this {
    this.nowMs = nowMs;
    const [state, effects] = step(this.state, event, nowMs);
    this.state = state;
    this.tally.observe({ event, effects, state, atMs: nowMs });
    return this;
  }

  arrives(nowMs: number, contactId: ContactId, queueId = QUEUE): this {
    return this.at(nowMs, {
      type: 'contact-arrived',
      contactId,
      queueId,
      priority: 0,
      attributes: { caller: contactId },
    });
  }

  ready(nowMs: number): this {
    return this.at(nowMs, { type: 'agent-ready', agentId: ANN });
  }

  accepts(nowMs: number, contactId: ContactId): this {
    const status = this.state.contacts.get(contactId)?.status;
    if (status?.kind !== 'offered') throw new Error(`${contactId} is ${status?.kind}`);
    const [offer] = status.offers;
    if (!offer) throw new Error('there is no offer');
    return this.at(nowMs, { type: 'offer-accepted', contactId, offerId: offer.offerId });
  }
}

it('answered: the wait ends with the acceptance, the handling with the wrap-up', () => {
  const world = new World().arrives(1_000, ADA).ready(3_000).accepts(4_000, ADA);
  world.at(64_000, { type: 'contact-ended', contactId: ADA });
  expect(world.told).toEqual([[ADA, QUEUE, 'answered', 3_000]]);
  world.at(69_000, { type: 'time-passed' });
  expect(world.told.at(-1)).toEqual([ADA, 'handled by', ANN, 65_000]);
});

it('abandoned: who hangs up while nobody answers, also while it rings', () => {
  const world = new World().arrives(0, ADA).arrives(0, BOB).at(7_000, { type: 'contact-left', contactId: BOB });
  world.ready(8_000).at(9_000, { type: 'contact-left', contactId: ADA });
  expect(world.told).toEqual([
    [BOB, QUEUE, 'abandoned', 7_000],
    [ADA, QUEUE, 'abandoned', 9_000],
  ]);
});

it('who is moved counts in the queue in which the wait ends', () => {
  const world = new World().arrives(0, ADA);
  world.at(2_000, { type: 'contact-moved', contactId: ADA, queueId: OTHER, keepPlace: true });
  world.at(5_000, { type: 'contact-left', contactId: ADA });
  expect(world.told).toEqual([[ADA, OTHER, 'abandoned', 5_000]]);
});

it('who comes back into a queue after a conversation waits a second time', () => {
  const world = new World().arrives(0, ADA).ready(0).accepts(1_000, ADA);
  world.at(11_000, { type: 'contact-moved', contactId: ADA, queueId: OTHER, keepPlace: false });
  world.at(14_000, { type: 'contact-left', contactId: ADA });
  expect(world.told).toEqual([
    [ADA, QUEUE, 'answered', 1_000],
    [ADA, 'handled by', ANN, 10_000],
    [ADA, OTHER, 'abandoned', 3_000],
  ]);
});

describe('a callback', () => {
  const asked = (): World =>
    new World().arrives(0, ADA).at(1_000, { type: 'callback-requested', contactId: ADA, number: '+49301' });

  it('is answered when the agent has accepted, once the customer was reached', () => {
    const world = asked().ready(5_000).accepts(6_000, ADA);
    expect(world.told).toEqual([]);
    world.at(30_000, { type: 'contact-ended', contactId: ADA });
    expect(world.told).toEqual([[ADA, QUEUE, 'answered', 6_000]]);
  });

  it('goes on waiting when the customer was not reached, and is abandoned after the last attempt', () => {
    const world = asked().ready(5_000).accepts(6_000, ADA).at(9_000, { type: 'callback-failed', contactId: ADA });
    expect(world.told).toEqual([]);
    world
      .at(10_000, { type: 'time-passed' })
      .accepts(11_000, ADA)
      .at(12_000, { type: 'callback-failed', contactId: ADA });
    expect(world.told).toEqual([[ADA, QUEUE, 'abandoned', 12_000]]);
  });

  it('that a new call of the same customer replaces is not counted; the new call has its place', () => {
    const world = asked();
    world.at(20_000, {
      type: 'contact-arrived',
      contactId: BOB,
      queueId: QUEUE,
      priority: 0,
      attributes: { caller: '+49301' },
    });
    world.at(25_000, { type: 'contact-left', contactId: BOB });
    expect(world.told).toEqual([[BOB, QUEUE, 'abandoned', 25_000]]);
  });
});

it('a call that an agent dials waits in no queue', () => {
  const world = new World().ready(0).at(1_000, { type: 'contact-begun', contactId: ADA, agentId: ANN });
  world.at(5_000, { type: 'contact-ended', contactId: ADA });
  expect(world.told).toEqual([]);
});
