/** Customers are called back only in the hours for that; the place is kept meanwhile. */
import { asId } from '../../../base/ids';
import type { ContactId } from '../../../base/ids';
import type { AcdEffect, CallbackHours, ContactStatus } from '../../../acd/core/model';
import { promisableFromMs } from '../../../acd/core/callback-hours';
import { NEVER_MS } from '../../../acd/core/index/deadlines';
import { restoreState, snapshotOf, stateHash } from '../../../acd/core/snapshot';
import { nextDeadlineMs } from '../../../acd/core/step';
import { World, other, q } from './support/world';

/** Two days of the length of ten seconds. */
const DAYS: CallbackHours = [
  [10_000, 20_000],
  [50_000, 60_000],
];

const set = (world: World, hours: CallbackHours | undefined, queueId = q): AcdEffect[] =>
  world.do({ type: 'callback-hours-set', queueId, ...(hours && { hours }) });

/** Somebody who is to be called back, in a queue with these hours. */
const asked = (
  hours: CallbackHours | undefined = DAYS,
  wish: { readonly notAfterMs?: number; readonly hours?: CallbackHours } = {},
): { world: World; contactId: ContactId; effects: AcdEffect[] } => {
  const world = new World({ callback: { maxAttempts: 2, retryMs: 5_000 } });
  set(world, hours);
  const contactId = world.arrive({ language: 'zh-CN' });
  const effects = world.do({ type: 'callback-requested', contactId, number: '0301', ...wish });
  return { world, contactId, effects };
};

const statusOf = (world: World, contactId: ContactId): ContactStatus | undefined =>
  world.state.contacts.get(contactId)?.status;

describe('the hours in which customers may be called back', () => {
  it('a callback rests until they begin, and has its old place then', () => {
    const { world, contactId, effects } = asked();
    expect(effects).toContainEqual({ type: 'callback-rests', contactId, untilMs: 10_000 });
    world.nowMs = 500;
    const second = world.arrive();
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 10_000 });
    expect(nextDeadlineMs(world.state)).toBe(10_000);
    world.at(10_000);
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual(['ann']);
    expect(statusOf(world, second)?.kind).toBe('waiting');
  });

  it('end: who waits rests until the next ones, and it goes on the day after', () => {
    const { world, contactId } = asked();
    world.at(10_000);
    expect(world.at(20_000)).toEqual([
      { type: 'callback-rests', contactId, untilMs: 50_000 },
      { type: 'queue-changed', queueId: q },
    ]);
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual([]);
    world.at(50_000);
    expect(world.ringing(contactId)).toEqual(['ann']);
  });

  it('end while it rings: the offer is taken back, and the agent is ready as before', () => {
    const { world, contactId } = asked();
    world.nowMs = 15_000;
    const agentId = world.agent('ann');
    expect(world.ringing(contactId)).toEqual(['ann']);
    expect(nextDeadlineMs(world.state)).toBe(20_000);
    const effects = world.at(20_000);
    expect(effects).toContainEqual(expect.objectContaining({ type: 'withdraw-offer', agentId, reason: 'hours-over' }));
    expect(world.state.agents.get(agentId)?.status).toEqual({ kind: 'ready' });
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 50_000 });
  });

  it('end while the customer is being called: that call is made, the next attempt waits for the next hours', () => {
    const { world, contactId } = asked();
    world.nowMs = 16_000;
    world.agent('ann');
    world.accept(contactId);
    world.at(20_000);
    expect(statusOf(world, contactId)?.kind).toBe('connected');
    world.do({ type: 'callback-failed', contactId });
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 50_000 });
  });

  it('an offer that is accepted after them is refused, also when nobody has told of the time before', () => {
    const { world, contactId } = asked();
    world.nowMs = 15_000;
    world.agent('ann');
    world.nowMs = 20_000;
    const effects = world.accept(contactId);
    expect(effects).toContainEqual(expect.objectContaining({ type: 'refused' }));
    expect(effects.some(({ type }) => type === 'call-customer')).toBe(false);
  });

  it('are the queue’s and the customer’s own at once', () => {
    const { world, contactId } = asked(DAYS, { hours: [[18_000, 55_000]] });
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 18_000 });
    world.at(18_000);
    expect(statusOf(world, contactId)?.kind).toBe('waiting');
    world.at(20_000);
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 50_000 });
    world.at(50_000);
    expect(nextDeadlineMs(world.state)).toBe(55_000);
  });

  it('set anew count at once: for who rests, who waits and who rings', () => {
    const { world, contactId } = asked();
    set(world, undefined);
    expect(statusOf(world, contactId)?.kind).toBe('waiting');
    world.agent('ann');
    expect(world.ringing(contactId)).toEqual(['ann']);
    set(world, [[0, 30_000]]);
    expect(world.ringing(contactId)).toEqual(['ann']);
    expect(set(world, DAYS)).toContainEqual(expect.objectContaining({ type: 'withdraw-offer', reason: 'hours-over' }));
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 10_000 });
  });

  it('are those of the queue to which it is moved', () => {
    const { world, contactId } = asked();
    world.do({ type: 'contact-moved', contactId, queueId: other, keepPlace: true });
    expect(statusOf(world, contactId)?.kind).toBe('waiting');
    world.do({ type: 'contact-moved', contactId, queueId: q, keepPlace: true });
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 10_000 });
    expect([...world.state.queues.values()].map(({ length }) => length)).toEqual([1, 0]);
  });

  it('that never come before it is too late refuse the callback, and end one that waits, with what it was', () => {
    const late = asked(DAYS, { notAfterMs: 10_000 });
    expect(late.effects).toContainEqual({
      type: 'refused',
      reason: 'there is no time at which 0301 may be called back',
    });
    const { world, contactId } = asked(DAYS, { notAfterMs: 15_000 });
    world.at(10_000);
    expect(world.at(15_000)).toContainEqual({
      type: 'callback-over',
      contactId,
      reason: 'too-late',
      unmade: { queueId: q, number: '0301', attempts: 0, arrivedAtMs: 0, language: 'zh-CN' },
    });
    expect(world.state.contacts.size).toBe(0);
    expect(world.state.queues.get(q)?.length).toBe(0);
  });

  it('that are taken away leave the callback its time, for they may be set again', () => {
    const { world, contactId } = asked(DAYS, { notAfterMs: 90_000 });
    set(world, []);
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 90_000 });
    set(world, DAYS);
    expect(statusOf(world, contactId)).toEqual({ kind: 'resting', untilMs: 10_000 });
    set(world, []);
    expect(world.at(90_000)).toContainEqual(expect.objectContaining({ type: 'callback-over', reason: 'too-late' }));
  });

  it('are refused when they are out of order, touch or are no whole numbers, and for queues that are not there', () => {
    const world = new World();
    const wrong: CallbackHours[] = [[[5, 5]], [[5, 9], [9, 12]], [[5, 9], [1, 2]], [[0.5, 2]], [[0, Number.NaN]]]; // prettier-ignore
    for (const hours of wrong) expect(set(world, hours)[0]?.type).toBe('refused');
    expect(set(world, DAYS, asId('nowhere'))[0]).toEqual({ type: 'refused', reason: 'there is no queue nowhere' });
    expect(world.state.queues.get(q)?.callbackHours).toBeUndefined();
  });

  it.each(['resting', 'waiting', 'offered'])('are kept by a snapshot while it is %s', (kind) => {
    const { world, contactId } = asked();
    if (kind !== 'resting') world.at(12_000);
    if (kind === 'offered') world.agent('ann');
    expect(statusOf(world, contactId)?.kind).toBe(kind);
    const kept = JSON.parse(JSON.stringify(snapshotOf(world.state))) as ReturnType<typeof snapshotOf>;
    const restored = new World();
    restored.state = restoreState(kept);
    expect(stateHash(restored.state)).toBe(stateHash(world.state));
    restored.nowMs = world.nowMs;
    for (const each of [world, restored]) each.at(20_000);
    expect(statusOf(restored, contactId)).toEqual({ kind: 'resting', untilMs: 50_000 });
    expect(stateHash(restored.state)).toBe(stateHash(world.state));
  });
});

it.each<[string, CallbackHours | undefined, number, number]>([
  ['at any time without hours', undefined, 0, 0],
  ['in them', DAYS, 15_000, 15_000],
  ['so long before them that they begin in time', DAYS, 0, 7_001],
  ['between two, before the second', DAYS, 20_000, 47_001],
  ['never after the last that are known', DAYS, 60_000, NEVER_MS],
])('a callback that is tried for three seconds can be promised %s', (_when, hours, nowMs, promisableMs) => {
  const validMs = 3_000;
  expect(promisableFromMs({ callbackHours: hours }, { validMs, nowMs })).toBe(promisableMs);
  for (const atMs of [promisableMs - 1, promisableMs]) {
    if (atMs < nowMs || atMs >= NEVER_MS - 1) continue;
    const world = new World({ callback: { maxAttempts: 2, retryMs: 5_000 } });
    set(world, hours);
    world.nowMs = atMs;
    const contactId = world.arrive();
    const effects = world.do({ type: 'callback-requested', contactId, number: '0301', notAfterMs: atMs + validMs });
    expect(effects.some(({ type }) => type === 'refused')).toBe(atMs < promisableMs);
  }
});
