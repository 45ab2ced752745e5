/** The desk around the calls, in a real browser against a server of its own: sign-in, connection, language, history, and what supervisors see. */
import { asId } from '../../base/ids';
import { at, CHINESE, DeskBench, goReady, inState, signIn, START_TIMEOUT_MS } from '../support/desk/desk-bench';
import type { Desk } from '../support/desk/desk-bench';
import type { DeskView } from '../support/desk-browser';
import { eventually } from '../support/eventually';
import { SAMPLE_CONFERENCES } from '../support/desk/sample-conferences';
import { describeNeeding } from '../support/tools';

jest.setTimeout(240_000);

describeNeeding('chromium')("the agent desktop's pages", () => {
  let bench: DeskBench;
  const openDesk = (view?: DeskView): Promise<Desk> => bench.openDesk(view);

  beforeAll(async () => {
    bench = await DeskBench.start();
  }, START_TIMEOUT_MS);

  afterEach(() => bench.closeDesks());

  afterAll(() => bench.close());

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
    await at(page, 'connection-banner').waitFor({ state: 'detached', timeout: 60_000 });
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
    const outline = at(page, 'recording-waveform').locator('svg');
    const { width = 0, height = 0 } = (await outline.boundingBox()) ?? {};
    await audio.evaluate((element: HTMLAudioElement) => element.pause());
    await outline.click({ position: { x: width * 0.6, y: height / 2 } });
    await eventually(async () =>
      expect(await audio.evaluate((element: HTMLAudioElement) => element.currentTime)).toBeGreaterThan(1.19),
    );
    expect(await outline.locator('path').count()).toBe(2);
  });

  test('says of a recording that was deleted when that was, in the place of the player', async () => {
    const desk = await openDesk(CHINESE);
    const { page } = desk;
    desk.server.recordingsDeletedAtMs = Date.UTC(2026, 2, 4, 12);
    await signIn(desk);
    await at(page, 'recording-play').first().click();
    const gone = at(page, 'recording-gone').first();
    await gone.waitFor();
    expect(await gone.textContent()).toMatch(/保存期限已过，已于 .*3.*4.* 删除。/);
    expect(await at(page, 'recording-audio').count()).toBe(0);
    expect(desk.complaints).toEqual([]);
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

  test('an administrator adds a webhook, is shown its secret once, tests it, and limits the length of all queues', async () => {
    const desk = await openDesk();
    const { page, server } = desk;
    await signIn(desk, 'admin1');
    await at(page, 'nav-notices').click();
    await at(page, 'webhook-new').click();
    await at(page, 'webhook-id').fill('CRM system');
    await at(page, 'webhook-url').fill('https://crm.example/hooks');
    await at(page, 'webhook-save').click();
    await page.getByText('Up to 64 lower-case letters').waitFor();
    await at(page, 'webhook-id').fill('crm');
    await at(page, 'webhook-save').click();
    expect(await at(page, 'webhook-secret').textContent()).toContain('whsec_crm');
    await page.locator('.ant-modal-confirm .ant-btn-primary').click();
    await page.locator('[data-testid=webhook-row][data-id=crm]').getByTestId('webhook-test').click();
    await page.getByText('The webhook has taken the event.').waitFor();
    await at(page, 'queue-alarm-new').click();
    await at(page, 'queue-alarm-id').fill('all');
    await at(page, 'queue-alarm-length').fill('5');
    await at(page, 'queue-alarm-save').click();
    await page.locator('[data-testid=queue-alarm-row][data-id=all]').getByText('All other queues').waitFor();
    expect(await server.watch.queueAlarms.list()).toMatchObject([{ id: 'all', value: { queues: [], length: 5 } }]);
    expect(desk.complaints).toEqual([]);
  });

  test('shows a supervisor on the wallboard what stands, and what queues have done in the half hour and today', async () => {
    const desk = await openDesk({ ...CHINESE, width: 1440, height: 900 });
    const { page, server } = desk;
    const { watch, center } = server;
    const details = { queueId: 'support', queue: 'Support', waiting: 31, limit: 30 };
    watch.standing.raise('queue-length/support', { kind: 'queue-long', severity: 'warning', message: '', details });
    const arrivedAtMs = Date.now();
    for (const waitMs of [5_000, 15_000, 40_000]) {
      const wait = { contactId: asId<never>(String(waitMs)), queueId: asId<never>('support'), targetMs: 20_000 };
      watch.waits.push({ ...wait, arrivedAtMs, endedAtMs: arrivedAtMs + waitMs, result: 'answered' });
    }
    const figures = { offered: 1, answered: 1, abandoned: 0, diverted: 0, serviceLevel: 1, longestWaitMs: 5_000 };
    const support = {
      queueId: 'support',
      name: 'Support',
      nameZh: '技术支持',
      waiting: 31,
      agentsReady: 0,
      agentsBusy: 2,
    };
    center.setQueues([{ ...support, agentsSignedIn: 2, figures }]);
    await signIn(desk, 'super1');
    await at(page, 'nav-wallboard').click();
    await page.getByText('队列 技术支持 的等待人数已达 30 人。').waitFor();
    const level = (): Promise<string | null> => at(page, 'wallboard-level').textContent();
    await eventually(async () => expect(await level()).toBe('100.0 %'));
    await page.getByText('今日').click();
    await eventually(async () => expect(await level()).toBe('66.7 %'));
    expect(await at(page, 'wallboard-offered').textContent()).toBe('3');
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
    await at(desk.page, 'history-ended').waitFor();
    expect(await at(desk.page, 'alarm-bell').count()).toBe(0);
    expect(await at(desk.page, 'signalling-open').count()).toBe(0);
  });

  test('counts alarms until somebody looks; one of an unknown kind is told in the words of the server', async () => {
    const desk = await openDesk(CHINESE);
    const { page, server } = desk;
    await signIn(desk, 'super1');
    const newAlarms = (count: number): Promise<void> =>
      page.locator(`[data-testid=alarm-bell][data-new="${count}"]`).waitFor();
    for (const n of [1, 2]) {
      const message = `Disk ${n} is full`;
      const kind = 'fan-stopped';
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

  test('an administrator sets up a conference room: each fault stands at its field with its cure; PINs are never shown', async () => {
    const desk = await openDesk();
    const { page } = desk;
    await signIn(desk, 'admin1');
    await at(page, 'nav-conferences').click();
    await at(page, 'room-new').click();
    const fill = (field: string, text: string): Promise<void> => at(page, field).fill(text);
    await fill('room-name', 'Market');
    await fill('room-id', 'Market');
    await fill('room-moderatorPin-input', '12');
    await fill('room-participantPin-input', '2222');
    await fill('room-listenerPin-input', '2222');
    await at(page, 'room-save').click();
    for (const text of [/Use lower-case letters/, /A PIN is 4 to 12 digits/, /Another role has the same PIN/])
      await page.getByText(text).waitFor();
    await fill('room-id', 'market');
    await fill('room-moderatorPin-input', '1111');
    await fill('room-listenerPin-input', '');
    await at(page, 'room-numbers').locator('input').fill('4500');
    await page.keyboard.press('Enter');
    await at(page, 'room-save').click();
    await page.getByText('Market has been saved').waitFor();
    const readBack = await page.evaluate(async () => (await fetch('/api/v1/conference-rooms')).text());
    expect(JSON.parse(readBack)).toMatchObject({
      items: [{ id: 'market', name: 'Market', numbers: ['4500'], moderatorPin: '***', participantPin: '***' }],
    });
    expect(desk.complaints).toEqual([]);
  });

  test('会议室的设置也能用中文填写：号码被占用时在该栏说明；已设密码保留', async () => {
    const desk = await openDesk(CHINESE);
    const { page, server } = desk;
    await signIn(desk, 'admin1');
    const put = (id: string, body: object): Promise<number> =>
      page.evaluate(
        async ([path, text]) =>
          (await fetch(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: text })).status,
        [`/api/v1/conference-rooms/${id}`, JSON.stringify(body)] as const,
      );
    await put('board', { name: 'Board', nameZh: '董事会', numbers: ['4502'], moderatorPin: '1234' });
    await put('market', { name: 'Market', numbers: ['4500'], moderatorPin: '5678' });
    server.conferences = SAMPLE_CONFERENCES(Date.now()).filter(({ roomId }) => roomId === 'board');
    await at(page, 'nav-conferences').click();
    await at(page, 'room-edit').click();
    await inState(page, 'room-moderatorPin', 'set');
    await at(page, 'room-numbers').locator('input').fill('4500');
    await page.keyboard.press('Enter');
    await at(page, 'room-save').click();
    await page.getByText('4500 已被占用，请另选一个号码。').waitFor();
    // Not by the key, which soon after Enter is taken for one that was held too long.
    await at(page, 'room-numbers')
      .locator('.ant-select-selection-item[title="4500"] .ant-select-selection-item-remove')
      .click();
    await at(page, 'room-numbers').locator('[title="4500"]').waitFor({ state: 'detached' });
    await at(page, 'room-waitForModerator').click();
    await at(page, 'room-save').click();
    await page.getByText('Board 已保存').waitFor();
    const rooms = await page.evaluate(async () => (await fetch('/api/v1/conference-rooms')).text());
    expect(JSON.parse(rooms)).toMatchObject({
      items: [{ id: 'board', nameZh: '董事会', numbers: ['4502'], moderatorPin: '***', waitForModerator: true }, {}],
    });
    await at(page, 'room-edit').click();
    await at(page, 'room-remove').click();
    await page
      .locator('.ant-popconfirm')
      .getByRole('button', { name: /删\s?除/ })
      .click();
    await page.getByText('Board 已删除').waitFor();
  });

  test('an administrator writes a recording policy by keyboard alone: faults stand at their fields; then deletes it', async () => {
    const desk = await openDesk();
    const { page } = desk;
    const read = async (): Promise<unknown> =>
      JSON.parse(await page.evaluate(async () => (await fetch('/api/v1/recording-policies')).text()));
    await signIn(desk, 'admin1');
    await at(page, 'nav-policies').press('Enter');
    await at(page, 'policy-built-in').waitFor();
    await at(page, 'policy-new').press('Enter');
    await at(page, 'policy-id').fill('cards');
    await at(page, 'policy-id').press('Enter');
    await page.getByText('The policy is about no calls yet').waitFor();
    await at(page, 'policy-queues').locator('input').focus();
    await page.keyboard.type('Supp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await at(page, 'policy-days').fill('90');
    await page.getByRole('radio', { name: 'Always' }).press('ArrowRight');
    await at(page, 'policy-save').press('Enter');
    await page.getByText('somebody must be allowed to start').waitFor();
    await page.getByRole('checkbox', { name: 'Start' }).first().press('Space');
    await at(page, 'policy-save').press('Enter');
    await page.getByText('cards has been saved').waitFor();
    await page.locator('[data-policy=cards]').getByText('Queue: Support').waitFor();
    expect(await read()).toMatchObject({
      items: [{ id: 'cards', mode: 'on-demand', queues: ['support'], agentMay: ['start', 'mask'], retentionDays: 90 }],
    });
    await at(page, 'policy-edit').press('Enter');
    await at(page, 'policy-remove').press('Enter');
    await page.locator('.ant-popconfirm').getByRole('button', { name: 'Delete' }).press('Enter');
    await page.getByText('cards has been deleted').waitFor();
    expect(await read()).toEqual({ items: [] });
    expect(desk.complaints).toEqual([]);
  });

  test('录音策略页仅供管理员；他人已占用的队列在该栏说明', async () => {
    const desk = await openDesk(CHINESE);
    const { page } = desk;
    await signIn(desk, 'super1');
    expect(await at(page, 'nav-policies').count()).toBe(0);
    await at(page, 'sign-out').click();
    await signIn(desk, 'admin1');
    const data = { mode: 'always', samplePercent: 5, queues: ['support'] };
    await page.request.put(`${desk.server.url}/api/v1/recording-policies/quality`, { data });
    await at(page, 'nav-policies').click();
    await page.getByText('抽录 5 %').waitFor();
    await at(page, 'policy-new').click();
    await at(page, 'policy-id').fill('cards');
    await at(page, 'policy-queues').locator('input').fill('技术');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await at(page, 'policy-save').click();
    await page.getByText('策略 quality 已涉及 技术支持，请从其中一条策略中移除。').waitFor();
    expect(desk.complaints).toEqual([]);
  });

  test('an administrator sets up a queue, levels and hours: what contradicts itself stands at its field', async () => {
    const desk = await openDesk();
    const { page } = desk;
    const read = async (path: string): Promise<{ items: unknown[] }> =>
      JSON.parse(await page.evaluate(async (name) => (await fetch(`/api/v1/${name}`)).text(), path)) as never;
    await signIn(desk, 'admin1');
    await at(page, 'nav-queues').click();
    await at(page, 'queue-row').first().waitFor();
    await at(page, 'queues-tab-calendars').click();
    await at(page, 'calendar-new').click();
    await at(page, 'calendar-id').fill('shop');
    await at(page, 'calendar-name').fill('Shop');
    await at(page, 'calendar-to').fill('25:00');
    await at(page, 'calendar-save').click();
    await page.getByText('Enter times as 08:30, up to 24:00.').waitFor();
    await at(page, 'calendar-to').fill('20:00');
    await at(page, 'calendar-save').click();
    await page.locator('[data-calendar=shop]').getByText('08:30–20:00').waitFor();
    await at(page, 'queues-tab-queues').click();
    await page.locator('[data-queue=support]').getByTestId('queue-edit').click();
    await at(page, 'queue-calendarId').click();
    await page.locator('.ant-select-item-option', { hasText: 'Shop' }).click();
    await at(page, 'queue-ring-add').click();
    await at(page, 'queue-ring-skill-add').click();
    await at(page, 'queue-ring-skill').click();
    await page.locator('.ant-select-item-option', { hasText: 'support' }).last().click();
    await at(page, 'queue-ring-skill-level').fill('2');
    await at(page, 'queue-save').click();
    await page.getByText('Step 1 asks for more support than before').waitFor();
    await at(page, 'queue-ring-skill-level').fill('0');
    await at(page, 'queue-save').click();
    await page.getByText('Support has been saved').waitFor();
    await page.locator('[data-queue=support]').getByText('Shop').waitFor();
    expect((await read('queue-settings')).items).toMatchObject([
      { id: 'support', calendarId: 'shop', rings: [{ afterMs: 30_000, skills: { support: 0 } }], version: 1 },
    ]);
    await at(page, 'queues-tab-agents').click();
    await page.locator('[data-agent=bob]').getByTestId('level-support').fill('7');
    await page.keyboard.press('Enter');
    await eventually(async () =>
      expect((await read('agent-profiles')).items).toMatchObject([{}, { agentId: 'bob', skills: { support: 7 } }]),
    );
    // The browser's own word about the refusal.
    expect(desk.complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });

  test('队列页：正在使用的技能不能删除，并说明原因', async () => {
    const desk = await openDesk(CHINESE);
    const { page } = desk;
    await signIn(desk, 'super1');
    expect(await at(page, 'nav-queues').count()).toBe(0);
    await at(page, 'sign-out').click();
    await signIn(desk, 'admin1');
    await at(page, 'nav-queues').click();
    await at(page, 'queues-tab-agents').click();
    await at(page, 'named-skills').click();
    await page.locator('[data-id=support]').getByTestId('named-remove').click();
    await page.getByText('队列 support 正在使用 support，请先更改。').waitFor();
    await at(page, 'named-new-id').fill('english');
    await at(page, 'named-new-name').fill('English');
    await at(page, 'named-add').click();
    await page.locator('[data-id=english]').waitFor();
  });
});
