/** Sessions that outlive the server: who was signed in goes on, who has signed out does not. */
import { SimulatedClock } from '../../../base/clock';
import { ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';

const servers: ApiFixture[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const start = async (before?: ApiFixture): Promise<ApiFixture> => {
  const server = new ApiFixture(before ? { sessions: before.sessions } : {});
  servers.push(server);
  // The ACD has its agents back before the server begins.
  for (const agent of before?.desks.agents() ?? []) {
    if (agent.state !== 'signed-out') server.desks.signIn(agent.agentId);
  }
  return server.start();
};

/** As after kill -9: the server before says nothing and writes nothing more. */
const restart = async (before: ApiFixture): Promise<ApiFixture> => {
  const left = new Map(before.sessions.records);
  const next = await start(before);
  await before.stop();
  expect(before.sessions.records).toEqual(left);
  return next;
};

const statusOfMe = async (server: ApiFixture, token: string): Promise<number> =>
  (await server.getAs(token, '/api/v1/me')).status;

it('a session goes on by its token, until its own end, and the store has the token’s hash only', async () => {
  const first = await start();
  const { token, expiresAtMs } = await first.session('sue');
  expect([...first.sessions.records].join()).not.toContain(token);
  const second = await restart(first);
  const me = (await (await second.getAs(token, '/api/v1/me')).json()) as { expiresAtMs: number };
  expect(me).toMatchObject({ user: { userName: 'sue' }, expiresAtMs });
});

it('a session that was signed out stays so', async () => {
  const first = await start();
  const { token } = await first.session('sue');
  const { token: other } = await first.session('sue');
  await first.post('/api/v1/logout', {}, { authorization: `Bearer ${token}` });
  const second = await restart(first);
  expect(await statusOfMe(second, token)).toBe(401);
  expect(await statusOfMe(second, other)).toBe(200);
});

it('a session that expires while nobody is there is over', async () => {
  const clock = new SimulatedClock();
  const first = new ApiFixture({ clock, sessionHours: 1 });
  servers.push(await first.start());
  const { token } = await first.session('sue');
  clock.advance(3_600_000);
  const second = new ApiFixture({ clock, sessions: first.sessions });
  servers.push(await second.start());
  expect(await statusOfMe(second, token)).toBe(401);
});

it('an agent’s desk stays signed in for a browser that comes back, and has the SIP account at once', async () => {
  const first = await start();
  const { token, user } = await first.session('anna');
  const agentId = asId<AgentId>(user.agent?.agentId ?? '');
  const second = await restart(first);
  expect(second.issued).toEqual(['anna']);
  expect(second.desks.snapshot(agentId).agent?.state).toBe('not-ready');
  const socket = new EventClient(`${second.origin.replace('http', 'ws')}/api/v1/events`, {
    authorization: `Bearer ${token}`,
  });
  expect(await socket.next('hello')).toMatchObject({ agent: { agentId } });
  socket.socket.close();
});
