/** What a queue can be told to do, one rule at a time. */
import { asId } from '../../../base/ids';
import type { AgentId, ContactId } from '../../../base/ids';
import { checkAcdConfig } from '../../../acd/core/check';
import type { QueueConfig } from '../../../acd/core/config';
import type { AcdEffect } from '../../../acd/core/model';
import { nextDeadlineMs } from '../../../acd/core/step';
import { World, other, q } from './support/world';

const kinds = (effects: readonly AcdEffect[]): string[] => effects.map(({ type }) => type);

describe('strategies', () => {
  const trio = (queue: Partial<QueueConfig>): World => {
    const world = new World(queue);
    ['ann', 'bob', 'cid'].forEach((name, place) => {
      world.nowMs = place;
      world.agent(name, { skills: { x: place + 1 } });
    });
    return world;
  };
  const served = (world: World, contacts: number): string[] =>
    Array.from({ length: contacts }, () => world.serve(world.arrive()));

  it.each<[string, Partial<QueueConfig>, string[]]>([
    ['longest-idle', {}, ['ann', 'bob', 'cid', 'ann']],
    ['round-robin', { strategy: 'round-robin' }, ['ann', 'bob', 'cid', 'ann']],
    ['fewest-contacts', { strategy: 'fewest-contacts' }, ['ann', 'bob', 'cid', 'ann']],
    ['most-skilled', { strategy: 'most-skilled', skills: { x: 1 } }, ['cid', 'cid', 'cid', 'cid']],
    ['linear', { strategy: 'linear', agentOrder: [asId('bob'), asId('ann')] }, ['bob', 'bob', 'bob', 'bob']],
    // Occupied when last asked: ann 1000 of 1002 ms, bob 1000 of 2001, cid 1000 of 3000.
    ['fair-share', { strategy: 'fair-share' }, ['ann', 'bob', 'cid', 'cid']],
  ])('%s', (_name, queue, expected) => {
    expect(served(trio(queue), 4)).toEqual(expected);
  });

  it('fewest contacts asks who came back late, not who was idle longest', () => {
    const world = trio({ strategy: 'fewest-contacts' });
    world.do({ type: 'agent-not-ready', agentId: asId('cid'), reason: 'break' });
    served(world, 4);
    world.do({ type: 'agent-ready', agentId: asId('cid') });
    expect(served(world, 2)).toEqual(['cid', 'cid']);
  });

  it('ring several: rings at some, and the first to accept has it', () => {
    const world = trio({ strategy: 'ring-several', ringAtOnce: 2 });
    const contactId = world.arrive();
    expect(world.ringing(contactId)).toEqual(['ann', 'bob']);
    const effects = world.accept(contactId);
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'withdraw-offer', agentId: 'bob', reason: 'taken' }),
    );
    expect(world.state.agents.get(asId<AgentId>('bob'))?.status).toEqual({ kind: 'ready' });
  });

  it('a strategy of the installation is chosen by its name', () => {
    const lastByName = {
      name: 'last-by-name',
      rank: (agent: { agentId: string }): number => -(agent.agentId.codePointAt(0) ?? 0),
    };
    const world = new World({ strategy: 'last-by-name' }, { strategies: [lastByName] });
    ['ann', 'zoe', 'bob'].forEach((name) => world.agent(name));
    expect(world.ringing(world.arrive())).toEqual(['zoe']);
  });
});

describe('the order', () => {
  it('priority is a head start of a minute each, with which waiting catches up: nobody starves', () => {
    const world = new World();
    const patient = world.arrive();
    let last = patient;
    for (let second = 1; second <= 130; second += 1) {
      world.nowMs = second * 1000;
      last = world.arrive({}, 2);
    }
    world.agent('ann');
    const order: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      const ringing = [...world.state.contacts.values()].find(({ status }) => status.kind === 'offered');
      if (!ringing) break;
      order.push(ringing.contactId);
      world.serve(ringing.contactId, 0);
    }
    // 120 s of head start: those of the first 119 seconds are ahead, the one at 120 s is equal and came later.
    expect(order).not.toContain(patient);
    for (let ringing = 0; ringing < 107; ringing += 1) {
      const next = [...world.state.contacts.values()].find(({ status }) => status.kind === 'offered');
      if (next) world.serve(next.contactId, 0);
    }
    expect(world.ringing(patient)).toEqual(['ann']);
    expect(world.state.contacts.get(last)?.status.kind).toBe('waiting');
  });

  it('rings: a lower level is the backup of a higher one after some waiting', () => {
    const world = new World({ skills: { x: 8 }, rings: [{ afterMs: 10_000, skills: { x: 3 } }] });
    world.agent('junior', { skills: { x: 4 } });
    const contactId = world.arrive();
    expect(world.ringing(contactId)).toEqual([]);
    expect(nextDeadlineMs(world.state)).toBe(10_000);
    world.at(10_000);
    expect(world.ringing(contactId)).toEqual(['junior']);
  });

  it('a contact waits for the agent it knows, for a bounded time, and not when that agent is away', () => {
    const world = new World({ preferredAgentMs: 5000 });
    const known = world.agent('known');
    world.serve(world.arrive({ preferredAgentId: known }), 0);
    const first = world.arrive();
    expect(world.ringing(first)).toEqual(['known']);
    world.accept(first);
    world.agent('other');
    const waits = world.arrive({ preferredAgentId: known });
    expect(world.ringing(waits)).toEqual([]);
    world.at(5000);
    expect(world.ringing(waits)).toEqual(['other']);
    world.do({ type: 'agent-not-ready', agentId: known, reason: 'lunch' });
    world.agent('third');
    expect(world.ringing(world.arrive({ preferredAgentId: known }))).toEqual(['third']);
  });

  it('a weight of the same site prefers neighbours without excluding the others', () => {
    const world = new World({ weights: { sameSite: 60_000 } });
    world.agent('far', { site: 'chengdu' });
    world.nowMs = 5;
    world.agent('near', { site: 'berlin' });
    expect(world.ringing(world.arrive({ site: 'berlin' }))).toEqual(['near']);
    expect(world.ringing(world.arrive({ site: 'berlin' }))).toEqual(['far']);
  });
});

describe('channels', () => {
  it('an agent has as many contacts of a channel as the capacity says, and a call only interrupts what it may', () => {
    const world = new World();
    world.agent('ann', { capacity: { voice: 1, chat: 2, mail: 1 }, interrupts: { voice: ['mail'] } });
    expect(world.ringing(world.arrive({ channel: 'mail' }))).toEqual(['ann']);
    const call = world.arrive();
    expect(world.ringing(call)).toEqual(['ann']);
    expect(world.ringing(world.arrive({ channel: 'chat' }))).toEqual([]);
    world.do({ type: 'contact-left', contactId: call });
    expect(world.ringing(world.arrive({ channel: 'chat' }))).toEqual([]);
  });
});

describe('overflow', () => {
  it('by length, by closing, and by waiting time; the place by arrival is kept', () => {
    const world = new World({
      overflow: [
        { when: { kind: 'closed' }, to: { kind: 'voicemail', target: 'box' } },
        { when: { kind: 'length', most: 1 }, to: { kind: 'queue', queueId: other } },
        { when: { kind: 'waited', afterMs: 30_000 }, to: { kind: 'number', target: '100' } },
      ],
    });
    const stays = world.arrive();
    world.nowMs = 1000;
    const moves = world.arrive();
    expect(world.state.contacts.get(moves)).toMatchObject({ queueId: other, arrivedAtMs: 1000 });
    expect(world.at(30_000)).toContainEqual(
      expect.objectContaining({ type: 'contact-diverted', contactId: stays, to: { kind: 'number', target: '100' } }),
    );
    world.do({ type: 'queue-closed', queueId: q });
    const late = world.arrive();
    expect(world.state.contacts.has(late)).toBe(false);
  });
});

describe('callbacks', () => {
  const asked = (): { world: World; contactId: ContactId } => {
    const world = new World({ callback: { maxAttempts: 2, retryMs: 60_000 } });
    const contactId = world.arrive({ customerId: 'erika' });
    world.do({ type: 'callback-requested', contactId, number: '0301' });
    return { world, contactId };
  };

  it('keep the place, and the customer is called only when an agent has accepted', () => {
    const { world, contactId } = asked();
    world.nowMs = 500;
    const second = world.arrive();
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual(['ann']);
    expect(world.accept(contactId)).toContainEqual({
      type: 'call-customer',
      contactId,
      agentId: 'ann',
      number: '0301',
    });
    expect(world.state.contacts.get(second)?.status.kind).toBe('waiting');
  });

  it('are tried again after a while, so many times and no more', () => {
    const { world, contactId } = asked();
    world.agent('ann');
    world.accept(contactId);
    world.do({ type: 'callback-failed', contactId });
    expect(world.state.contacts.get(contactId)?.status).toEqual({ kind: 'resting', untilMs: 60_000 });
    world.at(60_000);
    world.accept(contactId);
    expect(world.do({ type: 'callback-failed', contactId })).toContainEqual({
      type: 'callback-over',
      contactId,
      reason: 'attempts',
    });
    expect(world.state.contacts.size).toBe(0);
  });

  it('merge with a new call of the same customer, which has the place', () => {
    const { world, contactId } = asked();
    world.nowMs = 9000;
    const call = world.arrive({ customerId: 'erika' });
    expect(world.state.contacts.has(contactId)).toBe(false);
    expect(world.state.contacts.get(call)).toMatchObject({ arrivedAtMs: 0, leg: { kind: 'line' } });
  });

  it('respect the time window', () => {
    const world = new World();
    const contactId = world.arrive();
    world.do({ type: 'callback-requested', contactId, number: '1', notBeforeMs: 10_000, notAfterMs: 20_000 });
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual([]);
    world.at(10_000);
    expect(world.ringing(contactId)).toEqual(['ann']);
    world.do({ type: 'agent-locked', agentId: asId('ann') });
    expect(world.at(20_000)).toContainEqual(expect.objectContaining({ type: 'callback-over', reason: 'too-late' }));
  });
});

describe('agents', () => {
  it('a lock takes the ringing contact back and lasts until it is lifted', () => {
    const world = new World();
    const agentId = world.agent('ann');
    const contactId = world.arrive();
    expect(kinds(world.do({ type: 'agent-locked', agentId }))).toContain('withdraw-offer');
    expect(kinds(world.do({ type: 'agent-ready', agentId }))).toEqual(['refused']);
    world.do({ type: 'agent-unlocked', agentId });
    expect(world.state.agents.get(agentId)?.status).toEqual({ kind: 'not-ready', reason: 'signed-in' });
    world.do({ type: 'agent-ready', agentId });
    expect(world.ringing(contactId)).toEqual(['ann']);
  });

  it('a delayed sign-out happens when the conversation is over', () => {
    const world = new World();
    const agentId = world.agent('ann');
    const contactId = world.arrive();
    world.accept(contactId);
    world.do({ type: 'agent-signed-out', agentId, whenDone: true });
    expect(world.state.agents.get(agentId)?.status.kind).toBe('busy');
    world.do({ type: 'contact-ended', contactId });
    expect(world.state.agents.get(agentId)?.status.kind).toBe('signed-out');
  });

  it('wrap-up can be extended', () => {
    const world = new World({ wrapUpMs: 5000 });
    const agentId = world.agent('ann');
    world.serve(world.arrive(), 1000);
    world.do({ type: 'wrap-up-extended', agentId, byMs: 10_000 });
    world.at(6000);
    expect(world.state.agents.get(agentId)?.status.kind).toBe('wrap-up');
    world.at(16_000);
    expect(world.state.agents.get(agentId)?.status.kind).toBe('ready');
  });
});

describe('waiting time', () => {
  it('a position is never announced backwards', () => {
    const world = new World();
    world.arrive();
    const contactId = world.arrive();
    const told = (): unknown =>
      world.do({ type: 'position-asked', contactId }).find(({ type }) => type === 'position-told');
    expect(told()).toMatchObject({ position: 2, wait: undefined });
    world.arrive({}, 9);
    expect(told()).toMatchObject({ position: 2 });
  });

  it('a contact that waits for the agent it knows is not expected to come after all others', () => {
    const world = new World({ preferredAgentMs: 60_000 });
    const known = world.agent('known');
    world.accept(world.arrive());
    world.at(1000);
    const contactId = world.arrive({ preferredAgentId: known });
    world.at(2000);
    for (let index = 0; index < 30; index += 1) world.arrive();
    const effect = world.do({ type: 'position-asked', contactId }).find(({ type }) => type === 'position-told');
    const wait = effect?.type === 'position-told' ? effect.wait : undefined;
    // One conversation of 240 s is before it, as nobody knows better yet; behind thirty it would be two hours.
    expect(wait?.likelyMs).toBeLessThan(600_000);
  });

  it('the expected wait is a range around what the floor will need', () => {
    const world = new World();
    for (let index = 0; index < 10; index += 1) world.agent(`a${index}`);
    for (let index = 0; index < 10; index += 1) world.accept(world.arrive());
    world.state.queues.forEach((queue) => Object.assign(queue, { handleMs: 100_000 }));
    for (let index = 0; index < 19; index += 1) world.arrive();
    const contactId = world.arrive();
    const effect = world.do({ type: 'position-asked', contactId }).find(({ type }) => type === 'position-told');
    const wait = effect?.type === 'position-told' ? effect.wait : undefined;
    // Twenty ends of ten conversations of 100 s: 200 s, with a deviation of about 45 s.
    expect(wait?.likelyMs).toBeGreaterThan(150_000);
    expect(wait?.likelyMs).toBeLessThan(250_000);
    expect(wait?.fromMs).toBeLessThan(wait?.likelyMs ?? 0);
    expect(wait?.toMs).toBeGreaterThan(wait?.likelyMs ?? 0);
  });
});

describe('configurations that contradict themselves are refused with the reason', () => {
  const queue = (config: Partial<QueueConfig>): QueueConfig => ({
    queueId: q,
    skills: {},
    offerTimeoutMs: 1000,
    wrapUpMs: 0,
    ...config,
  });
  it.each<[string, Partial<QueueConfig>, RegExp]>([
    ['an unknown strategy', { strategy: 'best' }, /no strategy best; choose one of longest-idle/],
    ['an order without linear', { agentOrder: [asId('ann')] }, /agentOrder means nothing to the strategy longest-idle/],
    ['ringing at one', { strategy: 'ring-several', ringAtOnce: 1 }, /at least 2/],
    ['waiting without weight', { weights: { waiting: 0 } }, /wait for ever/],
    ['half a weight', { weights: { tier: 0.5 } }, /whole number/],
    ['an unknown score', { weights: { charm: 1 } as never }, /no score charm/],
    ['rings that tighten', { skills: { x: 2 }, rings: [{ afterMs: 5, skills: { x: 3 } }] }, /only relax/],
    [
      'rings out of order',
      {
        rings: [
          { afterMs: 5, skills: {} },
          { afterMs: 5, skills: {} },
        ],
      },
      /begin later/,
    ],
    ['a level of 11', { skills: { x: 11 } }, /from 0 to 10/],
    [
      'overflow to itself',
      { overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: q } }] },
      /leads back/,
    ],
    [
      'overflow to nowhere',
      { overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: other } }] },
      /does not exist/,
    ],
    ['no time to ring', { offerTimeoutMs: 0 }, /offerTimeoutMs/],
  ])('%s', (_name, config, reason) => {
    expect(checkAcdConfig({ queues: [queue(config)], agents: [] }).join(' ')).toMatch(reason);
  });

  it('two callers for one mouth, and a main skill that the agent does not have', () => {
    const agents = [{ agentId: asId<AgentId>('ann'), skills: { x: 3 }, mainSkill: 'y', capacity: { voice: 2 } }];
    const problems = checkAcdConfig({ queues: [queue({})], agents }).join(' ');
    expect(problems).toMatch(/main skill y is not among/);
    expect(problems).toMatch(/nobody can speak with 2 callers/);
  });

  it('a sound configuration is accepted, and the engine refuses a queue that is not', () => {
    expect(checkAcdConfig({ queues: [queue({})], agents: [{ agentId: asId('ann'), skills: { x: 3 } }] })).toEqual([]);
    expect(kinds(new World().do({ type: 'queue-configured', queue: queue({ strategy: 'best' }) }))).toEqual([
      'refused',
    ]);
  });
});
