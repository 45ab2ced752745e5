/** Media processes through the API: who sees them, who lets one drain. */
import { mediaProcessListSchema } from '../../../api/contract/rest';
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;

beforeAll(async () => {
  api = await new ApiFixture().start();
});
afterAll(() => api.stop());

const drain = async (user: string, name: string, body?: unknown): Promise<Response> => {
  const { token } = await api.session(user);
  return api.fetch(`/api/v1/media-processes/${name}/drain`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
};

it('a supervisor sees the processes, an agent does not', async () => {
  const reply = await api.getAs((await api.session('sue')).token, '/api/v1/media-processes');
  expect(mediaProcessListSchema.parse(await reply.json()).items).toMatchObject([
    { name: 'media-1', state: 'ready', endpoints: 4, inUse: { bridges: 2, recordings: 1, ports: 4 } },
    { name: 'media-2', state: 'ready', endpoints: 0 },
  ]);
  expect((await api.getAs((await api.session('anna')).token, '/api/v1/media-processes')).status).toBe(403);
});

it('an administrator drains one, within a time, and that is written down; nobody else does', async () => {
  expect((await drain('sue', 'media-1')).status).toBe(403);
  expect((await drain('admin', 'media-9')).status).toBe(404);
  expect((await drain('admin', 'media-1', { withinMs: -1 })).status).toBe(400);
  const drained = await drain('admin', 'media-1', { withinMs: 60_000 });
  expect(mediaProcessListSchema.parse(await drained.json()).items[0]).toMatchObject({ state: 'draining' });
  expect(api.mediaProcesses.drained).toEqual([{ name: 'media-1', withinMs: 60_000 }]);
  expect((await drain('admin', 'media-2')).status).toBe(409);
  expect((await drain('admin', 'media-1')).status).toBe(200);
  expect(api.audit.filter(({ action }) => action === 'media-drained')).toMatchObject([
    { userName: 'admin', detail: { process: 'media-1', withinMs: '60000' } },
    { userName: 'admin', detail: { process: 'media-1' } },
  ]);
});
