/** Callers whom a queue cannot or should not keep: what its rules say is what they hear, and what the history says. */
import type { DecisionView } from '../../api/contract/decisions';
import type { RecordingView } from '../../api/contract/recordings';
import { Baresip } from '../support/baresip';
import { lastHeard, untilHasHeardTone, untilHearsTone } from '../support/caller';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import { readG711Wav } from '../support/g711-wav';
import { PASSWORD } from '../support/product';
import { QueueLab } from '../support/queue-lab';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';
import { voiceLevelDbfs } from '../support/who-hears';

const OUTSIDE = '+4930555123';
const [CALLED_HZ, PROMPT_HZ, ANNOUNCED_HZ] = [700, 1500, 1900];
const center = new StaffedProduct();
const lab = new QueueLab(() => center.product);
const storyOf = QueueLab.storyOf;
let called: Baresip;
let chromium: ChromiumUnderTest;

const FULL = { kind: 'length', most: 0 } as const;

/** A queue with this one rule, and the number that leads to it. */
const setRule = async (number: string, rule: object, settings: object = {}): Promise<void> => {
  await lab.setQueue(`q${number}`, { overflow: [rule], ...settings });
  await lab.setNumber(number, `q${number}`);
};

/** Of this caller, if nobody has heard it. */
const newMessage = async (from: string): Promise<RecordingView | undefined> => {
  const list = await center.product.get(`/api/v1/recordings?messages=new&queueId=q4940&number=${from.slice(1)}`);
  return ((await list.json()) as { items: RecordingView[] }).items[0];
};

/** A supervisor finds the message among those that nobody has heard, plays it, and marks it. */
const hearAtPage = async (id: string): Promise<void> => {
  const { browser } = chromium;
  const page = await (await openContext(browser, { locale: 'zh-CN', width: 1440, height: 900 })).newPage();
  await page.goto(center.product.url);
  await page.getByTestId('username').fill('super1');
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('nav-recordings').click();
  await page.getByTestId('recordings-messages').click();
  await page.locator('.ant-select-item-option[title="未听留言"]').click();
  const row = page.locator(`[data-testid=recording-row][data-recording="${id}"]`);
  await row.getByTestId('recording-message').waitFor();
  await row.getByTestId('recording-play').click();
  await page.locator('[data-testid=message-state][data-heard=false]').waitFor();
  await page.getByTestId('message-mark').click();
  await row.waitFor({ state: 'detached' });
  await page.close();
};

describeNeeding('chromium', 'baresip')('a queue that overflows', () => {
  center.startForTests(async () => {
    called = await Baresip.start({ from: OUTSIDE, toneHz: CALLED_HZ, autoAnswer: true, lifetimeMs: 600_000 });
    const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${called.sipPort}', callerId: '+4930100'}`;
    return { config: `trunks: [${trunk}]\n` };
  });

  afterAll(() => Promise.all([called?.close(), chromium?.close()]), 120_000);

  beforeAll(async () => {
    chromium = await launchChromium({ microphoneToneHz: 440, lifetimeMs: 600_000 });
    await lab.setPrompt('overflow-test', PROMPT_HZ);
    await lab.setPrompt('overflow-announced', ANNOUNCED_HZ);
  }, 120_000);

  it('[ACD-19] [ACD-33] after a wait to another queue: the place is kept, before who came there meanwhile', async () => {
    const [early, late] = ['+493030100', '+493030101'];
    await lab.setQueue('backup', {});
    await lab.setNumber('4911', 'backup');
    await setRule('4910', {
      when: { kind: 'waited', afterMs: 2_500 },
      to: { kind: 'queue', queueId: 'backup' },
      announcement: 'overflow-announced',
    });
    const first = await lab.call('4910', early, 440);
    await until(
      'the first to wait',
      async () => [...(await lab.waiting('q4910')), ...(await lab.waiting('backup'))].length === 1,
      30_000,
    );
    const second = await lab.call('4911', late, 540);
    await untilHasHeardTone(first, ANNOUNCED_HZ);
    const [{ contactId } = { contactId: '' }] = await lab.untilWaiting('backup', early, late);
    await center.agent.at('go-ready').click();
    await center.agent.untilCall('ringing');
    await center.agent.answer();
    await center.bothHear(first);
    expect(hearsTone(lastHeard(second, 300), AGENT_HZ)).toBe(false);
    await second.hangup();
    await first.hangup();
    await center.agent.untilCall('idle');
    expect(storyOf(await center.product.interactionFrom(early))).toEqual({
      segments: ['flow', 'queue q4910', 'queue backup', 'ringing backup', 'talk'],
      notes: [{ kind: 'overflowed', from: 'q4910', to: 'backup', because: 'waited' }],
    });
    const reply = await center.product.get(`/api/v1/contacts/${contactId}/decisions`);
    const { items } = (await reply.json()) as { items: DecisionView[] };
    expect(items).toMatchObject([{ queueId: 'backup', agentId: 'agent1', proved: true }]);
    // Who came into this queue first, but called later, had waited less.
    expect(items[0]?.explanation?.contacts.items).toMatchObject([{ verdict: { kind: 'lower-score' } }]);
  }, 120_000);

  it('[ACD-12] a queue that is full to a number outside, by the trunk', async () => {
    const from = '+493030200';
    await setRule('4920', { when: FULL, to: { kind: 'number', target: OUTSIDE } });
    const call = await lab.call('4920', from);
    await untilHearsTone(call, CALLED_HZ);
    await until('the called party to hear the caller', async () => hearsTone(await called.heard(500), 440), 30_000);
    await call.hangup();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.outcome).toMatchObject({ result: 'answered', party: 'caller' });
    expect(storyOf(interaction).notes).toMatchObject([
      { kind: 'diverted', queueId: 'q4920', to: { kind: 'number', target: OUTSIDE }, because: 'length' },
    ]);
    expect(storyOf(interaction).segments).toEqual(['flow', 'queue q4920', 'flow', 'ringing', 'talk']);
  }, 120_000);

  it('[ACD-32] a queue that is closed to a flow, after an announcement', async () => {
    const from = '+493030300';
    const steps = {
      ...{ say: { do: 'play', prompts: [{ prompt: 'overflow-test', language: 'en' }], next: 'end' } },
      end: { do: 'hang-up', reason: 'closed-hours' },
    };
    await center.product.admin('PUT', '/flows/after-hours', { title: 'After hours', start: 'say', steps });
    await center.product.admin('PUT', '/calendars/never', { name: 'Never', timeZone: 'Asia/Shanghai' });
    await setRule(
      '4930',
      {
        when: { kind: 'closed' },
        to: { kind: 'flow', target: 'after-hours' },
        announcement: 'overflow-announced',
      },
      { calendarId: 'never' },
    );
    const call = await lab.call('4930', from);
    await untilHasHeardTone(call, ANNOUNCED_HZ);
    await untilHasHeardTone(call, PROMPT_HZ);
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    const interaction = await center.product.interactionFrom(from);
    expect(interaction).toMatchObject({
      outcome: { result: 'answered', reason: 'closed-hours', party: 'system' },
      data: { 'diverted-from': 'q4930', 'diverted-because': 'closed' },
    });
    expect(storyOf(interaction)).toEqual({
      segments: ['flow', 'queue q4930', 'flow'],
      notes: [{ kind: 'diverted', queueId: 'q4930', to: { kind: 'flow', target: 'after-hours' }, because: 'closed' }],
    });
  }, 120_000);

  it('[ACD-12] [VM-01] a queue for which nobody is signed in to a mailbox: who hangs up after the message has left one', async () => {
    const from = '+493030400';
    await center.product.admin('PUT', '/skills/rare', { name: 'Rare' });
    await lab.setPrompt('queue-leave-message', PROMPT_HZ);
    const mailbox = { when: { kind: 'no-agents' }, to: { kind: 'voicemail', target: 'box' } };
    await setRule('4940', mailbox, { skills: { rare: 5 } });
    const call = await lab.call('4940', from);
    await untilHasHeardTone(call, PROMPT_HZ);
    const { id } = await until('the message to be recorded', () => newMessage(from), 30_000);
    const heardMs = call.elapsedMs;
    await until('a message to be said', () => call.elapsedMs > heardMs + 1_500, 30_000);
    await call.hangup();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.outcome).toEqual({ result: 'answered', reason: 'voicemail', party: 'caller' });
    expect(storyOf(interaction)).toEqual({
      segments: ['flow', 'queue q4940', 'flow'],
      notes: [{ kind: 'diverted', queueId: 'q4940', to: { kind: 'voicemail', target: 'box' }, because: 'no-agents' }],
    });
    const sound = await center.product.get(`/api/v1/recordings/${id}/audio`);
    const { channels } = readG711Wav(Buffer.from(await sound.arrayBuffer()));
    expect(voiceLevelDbfs(channels[0]!.slice(-8_000), 440)).toBeGreaterThan(-30);
    expect(levelDbfs(channels[1]!)).toBeLessThan(-60);
    await hearAtPage(id);
    expect(await newMessage(from)).toBeUndefined();
  }, 120_000);

  it('[ACD-12] [VM-01] a message that is being left goes on when the app is killed', async () => {
    const from = '+493030401';
    const call = await lab.call('4940', from);
    const { id } = await until('the message to be recorded', () => newMessage(from), 30_000);
    await center.product.crash('app');
    const backAtMs = call.elapsedMs;
    await until('the message to go on', () => call.elapsedMs > backAtMs + 1_000, 30_000);
    await call.hangup();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.outcome).toEqual({ result: 'answered', reason: 'voicemail', party: 'caller' });
    expect(interaction.recordings).toMatchObject([{ id, isMessage: true }]);
    await until(
      'the length of the message',
      async () => {
        const [recording] = (await center.product.interactionFrom(from)).recordings;
        return (recording?.durationMs ?? 0) > 1_000;
      },
      30_000,
    );
  }, 120_000);

  it.each([
    ['a message', '4950', { kind: 'message', target: 'overflow-test' }],
    ['the end', '4951', { kind: 'end' }],
  ])(
    '[ACD-01] to %s: the caller hears it and is let go',
    async (_what, number, to) => {
      const from = `+49303${number}`;
      await setRule(number, { when: FULL, to, announcement: 'overflow-announced' });
      const call = await lab.call(number, from);
      await untilHasHeardTone(call, ANNOUNCED_HZ);
      if (to.kind === 'message') await untilHasHeardTone(call, PROMPT_HZ);
      expect(await call.ended).toMatchObject({ by: 'far-end' });
      const interaction = await center.product.interactionFrom(from);
      expect(interaction.outcome).toEqual({ result: 'answered', reason: 'queue-overflow', party: 'system' });
      expect(storyOf(interaction).notes).toEqual([{ kind: 'diverted', queueId: `q${number}`, to, because: 'length' }]);
    },
    180_000,
  );
});
