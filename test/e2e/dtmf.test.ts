/**
 * Digits by every mode of a trunk, in both directions, through the whole product: the caller's keys reach the flow, the
 * agent's keys reach the caller in the trunk's form.
 */
import type { TestCall } from '../../infra/caller/test-call';
import type { DtmfMode } from '../../media/ports';
import { Agent } from '../support/agent';
import { callWithTone, untilAnswered } from '../support/caller';
import { Product } from '../support/product';
import { fromPcm16, toneLevelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const AGENT_HZ = 1000;
/** Row and column of the key 5. */
const FIVE_HZ = [770, 1336] as const;

let product: Product;

/** Everybody on this machine calls by this trunk. */
const trunkWith = (dtmf: DtmfMode): Promise<unknown> =>
  product.admin('PUT', '/trunks/carrier', { name: 'Carrier', addresses: ['127.0.0.0/8'], dtmf });

/** Asks for up to eight keys without a word, and shows them in the history. */
const ASKING = {
  answer: { do: 'answer', next: 'ask' },
  ask: { do: 'collect', prompts: [], variable: 'keys', max: 8, timeoutMs: 2500, next: 'bye', otherwise: 'bye' },
  bye: { do: 'hang-up', reason: 'served' },
};

beforeAll(async () => {
  product = await Product.start({ config: "trunks: [{id: elsewhere, name: Elsewhere, addresses: ['192.0.2.1']}]\n" });
  await product.admin('PUT', '/flows/asking', { title: 'Asking', start: 'answer', steps: ASKING });
  await product.admin('PUT', '/numbers/4100', { flowId: 'asking' });
}, 120_000);

afterAll(() => product.stop(), 120_000);

let callers = 0;

const place = async (number: string, dtmf: DtmfMode): Promise<{ call: TestCall; from: string }> => {
  callers += 1;
  const from = `+4930700${callers}`;
  const call = await callWithTone({ number, from, dtmf, port: product.ports.sip });
  await untilAnswered(call);
  return { call, from };
};

const keysOf = async (from: string): Promise<string | undefined> =>
  (await product.interactionFrom(from)).data?.['keys'];

describe('keys of a caller', () => {
  it.each([
    ['rfc4733', 'rfc4733', 'events', undefined],
    ['rfc4733', 'inband', 'tones, since the caller agrees to no telephone-event', undefined],
    ['info', 'info', 'SIP INFO', undefined],
    ['inband', 'inband', 'tones', undefined],
    ['auto', 'rfc4733', 'events', undefined],
    ['auto', 'rfc4733', 'tones, although telephone-event is agreed', 'inband'],
    ['auto', 'rfc4733', 'SIP INFO, although telephone-event is agreed', 'info'],
  ] as const)(
    '[TEL-10] [TEL-12] reach the flow of a trunk with %s from a caller with %s, as %s',
    async (mode, own, _, form) => {
      await trunkWith(mode);
      const { call, from } = await place('4100', own);
      await call.press('1290#', ...(form ? [form] : []));
      await call.ended;
      expect(await keysOf(from)).toBe('1290');
    },
    180_000,
  );

  it('count once when a gateway sends them as event, as tone and by SIP INFO', async () => {
    await trunkWith('auto');
    const { call, from } = await place('4100', 'rfc4733');
    for (const key of '7733') {
      await call.press(key, 'inband');
      await call.press(key, 'info');
      await call.press(key, 'rfc4733');
    }
    await call.ended;
    expect(await keysOf(from)).toBe('7733');
  }, 180_000);
});

/** Whether both frequencies of the key are in the same 40 ms of what the caller has heard. */
const hearsFive = (call: TestCall): boolean => {
  const heard = fromPcm16(call.heard.slice(-8000 * 4));
  for (let start = 0; start + 320 <= heard.length; start += 160) {
    const piece = heard.subarray(start, start + 320);
    if (FIVE_HZ.every((hz) => toneLevelDbfs(piece, hz) > -25)) return true;
  }
  return false;
};

const heardDigits = (call: TestCall): string[] =>
  call.events.flatMap((event) => (event.type === 'heard-digit' ? [`${event.digit} ${event.form}`] : []));

describeNeeding('chromium')('keys of an agent', () => {
  let agent: Agent;
  beforeAll(async () => {
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  }, 180_000);
  afterAll(() => agent.close(), 120_000);

  const talk = async (mode: DtmfMode, own: DtmfMode): Promise<TestCall> => {
    await trunkWith(mode);
    await agent.goReady();
    const { call } = await place('4000', own);
    await pause(300);
    await call.press('2');
    await agent.untilCall('ringing', 30_000);
    await agent.answer();
    return call;
  };

  const hangUp = async (): Promise<void> => {
    await agent.at('call-hangup').click();
    await agent.untilCall('wrap-up');
    await agent.at('wrap-up-done').click();
    await agent.untilState('ready');
  };

  it.each([
    ['rfc4733', 'rfc4733', ['5 rfc4733'], false],
    ['info', 'info', ['5 info'], false],
    // Whose telephone knows SIP INFO alone takes no tones for keys: they stay in what is heard.
    ['inband', 'info', [], true],
    ['rfc4733', 'info', [], true],
  ] as const)(
    '[TEL-10] reach a caller with %s to whom %s is agreed, in that form alone',
    async (mode, own, digits, audible) => {
      const call = await talk(mode, own);
      await agent.at('dial-pad-5').click();
      await until('the key at the caller', () => heardDigits(call).length > 0 || hearsFive(call), 30_000);
      await pause(700);
      expect(heardDigits(call)).toEqual(digits);
      expect(hearsFive(call)).toBe(audible);
      await hangUp();
    },
    180_000,
  );
});
