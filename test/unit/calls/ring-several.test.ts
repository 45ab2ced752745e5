/** A queue that rings several agents at once: all telephones ring, the first to answer has the call, the others stop. */
import type { AgentId } from '../../../base/ids';
import type { OutgoingDouble } from './support/port-doubles';
import { ANN, BOB, EVE, SmallCenter } from './support/small-center';

const everybody = [ANN, BOB, EVE];

/** A caller rings at all three. */
const ringing = async (ringAtOnce = 3): Promise<SmallCenter> => {
  const center = new SmallCenter({ support: { strategy: 'ring-several', ringAtOnce } });
  await center.ready(...everybody);
  center.signaling.arrive('customer');
  await center.pass();
  return center;
};

const phoneOf = (center: SmallCenter, agentId: AgentId): OutgoingDouble => {
  const found = center.signaling.outgoing.findLast(
    ({ request: { target } }) => target.kind === 'user' && target.userName === agentId,
  );
  if (!found) throw new Error(`${agentId} was not called`);
  return found;
};

const phones = (center: SmallCenter): string[] => everybody.map((agentId) => phoneOf(center, agentId).state);
const states = (center: SmallCenter): string[] => everybody.map((agentId) => center.stateOf(agentId));
const desks = (center: SmallCenter): (string | undefined)[] =>
  everybody.map((agentId) => center.callOf(agentId)?.state);

/** Nothing is left of a call: no endpoint, no call, nobody busy with it. */
const expectNothingLeft = (center: SmallCenter): void => {
  expect(center.center.openCalls).toBe(0);
  expect(center.signaling.open).toEqual([]);
  expect(center.media.endpoints.size).toBe(0);
};

it('all telephones and desks ring at once', async () => {
  const center = await ringing();
  expect(phones(center)).toEqual(['ringing', 'ringing', 'ringing']);
  expect(desks(center)).toEqual(['ringing', 'ringing', 'ringing']);
  expect(states(center)).toEqual(['offered', 'offered', 'offered']);
});

it.each(everybody)('%s answers first and has the call; the others stop and are ready at once', async (taker) => {
  const center = await ringing();
  phoneOf(center, taker).answer();
  await center.pass();
  const others = everybody.filter((agentId) => agentId !== taker);
  expect(center.joined).toEqual([[taker, 'customer'].sort().join(' + ')]);
  expect(center.callOf(taker)?.state).toBe('connected');
  for (const agentId of others) {
    expect(phoneOf(center, agentId).state).toBe('over');
    expect(center.callOf(agentId)).toBeUndefined();
    expect(center.stateOf(agentId)).toBe('ready');
  }
  const talk = center.history?.segments.find(({ kind }) => kind === 'talk');
  expect(talk).toMatchObject({ agentId: taker });
  await center.act(taker, { command: 'hang-up' });
  expectNothingLeft(center);
});

it('of two who answer in the same moment one has the call and the other is hung up', async () => {
  const center = await ringing();
  phoneOf(center, EVE).answer();
  phoneOf(center, ANN).answer();
  await center.pass();
  expect(center.joined).toHaveLength(1);
  expect(states(center).sort()).toEqual(['busy', 'ready', 'ready']);
  const hungUp = [ANN, EVE].filter((agentId) => phoneOf(center, agentId).dialog?.ended !== undefined);
  expect(hungUp).toHaveLength(1);
});

it('whoever declines is not ready, the others ring on and may answer', async () => {
  const center = await ringing();
  for (const agentId of [ANN, EVE]) {
    await center.act(agentId, { command: 'hang-up' });
    expect(center.stateOf(agentId)).toBe('not-ready: no-answer');
  }
  expect(phones(center)).toEqual(['over', 'ringing', 'over']);
  phoneOf(center, BOB).answer();
  await center.pass();
  expect(center.joined).toEqual(['bob + customer']);
});

it('whose browser refuses drops out alone', async () => {
  const center = await ringing();
  phoneOf(center, BOB).refuse('unavailable');
  await center.pass();
  const [first] = everybody.filter((agentId) => center.callOf(agentId)?.state === 'ringing');
  expect(states(center)).toEqual(['offered', 'not-ready: no-answer', 'offered']);
  phoneOf(center, first as AgentId).answer();
  await center.pass();
  expect(center.joined).toHaveLength(1);
});

it('whose browser is gone drops out alone', async () => {
  const center = await ringing();
  const [, beside] = [...center.media.endpoints.keys()].slice(1);
  if (beside) center.media.lose(beside, 'ice-failed');
  await center.pass();
  expect(phones(center).sort()).toEqual(['over', 'ringing', 'ringing']);
  expect(states(center).sort()).toEqual(['not-ready: no-answer', 'offered', 'offered']);
});

it('when nobody answers in time all stop, and the caller keeps waiting', async () => {
  const center = await ringing();
  await center.pass(20_000);
  expect(phones(center)).toEqual(['over', 'over', 'over']);
  expect(states(center)).toEqual(Array(3).fill('not-ready: no-answer'));
  expect(center.center.desks.snapshot(undefined).queues[0]?.waiting).toBe(1);
  await center.ready(BOB);
  await center.pass();
  expect(center.callOf(BOB)?.state).toBe('ringing');
});

it('a caller who hangs up leaves nothing ringing', async () => {
  const center = await ringing();
  center.signaling.invites[0]?.leave();
  await center.pass();
  expect(phones(center)).toEqual(['over', 'over', 'over']);
  expect(states(center)).toEqual(['ready', 'ready', 'ready']);
  expectNothingLeft(center);
});

it('as many ring as the queue says', async () => {
  const center = await ringing(2);
  expect(center.signaling.outgoing).toHaveLength(2);
  expect(states(center).sort()).toEqual(['offered', 'offered', 'ready']);
});

it('an agent who rings beside another can do nothing but decline', async () => {
  const center = await ringing();
  const beside = everybody.filter((agentId) => agentId !== ANN);
  for (const agentId of beside) expect(await center.act(agentId, { command: 'hold' })).toMatchObject({ ok: false });
  expect(phones(center)).toEqual(['ringing', 'ringing', 'ringing']);
});
