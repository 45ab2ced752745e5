/** Who belongs to a tenant sees and directs nothing of the queues and agents of others. */
import type { AgentId, QueueId } from '../../../base/ids';
import { asId } from '../../../base/ids';
import { ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

const api = new ApiFixture();
let supervisor: string;
let administrator: string;

type Items = { items: Record<string, unknown>[] };

const ask = async (token: string, path: string, body?: unknown, method = 'GET'): Promise<Response> =>
  fetch(`${api.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const idsOf = async (token: string, path: string, field: string): Promise<unknown[]> =>
  ((await (await ask(token, path)).json()) as Items).items.map((item) => item[field]);

const put = async (path: string, body: unknown): Promise<void> => {
  const done = await ask(administrator, path, body, 'PUT');
  expect([path, done.status]).toEqual([path, 200]);
};

beforeAll(async () => {
  await api.start();
  ({ token: supervisor } = await api.session('sue'));
  ({ token: administrator } = await api.session('admin'));
  await put('/tenants/acme', { name: 'Acme', nameZh: '顶峰', supervisors: ['Sue'] });
  await put('/queue-settings/acme-support', { name: 'Acme support', tenant: 'acme' });
  await put('/agent-profiles/ann', { skills: {}, tenant: 'acme' });
});

afterAll(() => api.stop());

it('the tenants are a list with names in both languages', async () => {
  const { items } = (await (await ask(administrator, '/tenants')).json()) as Items;
  expect(items).toEqual([{ id: 'acme', name: 'Acme', nameZh: '顶峰', supervisors: ['sue'] }]);
});

it('queues and agents as they are set, and as they are at the moment', async () => {
  expect(await idsOf(supervisor, '/queue-settings', 'id')).toEqual(['acme-support']);
  expect(await idsOf(administrator, '/queue-settings', 'id')).toEqual(
    expect.arrayContaining(['acme-support', 'support']),
  );
  expect(await idsOf(supervisor, '/agent-profiles', 'agentId')).toEqual(['ann']);
  expect(await idsOf(administrator, '/agent-profiles', 'agentId')).toEqual(expect.arrayContaining(['ann', 'bob']));
  expect(await idsOf(supervisor, '/agents', 'agentId')).toEqual([]);
  expect((await idsOf(administrator, '/agents', 'agentId')).length).toBeGreaterThan(1);
});

it('who waits, and what may be done about it', async () => {
  api.waiting.add('of-main', 'support');
  api.waiting.add('of-acme', 'acme-support');
  expect(await idsOf(supervisor, '/contacts', 'contactId')).toEqual(['of-acme']);
  expect(await idsOf(administrator, '/contacts', 'contactId')).toEqual(['of-main', 'of-acme']);
  expect((await ask(supervisor, '/queues/support/contacts')).status).toBe(404);
  const order = { do: 'prioritise', priority: 3 };
  expect((await ask(supervisor, '/contacts/of-main/actions', order, 'POST')).status).toBe(404);
  expect((await ask(supervisor, '/contacts/of-acme/actions', order, 'POST')).status).toBe(200);
});

it('no hand on the seats of others, and no ear at their calls', async () => {
  const order = { do: 'lock' };
  expect((await ask(supervisor, '/agents/agent-anna/actions', order, 'POST')).status).toBe(404);
  expect((await ask(administrator, '/agents/agent-anna/actions', order, 'POST')).status).toBe(200);
  const listen = { target: { kind: 'agent', agentId: asId<AgentId>('agent-anna') } };
  expect((await ask(supervisor, '/supervisions', listen, 'POST')).status).toBe(404);
  expect((await idsOf(supervisor, '/team-calls', 'agentId')).includes('agent-anna')).toBe(false);
});

it('the events of queues, agents and their calls', async () => {
  const load = { waiting: 0, agentsReady: 0, agentsBusy: 0 };
  const queues = ['support', 'acme-support'].map((id) => ({ ...load, queueId: asId<QueueId>(id), name: id }));
  const client = new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${supervisor}`);
  try {
    await client.next('hello');
    api.desks.emit({ type: 'queues', queues });
    const agentId = asId<AgentId>('agent-anna');
    api.desks.signIn(agentId);
    const told = await client.next('queues');
    expect(told.queues.map(({ queueId }) => queueId)).toEqual(['acme-support']);
    await client.ask({ id: 'settled', command: 'ping' });
    expect(client.messages.filter(({ type }) => type === 'agent' || type === 'team-call')).toEqual([]);
  } finally {
    client.socket.terminate();
  }
});
