/** Conferences by REST and the event socket: who may direct them, what is shown, what is written to the audit. */
import type { ConferenceView } from '../../../calls/conference/view';
import { ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

let api: ApiFixture;
let [admin = '', sue = '', anna = '']: string[] = [];

beforeEach(async () => {
  api = await new ApiFixture().start();
  [admin = '', sue = '', anna = ''] = await Promise.all(
    ['admin', 'sue', 'anna'].map(async (name) => (await api.session(name)).token),
  );
});

afterEach(() => api.stop());

const send = (by: string, method: string, path: string, body?: unknown): Promise<Response> =>
  api.sendAs(by, { method, path: `/api/v1${path}`, body });

const ROOM: ConferenceView = {
  roomId: 'daily',
  name: 'Daily',
  numbers: ['8000'],
  state: 'empty',
  locked: false,
  allMuted: false,
  recording: false,
  mayRecord: [],
  members: [],
};

const directed = () => api.audit.filter(({ action }) => action === 'conference-directed');

it('PINs of rooms are taken and never shown, and what is shown changes none', async () => {
  const room = { name: 'Daily', numbers: ['8000'], moderatorPin: '4711', participantPin: '1234' };
  const saved = await send(admin, 'PUT', '/conference-rooms/daily', room);
  expect(await saved.json()).toMatchObject({ moderatorPin: '***', participantPin: '***' });
  const { items } = (await (await send(admin, 'GET', '/conference-rooms')).json()) as { items: { id: string }[] };
  expect(JSON.stringify(items)).not.toMatch(/4711|1234/);
  const { id: _id, ...shown } = items[0]!;
  expect((await send(admin, 'PUT', '/conference-rooms/daily', shown)).status).toBe(200);
  expect((await send(admin, 'PUT', '/conference-rooms/daily', { ...room, moderatorPin: '12' })).status).toBe(400);
});

it('by REST a conference is directed, and members are called; both are audited', async () => {
  api.conferences.change(ROOM);
  expect(await (await send(sue, 'GET', '/conferences')).json()).toMatchObject({ items: [{ roomId: 'daily' }] });
  expect((await send(sue, 'POST', '/conferences/daily/actions', { do: 'lock' })).status).toBe(200);
  expect((await send(sue, 'POST', '/conferences/daily/invitations', { number: '+4930123' })).status).toBe(200);
  expect(api.conferences.actions).toEqual([['daily', { do: 'lock' }]]);
  expect(api.conferences.invited).toEqual([['daily', '+4930123']]);
  expect(directed()).toMatchObject([
    { userName: 'sue', detail: { room: 'daily', do: 'lock' } },
    { userName: 'sue', detail: { room: 'daily', do: 'invite', number: '+4930123' } },
  ]);
  expect((await send(sue, 'GET', '/conferences/none')).status).toBe(404);
  expect((await send(sue, 'POST', '/conferences/none/actions', { do: 'lock' })).status).toBe(404);
  expect((await send(sue, 'POST', '/conferences/daily/actions', { do: 'sing' })).status).toBe(400);
  expect((await send(sue, 'POST', '/conferences/daily/invitations', { number: 'sip:x@y' })).status).toBe(400);
  expect(directed()).toHaveLength(2);
});

it('by the event socket supervisors are told of it and direct it, audited as by REST; agents are and do neither', async () => {
  const [leader, agent] = [sue, anna].map(
    (token) => new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${token}`),
  ) as [EventClient, EventClient];
  await Promise.all([leader.next('hello'), agent.next('hello')]);
  api.conferences.change(ROOM);
  expect((await leader.next('conference')).conference.roomId).toBe('daily');
  const order = { command: 'conference', roomId: 'daily', action: { do: 'remove', memberId: 'm' } } as const;
  expect(await leader.ask({ id: '1', ...order })).toMatchObject({ ok: true });
  expect(await leader.ask({ id: '2', ...order, roomId: 'none' })).toMatchObject({ fault: { code: 'not_found' } });
  expect(await agent.ask({ id: '3', ...order })).toMatchObject({ fault: { code: 'forbidden' } });
  expect(api.conferences.actions).toEqual([['daily', order.action]]);
  expect(directed()).toMatchObject([
    { userName: 'sue', address: '127.0.0.1', detail: { room: 'daily', do: 'remove', memberId: 'm' } },
  ]);
  expect(agent.messages.map(({ type }) => type)).not.toContain('conference');
});
