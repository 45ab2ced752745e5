/** How calls sound: what is told and written down of their quality, and of a side that is not heard. */
import type { NewAlarm } from '../../../base/alarms';
import type { EndpointId } from '../../../base/ids';
import { ok } from '../../../base/result';
import { DirectionFigures } from '../../../calls/direction-figures';
import type { CallQuality } from '../../../calls/ports';
import type { EndpointReading, PeerSound } from '../../../media/ports';
import type { Interaction } from '../../../store/interaction';
import { ANN, SmallCenter } from './support/small-center';

let center: SmallCenter;
let told: CallQuality[];

beforeEach(() => {
  center = new SmallCenter();
  told = [];
  center.center.desks.onEvent((event) => {
    if (event.type === 'quality') told.push(...event.calls);
  });
});

/** Caller and agent, in the order of their coming. */
const endpoints = (): [EndpointId, EndpointId] => {
  const [caller, agent] = center.media.endpoints.keys();
  if (!caller || !agent) throw new Error('two endpoints are expected');
  return [caller, agent];
};

const sound = async (endpointId: EndpointId, heard: PeerSound): Promise<void> => {
  center.media.emit({ type: 'sound-changed', endpointId, sound: heard });
  await center.pass(1);
};

const story = (): Interaction => {
  const [interaction] = center.saved.values();
  if (!interaction) throw new Error('nothing was saved');
  return interaction;
};

describe('a side that is not heard', () => {
  it('is told to the desk and written down, from its beginning to its end', async () => {
    await center.talkWithAnn();
    const [caller, agent] = endpoints();
    await sound(caller, 'heard');
    await sound(agent, 'heard');
    await center.pass(6000);
    expect(story().soundFaults).toBeUndefined();
    await sound(agent, 'none');
    await center.pass(600);
    expect(told.at(-1)).toMatchObject({ fault: { role: 'agent', id: ANN, kind: 'no-packets' } });
    await sound(agent, 'heard');
    await center.pass(600);
    expect(told.at(-1)?.fault).toBeUndefined();
    expect(story().soundFaults).toMatchObject([{ role: 'agent', kind: 'no-packets', endedAtMs: expect.any(Number) }]);
  });

  it('that was never heard is found within five seconds of the answer', async () => {
    await center.talkWithAnn();
    const [, agent] = endpoints();
    await sound(agent, 'heard');
    await center.pass(3000);
    expect(story().soundFaults).toBeUndefined();
    await center.pass(2000);
    expect(story().soundFaults).toMatchObject([{ role: 'caller', kind: 'no-packets' }]);
  });

  it('raises an alarm when it happens for the third time within ten minutes', async () => {
    const raised: NewAlarm[] = [];
    center = new SmallCenter({ alarms: { raise: (alarm) => raised.push(alarm) } });
    await center.talkWithAnn();
    const [caller, agent] = endpoints();
    await sound(agent, 'heard');
    for (let time = 1; time <= 3; time += 1) {
      await sound(caller, 'heard');
      await center.pass(5000);
      expect(raised).toEqual([]);
      await sound(caller, 'none');
      await center.pass(1000);
    }
    expect(raised).toMatchObject([{ kind: 'one-way-audio', details: { count: 3 } }]);
  });

  it.each(['mute', 'hold'] as const)('on purpose, by %s, is none, and has time to come back', async (command) => {
    await center.talkWithAnn();
    const [caller, agent] = endpoints();
    await sound(caller, 'heard');
    await sound(agent, 'heard');
    await center.act(ANN, { command });
    await sound(agent, 'silent');
    await center.pass(10_000);
    await center.act(ANN, { command: command === 'mute' ? 'unmute' : 'resume' });
    await center.pass(1000);
    await sound(agent, 'heard');
    await center.pass(6000);
    expect(story().soundFaults).toBeUndefined();
  });
});

it('a telephone that holds the other side, whoever has it, is no side that is not heard', async () => {
  await center.talkWithAnn();
  const [caller, agent] = endpoints();
  await sound(caller, 'heard');
  await sound(agent, 'heard');
  const phone = center.signaling.outgoing.at(-1)?.dialog;
  void phone?.reoffer('a=sendonly');
  await center.pass(100);
  await sound(agent, 'none');
  await center.pass(6000);
  expect(story().soundFaults).toBeUndefined();
  void phone?.reoffer('a=sendrecv');
  await center.pass(6000);
  expect(story().soundFaults).toMatchObject([{ role: 'agent', kind: 'no-packets' }]);
});

describe('the quality of a call', () => {
  it('is told every five seconds, and summed up for each leg at the end', async () => {
    let reading: Omit<EndpointReading, 'endpointId'> = {
      ...{ packetsReceived: 100, packetsSent: 100, packetsLost: 0, jitterMs: 4, codec: 'PCMA' as const },
    };
    center.media.statsOf = (ids) => Promise.resolve(ok(ids.map((endpointId) => ({ ...reading, endpointId }))));
    const invite = await center.talkWithAnn();
    await center.pass(5000);
    expect(told.at(-1)?.legs[0]?.heard?.mos).toBeGreaterThan(4.3);
    reading = { ...reading, packetsReceived: 180, packetsLost: 20, roundTripMs: 60 };
    await center.pass(5000);
    expect(told.at(-1)?.legs[0]).toMatchObject({ role: 'caller', heard: { lossPercent: 20, roundTripMs: 60 } });
    const { callId } = center.callOf(ANN)!;
    const counters = { packets: 500, lost: 0, jitterMs: 3, concealedMs: 40, jitterBufferMs: 35 };
    await center.center.desks.perform(ANN, { command: 'report-quality', callId, counters });
    invite.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass(2000);
    const legs = story().quality ?? [];
    expect(legs.map(({ role }) => role).sort()).toEqual(['agent', 'caller']);
    expect(legs.find(({ role }) => role === 'caller')?.heard).toMatchObject({
      packets: 180,
      lost: 20,
      roundTripMs: 60,
    });
    expect(legs.find(({ role }) => role === 'agent')).toMatchObject({
      sentBy: 'browser',
      sent: { packets: 500, concealedMs: 40, jitterBufferMs: 35 },
    });
  });
});

it('the quality is read on after a reading that went wrong', async () => {
  let readings = 0;
  center.media.statsOf = () => {
    readings += 1;
    return readings === 1 ? Promise.reject(new Error('a bug')) : Promise.resolve(ok([]));
  };
  await center.talkWithAnn();
  await center.pass(16_000);
  expect(readings).toBeGreaterThan(1);
});

describe('the figures of a direction', () => {
  const counted = (packets: number, lost: number) => ({ packets, lost, jitterMs: 5 });

  it('rate each interval by itself: worst, mean, and the share of the time below 3.6', () => {
    const figures = new DirectionFigures();
    figures.observe(counted(250, 0), 'PCMA');
    figures.observe(counted(500, 0), 'PCMA');
    figures.observe(counted(700, 50), 'PCMA');
    figures.observe(counted(950, 50), 'PCMA');
    const summary = figures.summary();
    expect(summary).toMatchObject({ packets: 950, lost: 50, poorPercent: 25 });
    expect(summary?.worstMos).toBeLessThan(3);
    expect(summary?.meanMos).toBeGreaterThan(3.6);
    expect(figures.live?.mos).toBeGreaterThan(4.3);
  });

  it('count on when the stream begins anew, and rate no time in which nothing came', () => {
    const figures = new DirectionFigures();
    figures.observe(counted(250, 5), 'PCMA');
    figures.observe(counted(250, 5), 'PCMA');
    expect(figures.live).toBeUndefined();
    figures.observe(counted(100, 0), 'PCMA');
    expect(figures.summary()).toMatchObject({ packets: 350, lost: 5 });
  });
});
