/** Events reach other systems: signed, filtered, again and again until they are taken, also after a restart. */
import { createHmac } from 'node:crypto';
import type { WebhookBody } from '../../../../api/contract/watch';
import { Alarms } from '../../../../base/alarms';
import { SimulatedClock } from '../../../../base/clock';
import { LastingRecords } from '../../../../base/lasting';
import { silentLogger } from '../../../../base/log';
import { fail, ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import { StandingAlarms } from '../../../../base/standing-alarms';
import type { WebhookMessage } from '../../../../main/webhooks/message';
import { MAX_WAITING, RETRY_AFTER_S } from '../../../../main/webhooks/outbox';
import type { OutboxRecord } from '../../../../main/webhooks/outbox';
import { Webhooks } from '../../../../main/webhooks/webhooks';
import type { Webhook } from '../../../../store/webhooks';
import { memorySettings } from '../../../support/api/routing-ports';
import { MemoryLastingStore } from '../../../support/memory-lasting';

const URL = 'https://crm.example/hooks';
const REFUSED = fail('unavailable', 'crm.example answered 500.');

/** A receiver that answers as it is told, and the store, which outlives restarts. */
class Bench {
  readonly clock = new SimulatedClock();
  readonly store = memorySettings<Webhook>();
  readonly outbox = new MemoryLastingStore<OutboxRecord>();
  readonly alarms = new Alarms({ clock: this.clock, log: silentLogger() });
  readonly standing = new StandingAlarms({ clock: this.clock, alarms: this.alarms });
  readonly sent: { readonly url: string; readonly message: WebhookMessage }[] = [];
  answer: () => Result<void> = () => ok(undefined);
  records!: LastingRecords<OutboxRecord>;

  async open(): Promise<Webhooks> {
    const { clock, store, standing } = this;
    this.records = await LastingRecords.load({
      store: this.outbox,
      clock,
      log: silentLogger(),
      name: 'outbox',
      maxRecords: 10_000,
    });
    return Webhooks.load({
      ...{ store, clock, standing },
      records: this.records,
      post: (url, message) => {
        this.sent.push({ url, message });
        return Promise.resolve(this.answer());
      },
    });
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms, Math.max(1, Math.floor(ms / 20)));
  }

  get names(): string[] {
    return this.sent.map(({ message }) => (JSON.parse(message.body) as { type: string }).type);
  }
}

const BODY: WebhookBody = { url: URL, events: [], enabled: true, newSecret: false };

const setUp = async (body: Partial<WebhookBody> = {}) => {
  const bench = new Bench();
  const webhooks = await bench.open();
  const { secret = '' } = await webhooks.put('crm', { ...BODY, ...body });
  return { bench, webhooks, secret };
};

it('an event is a signed CloudEvent that the receiver can check', async () => {
  const { bench, webhooks, secret } = await setUp();
  webhooks.tell('alarm.raised', { kind: 'queue-long' });
  await bench.pass(10);
  const [{ url, message } = { url: '', message: { headers: {}, body: '' } }] = bench.sent;
  expect(url).toBe(URL);
  const { headers, body } = message;
  expect(JSON.parse(body)).toEqual({
    specversion: '1.0',
    id: headers['webhook-id'],
    source: '/switchroom',
    type: 'switchroom.alarm.raised',
    time: new Date(1_700_000_000_000).toISOString(),
    datacontenttype: 'application/json',
    data: { kind: 'queue-long' },
  });
  expect(secret).toMatch(/^whsec_/);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(headers['webhook-timestamp']).toBe('1700000000');
});

it.each([
  [[], ['alarm.raised', 'call.ended']],
  [['call.ended'], ['call.ended']],
  [['alarm.*'], ['alarm.raised']],
  [['alarm'], []],
])('who wants %j is told %j', async (events, told) => {
  const { bench, webhooks } = await setUp({ events });
  webhooks.tell('alarm.raised', {});
  webhooks.tell('call.ended', {});
  await bench.pass(10);
  expect(bench.names).toEqual(told.map((name) => `switchroom.${name}`));
});

it('who is switched off is told nothing', async () => {
  const { bench, webhooks } = await setUp({ enabled: false });
  webhooks.tell('alarm.raised', {});
  await bench.pass(60_000);
  expect(bench.sent).toEqual([]);
});

it('what is not taken is sent again ever more seldom, with the same id, and given up in the end', async () => {
  const { bench, webhooks } = await setUp();
  bench.answer = () => REFUSED;
  webhooks.tell('call.ended', {});
  await bench.pass(10);
  for (const [done, afterS] of RETRY_AFTER_S.entries()) {
    expect(bench.sent).toHaveLength(done + 1);
    await bench.pass(afterS * 1_000 + 10);
  }
  expect(bench.sent).toHaveLength(RETRY_AFTER_S.length + 1);
  expect(new Set(bench.sent.map(({ message }) => message.headers['webhook-id'])).size).toBe(1);
  expect(webhooks.deliveries('crm')?.[0]).toMatchObject({ result: 'given-up', reason: 'crm.example answered 500.' });
  expect(webhooks.list()).toMatchObject([{ waiting: 0, failing: true }]);
  expect(bench.clock.pendingTimers).toBe(0);
});

it('three failures in a row are an alarm, which a success ends', async () => {
  const { bench, webhooks } = await setUp();
  bench.answer = () => REFUSED;
  webhooks.tell('call.ended', {});
  await bench.pass(10);
  await bench.pass(5_010);
  expect(bench.standing.has('webhook/crm')).toBe(false);
  await bench.pass(30_010);
  expect(bench.standing.has('webhook/crm')).toBe(true);
  bench.answer = () => ok(undefined);
  await bench.pass(120_010);
  expect(bench.standing.list()).toEqual([]);
  expect(bench.alarms.recent.map(({ kind }) => kind)).toEqual(['webhook-working', 'webhook-failing']);
});

it('what waits outlives a restart, and is sent with the id that it had', async () => {
  const { bench, webhooks } = await setUp();
  bench.answer = () => REFUSED;
  webhooks.tell('call.ended', { interactionId: 'i' });
  await bench.pass(10);
  webhooks.close();
  await bench.records.close();
  bench.answer = () => ok(undefined);
  const again = await bench.open();
  await bench.pass(5_010);
  expect(bench.sent).toHaveLength(2);
  expect(bench.sent[1]?.message.headers['webhook-id']).toBe(bench.sent[0]?.message.headers['webhook-id']);
  expect(again.list()).toMatchObject([{ waiting: 0 }]);
  await bench.records.close();
  expect(await bench.outbox.list(bench.clock.nowMs(), 10)).toEqual([]);
});

it('no more than a thousand wait: the oldest are dropped, which is written down', async () => {
  const { bench, webhooks } = await setUp();
  bench.answer = () => REFUSED;
  for (let n = 0; n < MAX_WAITING + 3; n += 1) webhooks.tell('call.ended', { n });
  expect(webhooks.list()).toMatchObject([{ waiting: MAX_WAITING }]);
  expect(webhooks.deliveries('crm')?.filter(({ result }) => result === 'dropped')).toHaveLength(3);
  expect(bench.sent).toEqual([]);
});

it('a test is sent at once, and says how it went', async () => {
  const { bench, webhooks } = await setUp({ events: ['call.ended'] });
  bench.answer = () => REFUSED;
  expect(await webhooks.test('crm')).toMatchObject({
    ok: true,
    value: { name: 'webhook.test', result: 'failed', reason: 'crm.example answered 500.' },
  });
  expect(await webhooks.test('nobody')).toMatchObject({ ok: false, fault: { code: 'not_found' } });
  await bench.pass(60_000);
  expect(bench.sent).toHaveLength(1);
});

it('a changed address counts for what waits, the secret stays, and a new one is made on demand', async () => {
  const { bench, webhooks, secret } = await setUp();
  bench.answer = () => REFUSED;
  webhooks.tell('call.ended', {});
  await bench.pass(10);
  expect(await webhooks.put('crm', { ...BODY, url: 'https://other.example/' })).toEqual({});
  bench.answer = () => ok(undefined);
  await bench.pass(5_010);
  expect(bench.sent[1]?.url).toBe('https://other.example/');
  expect((await bench.store.get('crm'))?.secret).toBe(secret);
  const made = await webhooks.put('crm', { ...BODY, newSecret: true });
  expect(made.secret).toMatch(/^whsec_/);
  expect(made.secret).not.toBe(secret);
});

it('who is removed gets nothing any more, and no timer is left', async () => {
  const { bench, webhooks } = await setUp();
  bench.answer = () => REFUSED;
  webhooks.tell('call.ended', {});
  await bench.pass(10);
  expect(await webhooks.remove('crm')).toBe(true);
  expect(await webhooks.remove('crm')).toBe(false);
  await bench.pass(600_000);
  expect(bench.sent).toHaveLength(1);
  expect(bench.clock.pendingTimers).toBe(0);
});
