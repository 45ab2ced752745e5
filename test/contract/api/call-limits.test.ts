/** Limits of calls outside through the API: written, seen, and locks lifted, by administrators alone. */
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;
let token: string;

beforeAll(async () => {
  api = new ApiFixture();
  const locked = { account: 'phone:2001', numberClass: 'premium', day: '2020-01-01', cost: 120, lockedAtMs: 1_000 };
  await api.callUsage.save({ _id: 'phone:2001 premium', ...locked });
  await api.start();
  ({ token } = await api.session('admin'));
});

afterAll(() => api.stop());

const send = (method: string, path: string, body?: unknown, as = token): Promise<Response> =>
  api.sendAs(as, { method, path: `/api/v1/call-limits${path}`, body });

it('a limit is written, listed and removed', async () => {
  const limit = { classes: ['international'], accounts: ['agent:anna'], maxConcurrent: 2, maxCostPerDay: 10.5 };
  expect((await send('PUT', '/abroad', limit)).status).toBe(200);
  expect(await (await send('GET', '')).json()).toEqual({ items: [{ id: 'abroad', ...limit }] });
  expect((await send('DELETE', '/abroad')).status).toBe(200);
  expect(await (await send('GET', '')).json()).toEqual({ items: [] });
});

it('a lock of an earlier day is seen, lifted once, taken out of the store and audited', async () => {
  expect(await (await send('GET', '/usage')).json()).toEqual({
    items: [
      {
        account: 'phone:2001',
        numberClass: 'premium',
        concurrent: 0,
        lastMinute: 0,
        costToday: 0,
        lockedAtMs: 1_000,
      },
    ],
  });
  expect((await send('DELETE', '/locks/phone:2001?numberClass=international')).status).toBe(404);
  expect((await send('DELETE', '/locks/phone:2001')).status).toBe(200);
  expect((await send('DELETE', '/locks/phone:2001')).status).toBe(404);
  expect(await api.callUsage.get('phone:2001 premium')).toMatchObject({ cost: 0 });
  expect(await api.callUsage.get('phone:2001 premium')).not.toHaveProperty('lockedAtMs');
  expect(api.audit.at(-1)).toMatchObject({
    action: 'setting-changed',
    detail: { setting: 'call-limits/locks/phone:2001', change: 'removed' },
  });
});

it.each([
  ['a negative number', { maxPerMinute: -1 }],
  ['half a call', { maxConcurrent: 1.5 }],
  ['a ceiling of nothing', { maxCostPerDay: 0 }],
  ['an account that is none', { accounts: ['anna'] }],
  ['an unknown figure', { maxFun: 1 }],
])('%s is refused with 400', async (_what, body) => {
  expect((await send('PUT', '/bad', body)).status).toBe(400);
});

it('only administrators see and change them', async () => {
  const { token: supervisor } = await api.session('sue');
  expect((await send('GET', '', undefined, supervisor)).status).toBe(403);
  expect((await send('GET', '/usage', undefined, supervisor)).status).toBe(403);
  expect((await send('PUT', '/abroad', {}, supervisor)).status).toBe(403);
  expect((await send('DELETE', '/locks/phone:2001', undefined, supervisor)).status).toBe(403);
});
