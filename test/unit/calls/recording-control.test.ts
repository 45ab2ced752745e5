/** Recording by policy and on demand, pauses and masks, on calls of simulated time. */
import pino from 'pino';
import { asId } from '../../../base/ids';
import type { QueueId } from '../../../base/ids';
import { fail, ok } from '../../../base/result';
import { BUILT_IN_RULE } from '../../../calls/recording-policy';
import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import type { Interaction } from '../../../store/interaction';
import type { RecordingPolicy } from '../../../store/recording-policies';
import { ANN, OneAgent } from './support/one-agent';
import type { OneAgentOptions } from './support/one-agent';

const POLICY: RecordingPolicy = {
  ...BUILT_IN_RULE,
  _id: 'support-calls',
  agents: [],
  numbers: [],
  queues: [asId<QueueId>('support')],
  trunks: [],
  phones: [],
  default: false,
};
const world = (more: Partial<RecordingPolicy>, options: OneAgentOptions = {}): OneAgent =>
  new OneAgent({ ...options, recordingPolicies: [{ ...POLICY, ...more }] });

const saved = (one: OneAgent): Interaction => {
  const [interaction] = [...one.saved.values()];
  if (!interaction) throw new Error('nothing was written down');
  return interaction;
};

type Action = 'start' | 'stop' | 'pause' | 'resume' | 'mask' | 'unmask';

const act = async (one: OneAgent, action: Action): Promise<string> => {
  const callId = one.call?.callId;
  if (!callId) throw new Error('the agent has no call');
  const done = one.center.desks.perform(ANN, { command: 'recording', callId, action });
  await one.pass(200);
  const result = await done;
  return result.ok ? 'ok' : result.fault.code;
};

const supervise = async (one: OneAgent, action: Action): Promise<string> => {
  const callId = one.call?.callId;
  if (!callId) throw new Error('the agent has no call');
  const done = one.center.desks.record(callId, { action, by: { kind: 'supervisor', id: 'sue' } });
  await one.pass(200);
  const result = await done;
  return result.ok ? 'ok' : result.fault.code;
};

const customerId = (one: OneAgent) => {
  const [first] = [...one.media.endpoints.keys()];
  if (first === undefined) throw new Error('nobody is there');
  return first;
};

const press = async (one: OneAgent, keys: string): Promise<void> => {
  for (const digit of keys) {
    one.media.emit({ type: 'digit', endpointId: customerId(one), digit, durationMs: 100, form: 'rfc4733' });
    await one.pass(100);
  }
};

const end = async (one: OneAgent): Promise<void> => {
  const closing = one.center.close('test');
  await one.pass(2_000);
  await closing;
  expect([...one.media.endpoints.keys()]).toEqual([]);
  expect(one.clock.pendingTimers).toBe(0);
};

const acts = (one: OneAgent) => (saved(one).recordingActs ?? []).map(({ act: done, by }) => `${done} ${by.kind}`);

describe('by policy', () => {
  it('none is set → recorded, and the interaction says so', async () => {
    const one = new OneAgent();
    await one.talk();
    expect(one.call).toMatchObject({ recording: true, recordingState: { state: 'on', may: ['start', 'mask'] } });
    expect(saved(one).recordingPolicy).toEqual({ by: 'built-in', mode: 'always' });
    expect(saved(one).recordings).toMatchObject([{ n: 1, agentIds: [ANN] }]);
    await end(one);
    expect(acts(one)).toEqual(['start policy', 'stop system']);
  });

  it('off → no recording, and nobody can start one', async () => {
    const one = world({ mode: 'off', agentMay: ['mask'], supervisorMay: ['mask'] });
    await one.talk();
    expect(one.call?.recordingState).toEqual({ state: 'off', recorded: false, may: ['mask'] });
    expect([await act(one, 'start'), await supervise(one, 'start')]).toEqual(['forbidden', 'forbidden']);
    expect(saved(one)).toMatchObject({
      recordings: [],
      recordingPolicy: { id: 'support-calls', by: 'queue', mode: 'off' },
    });
    expect(one.media.recordings.size).toBe(0);
    await end(one);
  });

  it('on demand → started, stopped and started again by the agent, as parts of one call', async () => {
    const one = world({ mode: 'on-demand', agentMay: ['start', 'stop'] });
    await one.talk();
    expect(one.call?.recordingState?.state).toBe('off');
    expect([await act(one, 'start'), await act(one, 'start')]).toEqual(['ok', 'conflict']);
    expect(one.call?.recordingState?.state).toBe('on');
    expect([await act(one, 'stop'), await act(one, 'stop')]).toEqual(['ok', 'conflict']);
    expect(await act(one, 'pause')).toBe('forbidden');
    expect(await act(one, 'start')).toBe('ok');
    expect(saved(one).recordings.map(({ n }) => n)).toEqual([1, 2]);
    await end(one);
  });

  it('a disk that is full for a while → the call goes on, and in the next file as soon as there is room', async () => {
    const one = world({ agentMay: ['start', 'stop'] });
    await one.talk();
    one.media.diskIsFull = true;
    const [recordingId] = one.media.recordings.keys();
    one.media.emit({ type: 'recording-failed', recordingId: recordingId!, cause: 'disk-full', detail: 'it is full' });
    await one.pass(25_000);
    expect(one.call).toMatchObject({ state: 'connected', recordingState: { state: 'off' } });
    one.media.diskIsFull = false;
    await one.pass(10_000);
    expect(one.call?.recordingState?.state).toBe('on');
    expect(saved(one).recordings.map(({ n }) => n)).toEqual([1, 2]);
    expect(saved(one).recordingActs?.at(-1)).toMatchObject({ act: 'start', by: { kind: 'system' }, n: 2 });
    await act(one, 'stop');
    await one.pass(30_000);
    expect(saved(one).recordings).toHaveLength(2);
    await end(one);
  });

  it('a disk that is full when the parties are joined → recorded as soon as there is room, and not after the end', async () => {
    const one = world({});
    one.media.diskIsFull = true;
    await one.talk();
    expect(one.call?.recordingState?.state).toBe('off');
    one.media.diskIsFull = false;
    await one.pass(10_500);
    expect(one.call?.recordingState?.state).toBe('on');
    await end(one);
    const hasty = world({});
    hasty.media.diskIsFull = true;
    await hasty.talk();
    await end(hasty);
    hasty.media.diskIsFull = false;
    await hasty.pass(30_000);
    expect(hasty.media.recordings.size).toBe(0);
  });

  it('days of retention → each of its recordings has them', async () => {
    const one = world({ retentionDays: 90, agentMay: ['start', 'stop'] });
    await one.talk();
    await act(one, 'stop');
    await act(one, 'start');
    expect(saved(one).recordings).toMatchObject([{ retentionDays: 90 }, { retentionDays: 90 }]);
    await end(one);
    const usual = world({});
    await usual.talk();
    expect(saved(usual).recordings[0]).not.toHaveProperty('retentionDays');
    await end(usual);
  });

  it('days of retention → also where the flow began before the policy was known', async () => {
    const flow = flowOf({ do: 'recording', action: 'start', next: 'queue' });
    const one = world({ mode: 'on-demand', retentionDays: 30 }, { flow });
    await one.talk();
    expect(saved(one).recordings).toMatchObject([{ n: 1, retentionDays: 30 }]);
    await end(one);
  });

  it.each([
    { first: undefined, then: 30, center: undefined, kept: undefined },
    { first: undefined, then: 30, center: 10, kept: 30 },
    { first: undefined, then: 30, center: 90, kept: undefined },
    { first: 30, then: undefined, center: undefined, kept: undefined },
    { first: 30, then: undefined, center: 10, kept: 30 },
    { first: 90, then: 30, center: 10, kept: 90 },
  ])(
    'a policy of $first days, another of $then that takes over, $center of the center → $kept',
    async ({ first, then, center, kept }) => {
      const flow = flowOf({ do: 'recording', action: 'start', next: 'queue' });
      const days = (retentionDays?: number): Partial<RecordingPolicy> => (retentionDays ? { retentionDays } : {});
      const one = new OneAgent({
        flow,
        ...(center && { retentionDays: center }),
        recordingPolicies: [
          { ...POLICY, _id: 'all-calls', queues: [], default: true, ...days(first) },
          { ...POLICY, ...days(then) },
        ],
      });
      await one.talk();
      expect(saved(one).recordings.map(({ retentionDays }) => retentionDays)).toEqual([kept]);
      await end(one);
    },
  );

  it('a sample → the interaction says whether the call is in it', async () => {
    const outcomes = new Set<boolean>();
    for (let tries = 0; tries < 40 && outcomes.size < 2; tries += 1) {
      const one = world({ samplePercent: 50 });
      await one.talk();
      const { recordingPolicy, recordings } = saved(one);
      expect(recordings.length === 1).toBe(recordingPolicy?.sampled);
      outcomes.add(recordings.length === 1);
      await end(one);
    }
    expect(outcomes.size).toBe(2);
  });

  it('a supervisor starts and stops the recording of an agent who may not', async () => {
    const one = world({ mode: 'on-demand', agentMay: [], supervisorMay: ['start', 'stop'] });
    await one.talk();
    expect(await act(one, 'start')).toBe('forbidden');
    expect(await supervise(one, 'start')).toBe('ok');
    expect(one.call?.recordingState).toEqual({ state: 'on', recorded: true, may: [] });
    expect(await supervise(one, 'stop')).toBe('ok');
    await end(one);
    expect(acts(one)).toEqual(['start supervisor', 'stop supervisor']);
  });

  it('the flow stops it for a caller who does not agree → no recording when the agent answers', async () => {
    const one = world({}, { flow: flowOf({ do: 'recording', action: 'stop', next: 'queue' }) });
    await one.talk();
    expect(one.call?.recordingState?.state).toBe('off');
    await end(one);
  });

  it('the flow starts it → the caller is recorded before the agent answers, in the same recording', async () => {
    const one = world({ mode: 'on-demand' }, { flow: flowOf({ do: 'recording', action: 'start', next: 'queue' }) });
    await one.talk();
    expect(saved(one).recordings).toMatchObject([{ n: 1, agentIds: [ANN] }]);
    await end(one);
    expect(acts(one)).toEqual(['start flow', 'stop system']);
  });
});

const flowOf = (step: object): FlowDocument => {
  const steps = {
    answer: { do: 'answer', next: 'step' },
    step,
    queue: { do: 'enqueue', queue: 'support' },
  };
  const parsed = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

describe('notices', () => {
  const playing = (one: OneAgent, kind: string): number =>
    [...one.media.plays.values()].filter(({ sources }) => sources.some((source) => source.kind === kind)).length;

  it('the announcement is played to the customer once', async () => {
    const one = world({ notice: 'announcement', agentMay: ['start', 'stop'] });
    await one.talk();
    const notices = [...one.media.plays.values()].filter(({ sources }) => sources[0]?.kind === 'prompt');
    const notice = (language: string) => ({ kind: 'prompt', name: 'record-notice', language });
    expect(notices).toMatchObject([{ endpointId: customerId(one), sources: [notice('en'), notice('zh-CN')] }]);
    one.media.plays.clear();
    await act(one, 'stop');
    await act(one, 'start');
    expect(one.media.plays.size).toBe(0);
    await end(one);
  });

  it('the tone comes every 15 s while it is recorded, and not while it is masked', async () => {
    const one = world({ notice: 'beep' });
    await one.talk();
    const heard: number[] = [];
    for (let period = 0; period < 3; period += 1) {
      heard.push(playing(one, 'beep'));
      one.media.plays.clear();
      await one.pass(15_000);
    }
    expect(heard).toEqual([1, 1, 1]);
    one.media.plays.clear();
    await act(one, 'mask');
    await one.pass(15_000);
    expect(playing(one, 'beep')).toBe(0);
    await end(one);
  });

  it('the tone ends with a recording that is interrupted and cannot go on', async () => {
    const one = world({ notice: 'beep' });
    await one.talk();
    const [recordingId] = [...one.media.recordings.keys()];
    if (recordingId === undefined) throw new Error('nothing is recorded');
    one.media.startRecording = () => Promise.resolve(fail('unavailable', 'the disk is full'));
    one.media.emit({ type: 'recording-interrupted', recordingId });
    await one.pass(100);
    expect(one.call?.recordingState?.state).toBe('off');
    await end(one);
  });
});

describe('pauses and masks', () => {
  it('mask → silent, keys hidden and counted, until it is taken off', async () => {
    const one = new OneAgent();
    await one.talk();
    expect(await act(one, 'mask')).toBe('ok');
    const until = one.call?.recordingState?.untilMs ?? 0;
    expect(until - one.clock.nowMs()).toBeGreaterThan(119_000);
    expect([...one.media.masked]).toEqual([...one.media.recordings.keys()]);
    expect([...one.media.hushed]).toEqual([customerId(one)]);
    await press(one, '4111');
    expect(one.call?.recordingState).toMatchObject({ state: 'masked', keys: 4 });
    expect(await act(one, 'unmask')).toBe('ok');
    expect(one.call?.recordingState).toMatchObject({ state: 'on' });
    expect([one.media.masked.size, one.media.hushed.size]).toEqual([0, 0]);
    expect(await act(one, 'unmask')).toBe('conflict');
    const [silence] = saved(one).recordings[0]?.silences ?? [];
    expect((silence?.toMs ?? 0) - (silence?.fromMs ?? 0)).toBeGreaterThan(500);
    expect(acts(one)).toEqual(['start policy', 'mask agent', 'unmask agent']);
    await end(one);
  });

  it('a mask that is forgotten ends by itself, and begins anew when it is asked for again', async () => {
    const one = world({ resumeAfterMs: 5_000 });
    await one.talk();
    await act(one, 'mask');
    await one.pass(4_000);
    await act(one, 'mask');
    await one.pass(4_000);
    expect(one.call?.recordingState?.state).toBe('masked');
    await one.pass(1_500);
    expect(one.call?.recordingState?.state).toBe('on');
    expect(one.media.hushed.size).toBe(0);
    await end(one);
    expect(acts(one)).toEqual(['start policy', 'mask agent', 'unmask time', 'stop system']);
  });

  it('pause → silent, keys as ever; resumed by hand or by time', async () => {
    const one = world({ agentMay: ['pause'], resumeAfterMs: 5_000 });
    await one.talk();
    expect(await act(one, 'pause')).toBe('ok');
    expect([one.media.masked.size, one.media.hushed.size]).toEqual([1, 0]);
    expect(one.call?.recordingState?.state).toBe('paused');
    expect(await act(one, 'resume')).toBe('ok');
    expect(one.media.masked.size).toBe(0);
    await act(one, 'pause');
    await one.pass(6_000);
    expect(one.call?.recordingState?.state).toBe('on');
    expect(saved(one).recordings[0]?.silences).toHaveLength(2);
    await end(one);
  });

  it('hides keys where nothing is recorded, too', async () => {
    const one = world({ mode: 'off', agentMay: ['mask'], supervisorMay: [] });
    await one.talk();
    expect(await act(one, 'mask')).toBe('ok');
    expect(one.call?.recordingState?.state).toBe('masked');
    expect(one.media.hushed.size).toBe(1);
    await end(one);
  });

  it('keys by SIP INFO reach nobody while masked, nor those that were pressed then and come afterwards', async () => {
    const one = new OneAgent();
    await one.talk();
    const byInfo = async (digit: string, durationMs = 100): Promise<void> => {
      one.signaling.invites.at(-1)?.dialog?.pressed({ digit, durationMs });
      await one.pass(500);
    };
    await act(one, 'mask');
    await byInfo('1');
    await byInfo('2');
    expect(one.call?.recordingState?.keys).toBe(2);
    await act(one, 'unmask');
    await byInfo('3', 3_000);
    expect(one.media.sentDigits).toEqual([]);
    await byInfo('4');
    expect(one.media.sentDigits).toMatchObject([{ digit: '4' }]);
    expect(saved(one).digits).toEqual([]);
    await end(one);
  });
});

describe('a flow that collects a card number', () => {
  const STEPS = {
    answer: { do: 'answer', next: 'recorded' },
    recorded: { do: 'recording', action: 'start', next: 'ask' },
    ask: { do: 'play', prompts: [{ prompt: 'enter-number', language: 'en' }], next: 'card' },
    card: {
      do: 'collect',
      prompts: [],
      variable: 'card',
      sensitive: true,
      min: 4,
      next: 'copy',
      otherwise: 'bye',
    },
    copy: { do: 'set', variables: { copied: 'card {card}.' }, next: 'pay' },
    pay: { do: 'look-up', 'look-up': 'pay', sends: ['card'], next: 'again', otherwise: 'bye' },
    again: { do: 'look-up', 'look-up': 'pay', sends: ['card'], next: 'queue', otherwise: 'bye' },
    queue: { do: 'enqueue', queue: 'support' },
    bye: { do: 'hang-up' },
  };
  const CARD = '4929123456781234';

  it('is masked from the prompt before it on, goes to the payment alone and is forgotten', async () => {
    const parsed = parseFlow({ id: 'pay', version: 1, title: '', start: 'answer', steps: STEPS });
    if (!parsed.ok) throw new Error(parsed.fault.message);
    const asked: unknown[] = [];
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const events: unknown[] = [];
    const one = new OneAgent({
      flow: parsed.value,
      log,
      ask: ({ body }) => {
        asked.push(body);
        return Promise.resolve(ok({ variables: { paid: 'yes' } }));
      },
    });
    one.center.desks.onEvent((event) => events.push(structuredClone(event)));
    one.signaling.arrive('caller');
    await one.pass(500);
    expect([one.media.masked.size, one.media.hushed.size]).toEqual([1, 1]);
    await press(one, `${CARD}#`);
    await one.pass(1_000);
    expect(asked[0]).toMatchObject({ card: CARD, copied: 'card .' });
    expect(asked[1]).not.toHaveProperty('card');
    expect([one.media.masked.size, one.media.hushed.size]).toEqual([0, 0]);
    one.signaling.outgoing.at(-1)?.answer();
    await one.pass(500);
    expect(one.call?.recordingState?.state).toBe('on');
    await end(one);
    const written = JSON.stringify([[...one.saved.values()], events, lines]);
    expect(written.length).toBeGreaterThan(1_000);
    for (let at = 0; at + 4 <= CARD.length; at += 1)
      expect(written.split(`"${CARD.slice(at, at + 4)}`)).toHaveLength(1);
    expect(written).not.toContain(CARD);
    expect(saved(one).data).toMatchObject({ paid: 'yes', copied: 'card .' });
    expect(acts(one)).toEqual(['mask flow', 'start flow', 'unmask flow', 'stop system']);
  });
});
