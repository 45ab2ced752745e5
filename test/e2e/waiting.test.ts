/**
 * Callers who wait: what supervisors order about them, those who lose the line, those who want to be called back, and what
 * they are told in Chinese. The called customers are behind a trunk that refuses them.
 */
import type { Page } from 'playwright-core';
import type { InteractionView } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import { lastHeard, untilHasHeard, untilHasHeardTone, untilHearsTone } from '../support/caller';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import { PASSWORD } from '../support/product';
import { QueueLab } from '../support/queue-lab';
import { SipCallee } from '../support/sip-callee';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const [SORRY_HZ, PROMISE_HZ, OFFER_HZ, MUSIC_HZ, PLACE_HZ] = [1500, 2300, 1900, 600, 1200];
const center = new StaffedProduct();
const lab = new QueueLab(() => center.product);
const storyOf = QueueLab.storyOf;
let customers: SipCallee;
let chromium: ChromiumUnderTest;
let supervisor: Page;

const signInSupervisor = async (): Promise<Page> => {
  const context = await openContext(chromium.browser, { locale: 'en-GB', width: 1440, height: 900 });
  const page = await context.newPage();
  await page.goto(center.product.url);
  await page.getByTestId('username').fill('super1');
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('nav-waiting').click();
  return page;
};

const openMenu = async (contactId: string): Promise<void> => {
  await supervisor
    .locator(`[data-testid=waiting-row][data-contact="${contactId}"]`)
    .getByTestId('contact-menu')
    .click();
};

const notReady = async (): Promise<void> => {
  if ((await center.agent.at('agent-state').getAttribute('data-state')) === 'not-ready') return;
  await center.agent.at('go-not-ready').click();
  await center.agent.untilState('not-ready');
};

/** The agent becomes ready, gets this caller and no other, and talks. */
const answerNext = async (call: TestCall, others: readonly TestCall[] = []): Promise<void> => {
  await center.agent.at('go-ready').click();
  await center.agent.untilCall('ringing');
  await center.agent.answer();
  await untilHearsTone(call, AGENT_HZ);
  for (const other of others) expect(hearsTone(lastHeard(other, 300), AGENT_HZ)).toBe(false);
};

const endAll = async (...calls: TestCall[]): Promise<void> => {
  for (const call of calls) await call.hangup();
  await center.agent.untilCall('idle');
};

/** Of each attempt, oldest first. */
const attemptsTo = async (number: string): Promise<InteractionView[]> =>
  (await center.product.historyOf(number)).filter(({ callback }) => callback).reverse();

const invites = (): number => customers.transactions.filter(({ request }) => request.method === 'INVITE').length;

/** Asks by key for a callback, and hangs up once that is promised. */
const askForCallback = async (number: string): Promise<void> => {
  const call = await lab.call('4962', number);
  await untilHasHeardTone(call, OFFER_HZ);
  await call.press('1');
  await untilHasHeardTone(call, PROMISE_HZ);
  await call.hangup();
};

const setCallbacks = async (): Promise<void> => {
  for (const name of ['queue-callback-press', 'n-1', 'queue-callback-keep']) await lab.setPrompt(name, OFFER_HZ);
  await lab.setPrompt('queue-callback-promised', PROMISE_HZ);
  await lab.setQueue('callbacks', {
    // Long enough that a busy page shows what is between two attempts.
    callback: { maxAttempts: 2, retryMs: 10_000 },
    waiting: { callback: { key: '1', afterMs: 0, number: 'caller', validMs: 600_000 } },
  });
  await lab.setNumber('4962', 'callbacks');
};

/** For 600 ms there is sound that is none of the tones; where two tones meet only one part is neither. */
const isSpeech = (samples: Float64Array): boolean =>
  [0, 1, 2]
    .map((part) => samples.subarray(part * 1_600, (part + 1) * 1_600))
    .every((part) => levelDbfs(part) > -45 && ![MUSIC_HZ, PLACE_HZ].some((hz) => hearsTone(part, hz)));

describeNeeding('chromium')('a caller who waits', () => {
  center.startForTests(async () => {
    customers = await SipCallee.listen('udp');
    customers.onRequest = (transaction) =>
      customers.respond(transaction, transaction.request.method === 'INVITE' ? 486 : 200);
    const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${customers.port}', callerId: '+4930100'}`;
    return { config: `trunks: [${trunk}]\ntones: {failureMs: 500}\n` };
  });

  beforeAll(async () => {
    chromium = await launchChromium({ microphoneToneHz: 440, lifetimeMs: 600_000 });
    supervisor = await signInSupervisor();
    await center.product.admin('PUT', '/skills/rare', { name: 'Rare' });
    await lab.setQueue('line');
    await lab.setNumber('4960', 'line');
    await lab.setQueue('rare', { skills: { rare: 5 } });
    await lab.setNumber('4961', 'rare');
    await lab.setPrompt('no-agents', SORRY_HZ);
  }, 120_000);

  afterAll(() => Promise.all([customers?.close(), chromium?.close()]), 120_000);

  it('[SUP-03] overtakes the others when a supervisor raises the priority', async () => {
    const [first, second] = [await lab.call('4960', '+493040101'), await lab.call('4960', '+493040102')];
    const [, { contactId } = { contactId: '' }] = await lab.untilWaiting('line', '+493040101', '+493040102');
    await openMenu(contactId);
    await supervisor.locator('.ant-dropdown-menu-submenu-title').first().hover();
    await supervisor.getByTestId('contact-priority-5').click();
    await lab.untilWaiting('line', '+493040102', '+493040101');
    await answerNext(second, [first]);
    await endAll(first, second);
    const { notes } = storyOf(await center.product.interactionFrom('+493040102'));
    expect(notes).toMatchObject([{ kind: 'prioritised', priority: 5, by: { displayName: 'Sofia Meier' } }]);
  }, 120_000);

  it('[SUP-03] [ACD-24] is moved to another queue with the place, and given to an agent who has not its skills', async () => {
    await notReady();
    const from = '+493040201';
    const call = await lab.call('4960', from);
    const { contactId } = await lab.contactOf('line', from);
    await expect(lab.order(contactId, { do: 'move', queueId: 'line' })).rejects.toThrow(
      'It waits in this queue already.',
    );
    await expect(lab.order(contactId, { do: 'move', queueId: 'nowhere' })).rejects.toThrow(
      'There is no queue nowhere.',
    );
    await lab.order(contactId, { do: 'move', queueId: 'rare' });
    await lab.untilWaiting('rare', from);
    const toAgent = { do: 'assign', agentId: 'agent1' } as const;
    await expect(lab.order(contactId, { ...toAgent, agentId: 'nobody' })).rejects.toThrow('There is no agent nobody.');
    await expect(lab.order(contactId, toAgent)).rejects.toThrow('409');
    await center.agent.goReady();
    await lab.order(contactId, toAgent);
    await center.agent.untilCall('ringing');
    await center.agent.answer();
    await center.bothHear(call);
    await expect(lab.order(contactId, { do: 'remove' })).rejects.toThrow('This contact waits no more.');
    await endAll(call);
    const { segments, notes } = storyOf(await center.product.interactionFrom(from));
    expect(segments).toEqual(['flow', 'queue line', 'queue rare', 'ringing rare', 'talk']);
    expect(notes).toMatchObject([
      { kind: 'moved', from: 'line', to: 'rare' },
      { kind: 'assigned', agentId: 'agent1' },
    ]);
  }, 120_000);

  it('[SUP-03] is let go by a supervisor, and hears that nobody is there', async () => {
    const from = '+493040301';
    const call = await lab.call('4961', from);
    const { contactId } = await lab.contactOf('rare', from);
    await openMenu(contactId);
    await supervisor.getByTestId('contact-remove').click();
    await supervisor.locator('.ant-modal-confirm-btns .ant-btn-dangerous').click();
    await untilHasHeardTone(call, SORRY_HZ);
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    expect(await lab.waiting('rare')).toEqual([]);
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.outcome).toEqual({ result: 'answered', reason: 'queue-removed', party: 'system' });
    expect(storyOf(interaction).notes).toMatchObject([{ kind: 'removed', queueId: 'rare' }]);
  }, 120_000);

  it('[ACD-19] has the old place on calling again after a drop of the line, before who came in between', async () => {
    await notReady();
    const [lost, between] = ['+493040401', '+493040402'];
    const first = await lab.call('4960', lost);
    await lab.untilWaiting('line', lost);
    const second = await lab.call('4960', between);
    await lab.untilWaiting('line', lost, between);
    await first.hangup('Q.850;cause=41;text="Temporary failure"');
    await lab.untilWaiting('line', between);
    const again = await lab.call('4960', lost);
    await lab.untilWaiting('line', lost, between);
    await answerNext(again, [second]);
    await endAll(second, again);
    const of = await center.product.historyOf(lost);
    const restored = of.flatMap(({ queueNotes = [] }) => queueNotes);
    expect(restored).toMatchObject([{ kind: 'place-restored', queueId: 'line', since: 'dropped' }]);
  }, 120_000);

  it('[ACD-12] is called back as often as the queue says while the number is busy, and not once more', async () => {
    await notReady();
    await setCallbacks();
    const number = '+4930555301';
    await askForCallback(number);
    await lab.untilWaiting('callbacks', number);
    await center.agent.at('go-ready').click();
    for (const attempt of [1, 2]) {
      await center.agent.untilCall('ringing', 60_000);
      expect(invites()).toBe(attempt - 1);
      await center.agent.at('call-answer').click();
      await until('the customer to be called', () => invites() === attempt, 30_000);
      await center.agent.untilCall('idle');
    }
    await lab.untilWaiting('callbacks');
    await center.agent.untilState('ready');
    const attempts = await until(
      'both attempts to be over',
      async () => {
        const found = await attemptsTo(number);
        return found.length === 2 && found.every(({ endedAtMs }) => endedAtMs !== undefined) ? found : undefined;
      },
      30_000,
    );
    expect(attempts).toMatchObject([
      {
        callback: { attempt: 1 },
        outcome: { result: 'failed', reason: 'busy' },
        queueNotes: [{ kind: 'callback-failed' }],
      },
      {
        callback: { attempt: 2 },
        outcome: { result: 'failed', reason: 'busy' },
        queueNotes: [{ kind: 'callback-failed' }],
      },
    ]);
    const again = attempts.map(({ queueNotes }) => Object.hasOwn(queueNotes?.[0] ?? {}, 'againAtMs'));
    expect(again).toEqual([true, false]);
    expect(invites()).toBe(2);
  }, 180_000);

  it('[ACD-19] has the place of the callback on calling again, and is not called any more', async () => {
    await notReady();
    const [number, other] = ['+4930555302', '+4930555303'];
    await askForCallback(number);
    await lab.untilWaiting('callbacks', number);
    const second = await lab.call('4962', other);
    await lab.untilWaiting('callbacks', number, other);
    const before = invites();
    const again = await lab.call('4962', number);
    await until(
      'the callback to be merged',
      async () => {
        const contacts = await lab.waiting('callbacks');
        return contacts.length === 2 && contacts.every(({ kind }) => kind === 'caller');
      },
      30_000,
    );
    await lab.untilWaiting('callbacks', number, other);
    await answerNext(again, [second]);
    await endAll(second, again);
    expect(await lab.waiting('callbacks')).toEqual([]);
    expect(await attemptsTo(number)).toEqual([]);
    expect(invites()).toBe(before);
    const { notes } = storyOf(await center.product.interactionFrom(number));
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'place-restored', since: 'callback' }));
  }, 120_000);

  it('[ACD-20] is told in Chinese the place and how long it will take, and hears music again', async () => {
    await lab.setSound('music/one-tone', MUSIC_HZ);
    await lab.setSound('prompts/zh-CN/queue-next', PLACE_HZ);
    const waiting = { music: 'one-tone', announce: { tell: 'both', everyMs: 60_000 } };
    await lab.setQueue('told', { waiting });
    await lab.setNumber('4963', 'told');
    await lab.setFlow('4964', {
      answer: { do: 'answer', next: 'menu' },
      menu: {
        ...{ do: 'menu', prompts: [], timeoutMs: 60_000, attempts: 1, otherwise: 'wait' },
        choices: { 1: { next: 'wait', language: 'zh-CN' } },
      },
      wait: { do: 'enqueue', queue: 'told' },
    });
    await center.agent.goReady();
    const talking = await lab.call('4963', '+493040701');
    await center.agent.untilCall('ringing');
    await center.agent.answer();
    await untilHearsTone(talking, AGENT_HZ);
    const call = await lab.call('4964', '+493040702');
    await call.press('1');
    await untilHasHeardTone(call, PLACE_HZ);
    await untilHasHeard(call, { what: 'the wait', windowMs: 600, matches: isSpeech });
    await untilHearsTone(call, MUSIC_HZ, 30_000);
    // At once the agent's next caller: between the two calls there is hardly a moment without one.
    await talking.hangup();
    await center.agent.untilCall('ringing');
    await call.hangup();
    await center.agent.untilCall('idle');
    const interaction = await center.product.interactionFrom('+493040702');
    expect(interaction.language).toBe('zh-CN');
    expect(storyOf(interaction).notes).toMatchObject([{ kind: 'told', queueId: 'told', position: 1, wait: {} }]);
  }, 120_000);
});
