/** Transfers and consultations: who hears whom, who is free, what is written down, and that nobody is left hanging. */
import { createCallPermission } from '../../../calls/call-permission';
import { ANN, BOB, EVE, SALES, SmallCenter, SUPPORT } from './support/small-center';

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const kinds = (): string[] =>
  center.history.segments.map(({ kind, agentId }) => [kind, agentId].filter(Boolean).join(' '));
const OUTSIDE = { kind: 'number', number: '+49 30 77' } as const;

describe('a blind transfer', () => {
  it('to an agent: the customer hears music, then that agent; the first agent is in wrap-up', async () => {
    const customer = await center.talkWithAnn();
    expect(await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } })).toMatchObject({
      ok: true,
    });
    expect(center.joined).toEqual([]);
    expect(center.entertained).toEqual(['customer']);
    expect(center.stateOf(ANN)).toBe('wrap-up');
    expect(center.callOf(ANN)?.state).toBe('wrap-up');
    expect(center.callOf(BOB)).toMatchObject({ state: 'ringing', number: 'customer', consulted: false });
    await center.answer();
    expect(center.joined).toEqual(['bob + customer']);
    expect(center.callOf(BOB)?.state).toBe('connected');
    await center.center.desks.perform(ANN, {
      command: 'wrap-up-done',
      callId: center.callOf(ANN)!.callId,
      note: 'asks for a loan',
    });
    customer.leave();
    await center.pass();
    expect(center.stateOf(BOB)).toBe('wrap-up');
    await center.center.desks.perform(BOB, {
      command: 'wrap-up-done',
      callId: center.callOf(BOB)!.callId,
      note: 'sold',
    });
    await center.pass();
    expect(kinds()).toEqual([
      'flow',
      'queue',
      'ringing ann',
      'talk ann',
      'ringing bob',
      'wrap-up ann',
      'talk bob',
      'wrap-up bob',
    ]);
    expect(center.history).toMatchObject({
      agentId: 'bob',
      wrapUp: { note: 'sold', agentId: 'bob' },
      earlierWrapUps: [{ note: 'asks for a loan', agentId: 'ann' }],
      transfers: [{ kind: 'blind', byAgentId: 'ann', to: { kind: 'agent', id: 'bob' }, result: 'completed' }],
      outcome: { result: 'answered', party: 'caller' },
    });
    expect(center.history.recordings).toHaveLength(1);
    center.expectNothingLeft();
  });

  it('stays in the history of the agent who made it, who hears of every change', async () => {
    const told: (readonly string[])[] = [];
    center.center.desks.onEvent((event) => void (event.type === 'interaction' && told.push(event.agentIds)));
    const customer = await center.talkWithAnn();
    await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } });
    await center.answer();
    told.length = 0;
    customer.leave();
    await center.pass();
    expect(told).not.toEqual([]);
    for (const agentIds of told) expect(agentIds).toEqual(expect.arrayContaining([ANN, BOB]));
  });

  it('that nobody answers comes back to the agent who made it', async () => {
    await center.talkWithAnn();
    await center.ready(BOB);
    await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } });
    center.newest.refuse('no_answer');
    await center.pass();
    expect(center.stateOf(BOB)).toBe('not-ready: no-answer');
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', consultFailure: 'no-answer' });
    await center.answer();
    expect(center.joined).toEqual(['ann + customer']);
    expect(center.history.transfers).toMatchObject([{ result: 'returned' }]);
  });

  it('that comes back to nobody goes to the queue', async () => {
    await center.talkWithAnn();
    await center.pass(10_000);
    await center.act(ANN, { command: 'transfer', target: OUTSIDE });
    center.telephone(ANN, false);
    center.newest.refuse('busy');
    await center.pass();
    const [support] = center.center.desks.snapshot(undefined).queues;
    expect(center.clock.nowMs() - (support?.oldestWaitingSinceMs ?? 0)).toBeGreaterThan(10_000);
    await center.ready(EVE);
    await center.pass();
    await center.answer();
    expect(center.joined).toEqual(['customer + eve']);
    expect(kinds().filter((kind) => kind.startsWith('queue'))).toHaveLength(2);
  });

  it('to a number outside joins both without an agent, and ends with either', async () => {
    const customer = await center.talkWithAnn();
    await center.act(ANN, { command: 'transfer', target: OUTSIDE });
    expect(center.newest.request).toMatchObject({ target: { kind: 'number', number: '+493077' } });
    const outside = await center.answer();
    expect(center.joined).toEqual(['+493077 + customer']);
    outside.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(customer.dialog?.ended).toBeDefined();
    expect(center.history.outcome).toMatchObject({ result: 'answered', reason: 'hung-up', party: 'carrier' });
    center.expectNothingLeft();
  });

  it('to a queue keeps the place of the first arrival', async () => {
    await center.talkWithAnn();
    await center.pass(5000);
    await center.act(ANN, { command: 'transfer', target: { kind: 'queue', queueId: SALES } });
    const [, sales] = center.center.desks.snapshot(undefined).queues;
    expect(sales).toMatchObject({ waiting: 1 });
    expect(center.clock.nowMs() - (sales?.oldestWaitingSinceMs ?? 0)).toBeGreaterThan(5000);
    expect(center.stateOf(ANN)).toBe('wrap-up');
    await center.ready(EVE);
    await center.pass();
    await center.answer();
    expect(center.joined).toEqual(['customer + eve']);
    expect(center.callOf(EVE)?.queueId).toBe(SALES);
  });

  it('to a number of ours walks its flow anew', async () => {
    await center.talkWithAnn();
    await center.act(ANN, { command: 'transfer', target: { kind: 'number', number: '4000' } });
    expect(center.history.segments.findLast(({ kind }) => kind === 'queue')).toMatchObject({ queueId: SUPPORT });
    expect(center.history.transfers).toMatchObject([{ to: { kind: 'flow', id: '4000' }, result: 'completed' }]);
  });

  it('to an extension is one to its agent', async () => {
    await center.talkWithAnn();
    await center.act(ANN, { command: 'transfer', target: { kind: 'number', number: '1002' } });
    expect(center.callOf(BOB)?.state).toBe('ringing');
  });

  it('to a desk phone, or to an extension of the exchange behind a trunk, shows them the customer', async () => {
    await center.talkWithAnn();
    await center.act(ANN, { command: 'consult', target: { kind: 'number', number: '3001' } });
    expect(center.newest.request).toMatchObject({
      target: { kind: 'trunk', trunkId: 'pbx', number: '71' },
      from: { number: '1001' },
      headers: { 'X-From': 'center' },
    });
    await center.act(ANN, { command: 'cancel-consult' });
    await center.act(ANN, { command: 'transfer', target: { kind: 'number', number: '2001' } });
    expect(center.newest.request).toMatchObject({
      target: { kind: 'phone', userName: '2001' },
      from: { number: 'customer' },
    });
    await center.answer();
    expect(center.joined).toEqual(['2001 + customer']);
  });

  it.each([
    ['nobody of that name', { kind: 'queue', queueId: 'nowhere' }, 'not_found'],
    ['oneself', { kind: 'agent', agentId: ANN }, 'bad_input'],
    ['no number', { kind: 'number', number: 'hello' }, 'bad_input'],
  ])('to %s is refused, and the conversation goes on', async (_name, target, code) => {
    await center.talkWithAnn();
    const refused = await center.act(ANN, { command: 'transfer', target: target as never });
    expect(refused).toMatchObject({ ok: false, fault: { code } });
    expect(center.joined).toEqual(['ann + customer']);
  });

  it.each([
    ['outside', OUTSIDE],
    ['at the exchange behind a trunk', { kind: 'number', number: '3001' }],
  ] as const)('to a number %s that the agent may not call is refused', async (_where, target) => {
    const permission = createCallPermission(() => [
      { _id: 'nothing', kind: 'destination-list', mode: 'block', patterns: ['.'] },
    ]);
    center = new SmallCenter({ permission });
    await center.talkWithAnn();
    for (const command of ['transfer', 'consult'] as const) {
      expect(await center.act(ANN, { command, target })).toMatchObject({ ok: false, fault: { code: 'forbidden' } });
    }
    expect(center.joined).toEqual(['ann + customer']);
  });

  it('to an agent whose telephone is gone is refused', async () => {
    await center.talkWithAnn();
    center.telephone(BOB, false);
    expect(await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } })).toMatchObject({
      fault: { code: 'unavailable' },
    });
  });

  it('from which the customer hangs up leaves nobody ringing, and no wrap-up where nobody talked', async () => {
    const customer = await center.talkWithAnn();
    await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } });
    customer.leave();
    await center.pass();
    expect(center.stateOf(BOB)).toBe('not-ready: signed-in');
    expect(center.callOf(BOB)).toBeUndefined();
    center.expectNothingLeft();
  });
});

describe('a consultation', () => {
  const consult = async (target: Parameters<SmallCenter['act']>[1] & { command: 'consult' }): Promise<void> => {
    await center.talkWithAnn();
    expect(await center.act(ANN, target)).toMatchObject({ ok: true });
  };
  const bob = { command: 'consult', target: { kind: 'agent', agentId: BOB } } as const;

  it('goes to and fro, and ends with the agent back at the customer', async () => {
    await consult(bob);
    expect(center.entertained).toEqual(['customer']);
    expect(center.callOf(ANN)).toMatchObject({ state: 'consulting', consult: { state: 'ringing', name: 'bob' } });
    expect(center.callOf(BOB)).toMatchObject({ state: 'ringing', consulted: true, number: '1001' });
    await center.answer();
    expect(center.joined).toEqual(['ann + bob']);
    await center.act(ANN, { command: 'toggle-consult' });
    expect(center.joined).toEqual(['ann + customer']);
    expect(center.entertained).toEqual(['bob']);
    expect(center.callOf(BOB)?.state).toBe('held');
    await center.act(ANN, { command: 'toggle-consult' });
    expect(center.joined).toEqual(['ann + bob']);
    await center.act(ANN, { command: 'cancel-consult' });
    expect(center.joined).toEqual(['ann + customer']);
    expect(center.stateOf(BOB)).toBe('not-ready: signed-in');
    expect(center.callOf(BOB)).toBeUndefined();
    expect(kinds().slice(3)).toEqual(['talk ann', 'consult ann', 'talk ann', 'consult ann', 'talk ann']);
    expect(center.history.transfers).toBeUndefined();
  });

  it('completed gives the customer to whom was consulted', async () => {
    await consult(bob);
    await center.answer();
    expect(await center.act(ANN, { command: 'complete-transfer' })).toMatchObject({ ok: true });
    expect(center.joined).toEqual(['bob + customer']);
    expect([center.stateOf(ANN), center.stateOf(BOB)]).toEqual(['wrap-up', 'busy']);
    expect(center.callOf(BOB)).toMatchObject({ state: 'connected', number: 'customer', consulted: false });
    await center.act(BOB, { command: 'hang-up' });
    expect(center.stateOf(BOB)).toBe('wrap-up');
    center.expectNothingLeft();
  });

  it('completed while it rings goes on ringing for the customer', async () => {
    await consult(bob);
    await center.act(ANN, { command: 'complete-transfer' });
    expect(center.stateOf(ANN)).toBe('wrap-up');
    expect(center.callOf(BOB)).toMatchObject({ state: 'ringing', consulted: false, number: 'customer' });
    await center.answer();
    expect(center.joined).toEqual(['bob + customer']);
    expect(center.history.transfers).toMatchObject([{ kind: 'attended', result: 'completed' }]);
  });

  it('with a queue waits for its agent; completed meanwhile, the customer waits there', async () => {
    await consult({ command: 'consult', target: { kind: 'queue', queueId: SALES } });
    expect(center.callOf(ANN)).toMatchObject({ consult: { state: 'waiting', kind: 'queue' } });
    await center.act(ANN, { command: 'complete-transfer' });
    expect(center.history.segments.findLast(({ kind }) => kind === 'queue')).toMatchObject({ queueId: SALES });
    expect(center.stateOf(ANN)).toBe('wrap-up');
    const [, sales] = center.center.desks.snapshot(undefined).queues;
    expect(sales).toMatchObject({ waiting: 1 });
  });

  it('with a queue reaches its agent, who has the customer afterwards as of that queue', async () => {
    await consult({ command: 'consult', target: { kind: 'queue', queueId: SALES } });
    await center.ready(EVE);
    await center.pass();
    expect(center.callOf(EVE)).toMatchObject({ state: 'ringing', consulted: true });
    await center.answer();
    expect(center.joined).toEqual(['ann + eve']);
    await center.act(ANN, { command: 'complete-transfer' });
    expect(center.joined).toEqual(['customer + eve']);
    expect(center.history.queueId).toBe(SALES);
  });

  it('that is refused leaves the customer on hold and tells why', async () => {
    await consult(bob);
    center.newest.refuse('declined');
    await center.pass();
    expect(center.callOf(ANN)).toMatchObject({ state: 'held', consultFailure: 'declined' });
    expect(center.entertained).toEqual(['ann', 'customer']);
    await center.endTone();
    expect(center.entertained).toEqual(['customer']);
    await center.act(ANN, { command: 'resume' });
    expect(center.joined).toEqual(['ann + customer']);
  });

  it('ends for everybody when the customer hangs up', async () => {
    const customer = await (async () => {
      const invite = await center.talkWithAnn();
      await center.act(ANN, bob);
      await center.answer();
      return invite;
    })();
    customer.leave();
    await center.pass();
    expect(center.stateOf(BOB)).toBe('not-ready: signed-in');
    center.expectNothingLeft();
  });

  it("becomes a transfer when the agent's own browser hangs up or is gone", async () => {
    await consult(bob);
    await center.answer();
    const annsLeg = center.signaling.outgoing[0];
    annsLeg?.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(center.joined).toEqual(['bob + customer']);
    expect(center.history.transfers).toMatchObject([{ kind: 'attended', byAgentId: 'ann', result: 'completed' }]);
  });

  it('is ended by whom was consulted: they may leave, decline and mute, and nothing else', async () => {
    await consult(bob);
    await center.answer();
    expect(await center.act(BOB, { command: 'hold' })).toMatchObject({ fault: { code: 'conflict' } });
    expect(await center.act(BOB, { command: 'mute' })).toMatchObject({ ok: true });
    expect(center.callOf(BOB)?.muted).toBe(true);
    await center.act(BOB, { command: 'hang-up' });
    expect(center.callOf(ANN)).toMatchObject({ state: 'held', consultFailure: 'hung-up' });
  });
});

describe("a hold by the customer's side", () => {
  it('is shown and written down with whose it is, also beside the agent’s own', async () => {
    const customer = await center.talkWithAnn();
    const offer = async (direction: string): Promise<void> => {
      void customer.dialog?.reoffer(`a=${direction}`);
      await center.pass();
    };
    await offer('sendonly');
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', customerHolds: true });
    await center.act(ANN, { command: 'hold' });
    await offer('sendrecv');
    await offer('inactive');
    await offer('sendrecv');
    await center.act(ANN, { command: 'resume' });
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', customerHolds: false });
    const conversation = center.history.segments
      .slice(3)
      .map(({ kind, detail }) => [kind, detail].filter(Boolean).join(' '));
    expect(conversation).toEqual([
      'talk',
      'hold by-customer',
      'hold by-both',
      'hold by-agent',
      'hold by-both',
      'hold by-agent',
      'talk',
    ]);
  });
});

describe('a REFER', () => {
  it("of the customer's side brings the number that it names in its place, and says how it went", async () => {
    const customer = await center.talkWithAnn();
    const told = customer.dialog?.asksFor('+493088');
    await center.pass();
    expect(center.joined).toEqual(['ann + customer']);
    await center.answer();
    expect(center.joined).toEqual(['+493088 + ann']);
    expect(told).toEqual([200]);
    expect(customer.dialog?.ended).toEqual({ by: 'local' });
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', number: '+493088' });
    await center.act(ANN, { command: 'hang-up' });
    expect(center.history.transfers).toMatchObject([{ kind: 'blind', to: { id: '+493088' }, result: 'completed' }]);
    center.expectNothingLeft();
  });

  it('whose sender hangs up meanwhile goes on, and ends the call when nobody answers', async () => {
    const customer = await center.talkWithAnn();
    customer.dialog?.asksFor('+493088');
    await center.pass();
    customer.leave();
    await center.pass();
    expect(center.callOf(ANN)?.state).toBe('connected');
    center.newest.refuse('no_answer');
    await center.pass();
    expect(center.history.outcome).toMatchObject({ reason: 'hung-up', party: 'caller' });
    center.expectNothingLeft();
  });

  it('that fails changes nothing', async () => {
    const customer = await center.talkWithAnn();
    const told = customer.dialog?.asksFor('+493088');
    await center.pass();
    center.newest.refuse('busy');
    await center.pass();
    expect(told).toEqual([480]);
    expect(center.joined).toEqual(['ann + customer']);
  });

  it('of a trunk that may not is refused, and so is one that would put the agent into a flow', async () => {
    const customer = await center.talkWithAnn();
    const toFlow = customer.dialog?.asksFor('4000');
    await center.pass();
    center.referAllowed = false;
    const forbidden = customer.dialog?.asksFor('+493088');
    await center.pass();
    expect([toFlow, forbidden]).toEqual([[404], [603]]);
  });

  it("of the agent's own telephone is a blind transfer", async () => {
    await center.talkWithAnn();
    const told = center.newest.dialog?.asksFor('1002');
    await center.pass();
    expect(told).toEqual([200]);
    expect(center.stateOf(ANN)).toBe('wrap-up');
    await center.answer();
    expect(center.joined).toEqual(['bob + customer']);
  });
});
