/** Who ends a conversation by hanging up. */
import { parseFlow } from '../../../flows/document';
import type { Interaction } from '../../../store/interaction';
import { ANN, OneAgent } from './support/one-agent';
import type { OneAgentOptions } from './support/one-agent';

const REANSWER_MS = 10_000;
const TRUNK = { trunkId: 'carrier', callerId: '100' };

const world = (mode: 'either' | 'caller' | 'callee', more: OneAgentOptions = {}): OneAgent =>
  new OneAgent({ release: { mode, reanswerMs: REANSWER_MS }, ...more });

const hangUp = async (one: OneAgent): Promise<void> => {
  const callId = one.call?.callId;
  if (callId) void one.center.desks.perform(ANN, { command: 'hang-up', callId });
  await one.pass(300);
};

const resume = async (one: OneAgent) => {
  const callId = one.call?.callId;
  if (!callId) throw new Error('the agent has no call');
  const done = one.center.desks.perform(ANN, { command: 'resume', callId });
  await one.pass(300);
  return done;
};

const callerOf = (one: OneAgent) => one.signaling.invites.at(-1)?.dialog;
const saved = (one: OneAgent): Interaction => {
  const [interaction] = [...one.saved.values()];
  if (!interaction) throw new Error('nothing was written down');
  return interaction;
};

const nothingIsLeft = async (one: OneAgent): Promise<void> => {
  const closing = one.center.close('test');
  await one.pass(2_000);
  await closing;
  expect(one.signaling.open).toEqual([]);
  expect([...one.media.endpoints.keys()]).toEqual([]);
  expect(one.clock.pendingTimers).toBe(0);
};

describe('either', () => {
  it('talking, the agent hangs up → ended', async () => {
    const one = world('either');
    await one.talk();
    await hangUp(one);
    expect(callerOf(one)?.ended).toBeDefined();
    expect(saved(one).outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'agent' });
    await nothingIsLeft(one);
  });
});

describe('caller', () => {
  it('talking, the agent hangs up → reanswer: the caller stays, the agent rings again and is joined anew', async () => {
    const one = world('caller');
    await one.talk();
    await hangUp(one);
    expect(callerOf(one)?.ended).toBeUndefined();
    expect(one.call?.state).toBe('ringing');
    one.signaling.outgoing.at(-1)?.answer();
    await one.pass(500);
    expect(one.call?.state).toBe('connected');
    await one.pass(REANSWER_MS);
    expect(one.call?.state).toBe('connected');
    callerOf(one)?.end({ by: 'remote', reason: undefined });
    await one.pass(100);
    const { segments, outcome } = saved(one);
    expect(segments.map(({ kind, detail }) => [kind, detail])).toContainEqual(['hold', 'agent-left']);
    expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    await nothingIsLeft(one);
  });

  it('reanswer, declined → the caller goes on waiting with music, and resuming rings again', async () => {
    const one = world('caller');
    await one.talk();
    await hangUp(one);
    one.signaling.outgoing.at(-1)?.refuse('declined');
    await one.pass(500);
    expect(one.call?.state).toBe('held');
    expect(callerOf(one)?.ended).toBeUndefined();
    const prompt = [...one.media.plays.values()].at(-1);
    expect(prompt?.sources).toContainEqual({ kind: 'prompt', name: 'connecting', language: 'en' });
    if (prompt) one.media.endPlay(prompt.playId, 'finished');
    await one.pass(200);
    expect([...one.media.plays.values()].at(-1)).toMatchObject({ loop: true, sources: [{ kind: 'music' }] });
    expect((await resume(one)).ok).toBe(true);
    one.signaling.outgoing.at(-1)?.answer();
    await one.pass(500);
    expect(one.call?.state).toBe('connected');
    await nothingIsLeft(one);
  });

  it('reanswer, the time is over → ended', async () => {
    const one = world('caller');
    await one.talk();
    await hangUp(one);
    await one.pass(REANSWER_MS);
    expect(callerOf(one)?.ended).toBeDefined();
    expect(saved(one).outcome).toEqual({ result: 'answered', reason: 'reanswer-timeout', party: 'agent' });
    await nothingIsLeft(one);
  });

  it('reanswer, the caller hangs up → ended', async () => {
    const one = world('caller');
    await one.talk();
    await hangUp(one);
    callerOf(one)?.end({ by: 'remote', reason: undefined });
    await one.pass(100);
    expect(saved(one).outcome).toMatchObject({ reason: 'hung-up', party: 'caller' });
    await nothingIsLeft(one);
  });
});

describe('callee', () => {
  it('talking, the caller hangs up → reanswer: the agent keeps the call and calls the caller back', async () => {
    const one = world('callee', { trunk: TRUNK });
    await one.talk();
    callerOf(one)?.end({ by: 'remote', reason: undefined });
    await one.pass(100);
    expect(one.call?.state).toBe('held');
    expect(saved(one)).toMatchObject({ trace: { source: 'udp:127.0.0.1:5060' } });
    expect((await resume(one)).ok).toBe(true);
    await one.pass(100);
    const back = one.signaling.outgoing.at(-1);
    expect(back?.request.target).toEqual({ kind: 'number', number: 'caller1' });
    back?.answer();
    await one.pass(500);
    expect(one.call?.state).toBe('connected');
    await hangUp(one);
    expect(saved(one).outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'agent' });
    await nothingIsLeft(one);
  });

  it('reanswer, nobody to be called back → the agent is told, and hangs up', async () => {
    const one = world('callee');
    await one.talk();
    callerOf(one)?.end({ by: 'remote', reason: undefined });
    await one.pass(100);
    expect(await resume(one)).toMatchObject({ ok: false, fault: { code: 'no_route' } });
    await hangUp(one);
    expect(saved(one).outcome).toMatchObject({ reason: 'hung-up', party: 'agent' });
    await nothingIsLeft(one);
  });

  it('reanswer, the time is over → ended', async () => {
    const one = world('callee');
    await one.talk();
    callerOf(one)?.end({ by: 'remote', reason: undefined });
    await one.pass(REANSWER_MS + 200);
    expect(saved(one).outcome).toEqual({ result: 'answered', reason: 'reanswer-timeout', party: 'caller' });
    await nothingIsLeft(one);
  });
});

describe('after the agent', () => {
  const parsed = parseFlow({
    id: 'survey',
    version: 1,
    title: '',
    start: 'answer',
    steps: {
      answer: { do: 'answer', next: 'queue' },
      queue: { do: 'enqueue', queue: 'support', afterAgent: 'ask' },
      ask: { do: 'collect', prompts: [], variable: 'satisfaction', max: 1, next: 'bye', otherwise: 'bye' },
      bye: { do: 'hang-up', reason: 'survey done' },
    },
  });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const flow = parsed.value;

  it('talking, the agent hangs up → flow: the agent is in wrap-up while the caller answers a question', async () => {
    const one = new OneAgent({ flow });
    await one.talk();
    await hangUp(one);
    expect(callerOf(one)?.ended).toBeUndefined();
    expect(one.center.desks.snapshot(ANN).agent?.state).toBe('wrap-up');
    await one.pass(20_000);
    const { outcome, segments } = saved(one);
    expect(outcome).toEqual({ result: 'answered', reason: 'survey done', party: 'system' });
    expect(segments.map(({ kind }) => kind)).toEqual(['flow', 'queue', 'ringing', 'talk', 'flow', 'wrap-up']);
    expect(callerOf(one)?.ended).toBeDefined();
    await nothingIsLeft(one);
  });

  it('talking, and a consulted party waits: that one is let go', async () => {
    const one = new OneAgent({ flow, trunk: TRUNK });
    const { callId } = await one.talk();
    const agentsDialog = one.signaling.outgoing.at(-1)?.dialog;
    const target = { kind: 'number', number: '+4930777' } as const;
    void one.center.desks.perform(ANN, { command: 'consult', callId, target });
    await one.pass(300);
    const asked = one.signaling.outgoing.at(-1);
    asked?.answer();
    await one.pass(300);
    void one.center.desks.perform(ANN, { command: 'toggle-consult', callId });
    await one.pass(300);
    expect(asked?.dialog?.ended).toBeUndefined();
    agentsDialog?.end({ by: 'remote', reason: undefined });
    await one.pass(300);
    expect(asked?.dialog?.ended).toBeDefined();
    expect(callerOf(one)?.ended).toBeUndefined();
    await one.pass(20_000);
    await nothingIsLeft(one);
  });
});
