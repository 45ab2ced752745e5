/** An agent dials a number through a carrier's trunk, or takes a callback to it; baresip is who is called there. */
import type { InteractionView } from '../../api/contract/rest';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { callWithTone, untilAnswered, untilHearsTone } from '../support/caller';
import { Product } from '../support/product';
import { hearsTone, tone, toPcm16 } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';
import { pcm16Wav } from '../support/wav';

const AGENT_HZ = 1000;
const CALLED_HZ = 700;
const NUMBER = '+4930555123';
const HOUR_MS = 3_600_000;

/** The time of day in so many hours, in UTC. */
const clockIn = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString().slice(11, 16);

let called: Baresip;
let product: Product;
let agent: Agent;

beforeAll(async () => {
  called = await Baresip.start({ from: NUMBER, toneHz: CALLED_HZ, autoAnswer: true });
  const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${called.sipPort}', callerId: '+4930100'}`;
  product = await Product.start({ config: `trunks: [${trunk}]\n` });
  agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
}, 180_000);

afterAll(async () => {
  await Promise.all([agent?.close(), called?.close()]);
  await product?.stop();
}, 180_000);

describeNeeding('chromium', 'baresip')('a call that an agent dials', () => {
  it('[SPH-18] [OUT-01] an agent dials a pasted number, talks, presses a key and hangs up', async () => {
    await agent.dial('+49 (30) 555-123');
    await agent.untilCall('connected', 30_000);
    await until('the agent to hear the called party', async () => hearsTone(await agent.heard(500), CALLED_HZ), 30_000);
    await until('the called party to hear the agent', async () => hearsTone(await called.heard(500), AGENT_HZ), 30_000);
    await agent.at('dial-pad-5').click();
    await called.until('CALL_DTMF_START');
    await agent.at('call-hangup').click();
    await called.until('CALL_CLOSED');
    expect(called.events.find(({ type }) => type === 'CALL_DTMF_START')?.param).toBe('5');

    const interaction = await product.endedInteraction();
    expect(interaction).toMatchObject({
      direction: 'outbound',
      caller: { number: '+4930100' },
      called: { number: NUMBER },
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    expect(interaction.segments.map(({ kind }) => kind)).toEqual(['ringing', 'talk']);
    expect(interaction.recordings).toHaveLength(1);
  }, 180_000);

  it('a number that the carrier does not know ends the call and says so', async () => {
    await agent.untilCall('idle');
    await agent.dial('+49306666');
    const interaction = await product.endedInteraction((item) => item.called.number === '+49306666');
    expect(interaction.outcome).toEqual({ result: 'failed', reason: 'not-found', party: 'carrier' });
    await agent.untilCall('idle');
  }, 180_000);
});

const [NEXT_HZ, OFFER_HZ, PROMISE_HZ] = [1500, 1900, 2300];

/** Recordings that can be told from each other take the place of what is said, in both languages. */
const recordPrompts = async (): Promise<void> => {
  const { token } = await product.signIn('admin');
  const sounds = { 'queue-next': NEXT_HZ, 'queue-callback-promised': PROMISE_HZ };
  const offer = Object.fromEntries(
    ['queue-callback-press', 'n-1', 'queue-callback-keep'].map((name) => [name, OFFER_HZ]),
  );
  for (const [name, frequencyHz] of Object.entries({ ...sounds, ...offer })) {
    const body = new Uint8Array(pcm16Wav(toPcm16(tone({ frequencyHz, durationMs: 900 }))));
    for (const language of ['en', 'zh-CN']) {
      const saved = await fetch(`${product.url}/api/v1/sounds/file?path=prompts/${language}/${name}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'audio/wav' },
        body,
      });
      expect(saved.status).toBe(200);
    }
  }
};

const letQueueOfferCallbacks = async (validMs = 600_000): Promise<void> => {
  await recordPrompts();
  await setSupport({
    waiting: {
      announce: { tell: 'position', everyMs: 60_000 },
      callback: { key: '1', afterMs: 0, number: 'caller', validMs },
    },
  });
  const steps = { answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support' } };
  await product.admin('PUT', '/flows/straight', { title: 'Straight to the queue', start: 'answer', steps });
  await product.admin('PUT', '/numbers/4901', { flowId: 'straight' });
};

/** What is set about the queue, with this changed. */
const setSupport = async (change: object): Promise<void> => {
  const { items } = await product.admin<{ items: { id: string }[] }>('GET', '/queue-settings');
  const { id: _id, ...settings } = items.find(({ id }) => id === 'support')!;
  await product.admin('PUT', '/queue-settings/support', { ...settings, ...change });
};

interface Waiting {
  readonly items: readonly { readonly kind: string; readonly state: string; readonly againAtMs?: number }[];
}

const waiting = async (): Promise<Waiting['items']> =>
  (await product.admin<Waiting>('GET', '/queues/support/contacts')).items;

/** Presses the key as soon as it is offered, and is let go with the promise. */
const askForCallback = async (): Promise<void> => {
  const call = await callWithTone({ number: '4901', from: NUMBER, port: product.ports.sip });
  await untilAnswered(call);
  await untilHearsTone(call, NEXT_HZ);
  await untilHearsTone(call, OFFER_HZ, 30_000);
  await call.press('1');
  await untilHearsTone(call, PROMISE_HZ, 30_000);
  await call.ended;
};

describeNeeding('chromium', 'baresip')('a caller who does not want to wait', () => {
  it('hears the place and the offer, asks by a key for a callback, and is called when an agent has accepted', async () => {
    await letQueueOfferCallbacks();
    await askForCallback();
    expect(await waiting()).toMatchObject([{ kind: 'callback', number: NUMBER, state: 'waiting', position: 1 }]);
    const before = called.events.length;
    // It rings at once.
    await agent.at('go-ready').click();
    await agent.untilCall('ringing');
    await agent.at('call-callback').waitFor();
    expect(called.events.slice(before).some(({ type }) => type === 'CALL_INCOMING')).toBe(false);
    await agent.answer();
    await agent.untilHears(CALLED_HZ);
    await until('the customer to hear the agent', async () => hearsTone(await called.heard(500), AGENT_HZ), 30_000);
    await agent.at('call-hangup').click();
    await agent.finishWrapUp();
    expect(await product.endedInteraction((item) => item.callback !== undefined)).toMatchObject({
      direction: 'outbound',
      called: { number: NUMBER },
      queueId: 'support',
      agentId: 'agent1',
      callback: { attempt: 1 },
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    expect((await product.interactionFrom(NUMBER)).queueNotes).toMatchObject([
      { kind: 'told', queueId: 'support', position: 1 },
      { kind: 'callback-requested', queueId: 'support', number: NUMBER, by: 'caller' },
    ]);
  }, 180_000);

  it('[TEL-22] asks outside of the hours for callbacks, and is called when they begin, at the place kept', async () => {
    await letQueueOfferCallbacks(24 * HOUR_MS);
    const daily = { days: [1, 2, 3, 4, 5, 6, 7] };
    const later = { ...daily, from: clockIn(2), to: clockIn(4) };
    await product.admin('PUT', '/calendars/callable', { name: 'Callable', timeZone: 'UTC', weekly: [later] });
    await setSupport({ callbackCalendarId: 'callable' });
    await agent.at('go-not-ready').click();
    await agent.untilState('not-ready');
    const askedAtMs = Date.now();
    await askForCallback();
    await agent.goReady();
    const [resting] = await waiting();
    expect(resting).toMatchObject({ kind: 'callback', state: 'resting' });
    expect(new Date(resting?.againAtMs ?? 0).toISOString()).toContain(`T${later.from}:00`);
    const always = { ...daily, from: '00:00', to: '24:00' };
    await product.admin('PUT', '/calendars/callable', { name: 'Callable', timeZone: 'UTC', weekly: [always] });
    await agent.untilCall('ringing');
    await agent.answer();
    await agent.untilHears(CALLED_HZ);
    await agent.at('call-hangup').click();
    await agent.finishWrapUp();
    const isThis = ({ callback, startedAtMs }: InteractionView): boolean => !!callback && startedAtMs >= askedAtMs;
    expect(await product.endedInteraction(isThis)).toMatchObject({
      callback: { attempt: 1 },
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    expect(await waiting()).toEqual([]);
  }, 120_000);
});
