/** The app dies before a caller has an answer: the telephone rings on, and it is the same call afterwards. */
import { ANN, BOB, flowOf } from '../support/small-center';
import { Lives } from '../support/lives';
import { DialogDouble } from '../support/dialog-double';
import type { InviteDouble } from '../support/port-doubles';

/** Puts through to a phone, and to the queue when that fails. */
const ANSWER_AND_DIAL = {
  answer: { do: 'answer', next: 'try' },
  try: { do: 'dial', number: '1003', otherwise: 'queue' },
  queue: { do: 'enqueue', queue: 'support' },
};

const toBob = { to: { number: '1002' } };

it('the agent whose extension was called rings again as soon as the browser is back, and both talk', async () => {
  const lives = await Lives.begin();
  const invite = await lives.arrive('customer', toBob);
  const { callId } = lives.callOf(BOB) ?? {};
  expect(lives.callOf(BOB)?.state).toBe('ringing');
  lives.die();
  lives.clock.advance(1_000);
  await lives.live();
  await lives.pass(2_000);
  expect([invite.final, lives.callOf(BOB)]).toEqual(['none', undefined]);
  lives.center.stationChanged(BOB);
  await lives.pass(1_000);
  expect(lives.callOf(BOB)).toMatchObject({ callId, state: 'ringing', number: 'customer' });
  await lives.answer();
  expect([invite.final, lives.callOf(BOB)?.state]).toEqual(['answered', 'connected']);
  expect(lives.media.bridged.size).toBe(2);
  invite.leave();
  await lives.pass();
  expect(lives.saved.size).toBe(1);
  const { segments, outcome } = lives.historyOf('customer');
  expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
  expect(segments.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['ringing', 'app-restarted'],
    ['ringing', undefined],
    ['talk', undefined],
  ]);
  lives.expectNothingLeft();
});

it('an agent whose browser does not come back counts as not reached', async () => {
  const lives = await Lives.begin();
  const invite = await lives.arrive('customer', toBob);
  lives.die();
  await lives.live();
  await lives.pass(11_000);
  expect([invite.final, invite.status]).toEqual(['refused', 480]);
  expect(lives.historyOf('customer').outcome).toEqual({ result: 'failed', reason: 'unavailable', party: 'called' });
  lives.expectNothingLeft();
});

it('a caller who gives up while the app is away, or afterwards, has given up', async () => {
  for (const isAway of [true, false]) {
    const lives = await Lives.begin();
    const invite = await lives.arrive('customer', toBob);
    lives.die();
    if (isAway) invite.leave();
    await lives.live();
    await lives.pass(1_000);
    if (!isAway) invite.leave();
    await lives.pass();
    expect(lives.historyOf('customer').outcome).toEqual({ result: 'abandoned', reason: 'cancelled', party: 'caller' });
    expect(lives.stateOf(BOB)).toBe('not-ready');
    lives.expectNothingLeft();
  }
});

it('a caller whose sound is gone is refused, so that the exchange may try again', async () => {
  const lives = await Lives.begin();
  const invite = await lives.arrive('customer', toBob);
  lives.die();
  for (const endpointId of [...lives.media.endpoints.keys()]) void lives.media.closeEndpoint(endpointId);
  await lives.pass();
  await lives.dieAndLive();
  expect([invite.final, invite.status]).toEqual(['refused', 503]);
  expect(lives.historyOf('customer').outcome).toEqual({ result: 'failed', reason: 'app-interrupted', party: 'system' });
  lives.expectNothingLeft();
});

const dialFirst = flowOf({
  answer: { do: 'dial', number: '1003', otherwise: 'accept' },
  accept: { do: 'answer', next: 'queue' },
  queue: { do: 'enqueue', queue: 'support' },
});

it('a flow goes on before its answer: whom it dialled counts as not reached, and then it answers', async () => {
  const lives = await Lives.begin({ flow: dialFirst, phone: '1003' });
  await lives.ready(ANN);
  const invite = await lives.arrive('customer');
  expect(lives.signaling.outgoing).toMatchObject([{ state: 'ringing' }]);
  await lives.dieAndLive();
  expect(invite.final).toBe('answered');
  expect(lives.historyOf('customer').data).toMatchObject({ 'dial-result': 'unavailable' });
  expect(lives.callOf(ANN)).toMatchObject({ state: 'ringing', number: 'customer' });
  await lives.answer();
  expect(lives.callOf(ANN)?.state).toBe('connected');
  invite.leave();
  await lives.pass(120_000);
  expect(lives.saved.size).toBe(1);
  lives.expectNothingLeft();
});

it('a flow that dials after its answer goes on as well, and the caller hears its music no more', async () => {
  const lives = await Lives.begin({ flow: flowOf(ANSWER_AND_DIAL), phone: '1003' });
  const invite = await lives.arrive('customer');
  const [music] = lives.media.plays.keys();
  expect([lives.musicFor, lives.signaling.outgoing.length]).toEqual([1, 1]);
  await lives.dieAndLive();
  expect(lives.historyOf('customer').segments.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['flow', 'try'],
    ['ringing', 'app-restarted'],
    ['flow', 'queue'],
    ['queue', undefined],
  ]);
  expect(lives.musicFor).toBe(1);
  expect([...lives.media.plays.keys()]).not.toContain(music);
  invite.leave();
  await lives.pass();
  lives.expectNothingLeft();
});

describe('a caller who is about to be answered, which is written down first', () => {
  /** Calls the flow, which answers at once, while the store is slow. */
  const waitForStore = async (lives: Lives): Promise<InviteDouble> => {
    const invite = lives.signaling.arrive('customer');
    invite.ahead = new DialogDouble('customer').record;
    lives.isStoreSlow = true;
    await lives.pass(500);
    return invite;
  };

  it('is answered by the next app, and it is the same call', async () => {
    const lives = await Lives.begin();
    const invite = await waitForStore(lives);
    expect(invite.final).toBe('none');
    lives.die();
    lives.isStoreSlow = false;
    await lives.live();
    await lives.pass(1_000);
    expect(invite.final).toBe('answered');
    expect(lives.saved.size).toBe(1);
    expect(lives.historyOf('customer').segments.map(({ kind }) => kind)).toEqual(['flow', 'queue']);
    invite.leave();
    await lives.pass();
    lives.expectNothingLeft();
  });

  it('is answered after three seconds without the store', async () => {
    const lives = await Lives.begin();
    const invite = await waitForStore(lives);
    expect(invite.final).toBe('none');
    await lives.pass(3_000);
    expect(invite.final).toBe('answered');
  });

  it('is written down once more by the next app, before that answers', async () => {
    const lives = await Lives.begin();
    const invite = await waitForStore(lives);
    lives.die();
    await lives.live();
    await lives.pass(1_000);
    expect([invite.final, invite.rung]).toEqual(['none', { status: 180, sdp: undefined }]);
    lives.isStoreSlow = false;
    await lives.dieAndLive();
    expect(invite.final).toBe('answered');
  });
});

describe.each([
  ['an agent', '1002', 'talking'],
  ['a phone', '1003', 'forwarded'],
] as const)('a caller for whom %s has answered', (_who, number, phase) => {
  let lives: Lives;
  let invite: InviteDouble;

  beforeEach(async () => {
    lives = await Lives.begin({ phone: '1003' });
    invite = await lives.arrive('customer', { to: { number } });
    invite.ahead = new DialogDouble('customer').record;
    invite.ring();
  });

  const bothTalk = async (): Promise<void> => {
    expect(invite.final).toBe('answered');
    expect([lives.media.hearing.length, lives.signaling.outgoing.length]).toEqual([2, 1]);
    expect(lives.record().phase.kind).toBe(phase);
    expect(lives.callOf(BOB)?.state).toBe(phase === 'talking' ? 'connected' : undefined);
    expect(lives.historyOf('customer').answeredAtMs).toBeDefined();
    invite.leave();
    await lives.pass(120_000);
    expect(lives.saved.size).toBe(1);
    const { segments, outcome } = lives.historyOf('customer');
    expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(segments.map(({ kind }) => kind)).toEqual(['ringing', 'talk']);
    lives.expectNothingLeft();
  };

  it('is answered by the next app when this one has died before, and both talk', async () => {
    lives.isStoreSlow = true;
    await lives.answer();
    expect(invite.final).toBe('none');
    lives.isStoreSlow = false;
    await lives.dieAndLive();
    await bothTalk();
  });

  it('talks when the app has died just after its answer went out', async () => {
    invite.confirmed = new Promise(() => undefined);
    await lives.answer();
    expect([invite.final, lives.media.hearing]).toEqual(['answered', []]);
    await lives.dieAndLive();
    await bothTalk();
  });

  it('has given up before the next app could answer', async () => {
    lives.isStoreSlow = true;
    await lives.answer();
    lives.die();
    invite.leave();
    lives.isStoreSlow = false;
    await lives.dieAndLive();
    expect(lives.historyOf('customer').outcome).toEqual({ result: 'abandoned', reason: 'cancelled', party: 'caller' });
    await lives.pass(120_000);
    lives.expectNothingLeft();
  });
});

it('a caller whom a flow puts through to a phone hears nobody before that is written down', async () => {
  const lives = await Lives.begin({ flow: flowOf(ANSWER_AND_DIAL), phone: '1003' });
  const invite = await lives.arrive('customer');
  lives.isStoreSlow = true;
  await lives.answer();
  expect([lives.record().phase.kind, lives.media.hearing]).toEqual(['forwarded', []]);
  lives.isStoreSlow = false;
  await lives.dieAndLive();
  expect(lives.media.hearing).toHaveLength(2);
  invite.leave();
  await lives.pass();
  lives.expectNothingLeft();
});
