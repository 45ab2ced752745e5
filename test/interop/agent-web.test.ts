/** The agent's calls at the desk in a real browser, against a server of its own: what agents see, and what their callers hear. */
import {
  at,
  CHINESE,
  DeskBench,
  ENGLISH,
  expectTidy,
  goReady,
  inState,
  signIn,
  START_TIMEOUT_MS,
} from '../support/desk/desk-bench';
import type { Desk } from '../support/desk/desk-bench';
import type { DeskView } from '../support/desk-browser';
import { eventually } from '../support/eventually';
import { describeNeeding } from '../support/tools';

jest.setTimeout(240_000);

const CALLER = { number: '+8613812345678', displayName: '王小明', language: 'zh', digits: ['1'], waitedMs: 83_000 };

describeNeeding('chromium')('the agent desktop', () => {
  let bench: DeskBench;
  const openDesk = (view?: DeskView): Promise<Desk> => bench.openDesk(view);

  beforeAll(async () => {
    bench = await DeskBench.start();
  }, START_TIMEOUT_MS);

  afterEach(() => bench.closeDesks());

  afterAll(() => bench.close());

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
      // The most that the line of a call and that of a consultation can have in them.
      server.center.changeCall(call.callId, {
        recordingState: {
          ...{ state: 'masked', recorded: true, untilMs: Date.now() + 120_000, keys: 16 },
          may: ['start', 'stop', 'pause', 'mask'],
        },
        consult: { state: 'connected', kind: 'agent', number: '1003', name: 'Tomás Rivera' },
        state: 'consulting',
      });
      await at(page, 'consult-bar').waitFor();
      await expectTidy(desk);
      // A machine's greeting, then its beep: a notice that was closed does not hide the next one.
      const notice = (heard: string) => page.locator(`[data-testid=heard-banner][data-heard=${heard}]`);
      server.center.changeCall(call.callId, { heard: { what: 'machine', atMs: Date.now() } });
      await notice('machine').getByRole('button').press('Enter');
      await notice('machine').waitFor({ state: 'detached' });
      server.center.changeCall(call.callId, { heard: { what: 'machine', atMs: Date.now(), awaitsMessage: true } });
      await notice('awaitsMessage').waitFor();
      server.center.changeCall(call.callId, { heard: { what: 'fax', atMs: Date.now() } });
      expect(await notice('fax').textContent()).toMatch(/Fax tone: this is a fax machine|传真音：对方是传真机/);
      await expectTidy(desk);
      server.center.changeCall(call.callId, { state: 'connected', consult: undefined, heard: undefined });
      await at(page, 'consult-bar').waitFor({ state: 'detached' });
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
      await at(page, 'wrap-up-extend').click();
      await at(page, 'sign-out').click();
      await page.locator('.ant-modal-confirm .ant-btn-primary').click();
      await at(page, 'agent-next').waitFor();
      await page.locator('.ant-modal-confirm').waitFor({ state: 'detached' });
      await at(page, 'wrap-up-disposition').getByTestId('wrap-up-disposition-complaint').click();
      await at(page, 'wrap-up-done').click();
      await inState(page, 'call-status', 'idle');
      await eventually(async () => expect(await at(page, 'history-row').count()).toBe(rows + 1));

      const commands = server.center.commands
        // Told by the clock, not by the agent.
        .filter(({ command }) => command !== 'ping' && command !== 'report-quality')
        .map(({ id: _, ...rest }) => rest);
      expect(commands).toEqual([
        { command: 'ready' },
        { command: 'hold', callId: call.callId },
        { command: 'resume', callId: call.callId },
        { command: 'hang-up', callId: call.callId },
        { command: 'extend-wrap-up', callId: call.callId },
        { command: 'sign-out' },
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
    // How soon is for the benchmark, whose target is 250 ms; here only that nothing is waited for, on however busy a machine.
    expect((await heard) - clickedAtMs).toBeLessThan(5_000);
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

  test.each([
    ['English', ENGLISH, 'reCEP', 'Reception', '2001 · desk phone · free'],
    ['Chinese', CHINESE, '前', '前台', '2001 · 话机 · 空闲'],
  ] as const)(
    'finds people in the directory, and calls those who can be reached (%s)',
    async (_language, view, text, name, about) => {
      const desk = await openDesk(view);
      const { page, server } = desk;
      await signIn(desk);
      const belowBefore = await page.locator('.audio').boundingBox();
      await at(page, 'dial-directory').click();
      const rows = page.locator('.directory-row');
      await rows.first().waitFor();
      // The agent's own extension is not there.
      expect(await rows.locator('.directory-about .figures').allTextContents()).toEqual([
        '1003',
        '1004',
        '2001',
        '2002',
      ]);
      await expectTidy(desk);
      expect(await page.locator('.audio').boundingBox()).toEqual(belowBefore);
      for (const extension of ['1004', '2002']) {
        expect(await at(page, `directory-call-${extension}`).isDisabled()).toBe(true);
      }
      await at(page, 'directory-search').fill('nobody');
      await eventually(async () => expect(await rows.count()).toBe(0));
      await at(page, 'directory-search').fill(text);
      await eventually(async () => expect(await rows.count()).toBe(1));
      expect(await rows.locator('.directory-name').textContent()).toBe(name);
      expect(await rows.locator('.directory-about').textContent()).toBe(about);
      await at(page, 'directory-call-2001').click();
      await inState(page, 'call-status', 'connected');
      expect(server.center.commands).toContainEqual(expect.objectContaining({ command: 'dial', number: '2001' }));
      await at(page, 'call-hangup').click();
      await inState(page, 'call-status', 'wrap-up');
      expect(desk.complaints).toEqual([]);
    },
  );

  test.each([
    ['English', 1024, ENGLISH],
    ['English', 960, ENGLISH],
    ['Chinese', 1024, CHINESE],
    ['Chinese', 960, CHINESE],
  ] as const)('has room for a station beside the state (%s, %i pixels)', async (_language, width, view) => {
    const desk = await openDesk({ ...view, width });
    const { page, server } = desk;
    await signIn(desk);
    server.center.setAgent({
      ...{ state: 'not-ready', notReadyReason: 'back-office', next: { state: 'signed-out' } },
      ...{
        stations: ['browser', 'phone', 'number'],
        station: { kind: 'number', number: '+49170555123', language: 'en' },
      },
    });
    await at(page, 'station').getByText('+49 170').waitFor();
    await expectTidy(desk);
  });

  test('shows a consultation with nothing cut off', async () => {
    const desk = await openDesk();
    const { page, server, caller } = desk;
    await goReady(desk);
    const { callId } = await caller.ring(CALLER);
    await at(page, 'call-answer').click();
    await inState(page, 'call-status', 'connected');
    await at(page, 'call-transfer').click();
    await at(page, 'consult-agent-2').click();
    await inState(page, 'consult-bar', 'ringing');
    expect(await at(page, 'consult-toggle').isDisabled()).toBe(true);
    await expectTidy(desk);
    server.center.thirdAnswers(callId);
    await at(page, 'consult-toggle').click();
    await inState(page, 'consult-bar', 'held');
    await expectTidy(desk);
    await at(page, 'consult-cancel').click();
    await at(page, 'consult-bar').waitFor({ state: 'detached' });
    await expectTidy(desk);
    expect(desk.complaints).toEqual([]);
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

  test.each([
    ['is asked for no motion', false, 'reduce'],
    ['moves', true, 'no-preference'],
    ['is asked for no motion while it is open', true, 'reduce'],
  ] as const)('a drop-down opens and gives what is chosen in a desk that %s', async (_case, motion, asked) => {
    const desk = await openDesk({ ...ENGLISH, motion });
    const { page, server } = desk;
    await signIn(desk);
    server.center.setAgent({ stations: ['browser', 'number'] });
    await page.emulateMedia({ reducedMotion: asked });
    await at(page, 'station').click();
    const option = page.locator('.ant-select-item-option[title="Other number…"]');
    await option.waitFor();
    const list = page.locator('.ant-select-dropdown');
    // An end that is never told would leave it as it was at its beginning: of no size, and transparent.
    await eventually(async () => expect(await list.getAttribute('class')).not.toContain('ant-slide-up'));
    expect(await list.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
    await option.click();
    await at(page, 'station-number').fill('+49170555123');
    await at(page, 'station-take').click();
    await at(page, 'station-number').waitFor({ state: 'detached' });
    expect(server.center.commands).toContainEqual(
      expect.objectContaining({
        command: 'station',
        station: { kind: 'number', number: '+49170555123', language: 'en' },
      }),
    );
    expect(desk.complaints).toEqual([]);
  });
});
