/**
 * Two carriers and a registrar: calls go to the second carrier when the first is unable, probes turn the first down and
 * up, and a trunk that an administrator adds registers. Chromium is the agent, baresip who is called.
 */
import { createHash } from 'node:crypto';
import type { AlarmView } from '../../api/contract/security';
import type { TrunkView } from '../../api/contract/trunk-status';
import { parseAuth } from '../../signaling/sip/headers/auth';
import type { SipRequest } from '../../signaling/sip/message';
import { SipResponse } from '../../signaling/sip/message';
import type { ServerTransaction } from '../../signaling/sip/transaction/types';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { Product } from '../support/product';
import { SipCallee } from '../support/sip-callee';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const AGENT_HZ = 1000;
const CALLED_HZ = 700;
const NUMBER = '+4930555123';
const PROBE = 'probe: {intervalS: 1, timeoutMs: 500, downAfter: 2, upAfter: 1}';
const ACCOUNT = { username: 'switchroom', password: 'zanzibar' };
const REALM = 'carrier.example';

let first: SipCallee;
let registrar: SipCallee;
let called: Baresip;
let product: Product;
let agent: Agent;
/** What the first carrier does: undefined is silence. */
let statusOfFirst: { OPTIONS?: number; INVITE?: number } = { OPTIONS: 200, INVITE: 503 };

beforeAll(async () => {
  first = await SipCallee.listen('udp');
  first.onRequest = (transaction) => {
    const { method } = transaction.request;
    const status = method === 'OPTIONS' || method === 'INVITE' ? statusOfFirst[method] : 200;
    if (status !== undefined) first.respond(transaction, status);
  };
  registrar = await SipCallee.listen('udp');
  registrar.onRequest = register;
  called = await Baresip.start({ from: NUMBER, toneHz: CALLED_HZ, autoAnswer: true });
  const carrier = (id: string, port: number): string =>
    `  - {id: ${id}, name: ${id}, proxy: '127.0.0.1:${port}', callerId: '+4930100', ${PROBE}}\n`;
  product = await Product.start({
    config:
      `trunks:\n${carrier('cheap', first.port)}${carrier('dear', called.sipPort)}` +
      'routes:\n  - {id: all, name: All, trunks: [{trunkId: dear, costPerMinute: 2}, {trunkId: cheap, costPerMinute: 1}]}\n',
  });
  agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
}, 180_000);

afterAll(async () => {
  await Promise.all([agent?.close(), called?.close()]);
  await product?.stop();
  await Promise.all([first?.close(), registrar?.close()]);
}, 180_000);

/** A registrar by RFC 3261, section 10.3, and RFC 7616, that knows one account; its digest is computed here alone. */
const register = (transaction: ServerTransaction): void => {
  const { request } = transaction;
  const answer = (status: number, headers: [string, string][] = []): void =>
    void transaction.respond(SipResponse.from(request, status, { toTag: transaction.toTag, headers }));
  if (request.method !== 'REGISTER') return answer(200);
  const proven = request.get('Authorization');
  if (proven === undefined) {
    return answer(401, [['WWW-Authenticate', `Digest realm="${REALM}", nonce="n1", algorithm=SHA-256, qop="auth"`]]);
  }
  if (!isProof(request, proven)) return answer(403);
  return answer(200, [['Contact', request.get('Contact') ?? '']]);
};

const isProof = ({ method }: SipRequest, header: string): boolean => {
  const parsed = parseAuth(header);
  if (!parsed.ok) return false;
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const [uri, nc, cnonce, response] = ['uri', 'nc', 'cnonce', 'response'].map((name) => parsed.value.params.get(name));
  const ha1 = hash(`${ACCOUNT.username}:${REALM}:${ACCOUNT.password}`);
  return response === hash(`${ha1}:n1:${nc}:${cnonce}:auth:${hash(`${method}:${uri}`)}`);
};

const trunk = async (id: string): Promise<TrunkView | undefined> =>
  (await product.admin<{ items: TrunkView[] }>('GET', '/trunks')).items.find((item) => item.id === id);

const untilTrunk = (id: string, state: string): Promise<unknown> =>
  until(`the trunk ${id} to be ${state}`, async () => (await trunk(id))?.status.state === state, 30_000);

const untilAlarm = (kind: string, trunkId: string): Promise<AlarmView> =>
  until(`the alarm ${kind} of ${trunkId}`, async () => {
    const { items } = await product.admin<{ items: AlarmView[] }>('GET', '/alarms');
    return items.find((alarm) => alarm.kind === kind && alarm.details['trunkId'] === trunkId);
  });

const invitesOfFirst = (): number => first.transactions.filter(({ request }) => request.method === 'INVITE').length;

const hangUps = (): number => called.events.filter(({ type }) => type === 'CALL_CLOSED').length;

const talkAndHangUp = async (): Promise<void> => {
  const before = hangUps();
  await agent.dial(NUMBER);
  await agent.untilCall('connected', 30_000);
  await agent.untilHears(CALLED_HZ);
  await until('the called party to hear the agent', async () => hearsTone(await called.heard(500), AGENT_HZ), 30_000);
  await agent.at('call-hangup').click();
  await until('the called party to be hung up on', () => hangUps() > before);
};

describeNeeding('chromium', 'baresip')('calls by several trunks', () => {
  it('a call that the first carrier refuses with 503 goes to the second, with sound both ways', async () => {
    await Promise.all([untilTrunk('cheap', 'up'), untilTrunk('dear', 'up')]);
    await talkAndHangUp();
    expect(invitesOfFirst()).toBe(1);
    expect((await trunk('cheap'))?.status.counts).toMatchObject({
      outbound: 1,
      outboundFailed: 1,
      outboundAnswered: 0,
    });
    expect((await trunk('dear'))?.status.counts).toMatchObject({ outbound: 1, outboundAnswered: 1 });
    const interaction = await product.endedInteraction();
    expect(interaction.outcome).toMatchObject({ result: 'answered', reason: 'hung-up', party: 'agent' });
  }, 180_000);

  it('silence on OPTIONS turns the first carrier down with an alarm; calls pass it over until it answers again', async () => {
    statusOfFirst = {};
    await untilTrunk('cheap', 'down');
    expect(await untilAlarm('trunk-down', 'cheap')).toMatchObject({ severity: 'critical' });
    const before = invitesOfFirst();
    const way = await product.admin('POST', '/outbound-routes/test', { number: NUMBER });
    expect(JSON.stringify(way)).toContain('"trunkId":"dear"');
    await talkAndHangUp();
    expect(invitesOfFirst()).toBe(before);
    statusOfFirst = { OPTIONS: 200, INVITE: 503 };
    await untilTrunk('cheap', 'up');
    expect(await untilAlarm('trunk-up', 'cheap')).toMatchObject({ severity: 'info' });
  }, 180_000);

  it('a trunk that an administrator adds registers by digest; a wrong password is an alarm until it is put right', async () => {
    const put = (password: string): Promise<unknown> =>
      product.admin('PUT', '/trunks/registering', {
        name: 'Registering',
        credentials: { ...ACCOUNT, password },
        registration: { registrar: `127.0.0.1:${registrar.port}`, expiresS: 120 },
      });
    const registration = async () => (await trunk('registering'))?.status.registration;
    await put('not the password');
    await until('the registration to fail', async () => (await registration())?.state === 'waiting');
    expect(await registration()).toMatchObject({ why: '403 Forbidden' });
    expect((await trunk('registering'))?.status.state).toBe('down');
    expect((await untilAlarm('trunk-registration-failed', 'registering')).message).toContain('403');
    await put(ACCOUNT.password);
    await until('the trunk to be registered', async () => (await registration())?.state === 'registered');
    const registered = await registration();
    expect((registered?.registeredUntilMs ?? 0) - Date.now()).toBeGreaterThan(100_000);
    expect((await trunk('registering'))?.status.state).toBe('up');
    await untilAlarm('trunk-registered', 'registering');
  }, 180_000);
});
