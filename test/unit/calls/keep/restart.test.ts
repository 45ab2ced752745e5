/** The app dies and comes back; what becomes of its calls. */
import { asId } from '../../../../base/ids';
import type { UserId } from '../../../../base/ids';
import type { DeskEvent } from '../../../../calls/ports';
import { ANN, BOB, flowOf } from '../support/small-center';
import { Lives } from '../support/lives';
import { StationsDouble } from '../support/stations-double';

it('a conversation goes on: joined and recorded as it was, and either side ends it', async () => {
  for (const side of ['caller', 'agent'] as const) {
    const lives = await Lives.begin();
    const invite = await lives.talkWithAnn();
    const { callId } = lives.callOf(ANN) ?? {};
    const before = { bridged: [...lives.media.bridged], recordings: [...lives.media.recordings.keys()] };
    await lives.dieAndLive();
    expect(lives.callOf(ANN)).toMatchObject({ callId, state: 'connected', recording: true, number: 'customer' });
    expect(lives.stateOf(ANN)).toBe('busy');
    expect({ bridged: [...lives.media.bridged], recordings: [...lives.media.recordings.keys()] }).toEqual(before);
    if (side === 'caller') invite.leave();
    else await lives.act(ANN, { command: 'hang-up' });
    await lives.pass();
    const history = lives.historyOf('customer');
    expect(history.outcome).toEqual({ result: 'answered', reason: 'hung-up', party: side });
    expect(history.segments.map(({ kind }) => kind)).toEqual(['flow', 'queue', 'ringing', 'talk', 'wrap-up']);
    expect(history.recordings).toHaveLength(1);
    expect(lives.callOf(ANN)?.state).toBe('wrap-up');
    await lives.center.desks.perform(ANN, { command: 'wrap-up-done', callId: callId as never, note: 'done' });
    await lives.pass();
    expect(lives.historyOf('customer').wrapUp).toMatchObject({ note: 'done', agentId: ANN });
    lives.expectNothingLeft();
  }
});

it('an agent at a desk phone goes on there: the desk shows where, and directs the call', async () => {
  const stations = new StationsDouble();
  const phone = { kind: 'phone', extension: '2002' } as const;
  stations.chosen.set(ANN, phone);
  const lives = await Lives.begin({ stations, phone: '2002' });
  await lives.talkWithAnn();
  expect(lives.signaling.outgoing.at(-1)?.request.target).toEqual({ kind: 'phone', userName: '2002' });
  await lives.dieAndLive();
  expect(lives.callOf(ANN)).toMatchObject({ state: 'connected', station: phone });
  await lives.act(ANN, { command: 'hold' });
  await lives.act(ANN, { command: 'resume' });
  expect(lives.media.bridged.size).toBe(2);
  await lives.act(ANN, { command: 'hang-up' });
  const callId = lives.callOf(ANN)?.callId as never;
  await lives.center.desks.perform(ANN, { command: 'wrap-up-done', callId, note: '' });
  await lives.pass();
  lives.expectNothingLeft();
});

it('a call on hold goes on as such, and is resumed', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  await lives.act(ANN, { command: 'hold' });
  const music = [...lives.media.plays.keys()];
  await lives.dieAndLive();
  expect(lives.callOf(ANN)?.state).toBe('held');
  expect([...lives.media.plays.keys()]).toEqual(music);
  await lives.act(ANN, { command: 'resume' });
  expect(lives.callOf(ANN)?.state).toBe('connected');
  expect(lives.media.bridged.size).toBe(2);
  invite.leave();
  await lives.pass();
  expect(lives.historyOf('customer').segments.map(({ kind }) => kind)).toEqual([
    ...['flow', 'queue', 'ringing', 'talk', 'hold', 'talk', 'wrap-up'],
  ]);
});

it('callers in the queue keep music and place; the first of them is offered first', async () => {
  const lives = await Lives.begin();
  const first = await lives.arrive('first');
  for (const playId of [...lives.media.plays.keys()]) lives.media.endPlay(playId, 'finished');
  await lives.pass();
  const second = await lives.arrive('second');
  const plays = [...lives.media.plays.keys()];
  expect(plays).toHaveLength(2);
  await lives.dieAndLive();
  expect([...lives.media.plays.keys()]).toEqual(plays);
  // The announcement ends after the restart: music follows.
  for (const [playId, { loop }] of [...lives.media.plays]) if (loop !== true) lives.media.endPlay(playId, 'finished');
  await lives.pass();
  expect(lives.musicFor).toBe(2);
  await lives.ready(BOB);
  await lives.pass();
  expect(lives.callOf(BOB)).toMatchObject({ state: 'ringing', number: 'first' });
  await lives.answer();
  await lives.ready(ANN);
  await lives.pass();
  expect(lives.callOf(ANN)).toMatchObject({ state: 'ringing', number: 'second' });
  first.leave();
  second.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

it('an offer that rang is taken back: the agent stays ready, gets the call again, and the caller keeps the place', async () => {
  const lives = await Lives.begin();
  await lives.ready(ANN);
  const invite = await lives.arrive('customer');
  expect(lives.callOf(ANN)?.state).toBe('ringing');
  const { startedAtMs } = lives.historyOf('customer');
  await lives.dieAndLive();
  expect(lives.callOf(ANN)).toMatchObject({ state: 'ringing', startedAtMs });
  expect(lives.historyOf('customer').segments.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['flow', 'queue'],
    ['queue', undefined],
    ['ringing', 'app-restarted'],
    ['queue', undefined],
    ['ringing', undefined],
  ]);
  await lives.answer();
  expect(lives.callOf(ANN)?.state).toBe('connected');
  invite.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

it('who has hung up meanwhile has hung up: the call ends with whose doing it was', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  lives.die();
  invite.leave();
  await lives.dieAndLive();
  expect(lives.historyOf('customer').outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
  expect(lives.callOf(ANN)?.state).toBe('wrap-up');
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

it('a browser that is gone afterwards gives its customer back to the queue', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  lives.die();
  const [agent] = lives.signaling.outgoing;
  if (agent) agent.dialog = undefined;
  await lives.dieAndLive();
  expect(lives.stateOf(ANN)).toBe('not-ready');
  expect(lives.musicFor).toBe(1);
  await lives.ready(BOB);
  await lives.pass();
  expect(lives.callOf(BOB)).toMatchObject({ state: 'ringing', number: 'customer' });
  invite.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

describe('whom the app had let go before it was written down', () => {
  /** Lets the app begin with something, and ends it as soon as a party has been hung up. */
  const dieAfter = async (lives: Lives, begin: () => unknown): Promise<void> => {
    const open = lives.signaling.open.length;
    begin();
    for (let ms = 0; ms < 20 && lives.signaling.open.length === open; ms += 1) await lives.pass(1);
    expect(lives.signaling.open).toHaveLength(open - 1);
    lives.die();
  };

  it('is gone: the customer of an agent who cannot be heard any more waits in the queue', async () => {
    const lives = await Lives.begin();
    const invite = await lives.talkWithAnn();
    const { endpointId } = lives.record().agentLeg!;
    await dieAfter(lives, () => lives.media.emit({ type: 'endpoint-lost', endpointId, reason: 'ice-failed' }));
    expect(lives.record().phase.kind).toBe('talking');
    await lives.dieAndLive();
    expect([lives.callOf(ANN), lives.musicFor]).toEqual([undefined, 1]);
    await lives.ready(BOB);
    await lives.pass();
    expect(lives.callOf(BOB)).toMatchObject({ state: 'ringing', number: 'customer' });
    invite.leave();
    await lives.pass(120_000);
    lives.expectNothingLeft();
  });

  it('is gone: the agent who gives the customer to a number outside', async () => {
    const lives = await Lives.begin();
    const invite = await lives.talkWithAnn();
    await lives.act(ANN, { command: 'consult', target: { kind: 'number', number: '+4930777' } });
    await lives.answer();
    const { callId } = lives.callOf(ANN)!;
    const complete = { command: 'complete-transfer', callId } as const;
    await dieAfter(lives, () => void lives.center.desks.perform(ANN, complete));
    const { phase, customer, third } = lives.record();
    expect(phase.kind).toBe('consulting');
    await lives.dieAndLive();
    expect(lives.media.bridged.get(customer!.endpointId)).toBe(third?.outside?.endpointId);
    expect([lives.musicFor, lives.callOf(ANN)?.state]).toEqual([0, 'wrap-up']);
    expect(lives.record().phase.kind).toBe('forwarded');
    invite.leave();
    await lives.pass(120_000);
    expect(lives.historyOf('customer').transfers).toMatchObject([{ kind: 'attended', result: 'completed' }]);
    lives.expectNothingLeft();
  });

  it('is gone with the customer, who had hung up first: the agent writes about it', async () => {
    const lives = await Lives.begin();
    const invite = await lives.talkWithAnn();
    await dieAfter(lives, () => invite.leave());
    expect(lives.record().phase.kind).toBe('talking');
    lives.signaling.outgoing[0]?.dialog?.end({ by: 'local' });
    await lives.dieAndLive();
    expect(lives.historyOf('customer').outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(lives.callOf(ANN)?.state).toBe('wrap-up');
    await lives.pass(120_000);
    lives.expectNothingLeft();
  });
});

it('a customer whose sound or dialog is gone ends the call as interrupted, and nothing is left', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  lives.die();
  invite.dialog = undefined;
  await lives.dieAndLive();
  expect(lives.historyOf('customer').outcome).toEqual({ result: 'failed', reason: 'app-interrupted', party: 'system' });
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

it('a wrap-up goes on, and its note is kept', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  invite.leave();
  await lives.pass();
  const call = lives.callOf(ANN);
  expect(call?.state).toBe('wrap-up');
  await lives.dieAndLive();
  expect(lives.callOf(ANN)).toMatchObject({ callId: call?.callId, state: 'wrap-up' });
  await lives.center.desks.perform(ANN, { command: 'wrap-up-done', callId: call?.callId as never, note: 'late' });
  await lives.pass();
  expect(lives.historyOf('customer')).toMatchObject({
    outcome: { result: 'answered', reason: 'hung-up' },
    wrapUp: { note: 'late' },
  });
  lives.expectNothingLeft();
});

it('an agent who dialled, and two agents who talk with each other, go on', async () => {
  for (const number of ['+491234', '1002']) {
    const lives = await Lives.begin();
    await lives.center.desks.perform(ANN, { command: 'dial', number });
    await lives.pass();
    await lives.answer();
    await lives.answer();
    expect(lives.callOf(ANN)?.state).toBe('connected');
    await lives.dieAndLive(130_000);
    expect(lives.callOf(ANN)?.state).toBe('connected');
    expect(lives.stateOf(BOB)).toBe(number === '1002' ? 'busy' : 'not-ready');
    expect(lives.fraud.usage()).toMatchObject(number === '1002' ? [] : [{ account: 'agent:ann', concurrent: 1 }]);
    expect(lives.callOf(BOB)?.state).toBe(number === '1002' ? 'connected' : undefined);
    await lives.act(ANN, { command: 'hang-up' });
    await lives.pass(1_000);
    expect([...lives.saved.values()][0]?.outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'agent' });
    expect(lives.stateOf(BOB)).toBe('not-ready');
    // Charged from the answer on: over two minutes with the time that the app was away.
    expect(lives.fraud.usage()).toMatchObject(number === '1002' ? [] : [{ concurrent: 0, costToday: 3 }]);
    lives.expectNothingLeft();
  }
});

it('a consultation goes on, with whom it is with, and is completed', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  await lives.act(ANN, { command: 'consult', target: { kind: 'agent', agentId: BOB } });
  await lives.answer();
  const bridged = [...lives.media.bridged];
  await lives.dieAndLive();
  expect([lives.callOf(ANN)?.state, lives.callOf(BOB)?.state]).toEqual(['consulting', 'connected']);
  expect([lives.stateOf(ANN), lives.stateOf(BOB)]).toEqual(['busy', 'busy']);
  expect([...lives.media.bridged]).toEqual(bridged);
  expect(lives.musicFor).toBe(1);
  await lives.act(ANN, { command: 'toggle-consult' });
  await lives.dieAndLive();
  expect([lives.callOf(ANN)?.state, lives.callOf(BOB)?.state]).toEqual(['connected', 'held']);
  await lives.act(ANN, { command: 'toggle-consult' });
  await lives.act(ANN, { command: 'complete-transfer' });
  expect([lives.callOf(ANN)?.state, lives.callOf(BOB)?.state]).toEqual(['wrap-up', 'connected']);
  invite.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

it('whom an agent consulted is gone: the customer is on hold with music, and the desk says why', async () => {
  const lives = await Lives.begin();
  const invite = await lives.talkWithAnn();
  await lives.act(ANN, { command: 'consult', target: { kind: 'agent', agentId: BOB } });
  await lives.answer();
  expect(lives.callOf(ANN)?.state).toBe('consulting');
  lives.die();
  const [, consulted] = lives.signaling.outgoing;
  if (consulted) consulted.dialog = undefined;
  await lives.dieAndLive();
  expect(lives.callOf(ANN)?.state).toBe('held');
  expect(lives.callOf(BOB)).toBeUndefined();
  expect(lives.stateOf(BOB)).toBe('not-ready');
  expect(lives.musicFor).toBe(1);
  await lives.act(ANN, { command: 'resume' });
  expect(lives.media.hearing).toHaveLength(2);
  invite.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
});

const menu = flowOf({
  answer: { do: 'answer', next: 'welcome' },
  welcome: { do: 'play', prompts: [{ prompt: 'welcome', language: 'en' }], next: 'ask' },
  ask: {
    do: 'collect',
    prompts: [{ prompt: 'enter-number', language: 'en' }],
    variable: 'wish',
    next: 'queue',
    otherwise: 'end',
    max: 2,
    timeoutMs: 5_000,
    attempts: 1,
  },
  queue: { do: 'enqueue', queue: 'support' },
  end: { do: 'hang-up', reason: 'nothing was entered' },
});

it('a flow goes on at its step: the prompt that was heard, the keys so far, the time that is left', async () => {
  const lives = await Lives.begin({ flow: menu });
  const invite = await lives.arrive('customer');
  const endPlays = async (): Promise<void> => {
    for (const playId of [...lives.media.plays.keys()]) lives.media.endPlay(playId, 'finished');
    await lives.pass();
  };
  await lives.dieAndLive();
  await endPlays();
  expect([...lives.media.plays.values()][0]?.sources).toMatchObject([{ name: 'enter-number' }]);
  const [endpointId] = lives.media.endpoints.keys();
  const key = { type: 'digit', endpointId: endpointId as never, durationMs: 100, form: 'rfc4733' } as const;
  lives.media.emit({ ...key, digit: '4' });
  await lives.pass();
  await lives.dieAndLive();
  lives.media.emit({ ...key, digit: '2' });
  await lives.pass();
  expect(lives.historyOf('customer').data).toMatchObject({ wish: '42' });
  expect(lives.historyOf('customer').segments.at(-1)?.kind).toBe('queue');
  invite.leave();
  await lives.pass();
  lives.expectNothingLeft();
});

it('a flow that was made for the call goes on as well: what is said to who must leave the queue is said to its end', async () => {
  const lives = await Lives.begin();
  await lives.arrive('customer');
  const [contact] = lives.center.waiting.list();
  const by = { userId: asId<UserId>('sue'), displayName: 'Sue' };
  const removed = lives.center.waiting.direct(contact!.contactId, { do: 'remove' }, by);
  await lives.pass();
  expect((await removed).ok).toBe(true);
  await lives.dieAndLive();
  expect([...lives.media.plays.values()].map(({ sources }) => sources)).toMatchObject([
    [
      { name: 'no-agents', language: 'en' },
      { name: 'no-agents', language: 'zh-CN' },
    ],
  ]);
  for (const playId of [...lives.media.plays.keys()]) lives.media.endPlay(playId, 'finished');
  await lives.pass();
  const outcome = { result: 'answered', reason: 'queue-removed', party: 'system' };
  expect(lives.historyOf('customer').outcome).toEqual(outcome);
  lives.expectNothingLeft();
});

it('the time of a step that ran while the app was away is over at once', async () => {
  const lives = await Lives.begin({ flow: menu });
  await lives.arrive('customer');
  for (let play = 0; play < 2; play += 1) {
    for (const playId of [...lives.media.plays.keys()]) lives.media.endPlay(playId, 'finished');
    await lives.pass();
  }
  await lives.dieAndLive(6_000);
  expect(lives.historyOf('customer').outcome).toMatchObject({ reason: 'nothing was entered' });
  lives.expectNothingLeft();
});

it('is told at the desks', async () => {
  const lives = await Lives.begin();
  await lives.talkWithAnn();
  lives.die();
  await lives.live();
  const told: DeskEvent[] = [];
  lives.center.desks.onEvent((event) => told.push(event));
  await lives.pass();
  expect(told).toContainEqual(expect.objectContaining({ type: 'call', agentId: ANN }));
});

it('a contact that the ACD has lost waits anew with all that its flow has said of it', async () => {
  const flow = flowOf({
    answer: { do: 'answer', next: 'queue' },
    queue: { do: 'enqueue', queue: 'support', contact: { tier: '3', skills: { english: 3 } } },
  });
  const lives = await Lives.begin({ flow });
  const invite = await lives.arrive('+491711234');
  const { taken } = lives.journal;
  const arrival = [...taken.values()].find(({ event }) => event.type === 'contact-arrived');
  for (const n of [...taken.keys()]) if (n >= (arrival?.n ?? Infinity)) taken.delete(n);
  await lives.dieAndLive();
  const told = [...taken.values()].flatMap(({ event }) => (event.type === 'contact-arrived' ? [event] : []));
  expect(told).toMatchObject([
    { attributes: { caller: '+491711234', called: '4000', tier: 3, skills: { english: 3 } } },
  ]);
  // Nobody at the desks speaks English.
  await lives.ready(ANN);
  await lives.pass(1_000);
  expect(lives.callOf(ANN)).toBeUndefined();
  expect(lives.musicFor).toBe(1);
  invite.leave();
  await lives.pass();
  lives.expectNothingLeft();
});

it('a setting that the ACD refuses at the start is an error in the log, and who waits goes on waiting', async () => {
  const lives = await Lives.begin();
  await lives.arrive('customer');
  lives.tenant = 'acme';
  await lives.dieAndLive();
  expect(lives.complaints).toEqual(['the ACD does not go by a setting that is kept']);
  await lives.ready(ANN);
  await lives.pass();
  expect(lives.callOf(ANN)).toMatchObject({ state: 'ringing', number: 'customer' });
});
