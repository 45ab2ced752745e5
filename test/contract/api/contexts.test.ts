/** What other systems use: keys, contexts of calls that are handed over, look-ups before delivery. */
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;
let admin: string;
let key: string;

const send = (method: string, path: string, as: string, body?: unknown): Promise<Response> =>
  api.sendAs(as, { method, path: `/api/v1${path}`, body });

beforeAll(async () => {
  api = await new ApiFixture().start();
  admin = (await api.session('admin')).token;
  const made = await send('POST', '/api-keys', admin, { id: 'site-b', scopes: ['contexts'] });
  ({ key } = (await made.json()) as { key: string });
});

afterAll(() => api.stop());

describe('a key', () => {
  it('is shown once and never listed', async () => {
    expect(key).toMatch(/^swk_/);
    const listed = await (await send('GET', '/api-keys', admin)).text();
    expect(listed).toContain('site-b');
    expect(listed).not.toContain(key);
    expect((await send('POST', '/api-keys', admin, { id: 'site-b', scopes: ['routing'] })).status).toBe(409);
  });

  it('opens what its scope says and nothing else', async () => {
    expect((await send('POST', '/contexts', key, {})).status).toBe(200);
    expect((await send('POST', '/routing/lookup', key, { called: '4000' })).status).toBe(403);
    expect((await send('GET', '/interactions', key)).status).toBe(401);
    expect((await send('GET', '/api-keys', key)).status).toBe(401);
    expect((await send('POST', '/contexts', 'swk_wrong', {})).status).toBe(401);
  });

  it('is not needed by an administrator, and a supervisor’s session is none', async () => {
    expect((await send('POST', '/routing/lookup', admin, { called: '4000' })).status).toBe(200);
    const { token } = await api.session('sue');
    expect((await send('POST', '/contexts', token, {})).status).toBe(403);
  });

  it('is of no use once it is taken back', async () => {
    const made = await send('POST', '/api-keys', admin, { id: 'gone', scopes: ['contexts'] });
    const { key: gone } = (await made.json()) as { key: string };
    expect((await send('DELETE', '/api-keys/gone', admin)).status).toBe(200);
    expect((await send('POST', '/contexts', gone, {})).status).toBe(401);
  });
});

describe('a context', () => {
  const context = { caller: '+49301', interactionId: 'abc', data: { account: '42' } };

  it('is kept, and given once', async () => {
    const made = await send('POST', '/contexts', key, context);
    const { token } = (await made.json()) as { token: string };
    const found = await send('GET', `/contexts/${token}`, key);
    expect(await found.json()).toEqual(context);
    expect((await send('GET', `/contexts/${token}`, key)).status).toBe(404);
  });

  it.each([
    ['a name that is none', { data: { 'Bad Name': '1' } }],
    ['a value too long', { data: { a: 'x'.repeat(1001) } }],
    ['a time out of range', { ttlMs: 1 }],
  ])('with %s is refused', async (_what, body) => {
    expect((await send('POST', '/contexts', key, body)).status).toBe(400);
  });

  it('gets a temporary number only where there are some', async () => {
    expect((await send('POST', '/contexts', key, { forNumber: '4000' })).status).toBe(429);
    expect((await send('PUT', '/temporary-numbers/b', admin, { first: '4900', last: '4901' })).status).toBe(200);
    const lent = await send('POST', '/contexts', key, { forNumber: '4000' });
    expect(await lent.json()).toMatchObject({ temporaryNumber: '4900' });
    expect((await send('PUT', '/temporary-numbers/c', admin, { first: '49', last: '4901' })).status).toBe(400);
  });
});

it('an address with credentials in it is refused: it would be read, and logged', async () => {
  const url = 'https://user:secret@crm.example';
  const refused = await send('PUT', '/look-ups/leaky', admin, { url });
  expect(refused.status).toBe(400);
  expect(await refused.text()).not.toContain('secret');
  expect((await send('PUT', '/sites/leaky', admin, { url, key: 'k' })).status).toBe(400);
});

it('secrets of sites and look-ups are written, never read', async () => {
  await send('PUT', '/sites/b', admin, { url: 'https://b.example', key: 'secret-1' });
  await send('PUT', '/look-ups/crm', admin, { url: 'https://crm.example', headers: { Authorization: 'secret-2' } });
  const shown =
    (await (await send('GET', '/sites', admin)).text()) + (await (await send('GET', '/look-ups', admin)).text());
  expect(shown).toContain('https://crm.example');
  expect(shown).not.toContain('secret');
});
