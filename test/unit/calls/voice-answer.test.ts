/** PRF-03 and PRF-04: how long callers wait for the first voice, and the alarm when that is too long. */
import { Alarms } from '../../../base/alarms';
import { silentLogger } from '../../../base/log';
import { StandingAlarms } from '../../../base/standing-alarms';
import { CALM_MS, LateVoiceAlarm } from '../../../calls/late-voice-alarm';
import type { VoiceAnswerDeps } from '../../../calls/voice-answer';
import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import { SimulatedClock } from '../../../base/clock';
import type { Interaction } from '../../../store/interaction';
import { OneAgent } from './support/one-agent';

const LIMIT_MS = 20_000;

const flowOf = (steps: Record<string, unknown>): FlowDocument => {
  const parsed = parseFlow({ id: 'f', version: 1, title: '', start: 'first', steps });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

const setUp = (flow?: FlowDocument) => {
  const heard: number[] = [];
  const late: string[] = [];
  const voiceAnswer: Omit<VoiceAnswerDeps, 'clock'> = {
    limitMs: LIMIT_MS,
    onHeard: (waitMs) => void heard.push(waitMs),
    onLate: ({ identity }) => void late.push(identity.number),
  };
  const center = new OneAgent({ voiceAnswer, ...(flow && { flow }) });
  return { center, heard, late };
};

const interactionOf = ({ saved }: OneAgent): Interaction => {
  const [interaction] = saved.values();
  if (!interaction) throw new Error('nothing was saved');
  return interaction;
};

/** Media send to the caller from now on. */
const sends = (center: OneAgent): void => {
  for (const endpointId of center.media.endpoints.keys()) center.media.emit({ type: 'sending', endpointId });
};

it('the wait ends with the first sound of the announcement that goes out', async () => {
  const { center, heard, late } = setUp();
  center.signaling.arrive('ada');
  await center.pass(3_000);
  expect(heard).toEqual([]);
  sends(center);
  await center.pass(100);
  expect(heard).toEqual([3_000]);
  expect(interactionOf(center).voiceAnswer).toEqual({ waitMs: 3_000 });
  await center.pass(LIMIT_MS);
  expect(late).toEqual([]);
});

it('a ringing tone is no voice: who hears nothing else is late at the limit, and heard later all the same', async () => {
  const { center, heard, late } = setUp(
    flowOf({
      first: { do: 'answer', next: 'tone' },
      tone: { do: 'tone', tone: 'ring-back', durationMs: 30_000, next: 'queue' },
      queue: { do: 'enqueue', queue: 'support', prompts: [] },
    }),
  );
  center.signaling.arrive('ada');
  await center.pass(500);
  sends(center);
  await center.pass(LIMIT_MS - 600);
  expect(late).toEqual([]);
  await center.pass(100);
  expect(late).toEqual(['ada']);
  expect(interactionOf(center).voiceAnswer).toEqual({ late: true });
  for (const playId of center.media.plays.keys()) center.media.endPlay(playId, 'finished');
  await center.pass(1_000);
  expect(heard).toHaveLength(1);
  expect(interactionOf(center).voiceAnswer).toEqual({ waitMs: heard[0], late: true });
  await center.pass(LIMIT_MS);
  expect(late).toEqual(['ada']);
});

it('the time that a call has waited at the SIP server counts', async () => {
  const { center, heard } = setUp();
  center.signaling.arrive('ada', { arrivedAtMs: center.clock.nowMs() - 4_000 });
  await center.pass(1_000);
  sends(center);
  expect(heard).toEqual([5_000]);
});

it('who gives up before the limit is not late, and no timer is left', async () => {
  const { center, late } = setUp();
  const invite = center.signaling.arrive('ada');
  await center.pass(1_000);
  invite.leave();
  await center.pass(2 * LIMIT_MS);
  expect(late).toEqual([]);
  await center.center.close('shutting-down');
  expect(center.clock.pendingTimers).toBe(0);
});

describe('the alarm', () => {
  const watch = () => {
    const clock = new SimulatedClock();
    const alarms = new Alarms({ clock, log: silentLogger() });
    const standing = new StandingAlarms({ clock, alarms });
    return { clock, alarms, standing, alarm: new LateVoiceAlarm({ clock, standing, limitMs: LIMIT_MS }) };
  };

  it('is raised once, and is over five minutes after the last late call', () => {
    const { clock, alarms, standing, alarm } = watch();
    alarm.late('ada');
    clock.advance(CALM_MS - 1);
    alarm.late('bob');
    clock.advance(CALM_MS - 1);
    expect(standing.has('voice-answer')).toBe(true);
    clock.advance(1);
    expect(standing.has('voice-answer')).toBe(false);
    expect(alarms.recent).toMatchObject([
      { kind: 'voice-in-time', severity: 'info', details: { seconds: 20, calls: 2 } },
      { kind: 'voice-late', severity: 'critical', details: { number: 'ada', seconds: 20 } },
    ]);
  });

  it('leaves no timer when it is closed', () => {
    const { clock, alarm } = watch();
    alarm.late('ada');
    alarm.close();
    alarm.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
