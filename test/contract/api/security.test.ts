/** Alarms and bans through the API: who sees them, who lifts them. */
import { alarmListSchema, banListSchema } from '../../../api/contract/security';
import { ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

const BAN = { id: 'source:192.0.2.1', kind: 'source', network: '192.0.2.1', sinceMs: 1, untilMs: 2, level: 1 } as const;
const ALARM = {
  kind: 'source-banned',
  severity: 'warning',
  message: '192.0.2.1 is banned: it failed to sign in ten times',
  details: { source: '192.0.2.1' },
} as const;

let api: ApiFixture;

beforeAll(async () => {
  api = await new ApiFixture().start();
});
afterAll(() => api.stop());

const lift = (token: string, id: string): Promise<Response> =>
  api.fetch(`/api/v1/bans/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });

it('an administrator lists a ban, lifts it, and that is written down', async () => {
  const { token } = await api.session('admin');
  api.banned.push(BAN);
  const listed = banListSchema.parse(await (await api.getAs(token, '/api/v1/bans')).json());
  expect(listed.items).toEqual([BAN]);
  expect((await lift(token, BAN.id)).status).toBe(200);
  expect((await lift(token, BAN.id)).status).toBe(404);
  expect(api.audit.filter(({ action }) => action === 'ban-lifted')).toMatchObject([
    { userName: 'admin', detail: { ban: BAN.id } },
  ]);
});

it('supervisors see alarms but no bans; agents see neither', async () => {
  api.alarms.raise(ALARM);
  const supervisor = await api.session('sue');
  const seen = alarmListSchema.parse(await (await api.getAs(supervisor.token, '/api/v1/alarms')).json());
  expect(seen.items).toMatchObject([ALARM]);
  expect((await api.getAs(supervisor.token, '/api/v1/bans')).status).toBe(403);
  expect((await lift(supervisor.token, BAN.id)).status).toBe(403);
  const agent = await api.session('anna');
  expect((await api.getAs(agent.token, '/api/v1/alarms')).status).toBe(403);
});

it('an alarm reaches the event sockets of supervisors at once, and of nobody else', async () => {
  const [supervisor, agent] = await Promise.all([api.session('sue'), api.session('anna')]);
  const open = (token: string): EventClient =>
    new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${encodeURIComponent(token)}`);
  const [leads, works] = [open(supervisor.token), open(agent.token)];
  await Promise.all([leads.next('hello'), works.next('hello')]);
  api.alarms.raise({ ...ALARM, kind: 'stranger-knocks' });
  expect(await leads.next('alarm')).toMatchObject({ alarm: { kind: 'stranger-knocks' } });
  expect(works.messages.map(({ type }) => type)).not.toContain('alarm');
  leads.socket.close();
  works.socket.close();
});
