/** Supervision: who hears whom in every mode and after every act on the call, who is free, and what is written down. */
import { asId } from '../../../base/ids';
import type { SupervisionId, UserId } from '../../../base/ids';
import type { Result } from '../../../base/result';
import type { SupervisionMode } from '../../../media/supervision';
import type { SupervisionOrder, SupervisionView } from '../../../calls/supervision-ports';
import { ANN, BOB, EVE, SALES, SmallCenter } from './support/small-center';

const SUSI = { userId: asId<UserId>('u-eve'), userName: 'eve', displayName: 'Eve', agentId: EVE };
const BOSS = { userId: asId<UserId>('u-boss'), userName: 'boss', displayName: 'Boss' };
const BROWSER = { kind: 'browser' } as const;
const PHONE = { kind: 'phone', extension: '2001' } as const;
const OUTSIDE = { kind: 'number', number: '+4930777' } as const;

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const begin = async (order: Partial<SupervisionOrder> = {}): Promise<Result<SupervisionView>> => {
  const { callId } = center.callOf(ANN)!;
  const target = { kind: 'call', callId } as const;
  const begun = center.center.supervision.begin({ by: SUSI, mode: 'monitor', device: BROWSER, target, ...order });
  await center.pass();
  return begun;
};

/** Somebody is with Ann's call. */
const supervise = async (order: Partial<SupervisionOrder> = {}): Promise<SupervisionId> => {
  const begun = await begin(order);
  if (!begun.ok) throw new Error(begun.fault.message);
  await center.answer();
  return begun.value.supervisionId;
};

const change = async (id: SupervisionId, mode: SupervisionMode): Promise<void> => {
  const changing = center.center.supervision.changeMode(id, SUSI.userId, mode);
  await center.pass();
  expect(await changing).toMatchObject({ ok: true });
};

const intercept = async (id: SupervisionId, by = SUSI.userId): Promise<Result<void>> => {
  const done = center.center.supervision.intercept(id, by);
  await center.pass();
  return done;
};

const HEARING = {
  monitor: ['ann: customer', 'customer: ann', 'eve: ann, customer'],
  whisper: ['ann: customer, eve', 'customer: ann', 'eve: ann, customer'],
  barge: ['ann: customer, eve', 'customer: ann, eve', 'eve: ann, customer'],
};

describe('a supervisor', () => {
  it.each(['monitor', 'whisper', 'barge'] as const)(
    'who begins with %s hears both and is heard as meant',
    async (mode) => {
      const customer = await center.talkWithAnn();
      await supervise({ mode });
      expect(center.hearing).toEqual(HEARING[mode]);
      expect(center.joined).toEqual([]);
      expect(center.stateOf(EVE)).toBe('busy');
      customer.leave();
      await center.pass();
      center.expectNothingLeft();
      expect(center.stateOf(EVE)).not.toBe('busy');
      expect(center.history.supervisions).toMatchObject([
        { userName: 'eve', modes: [{ mode }], endedAtMs: expect.any(Number) },
      ]);
    },
  );

  it('changes the mode during the call, by command and by keys of the telephone', async () => {
    await center.talkWithAnn();
    const id = await supervise();
    await change(id, 'whisper');
    expect(center.hearing).toEqual(HEARING.whisper);
    expect(center.recorded).toEqual(['customer | ann']);
    await change(id, 'barge');
    expect(center.hearing).toEqual(HEARING.barge);
    expect(center.recorded).toEqual(['customer | ann, eve']);
    const endpointId = [...center.media.endpoints.keys()].at(-1)!;
    expect([...center.media.hushed]).toEqual([endpointId]);
    for (const [digit, mode] of [
      ['4', 'monitor'],
      ['5', 'whisper'],
      ['9', 'whisper'],
      ['6', 'barge'],
    ] as const) {
      center.media.emit({ type: 'digit', endpointId, digit, durationMs: 100, form: 'rfc4733' });
      await center.pass();
      expect(center.hearing).toEqual(HEARING[mode]);
    }
    expect(center.history.supervisions?.[0]?.modes.map(({ mode }) => mode)).toEqual([
      'monitor',
      'whisper',
      'barge',
      'monitor',
      'whisper',
      'barge',
    ]);
    expect(center.history.digits).toEqual([]);
  });

  it('who plays with the keys does not let the history grow without end', async () => {
    await center.talkWithAnn();
    await supervise();
    const endpointId = [...center.media.endpoints.keys()].at(-1)!;
    for (let n = 0; n < 120; n += 1)
      for (const digit of ['4', '5']) {
        center.media.emit({ type: 'digit', endpointId, digit, durationMs: 100, form: 'rfc4733' });
        await center.pass(40);
      }
    expect(center.history.supervisions?.[0]?.modes).toHaveLength(200);
  });

  it('who leaves, hangs up or loses the telephone harms nobody: both are bridged again', async () => {
    await center.talkWithAnn();
    const leave = [
      (id: SupervisionId) => center.center.supervision.leave(id, SUSI.userId),
      () => Promise.resolve(center.newest.dialog?.end({ by: 'remote', reason: undefined })),
      () => Promise.resolve(center.media.lose([...center.media.endpoints.keys()].at(-1)!, 'ice-failed')),
    ];
    for (const go of leave) {
      const id = await supervise({ mode: 'barge' });
      const going = go(id);
      await center.pass();
      await going;
      expect(center.joined).toEqual(['ann + customer']);
      expect(center.media.mixes.size).toBe(0);
      expect(center.stateOf(EVE)).not.toBe('busy');
      expect(center.center.supervision.list()).toEqual([]);
    }
    expect(center.callOf(ANN)?.state).toBe('connected');
  });

  it('whose telephone does not answer leaves everything as it was', async () => {
    await center.talkWithAnn();
    const told: unknown[] = [];
    center.center.desks.onEvent((event) => void (event.type === 'supervision' && told.push(event.supervision)));
    expect(await begin()).toMatchObject({ ok: true, value: { state: 'ringing' } });
    expect(center.newest.request).toMatchObject({
      target: { kind: 'user', userName: 'eve' },
      headers: { 'X-Switchroom-Supervision': expect.any(String) },
    });
    center.newest.refuse('no_answer');
    await center.pass();
    expect(center.joined).toEqual(['ann + customer']);
    expect(told.at(-1)).toMatchObject({ state: 'ended', reason: 'no-answer', userId: 'u-eve' });
    expect(center.history.supervisions).toBeUndefined();
  });

  it('may be one of several: each is heard as the own mode says', async () => {
    await center.talkWithAnn();
    await supervise({ mode: 'whisper' });
    await supervise({ by: BOSS, device: PHONE, mode: 'barge' });
    expect(center.hearing).toEqual([
      '2001: ann, customer',
      'ann: 2001, customer, eve',
      'customer: 2001, ann',
      'eve: 2001, ann, customer',
    ]);
    expect(center.center.supervision.teamCalls()).toMatchObject([
      { agentId: ANN, number: 'customer', supervisors: [{ mode: 'whisper' }, { mode: 'barge', displayName: 'Boss' }] },
    ]);
  });

  it('is refused without a conversation, for the own call, twice, without a telephone, and after the call', async () => {
    const customer = await center.talkWithAnn();
    expect(await begin({ by: { ...SUSI, agentId: ANN } })).toMatchObject({ fault: { code: 'conflict' } });
    expect(await begin({ by: BOSS })).toMatchObject({ fault: { code: 'unavailable' } });
    expect(await begin({ by: BOSS, device: { kind: 'phone', extension: '9' } })).toMatchObject({
      fault: { code: 'not_found' },
    });
    center.telephone(EVE, false);
    expect(await begin()).toMatchObject({ fault: { code: 'unavailable' } });
    center.telephone(EVE, true);
    const id = await supervise();
    expect(await begin()).toMatchObject({ fault: { code: 'conflict' } });
    expect(await center.center.supervision.changeMode(id, BOSS.userId, 'barge')).toMatchObject({
      fault: { code: 'not_found' },
    });
    const { callId } = center.callOf(ANN)!;
    customer.leave();
    await center.pass();
    const target = { kind: 'call', callId } as const;
    expect(await begin({ target })).toMatchObject({ fault: { code: 'not_found' } });
    expect(await intercept(id)).toMatchObject({ fault: { code: 'not_found' } });
  });
});

describe('supervision survives', () => {
  it('hold: the customer hears music alone, supervisor and agent stay together', async () => {
    await center.talkWithAnn();
    const id = await supervise({ mode: 'whisper' });
    await center.act(ANN, { command: 'hold' });
    expect(center.hearing).toEqual(['ann: eve', 'eve: ann']);
    expect(center.entertained).toEqual(['customer']);
    await change(id, 'monitor');
    expect(center.hearing).toEqual(['eve: ann']);
    await center.act(ANN, { command: 'resume' });
    expect(center.hearing).toEqual(HEARING.monitor);
    expect(center.entertained).toEqual([]);
  });

  it('consultation: the supervisor hears the agent and who is asked, never the waiting customer', async () => {
    await center.talkWithAnn();
    await supervise({ mode: 'barge' });
    await center.act(ANN, { command: 'consult', target: { kind: 'agent', agentId: BOB } });
    expect(center.entertained).toContain('customer');
    await center.answer();
    expect(center.hearing).toEqual(['ann: bob, eve', 'bob: ann, eve', 'eve: ann, bob']);
    await center.act(ANN, { command: 'toggle-consult' });
    expect(center.hearing).toEqual(HEARING.barge);
    expect(center.entertained).toEqual(['bob']);
    await center.act(ANN, { command: 'toggle-consult' });
    expect(center.entertained).toEqual(['customer']);
    await center.act(ANN, { command: 'complete-transfer' });
    expect(center.hearing).toEqual(['bob: customer, eve', 'customer: bob, eve', 'eve: bob, customer']);
  });

  it('the ringing of a third party: its tone ends with the answer', async () => {
    await center.talkWithAnn();
    await supervise();
    await center.act(ANN, { command: 'consult', target: { kind: 'agent', agentId: BOB } });
    center.newest.ring();
    center.newest.progress();
    await center.pass();
    expect(center.entertained).toEqual(['ann', 'customer']);
    await center.answer();
    expect(center.hearing).toEqual(['ann: bob', 'bob: ann', 'eve: ann, bob']);
  });

  it('a transfer to a queue and to a number outside: the next one is heard', async () => {
    await center.talkWithAnn();
    await supervise();
    await center.act(ANN, { command: 'transfer', target: OUTSIDE });
    expect(center.hearing).toEqual([]);
    await center.answer();
    expect(center.hearing).toEqual(['+4930777: customer', 'customer: +4930777', 'eve: +4930777, customer']);
  });

  it('a transfer that nobody takes and the lost browser of the agent', async () => {
    await center.talkWithAnn();
    await supervise({ by: BOSS, device: PHONE });
    await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } });
    center.newest.refuse('no_answer');
    await center.pass();
    await center.answer();
    expect(center.hearing).toEqual(['2001: ann, customer', 'ann: customer', 'customer: ann']);
    const annsEndpoint = [...center.media.endpoints.keys()].at(-1)!;
    center.media.lose(annsEndpoint, 'ice-failed');
    await center.pass();
    expect(center.hearing).toEqual([]);
    await center.ready(EVE, BOB);
    await center.pass();
    await center.answer();
    const next = center.callOf(BOB) ? 'bob' : 'eve';
    expect(center.hearing).toContain(`2001: ${[next, 'customer'].sort().join(', ')}`);
  });

  it('an agent who has hung up and is called back: nobody listens to the caller who waits', async () => {
    center = new SmallCenter({ release: { mode: 'caller', reanswerMs: 10_000 } });
    await center.talkWithAnn();
    await supervise({ mode: 'barge' });
    await center.act(ANN, { command: 'hang-up' });
    expect(center.hearing).toEqual([]);
    // The caller has heard the announcement, and the music has not begun.
    for (const playId of [...center.media.plays.keys()]) center.media.plays.delete(playId);
    expect(center.hearing).toEqual([]);
    await center.answer();
    expect(center.hearing).toEqual(HEARING.barge);
  });

  it("a telephone that takes the customer's place", async () => {
    const customer = await center.talkWithAnn();
    await supervise();
    await center.replaces('other', { id: customer.dialog!.id }, { kind: 'trunk', trunkId: 'local' });
    expect(center.hearing).toEqual(['ann: other', 'eve: ann, other', 'other: ann']);
  });
});

describe('a supervisor who takes the call over', () => {
  it('has the customer; the agent is in wrap-up, and the ACD knows both', async () => {
    const customer = await center.talkWithAnn();
    const id = await supervise({ mode: 'whisper' });
    expect(await intercept(id)).toMatchObject({ ok: true });
    expect(center.joined).toEqual(['customer + eve']);
    expect(center.media.mixes.size).toBe(0);
    expect(center.stateOf(ANN)).toBe('wrap-up');
    expect(center.callOf(ANN)?.state).toBe('wrap-up');
    expect(center.callOf(EVE)).toMatchObject({ state: 'connected', number: 'customer' });
    await center.act(EVE, { command: 'hold' });
    expect(center.entertained).toEqual(['customer']);
    await center.act(EVE, { command: 'resume' });
    customer.leave();
    await center.pass();
    expect(center.stateOf(EVE)).toBe('wrap-up');
    expect(center.history).toMatchObject({
      agentId: 'eve',
      supervisions: [{ userName: 'eve', interceptedAtMs: expect.any(Number) }],
      outcome: { result: 'answered' },
    });
    expect(center.history.recordings).toHaveLength(1);
    expect(center.history.segments.filter(({ kind }) => kind === 'talk').map(({ agentId }) => agentId)).toEqual([
      ANN,
      EVE,
      EVE,
    ]);
    center.expectNothingLeft();
  });

  it('takes it on hold and out of a consultation too, whose third party is let go', async () => {
    await center.talkWithAnn();
    await center.act(ANN, { command: 'consult', target: OUTSIDE });
    const asked = await center.answer();
    const id = await supervise();
    expect(await intercept(id)).toMatchObject({ ok: true });
    expect(asked.dialog?.ended).toBeDefined();
    expect(center.joined).toEqual(['customer + eve']);
    expect(center.entertained).toEqual([]);
  });

  it('other supervisors stay with the call', async () => {
    await center.talkWithAnn();
    const id = await supervise();
    await supervise({ by: BOSS, device: PHONE });
    await intercept(id);
    expect(center.hearing).toEqual(['2001: customer, eve', 'customer: eve', 'eve: customer']);
  });

  it('goes on at a phone where there is no seat', async () => {
    const customer = await center.talkWithAnn();
    const id = await supervise({ by: BOSS, device: PHONE });
    expect(center.media.hushed.size).toBe(1);
    expect(await intercept(id, BOSS.userId)).toMatchObject({ ok: true });
    expect(center.media.hushed.size).toBe(0);
    expect(center.joined).toEqual(['2001 + customer']);
    expect(center.stateOf(ANN)).toBe('wrap-up');
    center.newest.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(customer.dialog?.ended).toBeDefined();
    center.expectNothingLeft();
  });
});

describe('a supervisor who follows an agent', () => {
  it('waits for the conversation, comes with each, and is free between them', async () => {
    const target = { kind: 'agent', agentId: ANN } as const;
    const order = { by: SUSI, mode: 'monitor', device: BROWSER, target } as const;
    const begun = await center.center.supervision.begin(order);
    if (!begun.ok) throw new Error(begun.fault.message);
    expect(begun.value).toMatchObject({ state: 'waiting', follows: ANN });
    expect(center.stateOf(EVE)).not.toBe('busy');
    const customer = await center.talkWithAnn();
    await center.answer();
    expect(center.hearing).toEqual(HEARING.monitor);
    expect(center.center.supervision.list()).toMatchObject([{ state: 'active', follows: ANN }]);
    customer.leave();
    await center.pass();
    expect(center.center.supervision.list()).toMatchObject([{ state: 'waiting' }]);
    await center.center.supervision.changeMode(begun.value.supervisionId, SUSI.userId, 'whisper');
    await center.act(ANN, { command: 'wrap-up-done', note: '' });
    await center.talkWithAnn();
    await center.answer();
    expect(center.hearing).toEqual(HEARING.whisper);
    await center.act(ANN, { command: 'transfer', target: { kind: 'queue', queueId: SALES } });
    expect(center.center.supervision.list()).toMatchObject([{ state: 'waiting' }]);
    const left = center.center.supervision.leave(begun.value.supervisionId, SUSI.userId);
    await center.pass();
    expect(await left).toMatchObject({ ok: true });
    expect(center.center.supervision.list()).toEqual([]);
  });
});

it('a supervision is over with its call: none is shown in wrap-up, and the end is told once', async () => {
  center = new SmallCenter({ agentsSeeSupervision: true });
  const customer = await center.talkWithAnn();
  await supervise();
  expect(await begin({ by: BOSS, device: PHONE })).toMatchObject({ ok: true, value: { state: 'ringing' } });
  const told: string[] = [];
  center.center.desks.onEvent((event) => {
    if (event.type === 'supervision') told.push(`${event.supervision.userId} ${event.supervision.state}`);
  });
  customer.leave();
  await center.pass();
  expect(center.callOf(ANN)).toMatchObject({ state: 'wrap-up', supervised: false });
  expect(center.center.supervision.teamCalls()).toMatchObject([{ agentId: ANN, supervisors: [] }]);
  expect(told).toEqual(['u-eve ended', 'u-boss ended']);
});

it('an agent whose telephone rings can be followed already', async () => {
  const phone = center.phoneCalls('2002', '1001');
  await center.pass();
  const target = { kind: 'agent', agentId: ANN } as const;
  const order = { by: SUSI, mode: 'monitor', device: BROWSER, target } as const;
  expect(await center.center.supervision.begin(order)).toMatchObject({ ok: true, value: { state: 'waiting' } });
  await phone;
  await center.answer();
  await center.answer();
  expect(center.hearing).toEqual(['2002: ann', 'ann: 2002', 'eve: 2002, ann']);
});

it('agents are told of a supervisor only where that is set', async () => {
  await center.talkWithAnn();
  await supervise();
  expect(center.callOf(ANN)).not.toHaveProperty('supervised', true);
  center = new SmallCenter({ agentsSeeSupervision: true });
  await center.talkWithAnn();
  expect(center.callOf(ANN)).toMatchObject({ supervised: false });
  await supervise();
  expect(center.callOf(ANN)).toMatchObject({ supervised: true });
});
