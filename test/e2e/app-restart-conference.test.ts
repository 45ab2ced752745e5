/** The app is killed while people are in a conference room, by telephones alone; who hears whom is told by the sound. */
import type { ConferenceView } from '../../api/contract/conferences';
import type { TestCall } from '../../infra/caller/test-call';
import { callWithTone, lastHeard, untilAnswered } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import { Product } from '../support/product';
import { LEAST_SHARE, killApp, nothingIsLeft, shareHeardDuring } from '../support/restarted-app';
import { hearsTone } from '../support/spectrum';
import { until } from '../support/wait';
import { untilHears, voiceLevelDbfs } from '../support/who-hears';

const PINS = { moderatorPin: '1111', participantPin: '2222', listenerPin: '3333' };
const VOICES = { moderator: 440, participant: 1000, listener: 1700 };
/** A voice that is in a recording for a part of its time is louder. */
const RECORDED_DBFS = -50;
const PATIENCE_MS = 20_000;

type Voice = keyof typeof VOICES;

let product: Product;

beforeAll(async () => {
  product = await Product.start();
  const settings = { name: 'Board', numbers: ['4500'], ...PINS, tones: false, language: 'en' };
  await product.admin('PUT', '/conference-rooms/board', settings);
}, 180_000);

afterAll(() => product?.stop(), 60_000);

const room = (): Promise<ConferenceView> => product.admin('GET', '/conferences/board');

const untilRoom = (what: string, is: (view: ConferenceView) => boolean): Promise<unknown> =>
  until(what, async () => is(await room()), PATIENCE_MS);

const dial = async (from: string, toneHz: number): Promise<TestCall> => {
  const call = await callWithTone({ number: '4500', from, toneHz, port: product.ports.sip });
  await untilAnswered(call);
  return call;
};

const enter = async (as: Voice): Promise<{ call: TestCall; from: string }> => {
  const from = `+49308900${VOICES[as]}`;
  const call = await dial(from, VOICES[as]);
  await call.press(`${PINS[`${as}Pin`]}#`);
  await untilRoom(`the ${as} to be in the conference`, ({ members }) => members.some(({ number }) => number === from));
  return { call, from };
};

const hears = (call: TestCall, ...heard: Voice[]): Promise<void> =>
  untilHears((lastMs) => lastHeard(call, lastMs), VOICES, heard);

it('[CNF-01] [HA-04] an app that is killed during a conference: all stay, muted or not, hear each other all the time, and are recorded on', async () => {
  const moderator = await enter('moderator');
  const participant = await enter('participant');
  const listener = await enter('listener');
  await moderator.call.press('*3');
  await untilRoom('the recording', ({ recording }) => recording);
  await hears(listener.call, 'moderator', 'participant');
  await participant.call.press('*6');
  await untilRoom('a silent participant', ({ members }) => members.some(({ voice }) => voice === 'self-muted'));
  await moderator.call.press('*1');
  await untilRoom('the lock', ({ locked }) => locked);
  const scene = async (): Promise<void> => {
    await hears(listener.call, 'moderator');
    await hears(participant.call, 'moderator');
    await hears(moderator.call);
  };
  await scene();
  const before = await room();

  const hearsModerator = (samples: Float64Array): boolean => hearsTone(samples, VOICES.moderator);
  const share = await shareHeardDuring(listener.call, hearsModerator, () => killApp(product, []));
  expect(share).toBeGreaterThan(LEAST_SHARE);
  await scene();
  const { members, ...rest } = await room();
  const { members: were, ...was } = before;
  expect(rest).toEqual(was);
  expect(new Map(members.map((one) => [one.number, one]))).toEqual(new Map(were.map((one) => [one.number, one])));

  await participant.call.press('*6');
  await hears(listener.call, 'moderator', 'participant');
  const late = await dial('+493089001', 2600);
  await late.press('2222#');
  expect(await late.ended).toMatchObject({ by: 'far-end' });
  await moderator.call.press('*#');
  await Promise.all([moderator, participant, listener].map(({ call }) => call.ended));

  for (const { from } of [moderator, participant, listener]) {
    const { conferences, recordings } = await product.interactionFrom(from);
    expect(conferences).toMatchObject([{ roomId: 'board', leftAtMs: expect.any(Number), others: [{}, {}] }]);
    expect(recordings).toHaveLength(1);
  }
  const { id } = await product.interactionFrom(moderator.from);
  const file = await product.get(`/api/v1/interactions/${id}/recordings/1`);
  const { channels } = readG711Wav(Buffer.from(await file.arrayBuffer()));
  for (const voice of ['moderator', 'participant'] as const)
    expect(voiceLevelDbfs(channels[0] as Float64Array, VOICES[voice])).toBeGreaterThan(RECORDED_DBFS);
  await nothingIsLeft(product);
}, 180_000);
