/** Supervisors' hand on a seat by REST: who may, what is asked of calls, what becomes of the agent's session. */
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

let api: ApiFixture;
let [sue = '', anna = '']: string[] = [];

beforeEach(async () => {
  api = await new ApiFixture().start();
  [sue = '', anna = ''] = await Promise.all(['sue', 'anna'].map(async (name) => (await api.session(name)).token));
});

afterEach(() => api.stop());

const act = async (by: string, body: object, agentId = 'agent-anna'): Promise<number> =>
  (await api.sendAs(by, { method: 'POST', path: `/api/v1/agents/${agentId}/actions`, body })).status;

it('an agent is made not ready, locked and unlocked, and each is audited', async () => {
  expect(await act(sue, { do: 'not-ready', reason: 'training' })).toBe(200);
  expect(await act(sue, { do: 'lock' })).toBe(200);
  expect(await act(sue, { do: 'unlock' })).toBe(200);
  expect(api.desks.directed.map(({ order }) => order)).toEqual([
    { do: 'not-ready', reason: 'training' },
    { do: 'lock', session: 'stays' },
    { do: 'unlock' },
  ]);
  const written = api.audit.filter(({ action }) => action === 'agent-directed');
  expect(written).toMatchObject([
    { userName: 'sue', detail: { agentId: 'agent-anna', do: 'not-ready', reason: 'training' } },
    { detail: { do: 'lock', session: 'stays' } },
    { detail: { do: 'unlock' } },
  ]);
});

it('it is for those who lead the agents, with what can be asked for', async () => {
  expect(await act(anna, { do: 'unlock' })).toBe(403);
  expect(await act(sue, { do: 'not-ready', reason: 'locked' })).toBe(400);
  expect(await act(sue, { do: 'lock', session: 'burns' })).toBe(400);
  expect(await act(sue, { do: 'unlock' }, 'nobody')).toBe(404);
  expect(api.desks.directed).toEqual([]);
  expect(api.audit.filter(({ action }) => action === 'agent-directed')).toEqual([]);
});

it("a lock that ends the session signs the agent's browser out; one that does not, does not", async () => {
  const browser = new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${anna}`);
  await browser.next('hello');
  await act(sue, { do: 'lock' });
  expect((await browser.next('agent', ({ agent }) => agent.locked === true)).agent.agentId).toBe('agent-anna');
  expect((await api.getAs(anna, '/api/v1/me')).status).toBe(200);
  await act(sue, { do: 'lock', session: 'ends' });
  expect((await browser.next('bye')).reason).toBe('signed-out');
  expect((await api.getAs(anna, '/api/v1/me')).status).toBe(401);
});

it('who wanted to be signed out after the call is, with the browser; who was signed out by a lost browser keeps the session', async () => {
  const browser = new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${anna}`);
  await browser.next('hello');
  const agentId = asId<AgentId>('agent-anna');
  api.desks.change(agentId, { state: 'wrap-up' });
  api.desks.change(agentId, { state: 'signed-out' });
  await browser.next('agent', ({ agent }) => agent.state === 'signed-out');
  expect((await api.getAs(anna, '/api/v1/me')).status).toBe(200);
  api.desks.change(agentId, { state: 'wrap-up', next: { state: 'signed-out' } });
  api.desks.change(agentId, { state: 'signed-out', next: undefined });
  expect((await browser.next('bye')).reason).toBe('signed-out');
  expect((await api.getAs(anna, '/api/v1/me')).status).toBe(401);
});

it('a wrap-up is extended and ended', async () => {
  expect(await act(sue, { do: 'extend-wrap-up' })).toBe(200);
  expect(await act(sue, { do: 'end-wrap-up' })).toBe(200);
  expect(api.desks.directed.map(({ order }) => order.do)).toEqual(['extend-wrap-up', 'end-wrap-up']);
});
