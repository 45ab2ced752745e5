import { decisionHash, explainDecision } from '../../../acd/core/explain';
import type { Candidate, JournalEntry } from '../../../acd/core/explain';
import type { AcdEffect } from '../../../acd/core/model';
import { snapshotOf } from '../../../acd/core/snapshot';
import { emptyState, step } from '../../../acd/core/step';
import { asId } from '../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../base/ids';
import { runWorld } from '../../property/acd/reference/run-world';

type Offer = Extract<AcdEffect, { type: 'offer' }>;

const queueId = asId<QueueId>('support');
const agent = (name: string): AgentId => asId<AgentId>(name);
const contact = (name: string): ContactId => asId<ContactId>(name);

const journal: JournalEntry[] = [
  {
    event: {
      type: 'queue-configured',
      queue: { queueId, skills: { support: 3 }, offerTimeoutMs: 9000, wrapUpMs: 0, strategy: 'fewest-contacts' },
    },
    atMs: 0,
  },
  ...['ann', 'bob', 'cid', 'dot'].flatMap((name): JournalEntry[] => [
    {
      event: { type: 'agent-configured', agent: { agentId: agent(name), skills: { support: name === 'cid' ? 2 : 5 } } },
      atMs: 0,
    },
    { event: { type: 'agent-signed-in', agentId: agent(name) }, atMs: 0 },
    { event: { type: 'device-changed', agentId: agent(name), registered: true }, atMs: 0 },
  ]),
  { event: { type: 'contact-arrived', contactId: contact('c1'), queueId, priority: 0 }, atMs: 1000 },
  { event: { type: 'contact-arrived', contactId: contact('c2'), queueId, priority: 1 }, atMs: 3000 },
  { event: { type: 'agent-ready', agentId: agent('cid') }, atMs: 4000 },
  { event: { type: 'agent-ready', agentId: agent('bob') }, atMs: 5000 },
];

const verdictOf = (candidates: readonly Candidate[], id: string): unknown =>
  candidates.find(({ contactId, agentId }) => contactId === id || agentId === id)?.verdict;

describe('explaining a decision', () => {
  it('names every candidate with the terms of its score and the reason why it was not chosen', () => {
    const explained = explainDecision(journal, 1);
    expect(explained).toMatchObject({ contactId: 'c2', agentId: 'bob', atMs: 5000, score: 62_000 });
    const chosen = explained?.agents.find(({ agentId }) => agentId === 'bob');
    expect(chosen?.terms.filter(({ points }) => points !== 0)).toEqual([
      { score: 'waiting', value: 2000, weight: 1, points: 2000 },
      { score: 'priority', value: 1, weight: 60_000, points: 60_000 },
    ]);
    expect(verdictOf(explained?.agents ?? [], 'ann')).toEqual({ kind: 'not-ready', reason: 'signed-in' });
    expect(verdictOf(explained?.agents ?? [], 'cid')).toEqual({
      kind: 'skill-missing',
      skill: 'support',
      needed: 3,
      has: 2,
    });
    expect(verdictOf(explained?.contacts ?? [], 'c1')).toEqual({ kind: 'lower-score', by: 58_000 });
  });

  it('says that a supervisor chose, with the hash of the offer that was made', () => {
    const assigned: JournalEntry[] = [
      ...journal.slice(0, -1),
      { event: { type: 'contact-assigned', contactId: contact('c1'), agentId: agent('cid') }, atMs: 5000 },
    ];
    let state = emptyState();
    let offers: Offer[] = [];
    for (const { event, atMs } of assigned) {
      const [next, effects] = step(state, event, atMs);
      state = next;
      offers = effects.filter((effect) => effect.type === 'offer');
    }
    expect(offers).toMatchObject([{ contactId: 'c1', agentId: 'cid', decision: 1 }]);
    const explained = explainDecision(assigned, 1);
    expect(explained?.hash).toBe(decisionHash(offers[0]!));
    expect(verdictOf(explained?.agents ?? [], 'cid')).toEqual({ kind: 'chosen' });
    expect(verdictOf(explained?.agents ?? [], 'ann')).toEqual({ kind: 'not-ready', reason: 'signed-in' });
    expect(verdictOf(explained?.contacts ?? [], 'c2')).toMatchObject({ kind: 'skill-missing' });
  });

  it('says which rule of the order decided between equals', () => {
    const more: JournalEntry[] = [
      ...journal,
      { event: { type: 'offer-accepted', contactId: contact('c2'), offerId: asId('c2/1') }, atMs: 6000 },
      { event: { type: 'contact-left', contactId: contact('c1') }, atMs: 6500 },
      { event: { type: 'contact-ended', contactId: contact('c2') }, atMs: 7000 },
      { event: { type: 'agent-ready', agentId: agent('ann') }, atMs: 8000 },
      { event: { type: 'agent-ready', agentId: agent('dot') }, atMs: 8000 },
      { event: { type: 'contact-arrived', contactId: contact('c3'), queueId, priority: 0 }, atMs: 9000 },
    ];
    const explained = explainDecision(more, 2);
    expect(explained?.agentId).toBe('ann');
    expect(verdictOf(explained?.agents ?? [], 'bob')).toMatchObject({
      kind: 'ranked-later',
      strategy: 'fewest-contacts',
      rank: 1,
    });
    expect(verdictOf(explained?.agents ?? [], 'dot')).toEqual({ kind: 'later-by-id' });
  });

  it('there is nothing to explain about a decision that was not made', () => {
    expect(explainDecision(journal, 99)).toBeUndefined();
  });

  it('the hash of the recomputed decision is that of the offer, from the start and from a snapshot, in a random world', () => {
    const { journal: world } = runWorld(11, { events: 1500, reference: false });
    const entries = world.map(([event, atMs]) => ({ event, atMs }));
    let state = emptyState();
    const offers: Offer[] = [];
    let middle: { snapshot: ReturnType<typeof snapshotOf>; place: number; decisions: number } | undefined;
    entries.forEach(({ event, atMs }, place) => {
      const [next, effects] = step(state, event, atMs);
      state = next;
      offers.push(...effects.filter((effect) => effect.type === 'offer'));
      if (place === 700) middle = { snapshot: snapshotOf(state), place, decisions: state.decisions };
    });
    expect(offers.length).toBeGreaterThan(30);
    for (const offer of offers.filter((_offer, place) => place % 10 === 0)) {
      const explained = explainDecision(entries, offer.decision);
      expect(explained?.hash).toBe(decisionHash(offer));
      expect(explained?.agents.filter(({ verdict }) => verdict.kind === 'chosen')).toHaveLength(1);
      if (!middle || offer.decision <= middle.decisions) continue;
      const resumed = explainDecision(entries.slice(middle.place + 1), offer.decision, { snapshot: middle.snapshot });
      expect(resumed?.hash).toBe(explained?.hash);
    }
  });

  it('another decision has another hash', () => {
    const made = { decision: 1, queueId, contactId: contact('c1'), agentId: agent('ann'), score: 5 };
    expect(decisionHash({ ...made, agentId: agent('bob') })).not.toBe(decisionHash(made));
    expect(decisionHash({ ...made, score: 6 })).not.toBe(decisionHash(made));
  });
});
