/** The wall between tenants: nothing goes over it, by whatever way. */
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { acdProblems, checkAcdConfig } from '../../../acd/core/check';
import type { AgentConfig, QueueConfig } from '../../../acd/core/config';
import { explainDecision } from '../../../acd/core/explain';
import type { JournalEntry } from '../../../acd/core/explain';
import type { AcdEffect, AcdEvent } from '../../../acd/core/model';
import { restoreState, snapshotOf, stateHash } from '../../../acd/core/snapshot';
import { World, other, q } from './support/world';

const ACME = { tenant: 'acme' } as const;

const reasonOf = (effects: readonly AcdEffect[]): string | undefined => {
  const refused = effects.find(({ type }) => type === 'refused');
  return refused?.type === 'refused' ? refused.reason : undefined;
};

const configured = (world: World, change: Partial<QueueConfig>): string | undefined =>
  reasonOf(
    world.do({
      type: 'queue-configured',
      queue: { queueId: other, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 0, ...change },
    }),
  );

/** The queue `q` is the main tenant's, `other` is Acme's. */
const twoTenants = (queue: Partial<QueueConfig> = {}): World => {
  const world = new World(queue);
  expect(configured(world, ACME)).toBeUndefined();
  return world;
};

describe('the wall between tenants', () => {
  it('contacts are offered to agents of their queue’s tenant alone, the others stay free', () => {
    const world = twoTenants();
    world.agent('zoe', ACME);
    const contactId = world.arrive();
    expect(world.ringing(contactId)).toEqual([]);
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual(['ann']);
    expect(world.state.agents.get(asId('zoe'))?.status.kind).toBe('ready');
  });

  it('nobody waits for the agent of another tenant whom the customer knows', () => {
    const world = twoTenants({ preferredAgentMs: 60_000 });
    const zoe = world.agent('zoe', ACME);
    const contactId = world.arrive({ preferredAgentId: zoe });
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual(['ann']);
  });

  it('is explained', () => {
    const journal: JournalEntry[] = [];
    const world = new World();
    const step = world.do.bind(world);
    world.do = (event: AcdEvent) => {
      journal.push({ event, atMs: world.nowMs });
      return step(event);
    };
    configured(world, ACME);
    for (const queueId of [q])
      world.do({ type: 'queue-configured', queue: { queueId, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 0 } });
    world.agent('zoe', ACME);
    world.agent('ann');
    world.arrive();
    const explained = explainDecision(journal, 1);
    expect(explained?.agents.map(({ agentId, verdict }) => [agentId, verdict.kind])).toEqual([
      ['zoe', 'other-tenant'],
      ['ann', 'chosen'],
    ]);
  });

  it('orders over it are refused: to give, to move, to hand over, to begin', () => {
    const world = twoTenants();
    const zoe = world.agent('zoe', ACME);
    const contactId = world.arrive();
    expect(reasonOf(world.do({ type: 'contact-assigned', contactId, agentId: zoe }))).toContain('another tenant');
    const moved = { type: 'contact-moved', contactId, queueId: other, keepPlace: true } as const;
    expect(reasonOf(world.do(moved))).toContain('another tenant');
    world.agent('ann');
    world.accept(contactId);
    const handed = { type: 'contact-handed-over', contactId, agentId: zoe, wrapUp: false } as const;
    expect(reasonOf(world.do(handed))).toContain('another tenant');
    expect(reasonOf(world.do(moved))).toContain('another tenant');
    const begun = { type: 'contact-begun', contactId: asId<never>('d1'), agentId: zoe } as const;
    expect(reasonOf(world.do({ ...begun, queueId: q }))).toContain('another tenant');
    expect(reasonOf(world.do(begun))).toBeUndefined();
    // What an agent has begun is the agent's tenant's.
    const out = { type: 'contact-moved', contactId: begun.contactId, keepPlace: true } as const;
    expect(reasonOf(world.do({ ...out, queueId: q }))).toContain('another tenant');
    expect(reasonOf(world.do({ ...out, queueId: other }))).toBeUndefined();
    expect(world.state.contacts.get(contactId)?.status).toMatchObject({ kind: 'connected', agentId: 'ann' });
  });

  it('a rule that is set nevertheless sends nobody over it', () => {
    const toOther = { when: { kind: 'waited', afterMs: 1000 }, to: { kind: 'queue', queueId: other } } as const;
    const world = twoTenants({ overflow: [toOther] });
    const contactId = world.arrive();
    world.at(1000);
    expect(world.state.contacts.get(contactId)?.queueId).toBe(q);
  });

  it('counts nobody of another tenant among who could come', () => {
    const world = twoTenants({ overflow: [{ when: { kind: 'no-agents' }, to: { kind: 'end' } }] });
    world.agent('zoe', ACME);
    const contactId = world.arrive();
    expect(world.state.contacts.has(contactId)).toBe(false);
  });

  it('a new call takes over callbacks and kept places of its own tenant alone', () => {
    const world = twoTenants();
    const arrive = (id: string, queueId: typeof q) =>
      world.do({
        ...{ type: 'contact-arrived', contactId: asId<never>(id), queueId, priority: 0 },
        attributes: { caller: '0301' },
      });
    const first = world.arrive({ caller: '0301' });
    world.do({ type: 'callback-requested', contactId: first, number: '0301' });
    arrive('second', other);
    expect(world.state.contacts.has(first)).toBe(true);
    const asked = world.do({ type: 'callback-requested', contactId: asId<never>('second'), number: '0301' });
    expect(reasonOf(asked)).toBeUndefined();
    const kept = JSON.parse(JSON.stringify(snapshotOf(world.state))) as ReturnType<typeof snapshotOf>;
    const restored = restoreState(kept);
    expect([...restored.callbacks.keys()].sort()).toEqual([...world.state.callbacks.keys()].sort());
    expect(stateHash(restored)).toBe(stateHash(world.state));
    arrive('third', q);
    expect([...world.state.contacts.keys()]).toEqual(['second', 'third']);
    expect(world.state.contacts.get(asId('third'))?.arrivedAtMs).toBe(0);
  });

  it('a queue or an agent with contacts stays where it is, without them it may go', () => {
    const world = twoTenants();
    const ann = world.agent('ann');
    const contactId = world.arrive();
    world.accept(contactId);
    const ofAnn = (tenant: string | undefined): string | undefined =>
      reasonOf(
        world.do({ type: 'agent-configured', agent: { agentId: ann, skills: {}, ...(tenant ? { tenant } : {}) } }),
      );
    expect(configured(world, { queueId: q, ...ACME })).toContain('still has contacts');
    expect(ofAnn('acme')).toContain('still has contacts');
    expect(world.state.agents.get(ann)?.tenant).toBeUndefined();
    world.do({ type: 'contact-ended', contactId });
    expect(ofAnn('acme')).toBeUndefined();
    const next = world.arrive();
    expect(world.ringing(next)).toEqual([]);
    expect(ofAnn('main')).toBeUndefined();
    expect(world.ringing(next)).toEqual(['ann']);
  });

  it('an agent for whom somebody waits, and who goes to another tenant, is waited for no more', () => {
    const world = twoTenants({ preferredAgentMs: 60_000 });
    const ann = world.agent('ann');
    const first = world.arrive();
    expect(world.ringing(first)).toEqual(['ann']);
    world.accept(first);
    const waits = world.arrive({ preferredAgentId: ann });
    world.agent('bob');
    expect(world.ringing(waits)).toEqual([]);
    world.do({ type: 'device-changed', agentId: ann, registered: false });
    world.do({ type: 'contact-ended', contactId: first });
    world.do({ type: 'agent-configured', agent: { agentId: ann, skills: {}, ...ACME } });
    expect(world.ringing(waits)).toEqual(['bob']);
  });

  it('settings that lead over it are refused, both named', () => {
    const queues: QueueConfig[] = [
      {
        ...{ queueId: q, skills: {}, offerTimeoutMs: 1, wrapUpMs: 0, strategy: 'linear', agentOrder: [asId('zoe')] },
        overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: other } }],
      },
      { queueId: other, skills: {}, offerTimeoutMs: 1, wrapUpMs: 0, ...ACME },
    ];
    const agents: AgentConfig[] = [{ agentId: asId<AgentId>('zoe'), skills: {}, ...ACME }];
    expect(checkAcdConfig({ queues, agents })).toEqual([
      "Queue q: overflows to other, which is the tenant acme's and not main's.",
      'Queue q: agentOrder names zoe, who works for the tenant acme and not for main.',
    ]);
    expect(acdProblems({ queues, agents }).map(({ path }) => path)).toEqual(['overflow.0', 'agentOrder']);
  });
});
