/** Three-way calls and more: who hears whom, who may leave, who may be let go, and what is written down. */
import { ANN, BOB, EVE, SALES, SmallCenter } from './support/small-center';
import type { OutgoingDouble } from './support/port-doubles';

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const OUTSIDE = { kind: 'number', number: '+4930777' } as const;
const TO_BOB = { kind: 'agent', agentId: BOB } as const;

/** Ann asks somebody, who answers, and all talk. */
const add = async (
  target: typeof OUTSIDE | typeof TO_BOB | { kind: 'number'; number: string },
): Promise<OutgoingDouble> => {
  await center.act(ANN, { command: 'consult', target });
  const asked = await center.answer();
  expect(await center.act(ANN, { command: 'merge-consult' })).toMatchObject({ ok: true });
  return asked;
};

const THREE = ['ann: bob, customer', 'bob: ann, customer', 'customer: ann, bob'];

describe('a three-way call', () => {
  it('lets customer, agent and whom the agent consulted hear each other', async () => {
    const customer = await center.talkWithAnn();
    await add(TO_BOB);
    expect(center.hearing).toEqual(THREE);
    expect(center.entertained).toEqual([]);
    expect(center.recorded).toEqual(['customer | ann, bob']);
    expect(center.callOf(ANN)).toMatchObject({
      state: 'connected',
      parties: [
        { kind: 'customer', number: 'customer', mayDrop: false },
        { kind: 'agent', number: '1002', name: 'bob', mayDrop: true },
      ],
    });
    expect(center.callOf(BOB)).toMatchObject({
      state: 'connected',
      consulted: true,
      parties: [{ kind: 'customer' }, { kind: 'agent', number: '1001', mayDrop: false }],
    });
    customer.leave();
    await center.pass();
    expect(center.stateOf(BOB)).not.toBe('wrap-up');
    expect(center.history.segments.findLast(({ kind }) => kind === 'talk')).toMatchObject({ detail: 'conference' });
    expect(center.history.parties.map(({ role, id }) => `${role} ${id}`)).toEqual([
      'caller customer',
      'agent ann',
      'agent bob',
    ]);
    center.expectNothingLeft();
  });

  it('begins from hold and with the customer on the line, too, and not before there is an answer', async () => {
    await center.talkWithAnn();
    expect(await center.act(ANN, { command: 'merge-consult' })).toMatchObject({ fault: { code: 'conflict' } });
    await center.act(ANN, { command: 'consult', target: TO_BOB });
    expect(await center.act(ANN, { command: 'merge-consult' })).toMatchObject({ fault: { code: 'conflict' } });
    await center.answer();
    await center.act(ANN, { command: 'toggle-consult' });
    await center.act(ANN, { command: 'hold' });
    await center.act(ANN, { command: 'merge-consult' });
    expect(center.hearing).toEqual(THREE);
  });

  it.each(['drop-party', 'hang up', 'desk'] as const)('goes back to two when the third one leaves: %s', async (way) => {
    await center.talkWithAnn();
    const asked = await add(TO_BOB);
    const party = center.callOf(ANN)?.parties?.at(-1);
    if (way === 'drop-party') await center.act(ANN, { command: 'drop-party', partyId: party!.partyId });
    else if (way === 'hang up') asked.dialog?.end({ by: 'remote', reason: undefined });
    else await center.act(BOB, { command: 'leave-call' });
    await center.pass();
    expect(center.joined).toEqual(['ann + customer']);
    expect(center.media.mixes.size).toBe(0);
    expect(asked.dialog?.ended).toBeDefined();
    expect(center.callOf(BOB)).toBeUndefined();
    expect(center.callOf(ANN)?.parties).toBeUndefined();
    expect(center.stateOf(BOB)).not.toBe('busy');
  });

  it('goes on without the agent: the colleague has the call then, and the ACD knows it', async () => {
    const customer = await center.talkWithAnn();
    await add(TO_BOB);
    await center.act(ANN, { command: 'leave-call' });
    expect(center.joined).toEqual(['bob + customer']);
    expect(center.stateOf(ANN)).toBe('wrap-up');
    expect(center.callOf(BOB)).toMatchObject({ state: 'connected', number: 'customer', consulted: false });
    customer.leave();
    await center.pass();
    expect(center.stateOf(BOB)).toBe('wrap-up');
    expect(center.history.transfers).toMatchObject([
      { kind: 'attended', byAgentId: 'ann', to: { kind: 'agent', id: 'bob' }, result: 'completed' },
    ]);
    center.expectNothingLeft();
  });

  it("goes on with a party outside when the agent hangs up at the telephone or the agent's browser is gone", async () => {
    for (const way of ['hang up', 'lost'] as const) {
      center = new SmallCenter();
      await center.talkWithAnn();
      const ann = center.newest;
      const asked = await add(OUTSIDE);
      if (way === 'hang up') ann.dialog?.end({ by: 'remote', reason: undefined });
      else center.media.lose([...center.media.endpoints.keys()][1]!, 'ice-failed');
      await center.pass();
      expect(center.joined).toEqual(['+4930777 + customer']);
      asked.dialog?.end({ by: 'remote', reason: undefined });
      await center.pass();
      center.expectNothingLeft();
    }
  });

  it('ends for everybody when the agent hangs up at the desk', async () => {
    const customer = await center.talkWithAnn();
    const asked = await add(OUTSIDE);
    await center.act(ANN, { command: 'hang-up' });
    expect([customer.dialog?.ended, asked.dialog?.ended]).toEqual([expect.anything(), expect.anything()]);
    center.expectNothingLeft();
  });

  it('has the agent step aside by hold, while the others talk on', async () => {
    await center.talkWithAnn();
    await add(TO_BOB);
    await center.act(ANN, { command: 'hold' });
    expect(center.joined).toEqual(['bob + customer']);
    expect(center.entertained).toEqual([]);
    await center.act(ANN, { command: 'resume' });
    expect(center.hearing).toEqual(THREE);
    await center.act(ANN, { command: 'hold' });
    await center.act(BOB, { command: 'hang-up' });
    expect(center.entertained).toEqual(['customer']);
  });

  it('mutes the agent for all others', async () => {
    await center.talkWithAnn();
    await add(TO_BOB);
    await center.act(ANN, { command: 'mute' });
    expect(center.hearing).toEqual(['ann: bob, customer', 'bob: customer', 'customer: bob']);
    await center.act(ANN, { command: 'unmute' });
    expect(center.hearing).toEqual(THREE);
  });

  it('mutes a colleague who has joined for all others, too', async () => {
    await center.talkWithAnn();
    await add(TO_BOB);
    await center.act(BOB, { command: 'mute' });
    expect(center.hearing).toEqual(['ann: customer', 'bob: ann, customer', 'customer: ann']);
    await center.act(BOB, { command: 'unmute' });
    expect(center.hearing).toEqual(THREE);
  });

  it('sends keys to all outside, and cannot be transferred', async () => {
    await center.talkWithAnn();
    await add(OUTSIDE);
    expect(await center.act(ANN, { command: 'send-digits', digits: '1' })).toMatchObject({ ok: true });
    for (const target of [TO_BOB, { kind: 'queue', queueId: SALES } as const])
      expect(await center.act(ANN, { command: 'transfer', target })).toMatchObject({ fault: { code: 'conflict' } });
  });
});

describe('further parties', () => {
  it('join in the same way; the others talk on while the agent asks', async () => {
    await center.talkWithAnn();
    await add(TO_BOB);
    await center.act(ANN, { command: 'consult', target: OUTSIDE });
    expect(center.joined).toEqual(['bob + customer']);
    await center.answer();
    expect(center.hearing).toEqual(['+4930777: ann', 'ann: +4930777', 'bob: customer', 'customer: bob']);
    await center.act(ANN, { command: 'merge-consult' });
    expect(center.hearing[0]).toBe('+4930777: ann, bob, customer');
    expect(center.hearing).toHaveLength(4);
    expect(center.callOf(ANN)?.parties).toHaveLength(3);
    await center.act(ANN, { command: 'leave-call' });
    expect(center.hearing).toEqual(['+4930777: bob, customer', 'bob: +4930777, customer', 'customer: +4930777, bob']);
    expect(center.callOf(BOB)?.parties).toHaveLength(2);
  });

  it('are eight in all', async () => {
    await center.talkWithAnn();
    for (let n = 0; n < 6; n += 1) await add({ kind: 'number', number: `+49307${n}` });
    await center.act(ANN, { command: 'consult', target: OUTSIDE });
    await center.answer();
    expect(await center.act(ANN, { command: 'merge-consult' })).toMatchObject({ fault: { code: 'overloaded' } });
    expect(center.callOf(ANN)?.state).toBe('consulting');
  });

  it('a party outside who stays is followed by the next when it leaves', async () => {
    const customer = await center.talkWithAnn();
    const first = await add(OUTSIDE);
    const second = await add({ kind: 'number', number: '2001' });
    await center.act(ANN, { command: 'leave-call' });
    expect(center.hearing).toHaveLength(3);
    first.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(center.joined).toEqual(['2001 + customer']);
    second.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(customer.dialog?.ended).toBeDefined();
    center.expectNothingLeft();
  });
});

it('a supervisor hears all of a three-way call, and can take it over', async () => {
  await center.talkWithAnn();
  await add(TO_BOB);
  const { callId } = center.callOf(ANN)!;
  const by = { userId: 'u' as never, userName: 'eve', displayName: 'Eve', agentId: EVE };
  const target = { kind: 'call', callId } as const;
  const begun = center.center.supervision.begin({ by, target, mode: 'whisper', device: { kind: 'browser' } });
  await center.pass();
  await center.answer();
  expect(center.hearing).toEqual([
    'ann: bob, customer, eve',
    'bob: ann, customer',
    'customer: ann, bob',
    'eve: ann, bob, customer',
  ]);
  const done = await begun;
  if (!done.ok) throw new Error(done.fault.message);
  const taken = center.center.supervision.intercept(done.value.supervisionId, by.userId);
  await center.pass();
  expect(await taken).toMatchObject({ ok: true });
  expect(center.hearing).toEqual(['bob: customer, eve', 'customer: bob, eve', 'eve: bob, customer']);
  expect(center.stateOf(ANN)).toBe('wrap-up');
});
