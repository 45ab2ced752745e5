/** What an agent and a supervisor make of the agent's state during a call and after it. */
import { EXTENSION_MS, MAX_AHEAD_MS } from '../../../calls/wrap-up';
import { ANN, OneAgent, WRAP_UP_MS } from './support/one-agent';

const agentOf = (world: OneAgent) => world.center.desks.snapshot(ANN).agent;

describe('the state after the call', () => {
  it('is chosen during the call, told by the desk, changed, and comes', async () => {
    const world = new OneAgent();
    const { callId } = await world.talk();
    expect(agentOf(world)).toMatchObject({ state: 'busy', next: { state: 'ready' } });
    await world.center.desks.perform(ANN, { command: 'not-ready', reason: 'lunch' });
    expect(agentOf(world)?.next).toEqual({ state: 'not-ready', reason: 'lunch' });
    await world.center.desks.perform(ANN, { command: 'not-ready', reason: 'break' });
    void world.center.desks.perform(ANN, { command: 'hang-up', callId });
    await world.pass(500);
    expect(agentOf(world)).toMatchObject({ state: 'wrap-up', next: { state: 'not-ready', reason: 'break' } });
    await world.pass(WRAP_UP_MS);
    expect(agentOf(world)).toMatchObject({ state: 'not-ready', notReadyReason: 'break' });
    expect(agentOf(world)?.next).toBeUndefined();
  });

  it('may be signed out, which waits for call and wrap-up', async () => {
    const world = new OneAgent();
    const { callId } = await world.talk();
    expect(world.center.desks.signOut(ANN)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
    expect((await world.center.desks.perform(ANN, { command: 'sign-out' })).ok).toBe(true);
    expect(agentOf(world)).toMatchObject({ state: 'busy', next: { state: 'signed-out' } });
    void world.center.desks.perform(ANN, { command: 'hang-up', callId });
    await world.pass(500);
    expect(agentOf(world)?.state).toBe('wrap-up');
    await world.pass(WRAP_UP_MS);
    expect(agentOf(world)?.state).toBe('signed-out');
  });

  it.each([
    [{ command: 'ready' }, { state: 'ready' }],
    [
      { command: 'not-ready', reason: 'meeting' },
      { state: 'not-ready', reason: 'meeting' },
    ],
  ] as const)('the sign-out is taken back by %j', async (command, next) => {
    const world = new OneAgent();
    await world.talk();
    await world.center.desks.perform(ANN, { command: 'sign-out' });
    expect((await world.center.desks.perform(ANN, command)).ok).toBe(true);
    expect(agentOf(world)?.next).toEqual(next);
  });
});

describe('a wrap-up', () => {
  it('is extended by the agent, a minute at a time and ten minutes ahead at most', async () => {
    const world = new OneAgent();
    const { callId } = await world.wrapUp();
    const extend = () => world.center.desks.perform(ANN, { command: 'extend-wrap-up', callId });
    const until = agentOf(world)?.wrapUpUntilMs ?? 0;
    expect((await extend()).ok).toBe(true);
    expect(agentOf(world)?.wrapUpUntilMs).toBe(until + EXTENSION_MS);
    await world.pass(WRAP_UP_MS);
    expect(agentOf(world)?.state).toBe('wrap-up');
    let extensions = 1;
    while ((await extend()).ok) extensions += 1;
    expect(extensions).toBe(MAX_AHEAD_MS / EXTENSION_MS);
    expect(await extend()).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  });

  it('of another call is not extended', async () => {
    const world = new OneAgent();
    const { callId } = await world.wrapUp();
    await world.pass(WRAP_UP_MS);
    expect(await world.center.desks.perform(ANN, { command: 'extend-wrap-up', callId })).toMatchObject({
      ok: false,
      fault: { code: 'conflict' },
    });
  });

  it('is extended and ended by a supervisor; the note may still come', async () => {
    const world = new OneAgent();
    const { callId, interactionId } = await world.wrapUp();
    expect((await world.center.desks.direct(ANN, { do: 'extend-wrap-up' })).ok).toBe(true);
    await world.pass(WRAP_UP_MS);
    expect(agentOf(world)?.state).toBe('wrap-up');
    expect((await world.center.desks.direct(ANN, { do: 'end-wrap-up' })).ok).toBe(true);
    expect(agentOf(world)?.state).toBe('ready');
    await world.center.desks.perform(ANN, { command: 'wrap-up-done', callId, note: 'in time' });
    await world.pass(100);
    expect(world.saved.get(interactionId)?.wrapUp?.note).toBe('in time');
    for (const order of ['extend-wrap-up', 'end-wrap-up'] as const)
      expect(await world.center.desks.direct(ANN, { do: order })).toMatchObject({ ok: false });
  });
});
