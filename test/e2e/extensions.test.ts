/**
 * Extensions through the whole product: agents among each other, direct dial-in, an office PBX behind a trunk, flows
 * that dial, and what a phone's lamp is told. baresip is the number outside, SIP peers on sockets are PBX and phone.
 */
import type { PhoneView } from '../../api/contract/phones';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { callWithTone, untilAnswered, untilHasHeardSound, untilHearsTone } from '../support/caller';
import { OfficePhone } from '../support/office-phone';
import { Product } from '../support/product';
import { SipCallee } from '../support/sip-callee';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const ANNA_HZ = 1000;
const LI_HZ = 1300;
const CALLER_HZ = 440;
const OUTSIDE_HZ = 700;
const OUTSIDE = '+4930555123';
/** A number that the carrier refuses with 404. */
const UNKNOWN = '+49306666';
const PBX_SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 8',
  '',
];

let product: Product;
let anna: Agent;
let li: Agent;
let outside: Baresip;
let pbx: SipCallee;
let phone: OfficePhone;

const startAll = async (): Promise<void> => {
  outside = await Baresip.start({ from: OUTSIDE, toneHz: OUTSIDE_HZ, autoAnswer: true, lifetimeMs: 300_000 });
  pbx = await SipCallee.listen('udp');
  const carrier = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${outside.sipPort}', callerId: '+4930100'}`;
  const office = `{id: office, name: Office, addresses: [127.0.0.9], proxy: '127.0.0.1:${pbx.port}'}`;
  product = await Product.start({ config: `trunks: [${carrier}, ${office}]\n` });
  const password = await product.newPhonePassword('2002');
  phone = await OfficePhone.open({ extension: '2002', password, sipPort: product.ports.sip });
  await phone.register();
  [anna, li] = await Promise.all([
    Agent.signIn(product, 'agent1', ANNA_HZ),
    Agent.signIn(product, 'agent2', LI_HZ, 'zh-CN'),
  ]);
};

describeNeeding('chromium', 'baresip')('extensions', () => {
  beforeAll(startAll, 180_000);

  afterAll(async () => {
    await Promise.all([anna?.close(), li?.close(), outside?.close(), pbx?.close(), phone?.close()]);
    await product?.stop();
  }, 180_000);

  it('[SPH-20] an agent calls another by extension, both hear each other, and a phone’s lamp follows', async () => {
    await phone.watch('1002');
    await phone.untilLamp('1002', 'off');
    await anna.dial('1002');
    await li.untilCall('ringing', 30_000);
    await phone.untilLamp('1002', 'early recipient 1001');
    await li.answer();
    await anna.untilCall('connected');
    await phone.untilLamp('1002', 'confirmed recipient 1001');
    await Promise.all([anna.untilHears(LI_HZ, 30_000), li.untilHears(ANNA_HZ, 30_000)]);
    await anna.at('call-hangup').click();
    await phone.untilLamp('1002', 'off');
    const interaction = await product.endedInteraction();
    expect(interaction).toMatchObject({
      direction: 'internal',
      caller: { number: '1001', displayName: 'Anna Berg' },
      called: { number: '1002' },
      outcome: { result: 'answered', reason: 'hung-up' },
    });
    expect(interaction.recordings).toHaveLength(1);
  }, 180_000);

  it('an agent finds a colleague in the directory, and a click rings at the colleague’s browser', async () => {
    await anna.untilCall('idle');
    await anna.at('dial-directory').click();
    await anna.at('directory-search').fill('li w');
    await anna.page.locator('[data-testid=directory-1002][data-state=away]').waitFor({ timeout: 30_000 });
    expect(await anna.page.locator('.directory-row').count()).toBe(1);
    await anna.at('directory-call-1002').click();
    await li.untilCall('ringing', 30_000);
    expect(await li.at('caller-number').textContent()).toBe('1001');
    expect(await li.page.locator('.call-name').textContent()).toBe('安娜');
    await li.answer();
    await anna.untilCall('connected');
    await Promise.all([anna.untilHears(LI_HZ, 30_000), li.untilHears(ANNA_HZ, 30_000)]);
    await li.at('call-hangup').click();
    await Promise.all([anna.untilCall('idle'), li.untilCall('idle')]);
  }, 180_000);

  it('a caller from outside dials an agent’s extension directly, past all queues', async () => {
    const from = '+49301111';
    await anna.untilCall('idle');
    const call = await callWithTone({ number: '1001', from, port: product.ports.sip, toneHz: CALLER_HZ });
    await anna.untilCall('ringing', 30_000);
    await anna.answer();
    await untilAnswered(call);
    await Promise.all([untilHearsTone(call, ANNA_HZ, 30_000), anna.untilHears(CALLER_HZ, 30_000)]);
    await call.hangup();
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({
      direction: 'inbound',
      called: { number: '1001' },
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    expect(interaction.segments.map(({ kind }) => kind)).toEqual(['ringing', 'talk']);
  }, 180_000);

  it('[TEL-13] an agent reaches an extension of the office PBX, which gets its own number and our headers', async () => {
    const goal = {
      kind: 'trunk',
      trunkId: 'office',
      stripDigits: 1,
      addPrefix: '99',
      headers: { 'X-From-Center': 'yes' },
    };
    await product.admin('PUT', '/extensions/rules/3xxx', { displayName: 'Office', goal });
    await anna.dial('3456');
    const invite = await pbx.request('INVITE');
    expect(invite.request.uri).toContain('sip:99456@');
    expect(invite.request.get('X-From-Center')).toBe('yes');
    expect(invite.request.from.uri.user).toBe('1001');
    pbx.respond(invite, 200, PBX_SDP.join('\r\n'));
    await anna.untilCall('connected', 30_000);
    await pbx.send('BYE', invite);
    const interaction = await product.endedInteraction(({ called }) => called.number === '3456');
    expect(interaction).toMatchObject({ direction: 'internal', outcome: { result: 'answered', reason: 'hung-up' } });
  }, 180_000);

  it('[TEL-13] callers of other trunks reach the office PBX only where that is allowed', async () => {
    const from = '+49302222';
    const refused = await callWithTone({ number: '3457', from, port: product.ports.sip });
    expect(await refused.ended).toMatchObject({ by: 'refusal', status: 404 });
    const goal = { kind: 'trunk', trunkId: 'office', stripDigits: 1, fromTrunks: true };
    await product.admin('PUT', '/extensions/rules/3xxx', { goal });
    const call = await callWithTone({ number: '3457', from, port: product.ports.sip });
    const invite = await pbx.request('INVITE', 1);
    expect(invite.request.uri).toContain('sip:457@');
    expect(invite.request.from.uri.user).toBe(from);
    pbx.respond(invite, 200, PBX_SDP.join('\r\n'));
    await untilAnswered(call);
    await call.hangup();
    await pbx.request('BYE');
  }, 180_000);

  const dialling = (number: string, otherwise: object) => ({
    title: 'Dial',
    start: 'answer',
    steps: {
      answer: { do: 'answer', next: 'call' },
      call: { do: 'dial', number, otherwise: 'otherwise' },
      otherwise,
      bye: { do: 'hang-up', reason: 'served' },
    },
  });

  it('[TEL-14] a flow steers the caller to a service outside, and comes back when it cannot be reached', async () => {
    const from = '+49303333';
    const next = { do: 'dial', number: OUTSIDE, otherwise: 'bye' };
    await product.admin('PUT', '/flows/outside', dialling(UNKNOWN, next));
    await product.admin('PUT', '/numbers/4700', { flowId: 'outside' });
    const call = await callWithTone({ number: '4700', from, port: product.ports.sip, toneHz: CALLER_HZ });
    await untilAnswered(call);
    await untilHearsTone(call, OUTSIDE_HZ, 30_000);
    await until('the service to hear the caller', async () => hearsTone(await outside.heard(500), CALLER_HZ), 30_000);
    await call.hangup();
    await outside.until('CALL_CLOSED');
    const interaction = await product.interactionFrom(from);
    expect(interaction.outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    const { segments } = interaction;
    expect(segments.map(({ kind }) => kind)).toEqual(['flow', 'ringing', 'flow', 'ringing', 'talk']);
    expect(segments.filter(({ kind }) => kind === 'ringing').map(({ detail }) => detail)).toEqual([UNKNOWN, OUTSIDE]);
    expect(interaction.recordings).toHaveLength(1);
  }, 180_000);

  it('[TEL-14] a caller whose destination fails hears the flow’s next step', async () => {
    const from = '+49304444';
    const sorry = { do: 'play', prompts: [{ prompt: 'welcome', language: 'en' }], next: 'bye' };
    await product.admin('PUT', '/flows/sorry', dialling(UNKNOWN, sorry));
    await product.admin('PUT', '/numbers/4701', { flowId: 'sorry' });
    const call = await callWithTone({ number: '4701', from, port: product.ports.sip });
    await untilAnswered(call);
    await untilHasHeardSound(call);
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    const interaction = await product.interactionFrom(from);
    expect(interaction.segments.map(({ kind }) => kind)).toEqual(['flow', 'ringing', 'flow']);
  }, 180_000);

  it('a phone is still registered after the app has died, and takes the next call', async () => {
    const contactsOf = async (): Promise<unknown> =>
      (await product.admin<PhoneView>('GET', '/phones/2002')).contacts.map(({ uri }) => uri);
    const before = await contactsOf();
    expect(before).toHaveLength(1);
    await product.crash('app');
    expect(await contactsOf()).toEqual(before);
    const call = await callWithTone({ number: '2002', from: '+49305555', port: product.ports.sip });
    await phone.decline();
    expect(await call.answered).toMatchObject({ ok: false });
  }, 180_000);
});
