/** What supervisors see of the SIP edge: the messages of a call, and the alarm when somebody guesses passwords. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { InteractionView } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import { challenged } from '../contract/signaling/credentials';
import { SipPeer } from '../contract/signaling/sip-peer';
import { callWithTone, untilAnswered, untilHasHeardSound } from '../support/caller';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import type { DeskView } from '../support/desk-browser';
import { PASSWORD, Product } from '../support/product';
import { describeNeeding } from '../support/tools';

const CALLER = '+4930555';
/** No trunk has this address. */
const STRANGER = '127.0.0.66';
const CONFIG = 'trunks: [{id: carrier, name: Carrier, addresses: [127.0.0.1]}]\n';
const FAILURES_BEFORE_BAN = 10;

let product: Product;
let chromium: ChromiumUnderTest;
let context: BrowserContext;
let page: Page;
let call: TestCall;
let interaction: InteractionView;

const signedIn = async (locale: DeskView['locale']): Promise<[BrowserContext, Page]> => {
  const opened = await openContext(chromium.browser, { locale, width: 1440, height: 900 });
  const tab = await opened.newPage();
  await tab.goto(product.url);
  await tab.getByTestId('username').fill('super1');
  await tab.getByTestId('password').fill(PASSWORD);
  await tab.getByTestId('sign-in').click();
  await tab.getByTestId('history-row').first().waitFor();
  return [opened, tab];
};

/** A conversation with the greeting, which the caller ends. */
const callAndHangUp = async (): Promise<void> => {
  call = await callWithTone({ number: '4000', from: CALLER, port: product.ports.sip });
  await untilAnswered(call);
  await untilHasHeardSound(call);
  await call.hangup();
  interaction = await product.endedInteraction(({ caller }) => caller.number === CALLER);
};

const stranger = (): Promise<SipPeer> =>
  SipPeer.open({ transport: 'udp', address: '127.0.0.1', port: product.ports.sip, from: STRANGER });

/** REGISTER as agent1, the challenge, and a wrong answer to it. */
const guess = async (peer: SipPeer, password: string): Promise<void> => {
  const address = '<sip:agent1@switchroom>';
  const first = peer.request('REGISTER', 'sip:switchroom', { From: `${address};tag=a`, To: address });
  peer.send(await challenged(peer, first, password));
  await peer.nextResponse(401);
};

const sipFieldsOf = (pcap: Buffer): string[][] => {
  const file = join(product.folder, 'call.pcap');
  writeFileSync(file, pcap);
  const fields = ['sip.Method', 'sip.Status-Code', 'sip.Call-ID'].flatMap((field) => ['-e', field]);
  const decode = ['-d', `udp.port==${product.ports.sip},sip`];
  const shown = execFileSync('tshark', ['-r', file, ...decode, '-T', 'fields', '-E', 'separator=|', ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 30_000,
  });
  return shown
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
};

beforeAll(async () => {
  product = await Product.start({ config: CONFIG });
  await callAndHangUp();
}, 180_000);

afterAll(() => product.stop(), 120_000);

describeNeeding('chromium')('a supervisor’s page', () => {
  beforeAll(async () => {
    chromium = await launchChromium({ lifetimeMs: 300_000 });
    [context, page] = await signedIn('en-GB');
  }, 180_000);

  afterAll(() => chromium.close(), 120_000);

  it('shows the messages of a call as a ladder, and each of them whole', async () => {
    await page.locator(`[data-interaction="${interaction.id}"]`).getByTestId('history-details').click();
    await page.getByTestId('signalling-open').click();
    const arrows = page.getByTestId('ladder-arrow');
    await arrows.first().waitFor();
    const shown = await arrows.evaluateAll((all) =>
      all.map(
        (arrow) => `${arrow.getAttribute('data-direction')} ${arrow.querySelector('.ladder-label')?.textContent}`,
      ),
    );
    expect(shown[0]).toBe('right INVITESDP');
    expect(shown.slice(-4)).toEqual(['left 200 OK (INVITE)SDP', 'right ACK', 'right BYE', 'left 200 OK (BYE)']);
    expect(await page.getByTestId('ladder-party').count()).toBe(2);
    await arrows.first().click();
    const text = await page.getByTestId('ladder-text').textContent();
    expect(text).toContain(`Call-ID: ${call.callId}`);
    expect(text).toMatch(/^INVITE sip:4000@/);
    const href = await page.getByTestId('trace-pcap').getAttribute('href');
    expect(href).toBe(`/api/v1/interactions/${interaction.id}/trace?format=pcap`);
  }, 180_000);

  it('shows a call’s messages to nobody but supervisors and administrators', async () => {
    const { token } = await product.signIn('agent1');
    const path = `${product.url}/api/v1/interactions/${interaction.id}/trace`;
    expect((await fetch(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
  }, 180_000);

  it('rings the bell when somebody guesses passwords, and says it in Chinese', async () => {
    const [chinese, chinesePage] = await signedIn('zh-CN');
    const peer = await stranger();
    try {
      const bell = page.getByTestId('alarm-bell');
      expect(await bell.getAttribute('data-new')).toBe('0');
      for (let n = 0; n < FAILURES_BEFORE_BAN; n += 1) await guess(peer, `guess ${n}`);
      await page.locator('[data-testid=alarm-bell][data-new="1"]').waitFor();
      await bell.click();
      const alarm = page.locator('[data-testid=alarm][data-kind=source-banned]');
      await alarm.waitFor();
      expect(await alarm.textContent()).toContain(`${STRANGER} is banned until`);
      await page.locator('[data-testid=alarm-bell][data-new="0"]').waitFor();
      await chinesePage.getByTestId('alarm-bell').click();
      const said = chinesePage.locator('[data-testid=alarm][data-kind=source-banned]');
      await said.waitFor();
      expect(await said.textContent()).toMatch(
        new RegExp(`警告.*${STRANGER} 已被封禁至 \\d\\d:\\d\\d：登录失败十次。`),
      );
    } finally {
      await peer.close();
      await chinese.close();
      await context.close();
    }
  }, 180_000);
});

describeNeeding('tshark')('the capture of a call', () => {
  it('is decoded by tshark: all of it is SIP, and belongs to that call', async () => {
    const reply = await product.get(`/api/v1/interactions/${interaction.id}/trace?format=pcap`);
    expect(reply.status).toBe(200);
    const messages = sipFieldsOf(Buffer.from(await reply.arrayBuffer()));
    expect(messages.map(([method, status]) => method || status)).toEqual(
      expect.arrayContaining(['INVITE', '200', 'ACK', 'BYE']),
    );
    expect(new Set(messages.map(([, , callId]) => callId))).toEqual(new Set([call.callId]));
  }, 180_000);
});

it('a refused stranger’s call leaves nothing in the history', async () => {
  const before = (await product.history()).map(({ id }) => id);
  const peer = await SipPeer.open({
    transport: 'udp',
    address: '127.0.0.1',
    port: product.ports.sip,
    from: '127.0.0.67',
  });
  try {
    peer.send(peer.invite(`sip:4000@127.0.0.1:${product.ports.sip}`));
    await peer.nextResponse(403);
  } finally {
    await peer.close();
  }
  // A call of ours that comes later is there: the stranger's would be, too.
  const later = await callWithTone({ number: '4000', from: '+4930556', port: product.ports.sip });
  await untilAnswered(later);
  await later.hangup();
  const known = await product.endedInteraction(({ caller }) => caller.number === '+4930556');
  expect((await product.history()).map(({ id }) => id)).toEqual([known.id, ...before]);
}, 180_000);
