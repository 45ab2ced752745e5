/** The desk in a real browser, against a server of its own: what agents see, and what their callers hear. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import type { DeskView } from '../support/desk-browser';
import { DeskCaller } from '../support/desk-caller';
import { DeskServer, PASSWORD } from '../support/desk-server';
import { eventually } from '../support/eventually';
import { describeNeeding } from '../support/tools';

jest.setTimeout(90_000);

const ENGLISH: DeskView = { locale: 'en-GB', width: 1024, height: 768 };
const CHINESE: DeskView = { locale: 'zh-CN', width: 1024, height: 768 };
const CALLER = { number: '+8613812345678', displayName: '王小明', language: 'zh', digits: ['1'], waitedMs: 83_000 };

interface Desk {
  readonly server: DeskServer;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly caller: DeskCaller;
  /** What the page complained about. */
  readonly complaints: string[];
  close(): Promise<void>;
}

const at = (page: Page, testId: string): Locator => page.getByTestId(testId);
const inState = (page: Page, testId: string, state: string): Promise<void> =>
  page.locator(`[data-testid=${testId}][data-state=${state}]`).waitFor({ timeout: 10_000 });

describeNeeding('chromium')('the agent desktop', () => {
  let web: string;
  let chromium: ChromiumUnderTest;
  const open: Desk[] = [];

  beforeAll(async () => {
    web = await mkdtemp(join(tmpdir(), 'switchroom-web-'));
    const vite = join('node_modules', 'vite', 'bin', 'vite.js');
    const build = ['build', 'agent-web', '--outDir', web, '--emptyOutDir', '--logLevel', 'error'];
    // As it is shipped: Jest's own NODE_ENV would make it React's development build.
    const env = { ...process.env, NODE_ENV: 'production' };
    await promisify(execFile)(process.execPath, [vite, ...build], { env });
    chromium = await launchChromium({ microphoneToneHz: 440, lifetimeMs: 300_000 });
  });

  afterEach(async () => {
    for (const desk of open.splice(0)) await desk.close();
  });

  afterAll(async () => {
    await chromium.close();
    await rm(web, { recursive: true, force: true });
  });

  const openDesk = async (view: DeskView = ENGLISH): Promise<Desk> => {
    const server = await DeskServer.start(web);
    const context = await openContext(chromium.browser, view);
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const otherPage = await context.newPage();
    await otherPage.goto(`${server.url}/favicon.svg`);
    await page.goto(server.url);
    await page.bringToFront();
    await at(page, 'username').waitFor();
    const close = async (): Promise<void> => {
      await context.close();
      await server.close();
    };
    const desk = { server, context, page, complaints, close, caller: new DeskCaller(otherPage, server) };
    open.push(desk);
    return desk;
  };

  const signIn = async ({ page }: Desk, userName = 'agent1'): Promise<void> => {
    await at(page, 'username').fill(userName);
    await at(page, 'password').fill(PASSWORD);
    await at(page, 'sign-in').click();
    await at(page, 'history-row').first().waitFor();
  };

  const goReady = async (desk: Desk): Promise<void> => {
    await signIn(desk);
    await at(desk.page, 'go-ready').click();
    await inState(desk.page, 'agent-state', 'ready');
    await eventually(() => expect(desk.server.sip.registered).toBe(true));
  };

  /** Nothing is wider than the window, and nothing of the call's panel is cut off. */
  const expectTidy = async ({ page }: Desk): Promise<void> => {
    const overflow = await page.evaluate(() => {
      const cut = [...document.querySelectorAll('.call-left, .call-right, .header, .state-pill, .dial, .audio')].filter(
        (element) => element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1,
      );
      const { scrollWidth, scrollHeight } = document.documentElement;
      return {
        wide: scrollWidth > innerWidth,
        high: scrollHeight > innerHeight,
        cut: cut.map((element) => element.className),
      };
    });
    expect(overflow).toEqual({ wide: false, high: false, cut: [] });
  };

  const panelBox = ({ page }: Desk) => page.locator('.call-panel').boundingBox();

  describe.each([
    ['English', ENGLISH, 'In call', 'Wrap-up'],
    ['Chinese', CHINESE, '通话中', '话后处理'],
  ] as const)('in %s', (_language, view, inCall, wrapUp) => {
    test('takes a call from ring to written-up, without a jump, an overflow or a complaint', async () => {
      const desk = await openDesk(view);
      const { page, server, caller } = desk;
      await goReady(desk);
      await expectTidy(desk);
      const box = await panelBox(desk);

      const call = await caller.ring(CALLER);
      await at(page, 'call-answer').waitFor();
      await inState(page, 'call-status', 'ringing');
      expect(await at(page, 'caller-number').textContent()).toBe('+86 138 1234 5678');
      await eventually(async () => expect(await page.title()).toContain('+86 138 1234 5678'));
      await eventually(async () => expect(await caller.connected()).toBe(true));
      await expectTidy(desk);
      expect(await panelBox(desk)).toEqual(box);

      await at(page, 'call-answer').click();
      await inState(page, 'call-status', 'connected');
      await caller.firstSound();
      expect(await at(page, 'call-status').textContent()).toBe(inCall);
      await expectTidy(desk);
      expect(await panelBox(desk)).toEqual(box);
      for (const key of ['1', '9', 'star', 'hash']) await at(page, `dial-pad-${key}`).click();
      expect(await at(page, 'keys-sent').textContent()).toBe('19*#');

      await at(page, 'call-hold').click();
      await inState(page, 'call-status', 'held');
      await expectTidy(desk);
      await at(page, 'call-hold').click();
      await inState(page, 'call-status', 'connected');

      await at(page, 'wrap-up-note').fill('Asks about the bill.');
      await at(page, 'call-hangup').click();
      await inState(page, 'call-status', 'wrap-up');
      await call.placed.ended;
      expect(await at(page, 'call-status').textContent()).toBe(wrapUp);
      await expectTidy(desk);
      expect(await panelBox(desk)).toEqual(box);
      const rows = await at(page, 'history-row').count();
      await at(page, 'wrap-up-disposition').getByTestId('wrap-up-disposition-complaint').click();
      await at(page, 'wrap-up-done').click();
      await inState(page, 'call-status', 'idle');
      await eventually(async () => expect(await at(page, 'history-row').count()).toBe(rows + 1));

      const commands = server.center.commands
        .filter(({ command }) => command !== 'ping')
        .map(({ id: _, ...rest }) => rest);
      expect(commands).toEqual([
        { command: 'ready' },
        { command: 'hold', callId: call.callId },
        { command: 'resume', callId: call.callId },
        { command: 'hang-up', callId: call.callId },
        { command: 'wrap-up-done', callId: call.callId, note: 'Asks about the bill.', disposition: 'complaint' },
      ]);
      expect(desk.complaints).toEqual([]);
    });
  });

  test('lets the caller hear nothing before the answer, and the agent at once after it', async () => {
    const desk = await openDesk();
    const { page, caller } = desk;
    await goReady(desk);
    await caller.ring(CALLER);
    await at(page, 'call-answer').waitFor();
    await eventually(async () => expect(await caller.connected()).toBe(true));
    expect(await caller.hears()).toBeLessThan(0.001);
    const heard = caller.firstSound();
    const clickedAtMs = await page.evaluate(() => {
      const now = Date.now();
      document.querySelector<HTMLButtonElement>('[data-testid=call-answer]')?.click();
      return now;
    });
    // The target is 250 ms at the 95th percentile; a busy test machine gets twice that for its one sample.
    expect((await heard) - clickedAtMs).toBeLessThan(500);
    await eventually(async () =>
      expect(Number(await page.locator('.call-meters .meter-bar').nth(1).getAttribute('data-level'))).toBeGreaterThan(
        0.3,
      ),
    );
  });

  test('keeps a conversation alive when the desk is opened and taken over in a second window', async () => {
    const desk = await openDesk();
    const { page, caller, context, server } = desk;
    await goReady(desk);
    const call = await caller.ring(CALLER);
    await at(page, 'call-answer').click();
    await caller.firstSound();

    const second = await context.newPage();
    await second.goto(server.url);
    await at(second, 'desk-in-use').waitFor();
    await second.getByText('You are in a call in another window').waitFor();
    await inState(page, 'call-status', 'connected');
    expect(await caller.hears(500)).toBeGreaterThan(0.02);

    await at(second, 'desk-take-over').click();
    await inState(second, 'call-status', 'connected');
    await page.getByText('Your conversation continues here').waitFor();
    expect(await at(page, 'desk-replaced').getByRole('button').count()).toBe(0);
    expect(await caller.hears(500)).toBeGreaterThan(0.02);

    await at(second, 'call-hangup').click();
    await call.placed.ended;
    await inState(second, 'call-status', 'wrap-up');
    await at(page, 'desk-replaced').getByRole('button', { name: 'Use it here' }).waitFor();
  });

  test('silences the microphone on mute and on hold', async () => {
    const desk = await openDesk();
    const { page, caller } = desk;
    await goReady(desk);
    await caller.ring(CALLER);
    await at(page, 'call-answer').click();
    await caller.firstSound();
    await at(page, 'call-mute').click();
    await eventually(async () => expect(await caller.hears(300)).toBeLessThan(0.001));
    await at(page, 'call-mute').click();
    await eventually(async () => expect(await caller.hears(300)).toBeGreaterThan(0.02));
    await at(page, 'call-hold').click();
    await eventually(async () => expect(await caller.hears(300)).toBeLessThan(0.001));
    await page.keyboard.press('Alt+h');
    await eventually(async () => expect(await caller.hears(300)).toBeGreaterThan(0.02));
  });

  test('returns to calm when the caller gives up, and says that a call was missed', async () => {
    const desk = await openDesk();
    await goReady(desk);
    const call = await desk.caller.ring(CALLER);
    await at(desk.page, 'call-answer').waitFor();
    call.placed.cancel();
    await inState(desk.page, 'call-status', 'idle');
    await expect(call.placed.answered).rejects.toThrow('487');
    await inState(desk.page, 'agent-state', 'not-ready');
    expect(await at(desk.page, 'agent-state').getAttribute('data-reason')).toBe('no-answer');
    expect(await desk.page.title()).toBe('Switchroom');
  });

  test('sends a ringing call away', async () => {
    const desk = await openDesk();
    const { page, server, caller } = desk;
    await goReady(desk);
    const call = await caller.ring(CALLER);
    await expectTidy(desk);
    await at(page, 'call-decline').click();
    await inState(page, 'call-status', 'idle');
    await inState(page, 'agent-state', 'not-ready');
    expect(server.center.commands.at(-1)).toMatchObject({ command: 'hang-up', callId: call.callId });
    await expect(call.placed.answered).rejects.toThrow('487');
  });

  test('dials a pasted number and answers its own call, but no other that asks for it', async () => {
    const desk = await openDesk();
    const { page, server, caller } = desk;
    await goReady(desk);
    const foreign = await caller.dialled('666');
    await eventually(async () => expect(await caller.connected()).toBe(true));
    expect(await caller.hears(800)).toBeLessThan(0.001);
    foreign.placed.cancel();
    await inState(page, 'call-status', 'idle');

    await at(page, 'dial-number').fill('tel:+1 (415) 555-0123');
    await at(page, 'dial-call').click();
    await inState(page, 'call-status', 'connected');
    await caller.firstSound();
    expect(server.center.commands.at(-1)).toMatchObject({ command: 'dial', number: '+14155550123' });
    expect(await at(page, 'caller-number').textContent()).toBe('+1 415 555 0123');
  });

  test('tells a wrong password, too many tries and an unreachable server apart', async () => {
    const desk = await openDesk();
    const { page, server } = desk;
    const tryWith = async (password: string): Promise<void> => {
      await at(page, 'username').fill('agent1');
      await at(page, 'password').fill(password);
      await at(page, 'sign-in').click();
    };
    for (let tries = 0; tries < 4; tries += 1) {
      await tryWith('wrong');
      await page.getByText('User name or password is wrong.').waitFor();
    }
    await tryWith('wrong');
    await page.getByText('Too many tries. Try again in 42 s.').waitFor();
    await server.close();
    await tryWith('wrong');
    await page.getByText('The server does not answer.').waitFor();
  });

  test('says that the connection is lost, and is back by itself', async () => {
    const desk = await openDesk();
    const { page, server } = desk;
    await goReady(desk);
    server.goDown();
    await at(page, 'connection-banner').waitFor();
    await eventually(() => expect(server.sip.registered).toBe(false));
    server.comeBack();
    await at(page, 'connection-banner').waitFor({ state: 'detached', timeout: 20_000 });
    await eventually(() => expect(server.sip.registered).toBe(true));
  });

  test('keeps the session over a reload and ends it on sign-out', async () => {
    const desk = await openDesk();
    const { page } = desk;
    await signIn(desk);
    await page.reload();
    await at(page, 'history-row').first().waitFor();
    await at(page, 'sign-out').click();
    await at(page, 'username').waitFor();
    await page.reload();
    await at(page, 'username').waitFor();
  });

  test('changes the language on the spot and remembers it', async () => {
    const desk = await openDesk();
    const { page } = desk;
    await signIn(desk);
    await at(page, 'language-switch').click();
    await at(page, 'language-zh').click();
    await page.getByText('今日通话').waitFor();
    await at(page, 'queue-tile').filter({ hasText: '技术支持' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.reload();
    await page.getByText('今日通话').waitFor();
  });

  test('goes on a break with the reason that was chosen', async () => {
    const desk = await openDesk();
    const { page } = desk;
    await goReady(desk);
    await at(page, 'go-not-ready').click();
    await inState(page, 'agent-state', 'not-ready');
    expect(await at(page, 'agent-state').getAttribute('data-reason')).toBe('break');
    await at(page, 'other-reasons').click();
    await at(page, 'reason-lunch').click();
    await eventually(async () => expect(await at(page, 'agent-state').getAttribute('data-reason')).toBe('lunch'));
  });

  test('filters the calls and plays a recording with both parties', async () => {
    const desk = await openDesk();
    const { page } = desk;
    await signIn(desk);
    const all = await at(page, 'history-row').count();
    await at(page, 'history-search').fill('415555');
    await eventually(async () => expect(await at(page, 'history-row').count()).toBe(1));
    await at(page, 'history-search').fill('');
    await eventually(async () => expect(await at(page, 'history-row').count()).toBe(all));
    await at(page, 'recording-play').first().click();
    const audio = at(page, 'recording-audio');
    await eventually(async () =>
      expect(await audio.evaluate((element: HTMLAudioElement) => element.currentTime)).toBeGreaterThan(0.1),
    );
    expect(await audio.evaluate((element: HTMLAudioElement) => element.duration)).toBeCloseTo(2, 1);
    await page.getByText('Left: caller · Right: agent').waitFor();
  });

  test('shows a supervisor all calls and all agents, and no telephone', async () => {
    const desk = await openDesk();
    const { page } = desk;
    await signIn(desk, 'super1');
    expect(await at(page, 'go-ready').count()).toBe(0);
    await at(page, 'nav-team').click();
    await eventually(async () => expect(await at(page, 'agent-row').count()).toBe(4));
    const agent = page.locator('[data-testid=agent-row][data-agent=agent-1]');
    expect(await agent.getAttribute('data-state')).toBe('not-ready');
    const reads = desk.server.agentReads;
    desk.server.center.setAgent({ state: 'busy' });
    await eventually(async () => expect(await agent.getAttribute('data-state')).toBe('busy'));
    expect(desk.server.agentReads).toBe(reads);
    expect(desk.complaints).toEqual([]);
  });

  test.each([
    ['not kept any more', 404, 'not_found', '此通话的 SIP 消息已不再保留。'],
    ['not to be had from a drachtio-server', 501, 'unsupported', '使用 drachtio-server 时无法查看 SIP 消息。'],
  ])('tells a supervisor that the SIP messages of a call are %s', async (_why, status, code, text) => {
    const desk = await openDesk(CHINESE);
    const { page, server } = desk;
    server.traceRefusal = { status, code, message: 'There are none.' };
    await signIn(desk, 'super1');
    await at(page, 'history-details').first().click();
    await at(page, 'signalling-open').click();
    await at(page, 'signalling-absent').waitFor();
    expect(await at(page, 'signalling-absent').textContent()).toBe(text);
    expect(await at(page, 'trace-pcap').count()).toBe(0);
  });

  test('shows neither bell nor SIP messages to an agent', async () => {
    const desk = await openDesk();
    await signIn(desk);
    await at(desk.page, 'history-details').first().click();
    await desk.page.locator('.details-note').waitFor();
    expect(await at(desk.page, 'alarm-bell').count()).toBe(0);
    expect(await at(desk.page, 'signalling-open').count()).toBe(0);
  });

  test('counts alarms until somebody looks; one of an unknown kind is told in the words of the server', async () => {
    const desk = await openDesk(CHINESE);
    const { page, server } = desk;
    await signIn(desk, 'super1');
    const newAlarms = (count: number): Promise<void> =>
      page.locator(`[data-testid=alarm-bell][data-new="${count}"]`).waitFor({ timeout: 10_000 });
    for (const n of [1, 2]) {
      const message = `Disk ${n} is full`;
      const kind = 'disk-full';
      const alarm = {
        id: `a${n}`,
        atMs: 1_700_000_000_000 + n,
        kind,
        severity: 'critical' as const,
        message,
        details: {},
      };
      server.center.publish({ type: 'alarm', alarm });
    }
    await newAlarms(2);
    await at(page, 'alarm-bell').click();
    await newAlarms(0);
    const alarms = page.locator('[data-testid=alarm][data-new=true]');
    await eventually(async () => expect(await alarms.count()).toBe(2));
    expect(await alarms.first().textContent()).toContain('严重');
    expect(await alarms.first().textContent()).toContain('Disk 2 is full');
    expect(desk.complaints).toEqual([]);
  });
});
