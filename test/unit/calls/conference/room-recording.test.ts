/** The recording of a room: in whose history it is, and what becomes of it when its media process dies. */
import { SimulatedClock } from '../../../../base/clock';
import { asId } from '../../../../base/ids';
import type { RecordingId } from '../../../../base/ids';
import { fail } from '../../../../base/result';
import { plainRouting } from '../../../../calls/call-routing';
import { chooseRoomPolicy } from '../../../../calls/recording-policy';
import { parseFlow } from '../../../../flows/document';
import type { ConferenceRoom } from '../../../../store/conference-rooms';
import type { RecordingPolicy } from '../../../../store/recording-policies';
import { RoomCenter } from '../support/room-center';

it('goes on in a next part, which everybody who is there then has in the own history too', async () => {
  const center = new RoomCenter({ record: true });
  await center.comes('alice', 'moderator');
  const early = await center.comes('bob');
  const [first] = [...center.media.recordings.keys()];
  early.leave();
  await center.pass();
  center.media.emit({ type: 'recording-interrupted', recordingId: asId<RecordingId>(String(first)) });
  // Told twice, it goes on once.
  center.media.emit({ type: 'recording-interrupted', recordingId: asId<RecordingId>(String(first)) });
  await center.pass();
  expect([...center.media.recordings.values()]).toMatchObject([{ continues: first }]);
  expect(center.conference.recording).toBe(true);
  await center.comes('carol');
  const numbersOf = (from: string) => center.historyOf(from).recordings.map(({ n, path }) => [n, path]);
  const [one, two] = numbersOf('alice');
  expect(numbersOf('alice')).toHaveLength(2);
  expect(numbersOf('bob')).toEqual([one]);
  expect(numbersOf('carol')).toEqual([[1, two?.[1]]]);
  expect(center.direct({ do: 'end' }).ok).toBe(true);
  await center.pass();
  await center.allSaid();
  expect(center.historyOf('alice').recordings.map(({ durationMs }) => durationMs)).toEqual([1000, 1000]);
  center.expectNothingLeft();
});

it('that cannot go on is over, and may be begun anew', async () => {
  const center = new RoomCenter({ record: true });
  const alice = await center.comes('alice', 'moderator');
  const [first] = [...center.media.recordings.keys()];
  const start = center.media.startRecording.bind(center.media);
  center.media.startRecording = () => Promise.resolve(fail('unavailable', 'the disk is full'));
  center.media.emit({ type: 'recording-interrupted', recordingId: asId<RecordingId>(String(first)) });
  await center.pass();
  expect(center.conference.recording).toBe(false);
  center.media.startRecording = start;
  await center.press(alice, '*3');
  expect(center.conference.recording).toBe(true);
  expect(center.media.recordings.size).toBe(1);
});

const policy = (about: Partial<RecordingPolicy>): RecordingPolicy => ({
  ...{ _id: 'rooms', mode: 'always', samplePercent: 100, resumeAfterMs: 30_000, notice: 'none', default: false },
  ...{ agentMay: [], supervisorMay: ['mask'], agents: [], numbers: [], queues: [], trunks: [], phones: [] },
  ...{ rooms: ['board'] },
  ...about,
});

const withPolicy = (about: Partial<RecordingPolicy>, room: Partial<ConferenceRoom> = {}): RoomCenter => {
  const routing = plainRouting(new SimulatedClock());
  return new RoomCenter(room, {
    routing: { ...routing, recordingOfRoom: (of) => chooseRoomPolicy([policy(about)], of) },
  });
};

describe('by its policy', () => {
  it('"always" records from the beginning, and lets nobody stop it who may not; the histories say why', async () => {
    const center = withPolicy({ retentionDays: 90 });
    const alice = await center.comes('alice', 'moderator');
    expect(center.conference).toMatchObject({ recording: true, mayRecord: ['mask'] });
    await center.press(alice, '*3');
    expect(center.told(alice)).toEqual(['conference-not-possible']);
    expect(center.direct({ do: 'stop-recording' })).toMatchObject({ ok: false, fault: { code: 'forbidden' } });
    expect(center.conference.recording).toBe(true);
    expect(center.historyOf('alice')).toMatchObject({
      recordingPolicy: { id: 'rooms', by: 'room', mode: 'always' },
      recordings: [{ n: 1, retentionDays: 90 }],
      recordingActs: [{ act: 'start', by: { kind: 'policy', id: 'rooms' }, n: 1 }],
    });
  });

  it('"off" records never, whatever the room or anybody says', async () => {
    const center = withPolicy({ mode: 'off', agentMay: ['stop'], supervisorMay: ['stop'] }, { record: true });
    const alice = await center.comes('alice', 'moderator');
    await center.press(alice, '*3');
    expect(center.told(alice)).toEqual(['conference-not-possible']);
    expect(center.direct({ do: 'start-recording' }).ok).toBe(false);
    expect([center.conference.recording, center.media.recordings.size]).toEqual([false, 0]);
  });

  it('"on-demand": a moderator begins and ends it by key, everybody is told', async () => {
    const center = withPolicy({ mode: 'on-demand', agentMay: ['start', 'stop'] });
    const alice = await center.comes('alice', 'moderator');
    const bob = await center.comes('bob', 'listener');
    expect(center.conference.recording).toBe(false);
    await center.press(alice, '*3');
    expect([center.conference.recording, center.told(bob)]).toEqual([true, ['conference-recorded']]);
    await center.press(alice, '*3');
    expect([center.conference.recording, center.told(bob)]).toEqual([false, ['conference-not-recorded']]);
    expect(center.historyOf('bob').recordingActs).toMatchObject([
      { act: 'start', by: { kind: 'moderator', id: 'alice' } },
      { act: 'stop', by: { kind: 'moderator', id: 'alice' }, n: 1 },
    ]);
  });

  it('a tone every fifteen seconds, while it is recorded and not silent', async () => {
    const center = withPolicy({ notice: 'beep' });
    const alice = await center.comes('alice', 'moderator');
    const beeps = (): number =>
      [...center.media.plays.values()].filter(({ sources }) => sources[0]?.kind === 'beep').length;
    await center.allSaid();
    await center.pass(15_000);
    expect(beeps()).toBe(1);
    await center.allSaid();
    center.direct({ do: 'mask-recording' });
    await center.pass(15_000);
    expect(beeps()).toBe(0);
    alice.leave();
    await center.pass(15_000);
    expect([beeps(), center.clock.pendingTimers]).toEqual([0, 0]);
  });

  it('one that could not be begun is tried again while it is wanted, and told of once it runs', async () => {
    const center = withPolicy({});
    const start = center.media.startRecording.bind(center.media);
    center.media.startRecording = () => Promise.resolve(fail('unavailable', 'the disk is full'));
    const alice = await center.comes('alice', 'moderator');
    await center.allSaid();
    expect(center.conference.recording).toBe(false);
    await center.pass(10_000);
    expect([center.conference.recording, center.told(alice)]).toEqual([false, []]);
    center.media.startRecording = start;
    await center.pass(10_000);
    expect([center.conference.recording, center.told(alice)]).toEqual([true, ['conference-recorded']]);
    alice.leave();
    await center.pass(1_000);
    expect([center.media.recordings.size, center.clock.pendingTimers]).toEqual([0, 0]);
  });
});

describe('masked', () => {
  it('by key: silent, and nobody has the keys of members, of those either who come later; it ends by itself', async () => {
    const center = withPolicy({ agentMay: ['mask'] });
    const alice = await center.comes('alice', 'moderator');
    const bob = await center.comes('bob');
    const [recordingId] = [...center.media.recordings.keys()];
    await center.press(alice, '*5');
    expect(center.conference.silence?.kind).toBe('masked');
    expect([...center.media.masked]).toEqual([recordingId]);
    const carol = await center.comes('carol');
    expect([...center.media.hushed].sort()).toEqual([alice, bob, carol].map((one) => center.endpointOf(one)).sort());
    await center.pass(30_000);
    expect(center.conference.silence).toBeUndefined();
    expect([center.media.masked.size, center.media.hushed.size]).toEqual([0, 0]);
    const [recording] = center.historyOf('alice').recordings;
    expect(recording?.silences).toEqual([{ kind: 'masked', fromMs: expect.any(Number), toMs: expect.any(Number) }]);
    expect(center.historyOf('bob').recordingActs?.map(({ act, by }) => [act, by.kind])).toEqual([
      ['mask', 'moderator'],
      ['unmask', 'time'],
    ]);
  });

  it('the next part after the death of its media process says that it is silent too', async () => {
    const center = withPolicy({});
    await center.comes('alice', 'moderator');
    center.direct({ do: 'mask-recording', maxMs: 60_000 }, 'sue');
    await center.pass();
    const [first] = [...center.media.recordings.keys()];
    center.media.emit({ type: 'recording-interrupted', recordingId: asId<RecordingId>(String(first)) });
    await center.pass();
    const { recordings, recordingActs } = center.historyOf('alice');
    expect(recordings.map(({ silences }) => silences)).toEqual([
      [{ kind: 'masked', fromMs: expect.any(Number), toMs: expect.any(Number) }],
      [{ kind: 'masked', fromMs: expect.any(Number) }],
    ]);
    expect(recordingActs?.at(-1)).toMatchObject({ act: 'mask', by: { kind: 'supervisor', id: 'sue' } });
  });

  it('a recording that begins meanwhile is silent before anybody is heard', async () => {
    const center = new RoomCenter();
    await center.comes('alice', 'moderator');
    center.direct({ do: 'mask-recording' });
    await center.pass();
    const order: string[] = [];
    const { maskRecording, attachMix } = center.media;
    center.media.maskRecording = (id) => (order.push('mask'), maskRecording.call(center.media, id));
    center.media.attachMix = (id) => (order.push('attach'), attachMix(id));
    center.direct({ do: 'start-recording' });
    await center.pass();
    expect(order).toEqual(['mask', 'attach', 'attach']);
  });

  it('keys that are tones in the voice reach nobody, masked or not, until the member has left', async () => {
    const center = new RoomCenter();
    const alice = await center.comes('alice', 'moderator');
    const endpointId = center.endpointOf(alice);
    expect(center.media.hushed.size).toBe(0);
    center.media.emit({ type: 'digit', endpointId, digit: '*', durationMs: 100, form: 'inband' });
    await center.pass();
    expect([...center.media.hushed]).toEqual([endpointId]);
    center.direct({ do: 'mask-recording' });
    center.direct({ do: 'unmask-recording' });
    await center.pass();
    expect([...center.media.hushed]).toEqual([endpointId]);
    await center.press(alice, '9');
    expect([...center.media.hushed]).toEqual([]);
  });
});

it("a caller's own recording ends at the door, before a PIN is keyed", async () => {
  const steps = {
    answer: { do: 'answer', next: 'record' },
    record: { do: 'recording', action: 'start', next: 'room' },
    room: { do: 'conference', room: 'board', next: 'bye', otherwise: 'bye' },
    bye: { do: 'hang-up', reason: 'over' },
  };
  const flow = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps });
  if (!flow.ok) throw new Error(flow.fault.message);
  const center = new RoomCenter({}, { flow: flow.value });
  const alice = center.signaling.arrive('alice');
  await center.pass();
  expect(center.told(alice)).toEqual(['enter-pin']);
  expect(center.media.recordings.size).toBe(0);
  expect(center.historyOf('alice').recordings).toMatchObject([{ n: 1, durationMs: 1000 }]);
});
