/** Agents give their callers away: who hears whom afterwards is told by the sound alone. */
import type { TestCall } from '../../infra/caller/test-call';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import { Product } from '../support/product';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';
import { untilHears, voiceLevelDbfs } from '../support/who-hears';

const AGENT1_HZ = 1000;
const AGENT2_HZ = 1300;
const OUTSIDE_HZ = 700;
const CALLER_HZ = 440;
const OUTSIDE = '+4930555123';
/** A voice that is in a recording for a part of its time is louder. */
const RECORDED_DBFS = -50;

let outside: Baresip;
let product: Product;
let agent1: Agent;
let agent2: Agent;
let serial = 0;

beforeAll(async () => {
  outside = await Baresip.start({ from: OUTSIDE, toneHz: OUTSIDE_HZ, autoAnswer: true, lifetimeMs: 400_000 });
  const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${outside.sipPort}', callerId: '+4930100', allowRefer: true}`;
  product = await Product.start({ config: `trunks: [${trunk}]\n` });
  [agent1, agent2] = await Promise.all([
    Agent.signIn(product, 'agent1', AGENT1_HZ),
    Agent.signIn(product, 'agent2', AGENT2_HZ),
  ]);
}, 180_000);

afterAll(async () => {
  await Promise.all([agent1, agent2, outside].map((one) => one?.close()));
  await product?.stop();
}, 180_000);

const untilOutsideHears = (frequencyHz: number): Promise<unknown> =>
  until(
    `the party outside to hear ${frequencyHz} Hz`,
    async () => hearsTone(await outside.heard(400), frequencyHz),
    30_000,
  );

const untilSilent = (agent: Agent): Promise<unknown> =>
  until('the agent to hear nothing', async () => levelDbfs(await agent.heard(300)) < -55, 30_000);

/** A caller who talks with the first agent. */
const talk = async (): Promise<{ call: TestCall; from: string }> => {
  serial += 1;
  const from = `+49302000${serial}`;
  await agent1.goReady();
  const call = await callWithTone({ number: '4000', from, port: product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await pause(200);
  void call.press('2');
  await agent1.untilCall('ringing');
  await agent1.answer();
  await untilHearsTone(call, AGENT1_HZ);
  return { call, from };
};

const transfer = async (button: string, number?: string): Promise<void> => {
  await agent1.page.keyboard.press('Alt+T');
  await agent1.at('transfer-dialog').waitFor();
  if (number !== undefined) await agent1.at('transfer-number').fill(number);
  await agent1.at(button).click();
};

describeNeeding('chromium', 'baresip')('a blind transfer', () => {
  it('[SPH-05] [SPH-13] [SPH-21] to another agent: caller and that agent hear each other, the first is in wrap-up', async () => {
    const { call, from } = await talk();
    await transfer('transfer-agent2');
    await agent2.untilCall('ringing');
    await agent1.untilCall('wrap-up');
    await agent2.answer();
    await untilHearsTone(call, AGENT2_HZ);
    await agent2.untilHears(CALLER_HZ);
    await agent1.at('wrap-up-note').fill('wants a loan');
    await agent1.at('wrap-up-done').click();
    await call.hangup();
    await agent2.finishWrapUp('not-ready');
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({
      agentId: 'agent2',
      transfers: [{ kind: 'blind', byAgentId: 'agent1', to: { kind: 'agent', id: 'agent2' }, result: 'completed' }],
      earlierWrapUps: [{ agentId: 'agent1', note: 'wants a loan' }],
    });
    expect(interaction.recordings).toHaveLength(1);
  }, 180_000);

  it('[SPH-05] that nobody answers comes back to the agent who made it', async () => {
    const { call, from } = await talk();
    await transfer('transfer-agent2');
    await agent2.untilCall('ringing');
    await agent1.untilCall('ringing', 30_000);
    await agent2.untilState('not-ready');
    await agent1.answer();
    await untilHearsTone(call, AGENT1_HZ);
    await agent1.untilHears(CALLER_HZ);
    await call.hangup();
    await agent1.finishWrapUp();
    expect(await product.interactionFrom(from)).toMatchObject({
      transfers: [{ result: 'returned' }],
      agentId: 'agent1',
    });
  }, 180_000);

  it('[SPH-13] [TEL-13] to a number outside: caller and that party hear each other, and no agent is left', async () => {
    const { call, from } = await talk();
    await transfer('transfer-to-number', OUTSIDE);
    await untilHearsTone(call, OUTSIDE_HZ, 30_000);
    await untilOutsideHears(CALLER_HZ);
    await agent1.finishWrapUp();
    outside.hangUp();
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    expect(await product.interactionFrom(from)).toMatchObject({
      transfers: [{ to: { kind: 'outside', id: OUTSIDE }, result: 'completed' }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'carrier' },
    });
  }, 180_000);
});

describeNeeding('chromium', 'baresip')('a consultation', () => {
  const consult = async (): Promise<{ call: TestCall; from: string }> => {
    const talking = await talk();
    await transfer('consult-agent2');
    await agent2.untilCall('ringing');
    await agent2.answer();
    await agent1.untilHears(AGENT2_HZ);
    await agent2.untilHears(AGENT1_HZ);
    expect(hearsTone(lastHeard(talking.call, 300), AGENT1_HZ)).toBe(false);
    return talking;
  };

  it('[SPH-04] [SPH-13] [SPH-21] completed: the caller hears the second agent, and the first is in wrap-up', async () => {
    const { call, from } = await consult();
    await agent1.at('consult-complete').click();
    await untilHearsTone(call, AGENT2_HZ);
    await agent2.untilHears(CALLER_HZ);
    await agent1.untilCall('wrap-up');
    await call.hangup();
    await agent1.finishWrapUp();
    await agent2.finishWrapUp('not-ready');
    const interaction = await product.interactionFrom(from);
    expect(interaction.transfers).toMatchObject([{ kind: 'attended', byAgentId: 'agent1', result: 'completed' }]);
    const kinds = interaction.segments
      .filter(({ kind }) => kind !== 'wrap-up')
      .map(({ kind, agentId }) => [kind, agentId]);
    expect(kinds.slice(-3)).toEqual([
      ['talk', 'agent1'],
      ['consult', 'agent1'],
      ['talk', 'agent2'],
    ]);
  }, 180_000);

  it('[SPH-13] goes to and fro by keyboard, and cancelled leaves everything as it was', async () => {
    const { call } = await consult();
    await agent1.page.keyboard.press('Alt+S');
    await untilHearsTone(call, AGENT1_HZ);
    await agent1.untilHears(CALLER_HZ);
    await agent2.untilCall('held');
    await agent1.page.keyboard.press('Alt+S');
    await agent2.untilHears(AGENT1_HZ);
    await agent1.page.keyboard.press('Alt+B');
    await untilHearsTone(call, AGENT1_HZ);
    await agent1.untilHears(CALLER_HZ);
    await agent2.untilCall('idle');
    await call.hangup();
    await agent1.finishWrapUp();
  }, 180_000);
});

describeNeeding('chromium', 'baresip')('a three-way call', () => {
  const VOICES = { caller: CALLER_HZ, agent1: AGENT1_HZ, agent2: AGENT2_HZ };

  it('[SPH-06] [SPH-07] [CNF-02] [CNF-03] all hear each other; the agent leaves, and the two others talk on, recorded', async () => {
    const { call, from } = await talk();
    const hears = {
      caller: (...heard: string[]) => untilHears((lastMs) => lastHeard(call, lastMs), VOICES, heard),
      agent1: (...heard: string[]) => untilHears((lastMs) => agent1.heard(lastMs), VOICES, heard),
      agent2: (...heard: string[]) => untilHears((lastMs) => agent2.heard(lastMs), VOICES, heard),
    };
    await transfer('consult-agent2');
    await agent2.untilCall('ringing');
    await agent2.answer();
    await agent1.untilHears(AGENT2_HZ);
    await agent1.page.keyboard.press('Alt+J');
    await agent1.at('parties-bar').waitFor();
    await hears.caller('agent1', 'agent2');
    await hears.agent1('caller', 'agent2');
    await hears.agent2('caller', 'agent1');
    await agent1.at('parties-leave').click();
    await agent1.untilCall('wrap-up');
    await hears.caller('agent2');
    await hears.agent2('caller');
    await agent1.finishWrapUp();
    // The last second of the recording is to be theirs alone.
    await pause(1500);
    await call.hangup();
    await agent2.finishWrapUp('not-ready');
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({ agentId: 'agent2', transfers: [{ kind: 'attended', result: 'completed' }] });
    const file = await product.get(`/api/v1/interactions/${interaction.id}/recordings/1`);
    const { channels } = readG711Wav(Buffer.from(await file.arrayBuffer()));
    const voicesIn = (channel: Float64Array): string[] =>
      Object.entries(VOICES).flatMap(([name, hz]) => (voiceLevelDbfs(channel, hz) > RECORDED_DBFS ? [name] : []));
    expect(channels.map((channel) => voicesIn(channel.slice(-8000)))).toEqual([['caller'], ['agent2']]);
    expect(channels.slice(1).map(voicesIn)).toEqual([['agent1', 'agent2']]);
  }, 180_000);
});

describeNeeding('chromium', 'baresip')("a caller's own telephone", () => {
  it('[SPH-04] [SPH-13] holds the agent, comes back, and by REFER gives the agent to somebody else', async () => {
    await agent1.goReady();
    const from = '+4930777';
    const caller = await Baresip.start({ from, toneHz: CALLER_HZ });
    try {
      await caller.call('4000', product.ports.sip);
      await pause(500);
      await caller.press('2');
      await agent1.untilCall('ringing');
      await agent1.answer();
      await agent1.untilHears(CALLER_HZ);
      caller.hold();
      await agent1.at('customer-holds').waitFor();
      caller.resume();
      await agent1.at('customer-holds').waitFor({ state: 'detached' });
      await agent1.untilHears(CALLER_HZ);
      caller.transfer(`sip:${OUTSIDE}@127.0.0.1:${product.ports.sip}`);
      await agent1.untilHears(OUTSIDE_HZ);
      await untilOutsideHears(AGENT1_HZ);
      await caller.until('CALL_CLOSED');
      outside.hangUp();
      await agent1.finishWrapUp();
      const interaction = await product.interactionFrom(from);
      expect(interaction.transfers).toMatchObject([
        { kind: 'blind', to: { kind: 'outside', id: OUTSIDE }, result: 'completed' },
      ]);
      expect(interaction.segments.some(({ kind, detail }) => kind === 'hold' && detail === 'by-customer')).toBe(true);
      await untilSilent(agent1);
    } finally {
      await caller.close();
    }
  }, 180_000);
});
