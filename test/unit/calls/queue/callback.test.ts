/** Callbacks: asked for by key, kept without a call, made when an agent has accepted, tried again, merged, exactly once. */
import type { ContactId } from '../../../../base/ids';
import { fail } from '../../../../base/result';
import { createCallPermission } from '../../../../calls/call-permission';
import type { CallbackOffer } from '../../../../store/waiting-terms';
import type { InviteDouble } from '../support/port-doubles';
import { ANN, BOB, SmallCenter, SUPPORT, flowOf } from '../support/small-center';

const OFFER: CallbackOffer = { key: '1', afterMs: 10_000, number: 'caller', validMs: 3_600_000 };
const NUMBER = '+4930123';
const RETRY_MS = 60_000;

const heard = (center: SmallCenter): string[] =>
  [...center.media.plays.values()].flatMap(({ sources }) =>
    sources.map((source) => ('name' in source ? source.name : 'text' in source ? source.text : source.kind)),
  );

const endPlay = async (center: SmallCenter): Promise<void> => {
  for (const { playId, loop } of [...center.media.plays.values()])
    if (loop !== true) center.media.endPlay(playId, 'finished');
  await center.pass();
};

const press = async (center: SmallCenter, keys: string): Promise<void> => {
  const endpointId = [...center.media.endpoints.values()].find(({ kind }) => kind === 'rtp')!.endpointId;
  for (const digit of keys) {
    center.media.emit({ type: 'digit', endpointId, digit, form: 'rfc4733', durationMs: 100 });
    await center.pass(600);
  }
};

const OFFERED = 'To be called back instead of waiting, press one. You keep your place in the queue.';

const centerWith = (
  offer: Partial<CallbackOffer> = {},
  options: Partial<ConstructorParameters<typeof SmallCenter>[0]> = {},
) =>
  new SmallCenter({
    waiting: { callback: { ...OFFER, ...offer } },
    support: { callback: { maxAttempts: 2, retryMs: RETRY_MS } },
    ...options,
  });

const arrive = async (center: SmallCenter, number = NUMBER): Promise<InviteDouble> => {
  const invite = center.signaling.arrive(number);
  await center.pass();
  await endPlay(center);
  return invite;
};

/** A caller has asked for a callback and is gone; the contact that is left. */
const promised = async (center: SmallCenter): Promise<ContactId> => {
  const invite = await arrive(center);
  await center.pass(OFFER.afterMs);
  await press(center, '1');
  await endPlay(center);
  expect(invite.dialog?.ended).toBeDefined();
  return center.historyOf(NUMBER).contactId!;
};

/** The interactions of callbacks, oldest first. */
const callbacks = (center: SmallCenter) => [...center.saved.values()].filter(({ callback }) => callback !== undefined);

describe('a caller who asks to be called back', () => {
  it('is told of the key when its time has come, hears that the place is kept, and is let go', async () => {
    const center = centerWith();
    const invite = await arrive(center);
    await press(center, '1');
    expect(heard(center)).toEqual(['default']);
    await center.pass(OFFER.afterMs);
    expect(heard(center)[0]).toBe(OFFERED);
    expect(heard(center)[1]).toBe('如需我们给您回电，请按一，您的排队位置将保留。');
    await press(center, '1');
    expect(heard(center)).toEqual(['queue-callback-promised', 'queue-callback-promised']);
    await endPlay(center);
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.center.openCalls).toBe(0);
    expect(center.history).toMatchObject({
      outcome: { result: 'answered', reason: 'callback-promised', party: 'system' },
      queueNotes: [{ kind: 'callback-requested', queueId: SUPPORT, number: NUMBER, by: 'caller' }],
    });
    expect(center.center.desks.snapshot(undefined).queues[0]).toMatchObject({ queueId: SUPPORT, waiting: 1 });
  });

  it('is told at once when many are ahead, and is called back also who hangs up before the end of the promise', async () => {
    const center = centerWith({ afterMs: 3_600_000, afterCallers: 1 });
    await arrive(center, '+49301');
    expect(heard(center)).toEqual(['default']);
    const invite = await arrive(center);
    expect(heard(center)).toContain(OFFERED);
    const endpointId = [...center.media.endpoints.keys()].at(-1)!;
    center.media.emit({ type: 'digit', endpointId, digit: '1', form: 'rfc4733', durationMs: 100 });
    await center.pass();
    expect(heard(center)).toContain('queue-callback-promised');
    invite.leave();
    await center.pass();
    expect(center.historyOf(NUMBER).outcome).toMatchObject({ result: 'answered', reason: 'callback-promised' });
    expect(center.center.desks.snapshot(undefined).queues[0]).toMatchObject({ waiting: 2 });
  });

  it('types another number where the queue wants one, and waits on without having finished', async () => {
    const center = centerWith({ number: 'typed' });
    await arrive(center);
    await center.pass(OFFER.afterMs);
    await press(center, '1');
    expect(heard(center)).toEqual(['queue-callback-number', 'queue-callback-number']);
    await press(center, '030');
    expect(heard(center)).toEqual([]);
    await center.pass(11_000);
    expect(heard(center)).toEqual(['default']);
    await press(center, '1');
    await press(center, '030456#');
    expect(heard(center)).toContain('queue-callback-promised');
    expect(center.history.queueNotes).toMatchObject([{ kind: 'callback-requested', number: '030456' }]);
  });

  it('waits on who cannot be called by the rules', async () => {
    const refusing = { ...createCallPermission(() => []), outbound: () => fail('forbidden', 'no') };
    const center = centerWith({}, { permission: refusing });
    const invite = await arrive(center);
    await center.pass(OFFER.afterMs);
    await press(center, '1');
    expect(heard(center)).toEqual(['queue-callback-impossible', 'queue-callback-impossible']);
    await endPlay(center);
    expect(heard(center)).toEqual(['default']);
    await center.ready(ANN);
    await center.pass();
    await center.answer();
    expect(center.joined).toEqual([`${NUMBER} + ann`]);
    expect(invite.dialog?.ended).toBeUndefined();
  });

  it('is called back by the flow’s step, and by a rule of the queue', async () => {
    const flow = flowOf({
      answer: { do: 'answer', next: 'queue' },
      queue: { do: 'enqueue', queue: 'support', callback: '{caller}' },
    });
    const byFlow = new SmallCenter({ flow });
    await arrive(byFlow);
    expect(byFlow.history.queueNotes).toMatchObject([{ kind: 'callback-requested', number: NUMBER, by: 'flow' }]);
    const rule = { when: { kind: 'waited', afterMs: 5_000 }, to: { kind: 'callback' } } as const;
    const byRule = new SmallCenter({ support: { overflow: [rule] } });
    await arrive(byRule);
    await byRule.pass(5_000);
    expect(byRule.history.queueNotes).toMatchObject([{ kind: 'callback-requested', number: NUMBER, by: 'queue' }]);
  });
});

describe('a callback', () => {
  it('rings at an agent, who sees what it is; the customer is called when the agent has accepted, and both are joined', async () => {
    const center = centerWith();
    const contactId = await promised(center);
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)).toMatchObject({
      state: 'ringing',
      direction: 'outbound',
      number: NUMBER,
      queueId: SUPPORT,
      callback: { attempt: 1, accepted: false },
    });
    expect(center.signaling.outgoing).toHaveLength(1);
    await center.answer();
    expect(center.signaling.outgoing).toHaveLength(2);
    expect(center.newest.request.target).toEqual({ kind: 'number', number: NUMBER });
    expect(center.callOf(ANN)?.callback).toMatchObject({ accepted: true });
    await center.answer();
    expect(center.joined).toEqual([`${NUMBER} + ann`]);
    expect(center.recorded).toEqual([`${NUMBER} | ann`]);
    await center.act(ANN, { command: 'hang-up' });
    expect(center.stateOf(ANN)).toBe('wrap-up');
    const [made] = callbacks(center);
    expect(made).toMatchObject({
      direction: 'outbound',
      contactId,
      queueId: SUPPORT,
      agentId: ANN,
      callback: {
        attempt: 1,
        arrivedAtMs: center.historyOf(NUMBER).segments.find(({ kind }) => kind === 'queue')?.startedAtMs,
      },
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    expect(center.center.desks.snapshot(undefined).queues[0]).toMatchObject({ waiting: 0 });
    expect(center.center.openCalls).toBe(0);
  });

  it('keeps its place: the agent gets it before a caller who came later', async () => {
    const center = centerWith();
    await promised(center);
    await arrive(center, '+49309');
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)).toMatchObject({ number: NUMBER, callback: { attempt: 1 } });
  });

  it('that an agent lets ring goes to the next one, as the same call', async () => {
    const center = centerWith();
    await promised(center);
    await center.ready(ANN);
    await center.pass();
    await center.act(ANN, { command: 'hang-up' });
    await center.ready(BOB);
    await center.pass();
    expect(center.callOf(BOB)).toMatchObject({ number: NUMBER, callback: { attempt: 1 } });
    await center.answer();
    await center.answer();
    expect(center.joined).toEqual([`${NUMBER} + bob`]);
    expect(callbacks(center)).toHaveLength(1);
  });

  it('whose customer is not reached frees the agent, is tried again, and given up after the last time', async () => {
    const center = centerWith();
    await promised(center);
    await center.ready(ANN);
    for (const attempt of [1, 2]) {
      await center.pass();
      expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', callback: { attempt } });
      await center.answer();
      center.newest.refuse('busy');
      await center.pass();
      await center.endTone();
      expect(center.stateOf(ANN)).toBe('ready');
      expect(center.callOf(ANN)).toBeUndefined();
      await center.pass(RETRY_MS);
    }
    expect(center.callOf(ANN)).toBeUndefined();
    expect(callbacks(center)).toMatchObject([
      { outcome: { reason: 'busy' }, queueNotes: [{ kind: 'callback-failed', againAtMs: expect.any(Number) }] },
      { outcome: { reason: 'busy' }, queueNotes: [{ kind: 'callback-failed' }] },
    ]);
    expect(callbacks(center)[1]?.queueNotes?.[0]).not.toHaveProperty('againAtMs');
    expect(center.center.desks.snapshot(undefined).queues[0]).toMatchObject({ waiting: 0 });
  });

  it('is over when the customer calls again, who has the place, also while an agent’s telephone rings for it', async () => {
    const center = centerWith();
    await promised(center);
    const arrivedAtMs = center.history.segments.find(({ kind }) => kind === 'queue')!.startedAtMs;
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)?.callback).toBeDefined();
    center.signaling.arrive(NUMBER);
    await center.pass();
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', direction: 'inbound' });
    await center.answer();
    expect(center.joined).toEqual([`${NUMBER} + ann`]);
    expect(callbacks(center)).toMatchObject([{ outcome: { reason: 'callback-merged' } }]);
    const again = [...center.saved.values()].filter(({ caller }) => caller.number === NUMBER).at(-1);
    expect(again?.queueNotes).toMatchObject([{ kind: 'place-restored', since: 'callback', arrivedAtMs }]);
    expect(center.center.openCalls).toBe(1);
  });

  it('is not taken for that of another caller without a number', async () => {
    const center = centerWith({ number: 'typed' });
    await arrive(center, 'anonymous');
    await center.pass(OFFER.afterMs);
    await press(center, '1');
    await press(center, '030456#');
    await endPlay(center);
    center.signaling.arrive('anonymous');
    await center.pass();
    expect(center.center.desks.snapshot(undefined).queues[0]).toMatchObject({ waiting: 2 });
  });

  it('is given up when its agent hangs up before the customer has answered, and tried again', async () => {
    const center = centerWith();
    await promised(center);
    await center.ready(ANN);
    await center.pass();
    await center.answer();
    const toCustomer = center.newest;
    await center.act(ANN, { command: 'hang-up' });
    expect(toCustomer.state).toBe('over');
    expect(center.center.openCalls).toBe(0);
    await center.pass(RETRY_MS);
    expect(center.callOf(ANN)).toMatchObject({ callback: { attempt: 2 } });
  });

  const until = (center: SmallCenter, fromMs: number): void => {
    const hours = [[fromMs, fromMs + 3_600_000]] as const;
    expect(center.center.acd.configure({ type: 'callback-hours-set', queueId: SUPPORT, hours }).ok).toBe(true);
  };

  it('is offered only when its hours begin before it would be too late', async () => {
    const center = centerWith({ validMs: 900_000 });
    const beginsAtMs = center.clock.nowMs() + 1_200_000;
    until(center, beginsAtMs);
    const invite = await arrive(center);
    await center.pass(OFFER.afterMs + 200_000);
    expect(heard(center)).toEqual(['default']);
    await press(center, '1');
    expect(heard(center)).toEqual(['default']);
    await center.pass(beginsAtMs - 900_000 - center.clock.nowMs() + 1_000);
    expect(heard(center)[0]).toBe(OFFERED);
    await press(center, '1');
    await endPlay(center);
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.center.waiting.list()).toMatchObject([{ state: 'resting', againAtMs: beginsAtMs }]);
  });

  it('is not offered where its hours are over for as long as they are known', async () => {
    const center = centerWith();
    expect(center.center.acd.configure({ type: 'callback-hours-set', queueId: SUPPORT, hours: [] }).ok).toBe(true);
    const invite = await arrive(center);
    await center.pass(10 * OFFER.afterMs);
    expect(heard(center)).toEqual(['default']);
    invite.leave();
    await center.pass();
    expect(center.clock.pendingTimers).toBe(0);
  });

  it('is not told of again when its hours are over meanwhile', async () => {
    const announce = { tell: 'position', everyMs: 20_000 } as const;
    const center = centerWith({}, { waiting: { announce, callback: { ...OFFER, validMs: 900_000 } } });
    center.center.acd.configure({
      ...{ type: 'callback-hours-set', queueId: SUPPORT },
      hours: [[center.clock.nowMs(), center.clock.nowMs() + 70_000]],
    });
    const told: boolean[] = [];
    center.signaling.arrive(NUMBER);
    await center.pass();
    for (let turn = 0; turn < 6; turn += 1) {
      await endPlay(center);
      await center.pass(20_000);
      const said = heard(center);
      if (said.some((text) => text !== 'default')) told.push(said.some((text) => text.includes('called back')));
    }
    expect(told.slice(0, 3)).toContain(true);
    expect(told.slice(-2)).toEqual([false, false]);
  });

  it('waits outside of the hours for it with its place, and is offered when they begin', async () => {
    const center = centerWith({ validMs: 900_000 });
    const beginsAtMs = center.clock.nowMs() + 120_000;
    until(center, beginsAtMs);
    const contactId = await promised(center);
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)).toBeUndefined();
    expect(center.center.waiting.list()).toMatchObject([
      { contactId, kind: 'callback', state: 'resting', againAtMs: beginsAtMs },
    ]);
    await center.pass(120_000);
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', callback: { attempt: 1 } });
  });

  it('stops ringing when the hours for it end; its call ends, and there is another one when they begin', async () => {
    const center = centerWith({ validMs: 900_000 });
    await promised(center);
    await center.ready(ANN);
    await center.pass();
    const beginsAtMs = center.clock.nowMs() + 120_000;
    until(center, beginsAtMs);
    await center.pass();
    expect(center.callOf(ANN)).toBeUndefined();
    expect(center.stateOf(ANN)).toBe('ready');
    expect(center.center.openCalls).toBe(0);
    expect(callbacks(center)).toMatchObject([
      {
        outcome: { result: 'failed', reason: 'callback-rests', party: 'system' },
        queueNotes: [{ kind: 'callback-rests', untilMs: beginsAtMs }],
      },
    ]);
    await center.pass(120_000);
    await center.answer();
    await center.answer();
    expect(center.joined).toEqual([`${NUMBER} + ann`]);
    expect(callbacks(center)).toHaveLength(2);
  });

  it('that was never offered before it was too late is in the history, and was abandoned', async () => {
    const center = centerWith({ validMs: 120_000 });
    const contactId = await promised(center);
    await center.pass(120_000);
    expect(center.center.waiting.list()).toEqual([]);
    expect(center.center.openCalls).toBe(0);
    expect(callbacks(center)).toMatchObject([
      {
        ...{ contactId, direction: 'outbound', called: { number: NUMBER }, queueId: SUPPORT },
        callback: { attempt: 1 },
        outcome: { result: 'failed', reason: 'callback-too-late', party: 'system' },
      },
    ]);
  });

  it('whose last attempt has failed too late has no interaction beside that of the attempt', async () => {
    const center = centerWith({ validMs: RETRY_MS });
    await promised(center);
    await center.ready(ANN);
    await center.pass();
    await center.answer();
    center.newest.refuse('busy');
    await center.pass();
    await center.endTone();
    await center.pass(2 * RETRY_MS);
    expect(callbacks(center)).toMatchObject([{ outcome: { reason: 'busy' } }]);
    expect(center.center.waiting.list()).toEqual([]);
  });

  it.each([
    ['22:15', '23:00', 'resting'],
    ['{from}', '24:00', 'waiting'],
  ])('is made in the hours that the flow has asked for: from %s to %s', async (from, to, state) => {
    const flow = flowOf({
      answer: { do: 'answer', next: 'set' },
      set: { do: 'set', variables: { from: '22:00' }, next: 'queue' },
      queue: {
        ...{ do: 'enqueue', queue: 'support', callback: '{caller}' },
        callbackHours: { from, to, timeZone: 'UTC' },
      },
    });
    const center = new SmallCenter({ flow });
    expect(new Date(center.clock.nowMs()).toISOString()).toContain('T22:13:20');
    await arrive(center);
    await endPlay(center);
    expect(center.center.waiting.list()).toMatchObject([{ kind: 'callback', state }]);
    await center.pass(100_000);
    expect(center.center.waiting.list()).toMatchObject([{ kind: 'callback', state: 'waiting' }]);
  });

  it('is not promised where the flow’s hours are no times', async () => {
    const flow = flowOf({
      answer: { do: 'answer', next: 'queue' },
      queue: {
        ...{ do: 'enqueue', queue: 'support', callback: '{caller}' },
        callbackHours: { from: '{caller}', to: '18:00', timeZone: 'UTC' },
      },
    });
    const center = new SmallCenter({ flow });
    await arrive(center);
    expect(center.center.waiting.list()).toMatchObject([{ kind: 'caller' }]);
  });
});
