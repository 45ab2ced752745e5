import { SimulatedClock } from '../../../base/clock';
import { loginReplySchema } from '../../../api/contract/rest';
import { faultSchema } from '../../../api/contract/common';
import { ApiFixture, PASSWORD } from '../../support/api/api-fixture';
import { request } from 'node:http';

const clock = new SimulatedClock();
let api: ApiFixture;

beforeEach(async () => {
  api = await new ApiFixture({ clock, sessionHours: 2 }).start();
});

afterEach(() => api.stop());

const cookieOf = (response: Response): string => (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';

describe('signing in', () => {
  it('gives a session with a bearer token, a cookie that scripts cannot read, and an agent’s SIP account', async () => {
    const response = await api.login('anna');
    expect(response.status).toBe(200);
    const session = loginReplySchema.parse(await response.json());
    expect(session.user).toEqual({
      userId: 'user-anna',
      userName: 'anna',
      displayName: 'ANNA',
      displayNameZh: 'anna的中文名',
      roles: ['agent'],
      agent: { agentId: 'agent-anna', extension: '1001' },
    });
    expect(session.expiresAtMs).toBe(clock.nowMs() + 2 * 3_600_000);
    expect(session.sip).toEqual({
      uri: 'sip:anna@switchroom.test',
      userName: 'anna',
      password: 'sip-anna-1',
      webSocketPath: '/sip',
    });
    const cookie = response.headers.getSetCookie()[0];
    expect(cookie).toBe(`switchroom_session=${session.token}; Max-Age=7200; Path=/; HttpOnly; SameSite=Strict`);
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
  });

  it('marks the cookie Secure when the browser’s connection is encrypted by a proxy', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    const response = await api.post('/api/v1/login', { userName: 'anna', password: PASSWORD }, headers);
    expect(response.headers.getSetCookie()[0]).toContain('; Secure');
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('gives a supervisor no SIP account', async () => {
    expect((await api.session('sue')).sip).toBeUndefined();
    expect(api.issued).toEqual([]);
  });

  it('never writes the password’s hash into a reply', async () => {
    expect(await (await api.login('anna')).text()).not.toMatch(/hash/i);
  });

  it.each(['nobody', 'anna', 'leaver'])('gives the same reply for a wrong password of %s', async (userName) => {
    const response = await api.login(userName, userName === 'leaver' ? PASSWORD : 'wrong');
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.json()).toEqual({
      code: 'unauthenticated',
      message: 'The user name or the password is wrong.',
    });
  });

  it('limits an account after ten failures, says when to try again, and lets it in after that', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await api.login('anna', 'wrong')).status).toBe(401);
    const limited = await api.login('anna');
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBe(15 * 60);
    expect(faultSchema.parse(await limited.json()).code).toBe('overloaded');
    clock.advance(15 * 60_000 + 1);
    expect((await api.login('anna')).status).toBe(200);
  });

  it('lets colleagues behind one address in while one of them is locked out', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await api.login('anna', 'wrong');
    for (let attempt = 0; attempt < 20; attempt += 1) await api.login(`guess-${attempt}`, 'wrong');
    expect((await api.login('anna')).status).toBe(429);
    expect((await api.login('ben')).status).toBe(200);
  });

  it('limits a hundred attempts at once as well as in turn', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () => api.login('anna', 'wrong').then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(90);
  });

  it('writes every sign-in, failure and sign-out into the audit', async () => {
    await api.login('anna', 'wrong');
    const { token } = await api.session('anna');
    await api.post('/api/v1/logout', {}, { authorization: `Bearer ${token}` });
    expect(api.audit).toEqual([
      { atMs: clock.nowMs(), action: 'sign-in-failed', userName: 'anna', address: '127.0.0.1' },
      { atMs: clock.nowMs(), action: 'sign-in', userName: 'anna', userId: 'user-anna', address: '127.0.0.1' },
      { atMs: clock.nowMs(), action: 'sign-out', userName: 'anna', userId: 'user-anna', address: '127.0.0.1' },
    ]);
    expect(JSON.stringify(api.audit)).not.toContain(token);
  });

  it.each([
    ['no body', undefined, 'userName'],
    ['a string', '"anna"', ''],
    ['a missing password', '{"userName":"anna"}', 'password'],
    ['a number for a name', '{"userName":7,"password":"x"}', 'userName'],
    ['an unknown field', '{"userName":"a","password":"x","admin":true}', 'admin'],
    ['a prototype', '{"userName":"a","password":"x","__proto__":{"admin":true}}', '__proto__'],
  ])('refuses %s and names the path', async (_name, body, path) => {
    const headers = { 'content-type': 'application/json' };
    const response = await api.fetch('/api/v1/login', { method: 'POST', headers, body: body ?? null });
    expect(response.status).toBe(400);
    const fault = faultSchema.parse(await response.json());
    if (fault.fields) expect(fault.fields.map((field) => field.path)).toContain(path);
    else expect(fault.message).toBe('The HTTP body is not JSON.');
    expect(api.audit).toEqual([]);
  });

  it('refuses JSON that is cut off, and a body that is too large', async () => {
    const headers = { 'content-type': 'application/json' };
    const cut = await api.fetch('/api/v1/login', { method: 'POST', headers, body: '{"userName":' });
    expect(cut.status).toBe(400);
    const form = await api.fetch('/api/v1/login', { method: 'POST', body: 'userName=anna' });
    expect(await form.json()).toMatchObject({ code: 'bad_input', message: 'The HTTP body is not JSON.' });
    expect(await cut.json()).toEqual({ code: 'bad_input', message: 'The HTTP body is not JSON.' });
    const huge = await api.post('/api/v1/login', { userName: 'a', password: 'x'.repeat(100_000) });
    expect(huge.status).toBe(413);
    expect(faultSchema.parse(await huge.json()).code).toBe('bad_input');
  });
});

describe('a session', () => {
  it('is found by its cookie and by its bearer token', async () => {
    const login = await api.login('anna');
    const { token } = loginReplySchema.parse(await login.json());
    const byCookie = await api.fetch('/api/v1/me', { headers: { cookie: cookieOf(login) } });
    const byToken = await api.getAs(token, '/api/v1/me');
    const told = await byCookie.text();
    expect(told).toBe(await byToken.text());
    expect(told).not.toContain(token);
    expect(byToken.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps the same SIP password for all sessions of a user, and takes it away with the last', async () => {
    const first = await api.session('anna');
    const second = await api.session('anna');
    expect(second.sip).toEqual(first.sip);
    await api.post('/api/v1/logout', {}, { authorization: `Bearer ${first.token}` });
    expect(api.revoked).toEqual([]);
    await api.post('/api/v1/logout', {}, { authorization: `Bearer ${second.token}` });
    expect(api.revoked).toEqual(['anna']);
    expect(api.desks.stateOf('agent-anna')).toBe('signed-out');
    expect((await api.session('anna')).sip?.password).toBe('sip-anna-2');
  });

  it('ends with its sign-out, and the cookie is taken away', async () => {
    const { token } = await api.session('sue');
    const logout = await api.post('/api/v1/logout', {}, { authorization: `Bearer ${token}` });
    expect(logout.status).toBe(200);
    expect(logout.headers.getSetCookie()[0]).toContain('switchroom_session=; Max-Age=0');
    expect((await api.getAs(token, '/api/v1/me')).status).toBe(401);
  });

  it('ends when its hours are over', async () => {
    const { token } = await api.session('sue');
    clock.advance(2 * 3_600_000 - 1);
    expect((await api.getAs(token, '/api/v1/me')).status).toBe(200);
    clock.advance(1);
    expect((await api.getAs(token, '/api/v1/me')).status).toBe(401);
  });

  it('cannot be signed out while the agent has an open call', async () => {
    const { token } = await api.session('anna');
    api.desks.calls.set('agent-anna', [{ callId: 'c1' } as never]);
    const logout = await api.post('/api/v1/logout', {}, { authorization: `Bearer ${token}` });
    expect(logout.status).toBe(409);
    expect(await logout.json()).toEqual({ code: 'conflict', message: 'Finish the open call first.' });
    expect((await api.getAs(token, '/api/v1/me')).status).toBe(200);
  });

  it('of an agent whose browser never comes leaves the desk after the grace', async () => {
    await api.session('anna');
    clock.advance(29_999);
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
    clock.advance(1);
    expect(api.desks.stateOf('agent-anna')).toBe('signed-out');
  });
});

/** As a browser would send it; `fetch` does not let a program set these headers. */
const rawPost = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const outgoing = request(`${api.origin}${path}`, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

describe('a request that another page makes the browser send', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['another port of the host', { origin: 'http://127.0.0.1:1' }, 403],
    ['another site, without an origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sister domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['nobody knows where', {}, 403],
    ['our own page, by Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('from %s gives its due', async (_name, headers, status) => {
    const cookie = cookieOf(await api.login('sue'));
    expect(await rawPost('/api/v1/logout', { cookie, ...headers })).toBe(status);
  });

  it('from our own page, by Origin, is served', async () => {
    const cookie = cookieOf(await api.login('sue'));
    expect(await rawPost('/api/v1/logout', { cookie, origin: api.origin })).toBe(200);
  });

  it('cannot sign anybody in', async () => {
    const headers = { origin: 'https://evil.example' };
    expect((await api.post('/api/v1/login', { userName: 'anna', password: PASSWORD }, headers)).status).toBe(403);
  });

  it('is judged by its bearer token alone when it names one', async () => {
    const cookie = cookieOf(await api.login('sue'));
    const response = await api.fetch('/api/v1/me', { headers: { cookie, authorization: 'Bearer wrong' } });
    expect(response.status).toBe(401);
  });
});

describe('without a valid token', () => {
  const PRIVATE = [
    ['GET', '/me'],
    ['POST', '/logout'],
    ['GET', '/interactions'],
    ['GET', '/interactions?limit=nonsense'],
    ['GET', '/interactions/unknown'],
    ['GET', '/interactions/%zz'],
    ['GET', '/interactions/unknown/recordings/1'],
    ['GET', '/agents'],
    ['GET', '/queues'],
    ['GET', '/no-such-path'],
    ['DELETE', '/interactions/unknown'],
    ['GET', '/ME'],
  ] as const;

  it.each(PRIVATE)('%s %s gives the same 401', async (method, path) => {
    const response = await api.fetch(`/api/v1${path}`, { method });
    expect(response.status).toBe(401);
    expect(await response.text()).toBe(
      '{"code":"unauthenticated","message":"Sign in first: POST /api/v1/login gives a cookie and a bearer token."}',
    );
  });

  it.each([
    ['empty', ''],
    ['one word', 'x'],
    ['Bearer alone', 'Bearer'],
    ['Basic', 'Basic YTpi'],
    ['a token too long', `Bearer ${'x'.repeat(4_000)}`],
    ['two tokens', 'Bearer a b'],
  ])('an authorization of the kind «%s» is none', async (_name, authorization) => {
    expect((await api.fetch('/api/v1/me', { headers: { authorization } })).status).toBe(401);
  });
});

describe('with a token', () => {
  it('an unknown path gives 404 and a malformed one 400, as JSON', async () => {
    const { token } = await api.session('sue');
    const unknown = await api.getAs(token, '/api/v1/no-such-path');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({ code: 'not_found', message: 'There is no GET /api/v1/no-such-path.' });
    const malformed = await api.getAs(token, '/api/v1/interactions/%zz');
    expect(malformed.status).toBe(400);
    expect(faultSchema.parse(await malformed.json()).code).toBe('bad_input');
  });

  it.each([
    ['anna', '/agents', 403],
    ['anna', '/queues', 403],
    ['sue', '/agents', 200],
    ['sue', '/queues', 200],
    ['admin', '/agents', 200],
    ['admin', '/queues', 200],
  ])('%s gets %s: %d', async (userName, path, status) => {
    const { token } = await api.session(userName);
    expect((await api.getAs(token, `/api/v1${path}`)).status).toBe(status);
  });
});
