/**
 * Agents who do not hear by their browsers: one at a desk phone, then at a mobile behind a carrier; baresip is both.
 * Whoever does not take a call there leaves it to the other agent, who has a browser.
 */
import type { TestCall } from '../../infra/caller/test-call';
import type { StationView } from '../../api/contract/stations';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { Product } from '../support/product';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const [AGENT_HZ, OTHER_HZ, PHONE_HZ, MOBILE_HZ, CALLER_HZ] = [1000, 1300, 700, 1600, 440];
const NUMBER = '+49170555123';
const LIFETIME_MS = 600_000;

let product: Product;
/** Hears elsewhere. */
let agent: Agent;
/** Hears in the browser. */
let other: Agent;
let phone: Baresip;
let mobile: Baresip;

beforeAll(async () => {
  mobile = await Baresip.start({ from: NUMBER, toneHz: MOBILE_HZ, lifetimeMs: LIFETIME_MS });
  const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${mobile.sipPort}', callerId: '+4930100'}`;
  product = await Product.start({ config: `trunks: [${trunk}]\n`, lifetimeMs: LIFETIME_MS });
  phone = await Baresip.start({
    from: '2002',
    toneHz: PHONE_HZ,
    lifetimeMs: LIFETIME_MS,
    register: { password: await product.newPhonePassword('2002'), sipPort: product.ports.sip },
  });
  const steps = { answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support' } };
  await product.admin('PUT', '/flows/straight', { title: 'Straight to the queue', start: 'answer', steps });
  await product.admin('PUT', '/numbers/4901', { flowId: 'straight' });
  // Longer than a busy machine takes to ring, to answer and to ask.
  const { items } = await product.admin<{ items: { id: string }[] }>('GET', '/queue-settings');
  const { id: _id, ...settings } = items.find(({ id }) => id === 'support')!;
  await product.admin('PUT', '/queue-settings/support', { ...settings, offerTimeoutMs: 60_000 });
  agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  other = await Agent.signIn(product, 'agent2', OTHER_HZ);
  await phone.registered();
}, 240_000);

afterAll(async () => {
  await Promise.all([agent?.close(), other?.close(), phone?.close(), mobile?.close()]);
  await product?.stop();
}, 180_000);

const allow = async (...stations: string[]): Promise<void> => {
  const skills = { support: 8, sales: 5 };
  await product.admin('PUT', '/agent-profiles/agent1', { skills, stations });
};

/** By the page's own session: an agent has one. @returns the status. */
const command = (station: StationView): Promise<number> =>
  agent.page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/v1/desk/commands', { method: 'POST', headers, body })).status;
    },
    JSON.stringify({ id: '1', command: 'station', station }),
  );

/** At the desk, beside the state. */
const choose = async (title: string): Promise<void> => {
  await agent.at('station').click();
  await agent.page.locator(`.ant-select-item-option[title="${title}"]`).click();
};

/** What a station has heard lately; nothing before its first packet. */
const heardAt = (station: Baresip, lastMs: number): Promise<Float64Array> =>
  station.heard(lastMs).catch(() => new Float64Array(1));

let callers = 0;

/** A caller of the queue who rings at the first agent's station. */
const offered = async (station: Baresip): Promise<{ readonly call: TestCall; readonly from: string }> => {
  station.events.length = 0;
  callers += 1;
  const from = `+49301234${callers}`;
  const call = await callWithTone({ number: '4901', from, port: product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await agent.untilCall('ringing', 30_000);
  await station.until('CALL_INCOMING', 30_000);
  return { call, from };
};

const hearEachOther = async (call: TestCall, station: Baresip, stationHz: number): Promise<void> => {
  await untilHearsTone(call, stationHz, 30_000);
  await until('the station to hear the caller', async () => hearsTone(await heardAt(station, 500), CALLER_HZ), 30_000);
};

/** On hold: the caller has music, the station silence. */
const hearsNoMore = async (call: TestCall, station: Baresip, stationHz: number): Promise<void> => {
  await until('the caller to hear the station no more', () => !hearsTone(lastHeard(call, 300), stationHz), 30_000);
  await until('the caller to hear music', () => levelDbfs(lastHeard(call, 300)) > -40, 30_000);
  await until('the station to hear silence', async () => levelDbfs(await heardAt(station, 300)) < -50, 30_000);
};

/** The second agent, in the browser, gets whom the first has not taken. */
const otherTakesIt = async (call: TestCall): Promise<void> => {
  // It rings at once.
  await other.at('go-ready').click();
  await other.untilCall('ringing', 30_000);
  await other.answer();
  await untilHearsTone(call, OTHER_HZ, 30_000);
  await call.hangup();
  await other.finishWrapUp();
  await other.at('go-not-ready').click();
  await other.untilState('not-ready');
};

describeNeeding('chromium', 'baresip')('[ACD-31] stations', () => {
  it('what an administrator has not allowed cannot be chosen', async () => {
    expect(await command({ kind: 'phone', extension: '2002' })).toBe(403);
    expect(await agent.at('station').count()).toBe(0);
    await allow('phone', 'number');
    expect(await command({ kind: 'phone', extension: '2999' })).toBe(404);
  }, 180_000);

  it('a call of the queue rings at the agent’s desk phone; the desk shows it, holds it and ends it', async () => {
    await choose('Phone 2002');
    await agent.goReady();
    const { call, from } = await offered(phone);
    await agent.at('rings-at').waitFor();
    expect(await agent.at('call-answer').count()).toBe(0);
    phone.accept();
    await agent.untilCall('connected');
    await hearEachOther(call, phone, PHONE_HZ);
    await agent.at('call-mute').click();
    await until('the caller to hear nobody', () => !hearsTone(lastHeard(call, 300), PHONE_HZ), 30_000);
    await agent.at('call-mute').click();
    await hearEachOther(call, phone, PHONE_HZ);
    await agent.at('call-hold').click();
    await agent.untilCall('held');
    await hearsNoMore(call, phone, PHONE_HZ);
    await agent.at('call-hold').click();
    await agent.untilCall('connected');
    await hearEachOther(call, phone, PHONE_HZ);
    await agent.at('call-hangup').click();
    await phone.until('CALL_CLOSED');
    await call.ended;
    await agent.finishWrapUp();
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({
      queueId: 'support',
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    expect(interaction.segments.map(({ kind }) => kind)).toEqual([
      ...['flow', 'queue', 'ringing', 'talk', 'hold', 'talk', 'wrap-up'],
    ]);
    expect(interaction.recordings).toHaveLength(1);
  }, 120_000);

  it('a phone that declines leaves the caller to another agent', async () => {
    await agent.goReady();
    const { call, from } = await offered(phone);
    phone.hangUp();
    await agent.untilState('not-ready');
    await otherTakesIt(call);
    expect((await product.interactionFrom(from)).segments).toContainEqual(
      expect.objectContaining({ kind: 'ringing', agentId: 'agent1', detail: 'declined' }),
    );
  }, 120_000);

  it('a conversation at the phone goes on when the app is killed', async () => {
    await agent.goReady();
    const { call, from } = await offered(phone);
    phone.accept();
    await hearEachOther(call, phone, PHONE_HZ);
    await product.crash('app', 60_000);
    await agent.untilCall('connected', 60_000);
    await hearEachOther(call, phone, PHONE_HZ);
    phone.hangUp();
    await agent.finishWrapUp();
    expect((await product.interactionFrom(from)).outcome).toEqual({
      ...{ result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    // The station is remembered, and the phone still registered.
    const again = await offered(phone);
    phone.accept();
    await hearEachOther(again.call, phone, PHONE_HZ);
    await again.call.hangup();
    await agent.finishWrapUp();
  }, 180_000);

  it('a mobile takes the call by the key 1, which a sentence asks for', async () => {
    await choose('Other number…');
    await agent.at('station-number').fill('+49 170 555-123');
    await agent.at('station-take').click();
    await agent.at('station-number').waitFor({ state: 'detached' });
    const { call, from } = await offered(mobile);
    mobile.accept();
    await until('the mobile to hear the sentence', async () => levelDbfs(await heardAt(mobile, 500)) > -35, 30_000);
    expect(await agent.at('call-status').getAttribute('data-state')).toBe('ringing');
    expect(hearsTone(await heardAt(mobile, 500), CALLER_HZ)).toBe(false);
    await mobile.press('1');
    await agent.untilCall('connected');
    await hearEachOther(call, mobile, MOBILE_HZ);
    await agent.at('call-hold').click();
    await agent.untilCall('held');
    await hearsNoMore(call, mobile, MOBILE_HZ);
    await agent.at('call-hold').click();
    await hearEachOther(call, mobile, MOBILE_HZ);
    mobile.hangUp();
    await call.ended;
    await agent.finishWrapUp();
    expect(await product.interactionFrom(from)).toMatchObject({
      agentId: 'agent1',
      digits: [],
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
  }, 120_000);

  it('a mailbox that answers there gets no caller', async () => {
    await agent.goReady();
    const { call } = await offered(mobile);
    mobile.accept();
    await mobile.until('CALL_CLOSED', 40_000);
    await agent.untilState('not-ready');
    expect(hearsTone(await heardAt(mobile, 5000), CALLER_HZ)).toBe(false);
    await otherTakesIt(call);
  }, 150_000);
});
