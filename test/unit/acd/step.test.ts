import { asId } from '../../../base/ids';
import type { AgentId, ContactId, OfferId, QueueId } from '../../../base/ids';
import type { AcdEffect, AcdEvent, AcdState, AgentStatus } from '../../../acd/core/model';
import { emptyState, nextDeadlineMs, step } from '../../../acd/core/step';

const support = asId<QueueId>('support');
const ann = asId<AgentId>('ann');
const bob = asId<AgentId>('bob');
const first = asId<ContactId>('c1');
const second = asId<ContactId>('c2');

const OFFER_MS = 20_000;
const WRAP_UP_MS = 30_000;

/** A little world whose time moves only when told to. */
class World {
  state: AcdState = emptyState();
  nowMs = 0;
  effects: AcdEffect[] = [];

  constructor() {
    this.do({
      type: 'queue-configured',
      queue: { queueId: support, skills: { support: 1 }, offerTimeoutMs: OFFER_MS, wrapUpMs: WRAP_UP_MS },
    });
    for (const agentId of [ann, bob]) this.do({ type: 'agent-configured', agent: { agentId, skills: { support: 5 } } });
  }

  do(event: AcdEvent): AcdEffect[] {
    [this.state, this.effects] = step(this.state, event, this.nowMs);
    return this.effects;
  }

  after(ms: number): AcdEffect[] {
    this.nowMs += ms;
    return this.do({ type: 'time-passed' });
  }

  makeReady(agentId: AgentId): void {
    this.do({ type: 'agent-signed-in', agentId });
    this.do({ type: 'device-changed', agentId, registered: true });
    this.do({ type: 'agent-ready', agentId });
  }

  arrive(contactId: ContactId, priority = 0): AcdEffect[] {
    return this.do({ type: 'contact-arrived', contactId, queueId: support, priority });
  }

  offerOf(contactId: ContactId): { offerId: OfferId; agentId: AgentId } {
    const status = this.state.contacts.get(contactId)?.status;
    const offer = status?.kind === 'offered' ? status.offers[0] : undefined;
    if (!offer) throw new Error(`${contactId} is ${status?.kind}`);
    return offer;
  }

  status(agentId: AgentId): AgentStatus | undefined {
    return this.state.agents.get(agentId)?.status;
  }
}

const kinds = (effects: AcdEffect[]): string[] => effects.map((effect) => effect.type);

describe('choosing', () => {
  it('offers a contact to the agent who has been idle longest', () => {
    const world = new World();
    world.makeReady(ann);
    world.nowMs = 1000;
    world.makeReady(bob);
    world.arrive(first);
    expect(world.offerOf(first).agentId).toBe(ann);
    world.arrive(second);
    expect(world.offerOf(second).agentId).toBe(bob);
  });

  it('offers the oldest waiting contact first, and a higher priority before it', () => {
    const world = new World();
    world.arrive(first);
    world.nowMs = 1000;
    world.arrive(second, 5);
    world.makeReady(ann);
    expect(world.offerOf(second).agentId).toBe(ann);
    expect(world.state.contacts.get(first)?.status.kind).toBe('waiting');
  });

  it('offers nothing to an agent without the skill, without a station, or not ready', () => {
    const world = new World();
    world.do({ type: 'agent-configured', agent: { agentId: ann, skills: { sales: 9 } } });
    world.makeReady(ann);
    world.do({ type: 'agent-signed-in', agentId: bob });
    world.do({ type: 'agent-ready', agentId: bob });
    world.arrive(first);
    expect(world.state.contacts.get(first)?.status.kind).toBe('waiting');
    expect(kinds(world.do({ type: 'device-changed', agentId: bob, registered: true }))).toContain('offer');
  });
});

describe('the life of an offer', () => {
  it('expires, makes the agent not ready with the reason, and goes to the next agent with the place kept', () => {
    const world = new World();
    world.makeReady(ann);
    world.arrive(first);
    world.nowMs = 100;
    world.makeReady(bob);
    expect(nextDeadlineMs(world.state)).toBe(OFFER_MS);
    const effects = world.after(OFFER_MS - 100);
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'withdraw-offer', agentId: ann, reason: 'expired' }),
    );
    expect(world.status(ann)).toEqual({ kind: 'not-ready', reason: 'no-answer' });
    expect(world.offerOf(first).agentId).toBe(bob);
    expect(world.state.contacts.get(first)?.arrivedAtMs).toBe(0);
  });

  it('is withdrawn when the caller leaves, and the agent is ready again', () => {
    const world = new World();
    world.makeReady(ann);
    world.arrive(first);
    expect(world.do({ type: 'contact-left', contactId: first })).toContainEqual(
      expect.objectContaining({ type: 'withdraw-offer', reason: 'contact-left' }),
    );
    expect(world.status(ann)).toEqual({ kind: 'ready' });
    expect(world.state.contacts.size).toBe(0);
  });

  it('is refused when it no longer stands', () => {
    const world = new World();
    world.makeReady(ann);
    world.arrive(first);
    const { offerId } = world.offerOf(first);
    world.after(OFFER_MS);
    expect(world.do({ type: 'offer-accepted', offerId, contactId: first })).toEqual([
      { type: 'refused', reason: `offer ${offerId} no longer stands` },
    ]);
  });

  it('goes back to the queue when the agent signs out while it rings', () => {
    const world = new World();
    world.makeReady(ann);
    world.arrive(first);
    expect(kinds(world.do({ type: 'agent-signed-out', agentId: ann }))).toContain('withdraw-offer');
    expect(world.status(ann)).toEqual({ kind: 'signed-out' });
    expect(world.state.contacts.get(first)?.status.kind).toBe('waiting');
  });
});

describe('after the conversation', () => {
  const talking = (): World => {
    const world = new World();
    world.makeReady(ann);
    world.arrive(first);
    world.do({ type: 'offer-accepted', offerId: world.offerOf(first).offerId, contactId: first });
    return world;
  };

  it('wrap-up ends by time, and the next contact is offered', () => {
    const world = talking();
    world.do({ type: 'contact-ended', contactId: first });
    expect(world.status(ann)).toEqual({ kind: 'wrap-up', contactId: first, untilMs: WRAP_UP_MS });
    world.arrive(second);
    expect(kinds(world.after(WRAP_UP_MS))).toContain('offer');
  });

  it('wrap-up ends by the agent, who may have chosen to be not ready', () => {
    const world = talking();
    world.do({ type: 'agent-not-ready', agentId: ann, reason: 'lunch' });
    expect(world.status(ann)?.kind).toBe('busy');
    world.do({ type: 'contact-ended', contactId: first });
    world.do({ type: 'wrap-up-done', agentId: ann });
    expect(world.status(ann)).toEqual({ kind: 'not-ready', reason: 'lunch' });
  });

  it('an agent whose browser is gone leaves the contact first in the queue, and gets nothing more', () => {
    const world = talking();
    world.nowMs += 1000;
    world.arrive(second);
    const effects = world.do({ type: 'agent-lost', contactId: first });
    expect(kinds(effects)).not.toContain('offer');
    expect(world.status(ann)).toEqual({ kind: 'not-ready', reason: 'device-lost' });
    world.makeReady(bob);
    expect(world.offerOf(first).agentId).toBe(bob);
  });

  it.each([
    ['a delayed sign-out', { type: 'agent-signed-out', agentId: ann, whenDone: true }, { kind: 'signed-out' }],
    ['a lock', { type: 'agent-locked', agentId: ann }, { kind: 'not-ready', reason: 'locked' }],
  ] as const)('an agent whose browser is gone keeps %s', (_what, chosen, status) => {
    const world = talking();
    world.do(chosen);
    world.do({ type: 'agent-lost', contactId: first });
    expect(world.status(ann)).toEqual(status);
  });

  it('signing out is refused with an open contact', () => {
    const world = talking();
    expect(kinds(world.do({ type: 'agent-signed-out', agentId: ann }))).toEqual(['refused']);
    expect(world.status(ann)?.kind).toBe('busy');
  });

  it('an agent who dials is busy until the call ends, without wrap-up', () => {
    const world = new World();
    world.makeReady(ann);
    world.do({ type: 'contact-begun', contactId: second, agentId: ann });
    world.arrive(first);
    expect(world.state.contacts.get(first)?.status.kind).toBe('waiting');
    world.do({ type: 'contact-left', contactId: second });
    expect(world.offerOf(first).agentId).toBe(ann);
  });
});

describe('a conversation that passes to another agent', () => {
  const talkingWithAnn = (): World => {
    const world = new World();
    world.makeReady(ann);
    world.arrive(first);
    world.do({ type: 'offer-accepted', contactId: first, offerId: world.offerOf(first).offerId });
    world.makeReady(bob);
    return world;
  };

  it('leaves the former agent in wrap-up, and the other one with it', () => {
    const world = talkingWithAnn();
    world.do({ type: 'contact-handed-over', contactId: first, agentId: bob, wrapUp: true });
    expect([world.status(ann)?.kind, world.status(bob)?.kind]).toEqual(['wrap-up', 'busy']);
    world.do({ type: 'contact-ended', contactId: first });
    expect([world.status(ann)?.kind, world.status(bob)?.kind]).toEqual(['wrap-up', 'wrap-up']);
  });

  it('takes the place of a contact that the other agent has for it', () => {
    const world = talkingWithAnn();
    world.do({ type: 'contact-begun', contactId: second, agentId: bob });
    const handed = { type: 'contact-handed-over', contactId: first, agentId: bob, wrapUp: false } as const;
    expect(world.do(handed)).toEqual([{ type: 'refused', reason: 'agent bob is busy' }]);
    world.do({ ...handed, inPlaceOf: second });
    expect([world.status(ann)?.kind, world.status(bob)?.kind]).toEqual(['ready', 'busy']);
    expect([...world.state.contacts.keys()]).toEqual([first]);
  });

  it.each([
    ['to nobody', { agentId: asId<AgentId>('nobody') }, 'there is no agent nobody'],
    ['to its own agent', { agentId: ann }, 'agent ann has contact c1 already'],
    ['in the place of what is not there', { agentId: bob, inPlaceOf: second }, 'agent bob does not have contact c2'],
  ])('%s is refused', (_name, to, reason) => {
    const world = talkingWithAnn();
    expect(world.do({ type: 'contact-handed-over', contactId: first, wrapUp: true, ...to })).toEqual([
      { type: 'refused', reason },
    ]);
    expect(world.status(ann)?.kind).toBe('busy');
  });

  it('or to a queue leaves its agent in wrap-up if it was one, else free', () => {
    for (const wrapUp of [true, false]) {
      const world = talkingWithAnn();
      world.do({ type: 'agent-not-ready', agentId: bob, reason: 'break' });
      world.do({ type: 'contact-moved', contactId: first, queueId: support, keepPlace: true, wrapUp });
      expect(world.status(ann)?.kind).toBe(wrapUp ? 'wrap-up' : 'offered');
    }
  });
});
