/** What supervisors do about the floor, in a real browser against a server of its own: who waits, schedules, the report of agents. */
import type { WaitingContactView } from '../../api/contract/waiting';
import { asId } from '../../base/ids';
import { at, CHINESE, DeskBench, ENGLISH, signIn, START_TIMEOUT_MS } from '../support/desk/desk-bench';
import type { Desk } from '../support/desk/desk-bench';
import type { DeskView } from '../support/desk-browser';
import { eventually } from '../support/eventually';
import { describeNeeding } from '../support/tools';

jest.setTimeout(240_000);

describeNeeding('chromium')("the floor on the agent desktop's pages", () => {
  let bench: DeskBench;
  const openDesk = (view?: DeskView): Promise<Desk> => bench.openDesk(view);

  beforeAll(async () => {
    bench = await DeskBench.start();
  }, START_TIMEOUT_MS);

  afterEach(() => bench.closeDesks());

  afterAll(() => bench.close());

  test('an administrator writes a schedule; a supervisor reads the report with adherence, and takes it along', async () => {
    const desk = await openDesk({ ...CHINESE, width: 1440, height: 900 });
    const { page, server } = desk;
    await signIn(desk, 'admin1');
    await at(page, 'nav-queues').click();
    await at(page, 'queues-tab-schedules').click();
    await at(page, 'schedule-new').click();
    await at(page, 'schedule-id').fill('all-day');
    await at(page, 'schedule-save').click();
    await page.getByText('请输入名称。').waitFor();
    await at(page, 'schedule-name').fill('全天');
    await at(page, 'schedule-agents').click();
    await page.locator('.ant-select-item-option').filter({ hasText: 'ann' }).click();
    const day = new Date(Date.now() - 86_400_000);
    const fromMs = new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
    const days = [1, 2, 3, 4, 5, 6, 7];
    await (
      await server.workforce
    ).schedules.put('whole', {
      ...{ name: '值班', agents: ['ann'], teams: [], exceptions: [], firstDate: '2020-01-01' },
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      weekly: [{ days, from: '00:00', to: '24:00', activity: 'work' }],
    });
    await page.keyboard.press('Escape');
    await at(page, 'schedule-save').click();
    await eventually(async () => expect(await at(page, 'schedule-row').count()).toBe(2));
    const toMs = fromMs + 43_200_000;
    (await server.workforce).over.push({ agentId: asId<never>('ann'), state: 'ready', fromMs, toMs });
    await at(page, 'nav-reports').click();
    await page.locator('.ant-segmented-item').filter({ hasText: '昨日' }).click();
    await eventually(async () => expect(await at(page, 'report-row').count()).toBe(1));
    await eventually(async () =>
      expect(await at(page, 'report-adherence').first().textContent()).toMatch(/^(48|50|52)\.\d %$/),
    );
    const [download] = await Promise.all([page.waitForEvent('download'), at(page, 'report-download').click()]);
    expect(download.suggestedFilename()).toMatch(/^坐席报表 \d{4}-\d\d-\d\d \d{4}-\d\d-\d\d\.csv$/);
    expect(desk.complaints).toEqual([]);
  });

  test('a form stays as it was when the list is read again: a failure stands above it, and what another has saved is kept', async () => {
    const desk = await openDesk({ ...ENGLISH, width: 1440, height: 900 });
    const { page, server } = desk;
    const { schedules } = await server.workforce;
    const early = {
      ...{ name: 'Early', timeZone: 'UTC', agents: ['ann'], teams: [], exceptions: [] },
      weekly: [{ days: [1], from: '06:00', to: '14:00', activity: 'work' as const }],
    };
    await schedules.put('early', early);
    await signIn(desk, 'admin1');
    await at(page, 'nav-queues').click();
    await at(page, 'queues-tab-schedules').click();
    await at(page, 'schedule-edit').click();
    await at(page, 'schedule-name').fill('Mine');
    /** As when the reader comes back to the window; what was read lately is not read again at once. */
    const readAgain = (): Promise<boolean> => page.evaluate(() => dispatchEvent(new Event('visibilitychange')));

    await page.route('**/api/v1/schedules', (route) => route.abort());
    const failure = page.getByText('It could not be read');
    await eventually(async () => {
      await readAgain();
      expect(await failure.count()).toBe(1);
    });
    expect(await at(page, 'schedule-name').inputValue()).toBe('Mine');

    await page.unroute('**/api/v1/schedules');
    expect(await schedules.put('early', { ...early, name: 'Theirs' })).toMatchObject({ ok: true });
    const row = page.locator('[data-schedule=early] th');
    await eventually(async () => {
      await readAgain();
      expect(await row.textContent()).toContain('Theirs');
    });
    expect(await at(page, 'schedule-name').inputValue()).toBe('Mine');
    await at(page, 'schedule-save').click();
    await page.getByText('Somebody else has changed this meanwhile.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await at(page, 'schedule-edit').click();
    await eventually(async () => expect(await at(page, 'schedule-name').inputValue()).toBe('Theirs'));
    await at(page, 'schedule-name').fill('Ours');
    await at(page, 'schedule-save').click();
    await page.getByText('Ours has been saved').waitFor();
    expect(await schedules.list()).toMatchObject([{ id: 'early', value: { name: 'Ours' } }]);
  });

  test('lets a supervisor see who waits, all or of one queue, and put a caller forward by the keyboard alone', async () => {
    const desk = await openDesk(CHINESE);
    const { page, server } = desk;
    const waiter: Pick<WaitingContactView, 'kind' | 'state' | 'priority' | 'agentIds'> = {
      ...{ kind: 'caller', state: 'waiting', priority: 0, agentIds: [] },
    };
    server.waiting.contacts = [
      { ...waiter, contactId: 'ann', queueId: 'support', number: '+8613812345678', arrivedAtMs: Date.now() - 90_000 },
      { ...waiter, contactId: 'bob', queueId: 'sales', number: '', arrivedAtMs: Date.now() - 5_000 },
    ];
    await signIn(desk, 'super1');
    await at(page, 'nav-waiting').click();
    const rows = at(page, 'waiting-row');
    await eventually(async () => expect(await rows.count()).toBe(2));
    await at(page, 'waiting-queue').click();
    await page.locator('.ant-select-item-option').filter({ hasText: '技术支持' }).click();
    await eventually(async () => expect(await rows.count()).toBe(1));
    expect(await rows.getAttribute('data-contact')).toBe('ann');
    await page.getByLabel('更改 +86 138 1234 5678 的排队').press('Enter');
    const focused = page.locator('[role=menuitem]:focus');
    await eventually(async () => expect(await focused.textContent()).toBe('优先级'));
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(await focused.textContent()).toBe('1（通常提前 1 分钟）'));
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await focused.textContent()).toBe('2（通常提前 2 分钟）'));
    await page.keyboard.press('Enter');
    await eventually(() =>
      expect(server.waiting.orders).toEqual([{ contactId: 'ann', do: 'prioritise', priority: 2 }]),
    );
    await eventually(async () => expect(await at(page, 'waiting-priority').textContent()).toBe('2'));
    expect(desk.complaints).toEqual([]);
  });
});
