/**
 * Pictures of the desk in every state, both languages and both sizes:
 * `npx esbuild test/support/screenshots.ts --bundle --platform=node --packages=external --outfile=.cache/screenshots.cjs
 * && node .cache/screenshots.cjs [folder]`, after `npx vite build agent-web`.
 */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium';
import { openContext } from './desk-browser';
import type { DeskView } from './desk-browser';
import { SAMPLE_CONFERENCES } from './desk/sample-conferences';
import { DeskCaller } from './desk-caller';
import { DeskServer, PASSWORD } from './desk-server';

const LIFETIME_MS = 300_000;

const VIEWS: readonly DeskView[] = [
  { locale: 'en-GB', width: 1440, height: 900 },
  { locale: 'zh-CN', width: 1440, height: 900 },
  { locale: 'en-GB', width: 1024, height: 768 },
  { locale: 'zh-CN', width: 1024, height: 768 },
];

const signIn = async (page: Page, userName: string): Promise<void> => {
  await page.getByTestId('username').fill(userName);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('history-row').first().waitFor();
};

const setScene = (desk: DeskServer): void => {
  const now = Date.now();
  desk.center.setQueues([
    {
      queueId: 'support',
      name: 'Support',
      waiting: 3,
      oldestWaitingSinceMs: now - 83_000,
      agentsReady: 0,
      agentsBusy: 7,
    },
    {
      queueId: 'sales',
      name: '销售咨询',
      waiting: 1,
      oldestWaitingSinceMs: now - 12_000,
      agentsReady: 2,
      agentsBusy: 2,
    },
  ]);
};

const photographSupervision = async (page: Page, desk: DeskServer, path: (name: string) => string): Promise<void> => {
  const now = Date.now();
  const supervisor = { userId: 'user-2', displayName: 'Sam Okafor', mode: 'whisper', state: 'active' } as const;
  const call = {
    callId: 'call-9',
    interactionId: 'interaction-9',
    agentId: 'agent-2',
    direction: 'inbound',
    state: 'connected',
    number: '+8613812345678',
    queueId: 'support',
    queueName: 'Support',
    queueNameZh: '技术支持',
    muted: false,
    startedAtMs: now - 200_000,
    answeredAtMs: now - 143_000,
  } as const;
  const device = { kind: 'phone', extension: '2001' } as const;
  const agent = { agentId: 'agent-2', agentName: 'Tomás Rivera', number: call.number };
  desk.center.publish({ type: 'team-call', call: { ...call, supervisors: [] } });
  await page.getByTestId('device-choice').click();
  await page.locator('.ant-select-item-option').first().click();
  await page.waitForTimeout(400);
  await page.screenshot({ path: path('c-team-call') });
  for (const mode of ['monitor', 'whisper', 'barge'] as const) {
    const { userId, displayName } = supervisor;
    const supervision = { supervisionId: 's', userId, displayName, state: 'active', mode, device, ...agent } as const;
    desk.center.publish({ type: 'team-call', call: { ...call, supervisors: [{ ...supervisor, mode }] } });
    desk.center.publish({ type: 'supervision', supervision: { ...supervision, callId: call.callId } });
    await page.locator(`[data-testid=supervision-bar][data-mode=${mode}]`).waitFor();
    await page.waitForTimeout(400);
    await page.screenshot({ path: path(`d-${mode}`) });
  }
};

const POLICIES: Readonly<Record<string, object>> = {
  cards: {
    mode: 'always',
    queues: ['sales'],
    agentMay: ['pause', 'mask'],
    notice: 'announcement',
    retentionDays: 1825,
  },
  quality: { mode: 'always', samplePercent: 5, queues: ['support'], trunks: ['local'], retentionDays: 90 },
  board: { mode: 'off', agents: ['agent-2', 'agent-3', 'agent-4'], phones: ['2001', '2002'] },
  'emergency-line': { mode: 'on-demand', numbers: ['+49800X.'], agentMay: ['start', 'stop', 'mask'], notice: 'beep' },
};

const photographPolicies = async (
  browser: Browser,
  { view, desk, path }: { view: DeskView; desk: DeskServer; path: (name: string) => string },
): Promise<void> => {
  const context = await openContext(browser, view);
  const page = await context.newPage();
  await page.goto(desk.url);
  await signIn(page, 'admin1');
  for (const [id, body] of Object.entries(POLICIES))
    await page.request.put(`${desk.url}/api/v1/recording-policies/${id}`, { data: body });
  await page.getByTestId('nav-policies').click();
  await page.getByTestId('policy-row').first().waitFor();
  await page.waitForTimeout(400);
  await page.screenshot({ path: path('e-policies') });
  await page.locator('[data-policy=quality] [data-testid=policy-edit]').click();
  await page.getByTestId('policy-save').waitFor();
  await page.waitForTimeout(400);
  await page.screenshot({ path: path('e-policy') });
  await page.getByTestId('policy-mode-on-demand').click();
  await page.getByTestId('policy-default').check();
  await page.getByTestId('policy-numbers').locator('input').fill('what?');
  await page.keyboard.press('Enter');
  await page.getByTestId('policy-save').click();
  await page.waitForTimeout(400);
  await page.screenshot({ path: path('e-policy-faults') });
  await context.close();
};

const photograph = async (browser: Browser, view: DeskView, folder: string): Promise<void> => {
  const desk = await DeskServer.start(resolve('dist/web'));
  const context = await openContext(browser, view);
  const page = await context.newPage();
  const shot = async (name: string): Promise<void> => {
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${view.locale}-${view.width}-${name}.png`) });
  };
  await page.goto(desk.url);
  await page.getByTestId('username').waitFor();
  await page.getByTestId('username').fill('agent1');
  await page.getByTestId('password').fill('nonsense');
  await page.getByTestId('sign-in').click();
  await page.getByRole('alert').getByText(/./).first().waitFor();
  await shot('1-sign-in');
  await signIn(page, 'agent1');
  await shot('2-not-ready');
  await page.getByTestId('go-ready').click();
  await page.locator('[data-testid=agent-state][data-state=ready]').waitFor();
  setScene(desk);
  await shot('3-idle');
  await page.getByTestId('dial-directory').click();
  await page.locator('.directory-row').first().waitFor();
  await shot('3-directory');

  const otherPage = await context.newPage();
  await otherPage.goto(`${desk.url}/favicon.svg`);
  await page.bringToFront();
  const caller = new DeskCaller(otherPage, desk);
  const inbound = { number: '+8613812345678', displayName: '王小明', language: 'zh', digits: ['1'], waitedMs: 83_000 };
  const call = await caller.ring({ ...inbound, queueName: 'Support' });
  await page.getByTestId('call-answer').waitFor();
  await shot('4-ringing');
  await page.getByTestId('call-answer').click();
  await page.locator('[data-testid=call-status][data-state=connected]').waitFor();
  await page
    .getByTestId('wrap-up-note')
    .fill(view.locale === 'zh-CN' ? '客户询问账单地址。' : 'Asks about the billing address.');
  await page.waitForTimeout(1500);
  await shot('5-connected');
  desk.center.changeCall(call.callId, { heard: { what: 'machine', atMs: Date.now(), awaitsMessage: true } });
  await page.getByTestId('heard-banner').waitFor();
  await shot('5-machine');
  desk.center.changeCall(call.callId, { heard: undefined });
  await page.getByTestId('call-mute').click();
  await page.getByTestId('call-hold').click();
  await page.locator('[data-testid=call-status][data-state=held]').waitFor();
  await shot('6-held');
  await page.getByTestId('call-mute').click();
  await page.getByTestId('call-hold').click();
  await page.getByTestId('call-transfer').click();
  await page.getByTestId('transfer-target').first().waitFor();
  await shot('6-transfer');
  await page.getByTestId('consult-agent-2').click();
  await page.getByTestId('consult-bar').waitFor();
  desk.center.thirdAnswers(call.callId);
  await shot('6-consult');
  const parties = [
    { partyId: 'a', kind: 'customer', number: inbound.number, name: inbound.displayName, mayDrop: false },
    { partyId: 'b', kind: 'agent', number: '1003', name: 'Tomás Rivera', mayDrop: true },
  ] as const;
  desk.center.changeCall(call.callId, { state: 'connected', consult: undefined, parties: [...parties] });
  await page.getByTestId('parties-bar').waitFor();
  await shot('6-parties');
  desk.center.changeCall(call.callId, { parties: undefined });
  await page.getByTestId('call-transfer').click();
  await page.getByTestId('consult-agent-2').click();
  await page.getByTestId('consult-bar').waitFor();
  desk.center.thirdAnswers(call.callId);
  await page.getByTestId('consult-toggle').click();
  await page.locator('[data-testid=consult-bar][data-state=held]').waitFor();
  desk.center.changeCall(call.callId, { customerHolds: true });
  await shot('6-customer-holds');
  await page.getByTestId('consult-cancel').click();
  desk.center.changeCall(call.callId, { state: 'held', customerHolds: false, consultFailure: 'no-answer' });
  await shot('6-consult-failed');
  call.placed.hangUp();
  await page.getByTestId('wrap-up-done').waitFor();
  await page.getByTestId('wrap-up-disposition-follow-up').click();
  await shot('7-wrap-up');
  await page.getByTestId('wrap-up-done').click();
  await page.getByTestId('recording-play').nth(1).click();
  await shot('8-recording');
  await page.getByTestId('nav-calls').click();
  await shot('9-calls');
  await page.getByTestId('nav-desk').click();
  desk.goDown();
  await page.getByTestId('connection-banner').waitFor();
  await shot('a-offline');
  desk.comeBack();
  await context.close();

  const leaderContext = await openContext(browser, view);
  const leaderPage = await leaderContext.newPage();
  await leaderPage.goto(desk.url);
  await signIn(leaderPage, 'super1');
  await leaderPage.screenshot({ path: join(folder, `${view.locale}-${view.width}-b-supervisor.png`) });
  await leaderPage.getByTestId('nav-team').click();
  await leaderPage.getByTestId('agent-row').first().waitFor();
  await leaderPage.screenshot({ path: join(folder, `${view.locale}-${view.width}-c-team.png`) });
  await photographSupervision(leaderPage, desk, (name) => join(folder, `${view.locale}-${view.width}-${name}.png`));
  desk.conferences = SAMPLE_CONFERENCES(Date.now());
  await leaderPage.getByTestId('nav-conferences').click();
  await leaderPage.getByTestId('conference-member').first().waitFor();
  await leaderPage.screenshot({ path: join(folder, `${view.locale}-${view.width}-d-conferences.png`) });
  await leaderContext.close();
  await photographPolicies(browser, {
    view,
    desk,
    path: (name) => join(folder, `${view.locale}-${view.width}-${name}.png`),
  });
  await desk.close();
};

const run = async (): Promise<void> => {
  const folder = process.argv[2] ?? join(tmpdir(), 'switchroom-screenshots');
  mkdirSync(folder, { recursive: true });
  const { browser, close } = await launchChromium({ lifetimeMs: LIFETIME_MS });
  try {
    for (const view of VIEWS) await photograph(browser, view, folder);
  } finally {
    await close();
  }
  console.log(`The pictures are in ${folder}.`);
};

void run();
