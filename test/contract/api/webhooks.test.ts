/** Webhooks, alarms of queues and reports of queues through the API. */
import { asId } from '../../../base/ids';
import { deliverySchema, queueReportSchema, webhookListSchema, webhookSavedSchema } from '../../../api/contract/watch';
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;
let admin: string;

beforeAll(async () => {
  api = await new ApiFixture().start();
  ({ token: admin } = await api.session('admin'));
});
afterAll(() => api.stop());

const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  api.fetch(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const CRM = { url: 'https://crm.example/hooks', events: ['alarm.*', 'call.ended'] };

it('an administrator adds a webhook, sees its secret once, tests and removes it, and that is written down', async () => {
  const made = webhookSavedSchema.parse(await (await send('PUT', '/webhooks/crm', CRM)).json());
  expect(made.secret).toMatch(/^whsec_/);
  expect(webhookSavedSchema.parse(await (await send('PUT', '/webhooks/crm', CRM)).json()).secret).toBeUndefined();
  const listed = await (await send('GET', '/webhooks')).text();
  expect(webhookListSchema.parse(JSON.parse(listed)).items).toMatchObject([{ id: 'crm', ...CRM, enabled: true }]);
  expect(listed).not.toContain('whsec_');
  expect(deliverySchema.parse(await (await send('POST', '/webhooks/crm/test')).json()).result).toBe('delivered');
  expect((await send('GET', '/webhooks/crm/deliveries')).status).toBe(200);
  expect((await send('DELETE', '/webhooks/crm')).status).toBe(200);
  for (const [method, path] of [
    ['DELETE', '/webhooks/crm'],
    ['GET', '/webhooks/crm/deliveries'],
    ['POST', '/webhooks/crm/test'],
  ] as const)
    expect((await send(method, path)).status).toBe(404);
  expect(api.audit.map(({ action }) => action)).toEqual(expect.arrayContaining(['setting-changed', 'webhook-tested']));
});

it.each([
  [{ url: 'ftp://crm.example/' }],
  [{ url: 'nonsense' }],
  [{ url: 'https://user:secret@crm.example/' }],
  [{ url: 'https://crm.example/', events: ['Alarm Raised'] }],
  [{ url: 'https://crm.example/', surprise: true }],
])('%j is no webhook', async (body) => {
  expect((await send('PUT', '/webhooks/bad', body)).status).toBe(400);
});

it('alarms of queues are kept with their defaults', async () => {
  expect((await send('PUT', '/queue-alarms/support', { queues: ['support'], length: 5 })).status).toBe(200);
  expect(await (await send('GET', '/queue-alarms')).json()).toEqual({
    items: [
      {
        id: 'support',
        queues: ['support'],
        longestWaitS: 120,
        length: 5,
        serviceLevelPercent: 60,
        serviceLevelMinutes: 15,
        unattended: 'when-waiting',
      },
    ],
  });
  expect((await send('PUT', '/queue-alarms/support', { length: -1 })).status).toBe(400);
  expect((await send('DELETE', '/queue-alarms/support')).status).toBe(200);
});

describe('the report of queues', () => {
  const wait = { queueId: asId<never>('support'), result: 'answered', targetMs: 20_000 } as const;

  it('counts waits by queue and interval of arrival', async () => {
    api.watch.waits.push(
      { ...wait, contactId: asId('a'), arrivedAtMs: 1_000, endedAtMs: 6_000, handleMs: 60_000 },
      { ...wait, contactId: asId('b'), arrivedAtMs: 2_000, endedAtMs: 42_000 },
      { ...wait, contactId: asId('c'), arrivedAtMs: 100_000, endedAtMs: 130_000, result: 'abandoned' },
      { ...wait, contactId: asId('d'), arrivedAtMs: 900_000, endedAtMs: 900_001 },
    );
    const reply = await send('GET', '/reports/queues?fromMs=0&toMs=900000&intervalMs=60000');
    const { items } = queueReportSchema.parse(await reply.json());
    expect(items).toMatchObject([
      {
        queueId: 'support',
        total: { offered: 3, answered: 2, abandoned: 1, averageSpeedOfAnswerMs: 22_500, averageHandleMs: 60_000 },
        intervals: [
          { fromMs: 0, offered: 2, serviceLevel: 0.5 },
          { fromMs: 60_000, offered: 1, abandonment: 1 },
        ],
      },
    ]);
    const none = await send('GET', '/reports/queues?fromMs=0&toMs=900000&queueId=sales');
    expect(await none.json()).toEqual({ items: [] });
  });

  it.each(['fromMs=5&toMs=5', 'fromMs=0&toMs=99999999999', 'fromMs=0&toMs=864000000&intervalMs=60000', 'toMs=1'])(
    '%s is refused',
    async (query) => {
      expect((await send('GET', `/reports/queues?${query}`)).status).toBe(400);
    },
  );
});
