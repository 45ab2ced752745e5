/** Supervisors' hand on a seat: forced not ready, the lock, and what becomes of those whom the agent talks with. */
import type { AgentOrder } from '../../../calls/direct-agent';
import type { Result } from '../../../base/result';
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { ANN, BOB, SmallCenter, WRAP_UP_MS } from './support/small-center';

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const direct = async (order: AgentOrder, agentId = ANN): Promise<Result<void>> => {
  const done = center.center.desks.direct(agentId, order);
  await center.pass();
  return done;
};

const seat = () => center.center.desks.snapshot(ANN).agent;

it('not ready → at once without a call, in a call from its end on, and the agent may become ready again', async () => {
  await center.ready(ANN);
  expect(await direct({ do: 'not-ready', reason: 'training' })).toMatchObject({ ok: true });
  expect(center.stateOf(ANN)).toBe('not-ready: training');
  const customer = await center.talkWithAnn();
  await direct({ do: 'not-ready', reason: 'meeting' });
  expect(center.stateOf(ANN)).toBe('busy');
  customer.leave();
  await center.pass(WRAP_UP_MS + 100);
  expect(center.stateOf(ANN)).toBe('not-ready: meeting');
  await center.ready(ANN);
  expect(center.stateOf(ANN)).toBe('ready');
});

it('locked → the call goes on, and after it the agent can neither become ready nor call, nor be called', async () => {
  const customer = await center.talkWithAnn();
  expect(await direct({ do: 'lock', session: 'stays' })).toMatchObject({ ok: true });
  expect(center.joined).toEqual(['ann + customer']);
  expect(seat()).toMatchObject({ state: 'busy', locked: true });
  customer.leave();
  await center.pass(WRAP_UP_MS + 100);
  expect(center.stateOf(ANN)).toBe('not-ready: locked');
  const { desks } = center.center;
  expect(await desks.perform(ANN, { command: 'ready' })).toMatchObject({ ok: false });
  expect(await desks.perform(ANN, { command: 'not-ready', reason: 'lunch' })).toMatchObject({ ok: false });
  expect(await desks.perform(ANN, { command: 'dial', number: '+4930777' })).toMatchObject({
    fault: { code: 'forbidden' },
  });
  expect((await center.phoneCalls('2002', '1001')).status).toBe(486);
  expect(await direct({ do: 'not-ready', reason: 'lunch' })).toMatchObject({ fault: { code: 'conflict' } });
  expect(await direct({ do: 'unlock' })).toMatchObject({ ok: true });
  expect(seat()).not.toHaveProperty('locked');
  await center.ready(ANN);
  expect(center.stateOf(ANN)).toBe('ready');
  expect(await direct({ do: 'unlock' })).toMatchObject({ fault: { code: 'conflict' } });
  expect(await direct({ do: 'unlock' }, asId<AgentId>('nobody'))).toMatchObject({ fault: { code: 'not_found' } });
});

it('locked while it rings → the caller keeps the place and rings at somebody else', async () => {
  await center.ready(ANN);
  center.signaling.arrive('customer');
  await center.pass();
  await center.ready(BOB);
  await direct({ do: 'lock', session: 'stays' });
  expect(center.stateOf(ANN)).toBe('not-ready: locked');
  expect(center.callOf(BOB)).toMatchObject({ state: 'ringing', number: 'customer' });
});

it('locked until free → signed out when wrap-up is over, and locked after signing in again', async () => {
  const customer = await center.talkWithAnn();
  await direct({ do: 'lock', session: 'ends-when-free' });
  expect(center.joined).toEqual(['ann + customer']);
  customer.leave();
  await center.pass();
  expect(center.stateOf(ANN)).toBe('wrap-up');
  await center.pass(WRAP_UP_MS);
  expect(seat()).toMatchObject({ state: 'signed-out', locked: true });
  center.center.desks.signIn(ANN);
  expect(center.stateOf(ANN)).toBe('not-ready: locked');
});

it('locked at once → signed out, and the customer goes back to the queue, to the next agent', async () => {
  await center.talkWithAnn();
  await direct({ do: 'lock', session: 'ends' });
  expect(seat()).toMatchObject({ state: 'signed-out', locked: true });
  expect(center.entertained).toEqual(['customer']);
  await center.ready(BOB);
  await center.pass();
  await center.answer();
  expect(center.joined).toEqual(['bob + customer']);
});

it('locked at once in wrap-up or while being consulted → signed out; those who talk go on', async () => {
  const customer = await center.talkWithAnn();
  await center.act(ANN, { command: 'consult', target: { kind: 'agent', agentId: BOB } });
  await center.answer();
  await direct({ do: 'lock', session: 'ends' }, BOB);
  expect(center.stateOf(BOB)).toBe('signed-out');
  expect(center.callOf(ANN)?.state).toBe('held');
  customer.leave();
  await center.pass();
  expect(center.stateOf(ANN)).toBe('wrap-up');
  await direct({ do: 'lock', session: 'ends' });
  expect(center.stateOf(ANN)).toBe('signed-out');
  center.expectNothingLeft();
});
