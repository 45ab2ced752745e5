/** Who waits, by REST, and what supervisors order about it. */
import { asId } from '../../../base/ids';
import type { QueueId } from '../../../base/ids';
import { waitingListSchema } from '../../../api/contract/waiting';
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;
let [sue = '', anna = '']: string[] = [];

beforeEach(async () => {
  api = await new ApiFixture().start();
  [sue = '', anna = ''] = await Promise.all(['sue', 'anna'].map(async (name) => (await api.session(name)).token));
  api.waiting.add('c1', 'support');
  api.waiting.add('c2', 'sales');
});

afterEach(() => api.stop());

const idsIn = async (path: string): Promise<string[]> => {
  const { items } = waitingListSchema.parse(await (await api.getAs(sue, path)).json());
  return items.map(({ contactId }) => contactId);
};

const act = async (by: string, body: object, contactId = 'c1'): Promise<number> =>
  (await api.sendAs(by, { method: 'POST', path: `/api/v1/contacts/${contactId}/actions`, body })).status;

it('everybody who waits is listed, or those of one queue', async () => {
  expect(await idsIn('/api/v1/contacts')).toEqual(['c1', 'c2']);
  api.desks.queues = [{ queueId: asId<QueueId>('sales'), name: 'Sales', waiting: 1, agentsReady: 0, agentsBusy: 0 }];
  expect(await idsIn('/api/v1/queues/sales/contacts')).toEqual(['c2']);
  expect((await api.getAs(sue, '/api/v1/queues/nowhere/contacts')).status).toBe(404);
  expect((await api.getAs(anna, '/api/v1/contacts')).status).toBe(403);
});

it('orders are carried out by who is signed in, and each is audited', async () => {
  const orders = [
    { do: 'prioritise', priority: 5 },
    { do: 'move', queueId: 'sales' },
    { do: 'assign', agentId: 'agent-anna' },
    { do: 'remove' },
  ];
  for (const order of orders) expect(await act(sue, order)).toBe(200);
  expect(api.waiting.directed.map(({ order }) => order)).toEqual(orders);
  expect(api.waiting.directed[0]?.by).toMatchObject({ displayName: expect.any(String) });
  const written = api.audit.filter(({ action }) => action === 'contact-directed');
  expect(written.map(({ userName, detail }) => [userName, detail])).toEqual(
    orders.map(({ do: what, ...rest }) => [
      'sue',
      { contactId: 'c1', do: what, ...Object.fromEntries(Object.entries(rest).map(([name, to]) => [name, `${to}`])) },
    ]),
  );
});

it('they are for those who lead the agents, with what can be asked for', async () => {
  expect(await act(anna, { do: 'remove' })).toBe(403);
  expect(await act(sue, { do: 'prioritise', priority: 101 })).toBe(400);
  expect(await act(sue, { do: 'remove', quietly: true })).toBe(400);
  expect(await act(sue, { do: 'remove' }, 'gone')).toBe(404);
  expect(api.waiting.directed).toEqual([]);
  expect(api.audit.filter(({ action }) => action === 'contact-directed')).toEqual([]);
});
