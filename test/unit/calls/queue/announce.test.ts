/** What callers who wait are told: place and wait in words, again and again, breaking off nothing. */
import type { PlaySource } from '../../../../media/ports';
import { promiseOf, sayPosition, sayWait, spokenRange } from '../../../../calls/waiting-words';
import type { WaitAnnouncement } from '../../../../store/waiting-terms';
import { ok } from '../../../../base/result';
import { ANN, BOB, SmallCenter, SUPPORT, flowOf } from '../support/small-center';

const textOf = (source: PlaySource): string => ('text' in source ? source.text : source.kind);
const MINUTE = 60_000;

describe('a wait in words', () => {
  it.each([
    [{ fromMs: 0, toMs: 20_000 }, 'Your wait will be less than one minute.', '预计等待不超过一分钟。'],
    [{ fromMs: 30_000, toMs: 170_000 }, 'Your wait will be less than three minutes.', '预计等待不超过三分钟。'],
    [{ fromMs: 130_000, toMs: 250_000 }, 'Your wait will be between two and five minutes.', '预计等待两到五分钟。'],
    [{ fromMs: 8 * MINUTE, toMs: 22 * MINUTE }, 'Your wait will be between five and twenty five minutes.', undefined],
    [{ fromMs: 70 * MINUTE, toMs: 90 * MINUTE }, 'Your wait will be more than one hour.', '预计等待超过一小时。'],
  ])('of %j', (wait, english, chinese) => {
    const range = spokenRange(wait);
    expect(textOf(sayWait('en', range))).toBe(english);
    if (chinese !== undefined) expect(textOf(sayWait('zh-CN', range))).toBe(chinese);
    const promise = promiseOf(range, { ...wait, likelyMs: wait.fromMs });
    expect(promise.fromMs).toBeLessThanOrEqual(wait.fromMs);
    expect(promise.toMs).toBeGreaterThanOrEqual(wait.toMs);
  });

  it('is no empty range, however short', () => {
    expect(spokenRange({ fromMs: 3 * MINUTE, toMs: 3 * MINUTE })).toEqual({ fromMinutes: 3, toMinutes: 4 });
  });
});

it('says a place in both languages, by recordings if all are there', () => {
  expect(textOf(sayPosition('en', 1))).toBe('You are next in the queue.');
  expect(textOf(sayPosition('zh-CN', 1))).toBe('您是下一位。');
  expect(sayPosition('en', 3)).toMatchObject({
    pieces: ['queue-position', 'n-3', 'queue-position-end'],
    text: 'You are number three in the queue.',
  });
  expect(textOf(sayPosition('zh-CN', 12))).toBe('您目前排在第十二位。');
});

const EVERY_MS = 30_000;

const waitingCenter = (tell: WaitAnnouncement['tell']): SmallCenter =>
  new SmallCenter({ waiting: { announce: { tell, everyMs: EVERY_MS } } });

const heard = (center: SmallCenter): string[] =>
  [...center.media.plays.values()].flatMap(({ sources }) =>
    sources.map((source) => ('name' in source ? source.name : textOf(source))),
  );

const endPlay = async (center: SmallCenter): Promise<void> => {
  for (const playId of [...center.media.plays.keys()]) center.media.endPlay(playId, 'finished');
  await center.pass();
};

const arrive = async (center: SmallCenter, name: string): Promise<void> => {
  center.signaling.arrive(name);
  await center.pass();
};

describe('a caller who waits in a queue that tells the place', () => {
  it('is told after the greeting and then again and again; the music goes on where it was', async () => {
    const center = waitingCenter('position');
    await arrive(center, 'customer');
    expect(heard(center)).toEqual(['please-wait']);
    await endPlay(center);
    expect(heard(center)).toEqual(['You are next in the queue.', '您是下一位。']);
    await endPlay(center);
    expect(heard(center)).toEqual(['default']);
    center.media.playPosition = ok({ positionMs: 12_345, durationMs: 60_000, paused: true });
    await center.pass(EVERY_MS);
    expect(heard(center)).toEqual(['You are next in the queue.', '您是下一位。']);
    await endPlay(center);
    expect([...center.media.plays.values()]).toMatchObject([{ loop: true, fromMs: 12_345 }]);
    expect(center.history.queueNotes).toMatchObject([
      { kind: 'told', queueId: SUPPORT, position: 1 },
      { kind: 'told', queueId: SUPPORT, position: 1 },
    ]);
  });

  it('is told in the own language alone, once that is known, and the place behind others', async () => {
    const flow = flowOf({
      answer: { do: 'answer', next: 'language' },
      language: { do: 'menu', prompts: [], choices: { 2: { next: 'queue', language: 'zh-CN' } }, otherwise: 'queue' },
      queue: { do: 'enqueue', queue: 'support' },
    });
    const chinese = new SmallCenter({ flow, waiting: { announce: { tell: 'position', everyMs: EVERY_MS } } });
    for (const name of ['first', 'second']) {
      await arrive(chinese, name);
      const endpointId = [...chinese.media.endpoints.keys()].at(-1)!;
      chinese.media.emit({ type: 'digit', endpointId, digit: '2', form: 'rfc4733', durationMs: 100 });
      await chinese.pass();
    }
    expect(heard(chinese)).toEqual(['您是下一位。', '您目前排在第二位。']);
  });

  it('is told nothing while an agent’s telephone rings, and talks at once when it is answered', async () => {
    const center = waitingCenter('position');
    await arrive(center, 'customer');
    await endPlay(center);
    expect(heard(center)).toHaveLength(2);
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)?.state).toBe('ringing');
    await center.answer();
    expect(center.joined).toEqual(['ann + customer']);
    expect(heard(center)).toEqual([]);
    await center.pass(2 * EVERY_MS);
    expect(heard(center)).toEqual([]);
    expect(center.history.queueNotes).toHaveLength(1);
  });

  it('goes on being told after an offer that failed, and in the queue where an agent’s browser has left the call', async () => {
    const center = waitingCenter('position');
    await arrive(center, 'customer');
    await endPlay(center);
    await endPlay(center);
    await center.ready(ANN);
    await center.pass(EVERY_MS - 5_000);
    expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
    await center.pass(20_000);
    expect(heard(center)).toHaveLength(2);
    await endPlay(center);
    await center.ready(BOB);
    await center.pass();
    await center.answer();
    const [agentLeg] = [...center.media.endpoints.values()].filter(({ kind }) => kind === 'webrtc');
    center.media.lose(agentLeg!.endpointId, 'ice-failed');
    await center.pass();
    expect(heard(center)).toEqual(['You are next in the queue.', '您是下一位。']);
  });

  it('leaves no timer behind', async () => {
    const center = waitingCenter('both');
    await arrive(center, 'customer');
    const closed = center.center.close('test');
    await center.pass();
    await closed;
    expect(center.clock.pendingTimers).toBe(0);
  });
});

it('tells the wait as a range, and keeps what was promised; nothing of it while nobody wants contacts', async () => {
  const center = waitingCenter('both');
  await center.ready(ANN, BOB);
  for (const name of ['one', 'two']) {
    await arrive(center, name);
    await center.answer();
  }
  await arrive(center, 'customer');
  await endPlay(center);
  const [position, wait] = heard(center);
  expect(position).toBe('You are next in the queue.');
  expect(wait).toMatch(/^Your wait will be (between|less than) [a-z ]+ minutes?\.$/);
  const note = center.historyOf('customer').queueNotes?.[0];
  expect(note).toMatchObject({ kind: 'told', position: 1, wait: { likelyMs: expect.any(Number) } });
});
