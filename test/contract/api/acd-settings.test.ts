/** Queues, agents' skills and hours through the API: who may, what is written, and why something is refused. */
import { agentProfileListSchema, queueSettingsListSchema } from '../../../api/contract/queues';
import { administrator } from '../../support/api/administrator';

const { api, send } = administrator();

const bodyOf = async (reply: Response): Promise<Record<string, unknown>> =>
  (await reply.json()) as Record<string, unknown>;
const day = { name: 'Day', timeZone: 'Asia/Shanghai', weekly: [{ days: [1, 2], from: '09:00', to: '17:00' }] };

it('a queue is written with its defaults, listed with its version, audited and removed', async () => {
  expect((await send('PUT', '/skills/vip', { name: 'VIP', nameZh: '贵宾' })).status).toBe(200);
  expect((await send('PUT', '/calendars/day', day)).status).toBe(200);
  const queue = { name: 'VIP', skills: { vip: 7 }, calendarId: 'day', rings: [{ afterMs: 9000, skills: { vip: 3 } }] };
  expect((await send('PUT', '/queue-settings/vip', queue)).status).toBe(200);
  expect(api.audit.at(-1)).toMatchObject({ detail: { setting: 'queue-settings/vip', change: 'put' } });
  const { items } = queueSettingsListSchema.parse(await bodyOf(await send('GET', '/queue-settings')));
  expect(items.find(({ id }) => id === 'vip')).toEqual({
    ...{ id: 'vip', ...queue, offerTimeoutMs: 20_000, wrapUpMs: 60_000, version: 1 },
  });
  expect((await send('DELETE', '/skills/vip')).status).toBe(409);
  expect((await send('DELETE', '/calendars/day')).status).toBe(409);
  expect((await send('DELETE', '/queue-settings/vip')).status).toBe(200);
  expect((await send('DELETE', '/queue-settings/vip')).status).toBe(404);
  expect((await send('DELETE', '/calendars/day')).status).toBe(200);
});

it('what contradicts itself is refused with the reason, the field, and the parts for other languages', async () => {
  const refused = await send('PUT', '/queue-settings/vip', { name: 'VIP', strategy: 'linear' });
  expect(refused.status).toBe(400);
  expect(await bodyOf(refused)).toEqual({
    code: 'bad_input',
    message: 'Queue vip: the strategy linear needs agentOrder.',
    about: { key: 'acd-linear-without-order', values: { strategy: 'linear', path: 'agentOrder' } },
  });
  const unknown = await bodyOf(await send('PUT', '/queue-settings/vip', { name: 'VIP', charm: 1 }));
  expect(unknown).toMatchObject({ code: 'bad_input', fields: [{ path: 'charm' }] });
});

it('a change that was founded on an older version is refused', async () => {
  const [, first] = await Promise.all([0, 1].map(() => send('PUT', '/queue-settings/new', { name: 'New' })));
  expect(first?.status).toBe(200);
  const old = await send('PUT', '/queue-settings/new', { name: 'Newer', version: 1 });
  expect([old.status, (await bodyOf(old))['about']]).toEqual([409, { key: 'changed-meanwhile', values: {} }]);
  expect((await send('PUT', '/queue-settings/new', { name: 'Newer', version: 2 })).status).toBe(200);
});

it('supervisors read what administrators set; agents do neither', async () => {
  const { token: supervisor } = await api.session('sue');
  const { token: agent } = await api.session('anna');
  for (const name of ['queue-settings', 'agent-profiles', 'skills', 'teams', 'tenants', 'calendars', 'sites']) {
    expect((await send('GET', `/${name}`, undefined, supervisor)).status).toBe(200);
    expect((await send('GET', `/${name}`, undefined, agent)).status).toBe(403);
  }
  expect((await send('PUT', '/queue-settings/x', { name: 'X' }, supervisor)).status).toBe(403);
  expect((await send('PUT', '/agent-profiles/ann', { skills: {} }, supervisor)).status).toBe(403);
});

it('an agent gets skills with levels, a grade and room for several chats, which is audited', async () => {
  const profile = {
    skills: { support: 9 },
    grade: 4,
    capacity: { voice: 1, chat: 3 },
    interrupts: { voice: ['mail'] },
    stations: ['phone', 'number'],
  };
  const saved = await send('PUT', '/agent-profiles/bob', profile);
  expect([saved.status, await bodyOf(saved)]).toEqual([200, expect.objectContaining({ ...profile, version: 1 })]);
  expect(api.audit.at(-1)).toMatchObject({ detail: { setting: 'agent-profiles/bob' } });
  const { items } = agentProfileListSchema.parse(await bodyOf(await send('GET', '/agent-profiles')));
  expect(items.map(({ agentId, skills }) => [agentId, skills])).toEqual([
    ['ann', { support: 5 }],
    ['bob', { support: 9 }],
  ]);
  expect((await send('PUT', '/agent-profiles/zoe', { skills: {} })).status).toBe(404);
  expect((await send('PUT', '/agent-profiles/bob', { skills: { support: 11 } })).status).toBe(400);
  expect((await send('PUT', '/agent-profiles/bob', { skills: {}, stations: ['cellar'] })).status).toBe(400);
});

it('a site has names; an address only with a key, which stays when it comes back hidden', async () => {
  expect((await send('PUT', '/sites/berlin', { name: 'Berlin', nameZh: '柏林' })).status).toBe(200);
  expect((await send('PUT', '/sites/chengdu', { url: 'http://b.example' })).status).toBe(400);
  const remote = { name: 'Chengdu', url: 'http://b.example', key: 'secret' };
  expect(await bodyOf(await send('PUT', '/sites/chengdu', remote))).toEqual({ ...remote, key: '***' });
  expect((await send('PUT', '/sites/chengdu', { ...remote, name: 'Chengdu 2', key: '***' })).status).toBe(200);
  const { items } = (await bodyOf(await send('GET', '/sites'))) as { items: unknown[] };
  expect(items).toEqual([
    { id: 'berlin', name: 'Berlin', nameZh: '柏林' },
    { id: 'chengdu', ...remote, name: 'Chengdu 2', key: '***' },
  ]);
  expect((await send('PUT', '/sites/mars', { url: 'http://m.example', key: '***' })).status).toBe(400);
});
