/** Who watches the center: the first voice of each call, alarms by the API, figures, and webhooks to another system. */
import type { AlarmView } from '../../api/contract/security';
import type { DeliveryView, StandingAlarmView } from '../../api/contract/watch';
import { untilHasHeardTone } from '../support/caller';
import { Product } from '../support/product';
import { QueueLab } from '../support/queue-lab';
import { until } from '../support/wait';
import { WebhookReceiver } from '../support/webhook-receiver';

const LIMIT_S = 4;
const PROMPT_HZ = 1500;
const RETRY_MS = 60_000;

let product: Product;
let receiver: WebhookReceiver;
let asPrometheus: (path: string) => Promise<Response>;
const lab = new QueueLab(() => product);

const figure = async (name: string): Promise<number> => {
  const text = await (await asPrometheus('/metrics')).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`there is no figure ${name} in\n${text}`);
  return Number(line.split(' ')[1]);
};

const items = async <Item>(path: string): Promise<Item[]> =>
  (await product.admin<{ items: Item[] }>('GET', path)).items;

const eventAbout = async (type: string, matches: (data: Record<string, unknown>) => boolean, timeoutMs = 15_000) =>
  until(`the webhook ${type}`, () => receiver.of(type).find(({ data }) => matches(data)), timeoutMs);

beforeAll(async () => {
  receiver = await WebhookReceiver.listen();
  product = await Product.start({
    config: `webhooks: {networks: [127.0.0.0/8]}\nalarms: {voiceAnswerS: ${LIMIT_S}}\n`,
  });
  const { secret } = await product.admin<{ secret: string }>('PUT', '/webhooks/crm', { url: receiver.url });
  receiver.secret = secret;
  const { key } = await product.admin<{ key: string }>('POST', '/api-keys', { id: 'prometheus', scopes: ['metrics'] });
  asPrometheus = (path) => fetch(`${product.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
  await lab.setPrompt('watching-test', PROMPT_HZ);
}, 180_000);

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
}, 180_000);

it('[PRF-04] a caller who hears no voice in time is an alarm, and told to other systems', async () => {
  const from = '+493050200';
  await lab.setFlow('4971', {
    answer: { do: 'answer', next: 'silence' },
    silence: { do: 'menu', prompts: [], timeoutMs: 60_000, attempts: 1, choices: {}, otherwise: 'end' },
    end: { do: 'hang-up', reason: 'served' },
  });
  const call = await lab.call('4971', from);
  const alarm = await until(
    'the alarm',
    async () => (await items<StandingAlarmView>('/alarms/standing')).find(({ kind }) => kind === 'voice-late'),
    30_000,
  );
  expect(call.elapsedMs).toBeGreaterThan(LIMIT_S * 1_000 - 200);
  expect(alarm).toMatchObject({ severity: 'critical', details: { number: from, seconds: LIMIT_S } });
  expect((await items<AlarmView>('/alarms')).map(({ kind }) => kind)).toContain('voice-late');
  await eventAbout('call.voice-late', ({ caller, limitMs }) => caller === from && limitMs === LIMIT_S * 1_000);
  await eventAbout('alarm.raised', ({ kind }) => kind === 'voice-late');
  expect(await figure('switchroom_voice_answer_late_total')).toBe(receiver.of('call.voice-late').length);
  expect(await figure('switchroom_alarms_standing')).toBeGreaterThanOrEqual(1);
  await call.hangup();
  expect((await product.interactionFrom(from)).voiceAnswer).toEqual({ late: true });
}, 180_000);

it('[PRF-03] the first voice is measured for each call: in the history, as a figure, and told to other systems', async () => {
  const from = '+493050100';
  await lab.setFlow('4970', {
    answer: { do: 'answer', next: 'say' },
    say: { do: 'play', prompts: [{ prompt: 'watching-test', language: 'en' }], next: 'end' },
    end: { do: 'hang-up', reason: 'served' },
  });
  const before = await figure('switchroom_voice_answer_seconds_count');
  const call = await lab.call('4970', from);
  await untilHasHeardTone(call, PROMPT_HZ);
  const heardAfterMs = call.elapsedMs;
  await call.ended;
  const { voiceAnswer } = await product.interactionFrom(from);
  expect(voiceAnswer?.waitMs).toBeGreaterThan(0);
  expect(voiceAnswer?.waitMs).toBeLessThanOrEqual(heardAfterMs);
  expect(await figure('switchroom_voice_answer_seconds_count')).toBe(before + 1);
  const { data } = await eventAbout('call.ended', ({ caller }) => caller === from);
  expect(data).toMatchObject({ called: '4970', outcome: { reason: 'served' }, voiceAnswer });
}, 180_000);

it('an alarm of a queue reaches another system that was down, also when the app dies meanwhile, and once', async () => {
  const from = '+493050300';
  const isOf = (kind: string) => (data: Record<string, unknown>) =>
    data.kind === kind && JSON.stringify(data.details).includes('"alarmed"');
  await lab.setQueue('alarmed');
  await lab.setNumber('4972', 'alarmed');
  await product.admin('PUT', '/queue-alarms/short', { queues: ['alarmed'], length: 1, unattended: 'never' });
  receiver.goDown();
  const call = await lab.call('4972', from);
  const failed = await until(
    'an attempt to fail',
    async () => {
      const alarm = (await items<AlarmView>('/alarms')).find(({ kind }) => kind === 'queue-long');
      const attempts = await items<DeliveryView>('/webhooks/crm/deliveries');
      return alarm && attempts.find(({ name, result }) => name === 'alarm.raised' && result === 'failed');
    },
    30_000,
  );
  expect(failed.reason).toContain('503');
  // Taken from the next app alone: what the killed one had begun to send is refused, lest it be told twice.
  await Promise.all([product.crash('app', 60_000), receiver.untilLeft().then(() => receiver.comeUp())]);
  const isOfThatAttempt = ({ id }: { readonly id: string }): boolean => id === failed.eventId;
  await until('the alarm to be told', () => receiver.of('alarm.raised').find(isOfThatAttempt), RETRY_MS);
  await call.hangup();
  await eventAbout('alarm.over', isOf('queue-not-long'), RETRY_MS);
  await until(
    'nothing to wait',
    async () => {
      const [webhook] = await items<{ waiting: number; failing: boolean }>('/webhooks');
      return webhook?.waiting === 0 && !webhook.failing;
    },
    RETRY_MS,
  );
  // It stood all the time.
  expect(receiver.of('alarm.raised').filter(({ data }) => isOf('queue-long')(data))).toHaveLength(1);
  const ids = receiver.taken.map((event) => event.id);
  expect(ids).toHaveLength(new Set(ids).size);
  expect(receiver.refusals).toEqual([]);
}, 240_000);
