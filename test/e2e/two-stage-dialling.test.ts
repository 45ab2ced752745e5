/** The sample flow of two-stage dialling: an access number, a PIN, a second number, and the way outside by the routes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DigitForm } from '../../media/ports';
import { Baresip } from '../support/baresip';
import { callWithTone, untilAnswered, untilHearsTone } from '../support/caller';
import { Product } from '../support/product';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const CALLED_HZ = 700;
const CALLER_HZ = 440;
const WANTED = '030777888';
const PIN = '4711';

let called: Baresip;
let product: Product;

const callIn = async (from: string) => {
  const call = await callWithTone({ number: '4016', from, toneHz: CALLER_HZ, port: product.ports.sip });
  await untilAnswered(call);
  return call;
};

const historyOf = (from: string) => product.endedInteraction((item) => item.caller.number === from);

describeNeeding('baresip')('two-stage dialling', () => {
  beforeAll(async () => {
    called = await Baresip.start({ from: WANTED, toneHz: CALLED_HZ, autoAnswer: true, lifetimeMs: 300_000 });
    product = await Product.start({
      config:
        `trunks: [{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${called.sipPort}', callerId: '+4930100'}]\n` +
        "routes: [{id: national, name: National, prefixes: ['0'], trunks: [{trunkId: carrier}]}]\n",
    });
    // As the documentation says: the sample with a PIN of one's own.
    const sample = readFileSync(join(__dirname, '../../docs/samples/two-stage-dialling.json'), 'utf8');
    await product.admin('PUT', '/flows/two-stage', JSON.parse(sample.replace('(set a PIN here)', PIN)));
    await product.admin('PUT', '/numbers/4016', { flowId: 'two-stage' });
  }, 120_000);

  afterAll(async () => {
    await called.close();
    await product.stop();
  }, 180_000);

  it.each([
    ['telephone-events', 'rfc4733', '+493055510'],
    ['SIP INFO', 'info', '+493055511'],
  ] as const)(
    '[TEL-16] a permitted caller keys a PIN and a number by %s, and talks with who is called there',
    async (_, form: DigitForm, from) => {
      const call = await callIn(from);
      await call.press(`${PIN}#`, form);
      await call.press(`${WANTED}#`, form);
      await untilHearsTone(call, CALLED_HZ, 30_000);
      await until(
        'the called party to hear the caller',
        async () => hearsTone(await called.heard(500), CALLER_HZ),
        30_000,
      );
      await call.hangup();
      const interaction = await historyOf(from);
      expect(interaction).toMatchObject({ data: { wanted: WANTED }, outcome: { result: 'answered', party: 'caller' } });
      expect(JSON.stringify(interaction)).not.toContain(PIN);
      expect(interaction.parties.map(({ role }) => role)).toContain('called');
    },
    180_000,
  );

  it('[TEL-16] a wrong PIN, a caller who is not known, and a number that the caller may not dial lead nowhere', async () => {
    const wrong = await callIn('+493055512');
    await wrong.press('1234#');
    await wrong.ended;
    expect((await historyOf('+493055512')).outcome?.reason).toBe('not permitted');

    const stranger = await callWithTone({ number: '4016', from: '+49307', port: product.ports.sip });
    expect((await stranger.answered).ok).toBe(false);
    await stranger.ended;

    await product.admin('PUT', '/call-rules/inside', {
      kind: 'service-class',
      allow: ['internal'],
      callers: ['+493055513'],
    });
    const limited = await callIn('+493055513');
    await limited.press(`${PIN}#`);
    await limited.press(`${WANTED}#`);
    await until(
      'the second refusal in the log',
      () => product.log.some(({ msg, number }) => msg === 'a caller may not dial a number' && number === WANTED),
      30_000,
    );
    await limited.hangup();
    const { segments } = await historyOf('+493055513');
    expect(segments.map(({ kind }) => kind)).toEqual(['flow']);
  }, 180_000);
});
