/** Supervision by REST and the event socket: who may, what is asked of calls, what is written to the audit. */
import { asId } from '../../../base/ids';
import type { AgentId, CallId, InteractionId, SupervisionId, UserId } from '../../../base/ids';
import type { SupervisionView, TeamCall } from '../../../calls/supervision-ports';
import { ApiFixture, anInteraction } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

let api: ApiFixture;
let token: string;

beforeEach(async () => {
  api = await new ApiFixture().start();
  ({ token } = await api.session('sue'));
});

afterEach(() => api.stop());

const send = (method: string, path: string, body?: unknown, by = token): Promise<Response> =>
  api.sendAs(by, { method, path: `/api/v1${path}`, body });

const CALL = { kind: 'call', callId: 'call-1' };
const acts = () => api.audit.filter(({ action }) => action === 'supervision').map(({ detail }) => detail);

it('begins, changes, takes over and leaves; every act is audited', async () => {
  const begun = await send('POST', '/supervisions', { target: CALL, mode: 'whisper' });
  expect(begun.status).toBe(201);
  expect(await begun.json()).toMatchObject({ supervisionId: 'supervision-1', state: 'ringing', mode: 'whisper' });
  expect(api.supervision.orders).toMatchObject([
    { by: { userId: 'user-sue', userName: 'sue' }, target: CALL, mode: 'whisper', device: { kind: 'browser' } },
  ]);
  const changed = await send('PUT', '/supervisions/supervision-1', { mode: 'barge' });
  expect(await changed.json()).toMatchObject({ mode: 'barge' });
  expect((await send('POST', '/supervisions/supervision-1/take-over')).status).toBe(200);
  expect(api.supervision.taken).toEqual(['supervision-1']);
  expect((await send('DELETE', '/supervisions/supervision-1')).status).toBe(200);
  expect((await send('DELETE', '/supervisions/supervision-1')).status).toBe(404);
  expect(acts()).toMatchObject([
    { act: 'begin', callId: 'call-1', mode: 'whisper' },
    { act: 'change-mode', mode: 'barge' },
    { act: 'take-over', supervisionId: 'supervision-1' },
    { act: 'leave' },
  ]);
});

it('follows an agent by a phone', async () => {
  const device = { kind: 'phone', extension: '2001' };
  await send('POST', '/supervisions', { target: { kind: 'agent', agentId: 'agent-anna' }, device });
  expect(api.supervision.orders).toMatchObject([{ target: { kind: 'agent' }, mode: 'monitor', device }]);
  expect(await (await send('GET', '/supervisions')).json()).toMatchObject({ items: [{ follows: 'agent-anna' }] });
  expect(acts()).toMatchObject([{ act: 'begin', device: 'phone 2001' }]);
});

it('is for those who lead the agents alone, each for the own', async () => {
  const { token: agents } = await api.session('anna');
  const { token: admins } = await api.session('admin');
  for (const [method, path, body] of [
    ['GET', '/team-calls', undefined],
    ['GET', '/supervisions', undefined],
    ['POST', '/supervisions', { target: CALL }],
    ['PUT', '/supervisions/supervision-1', { mode: 'barge' }],
    ['POST', '/supervisions/supervision-1/take-over', undefined],
    ['DELETE', '/supervisions/supervision-1', undefined],
  ] as const)
    expect((await send(method, path, body, agents)).status).toBe(403);
  await send('POST', '/supervisions', { target: CALL });
  expect((await send('PUT', '/supervisions/supervision-1', { mode: 'barge' }, admins)).status).toBe(404);
  expect((await send('POST', '/supervisions', { target: { kind: 'call', callId: 'gone' } })).status).toBe(404);
  expect((await send('POST', '/supervisions', { target: CALL, mode: 'shout' })).status).toBe(400);
  expect(acts()).toHaveLength(1);
});

it('ends with the session', async () => {
  await send('POST', '/supervisions', { target: CALL });
  await send('POST', '/logout');
  expect(api.supervision.list()).toEqual([]);
});

const teamCall: TeamCall = {
  callId: asId<CallId>('call-1'),
  interactionId: asId<InteractionId>('interaction-1'),
  agentId: asId<AgentId>('agent-anna'),
  direction: 'inbound',
  state: 'connected',
  number: '+4930123456',
  startedAtMs: 1,
  muted: false,
  supervisors: [{ userId: asId<UserId>('user-sue'), displayName: 'SUE', mode: 'monitor', state: 'active' }],
};

it('the event socket tells supervisors of every call, agents of no supervisor, and each of the own supervision', async () => {
  api.supervision.calls = [teamCall];
  expect(await (await send('GET', '/team-calls')).json()).toMatchObject({ items: [{ number: '+4930123456' }] });
  await send('POST', '/supervisions', { target: CALL });
  const { token: agents } = await api.session('anna');
  const { token: admins } = await api.session('admin');
  const [sue, anna, admin] = [token, agents, admins].map(
    (one) => new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${one}`, {}),
  ) as [EventClient, EventClient, EventClient];
  expect((await sue.next('hello')).supervision).toMatchObject({ supervisionId: 'supervision-1' });
  for (const other of [anna, admin]) expect((await other.next('hello')).supervision).toBeUndefined();
  const { supervisors: _supervisors, ...shown } = teamCall;
  const call = { ...shown, dialledNumber: '4000', digits: [], recording: false };
  api.desks.emit({ type: 'call', agentId: teamCall.agentId, call, team: teamCall });
  expect((await sue.next('team-call')).call.supervisors).toMatchObject([{ displayName: 'SUE' }]);
  expect((await admin.next('team-call')).call.agentId).toBe('agent-anna');
  expect((await anna.next('call')).call).not.toHaveProperty('supervisors');
  const supervision: SupervisionView = {
    supervisionId: asId<SupervisionId>('supervision-1'),
    userId: asId<UserId>('user-sue'),
    displayName: 'SUE',
    state: 'active',
    mode: 'monitor',
    device: { kind: 'browser' },
  };
  api.desks.emit({ type: 'supervision', supervision });
  expect((await sue.next('supervision')).supervision.state).toBe('active');
  api.desks.emit({ type: 'queues', queues: [] });
  await Promise.all([anna.next('queues'), admin.next('queues')]);
  for (const other of [anna, admin]) expect(other.messages.map(({ type }) => type)).not.toContain('supervision');
  expect(anna.messages.map(({ type }) => type)).not.toContain('team-call');
});

it('the quality of a call tells its agent nothing of a supervisor', async () => {
  const { token: agents } = await api.session('anna');
  const [sue, anna] = [token, agents].map(
    (one) => new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${one}`, {}),
  ) as [EventClient, EventClient];
  await Promise.all([sue.next('hello'), anna.next('hello')]);
  const heard = { mos: 4.3, lossPercent: 0, jitterMs: 1 };
  const legs = (['caller', 'agent', 'supervisor'] as const).map((role) => ({ role, id: role, heard }));
  api.desks.emit({
    type: 'quality',
    calls: [{ callId: teamCall.callId, agentIds: [teamCall.agentId], legs, fault: undefined }],
  });
  const rolesFor = async (client: EventClient): Promise<string[] | undefined> =>
    (await client.next('quality')).calls[0]?.legs.map(({ role }) => role);
  expect([await rolesFor(sue), await rolesFor(anna)]).toEqual([
    ['caller', 'agent', 'supervisor'],
    ['caller', 'agent'],
  ]);
});

it.each([false, true])('the history shows agents who listened to them where that is set: %s', async (told) => {
  await api.stop();
  api = await new ApiFixture({ agentsSeeSupervision: told }).start();
  const modes: { atMs: number; mode: 'monitor' }[] = [{ atMs: 5, mode: 'monitor' }];
  const entry = { id: 's', userId: asId<UserId>('u'), userName: 'sue', displayName: 'Sue', startedAtMs: 5, modes };
  const quality = (['agent', 'supervisor'] as const).map((role) => ({ role, id: role, fromMs: 1, toMs: 2 }));
  api.interactions.push(anInteraction({ supervisions: [entry], quality }));
  const seen = async (userName: string): Promise<boolean> => {
    const { token: by } = await api.session(userName);
    const page = (await (await send('GET', '/interactions', undefined, by)).json()) as { items: object[] };
    const [item] = page.items as { supervisions?: unknown[]; quality: { role: string }[]; id: string }[];
    const one = (await (await send('GET', `/interactions/${item?.id}`, undefined, by)).json()) as typeof item;
    expect(one?.supervisions).toEqual(item?.supervisions);
    expect(item?.quality.some(({ role }) => role === 'supervisor')).toBe(item?.supervisions !== undefined);
    return item?.supervisions !== undefined;
  };
  expect([await seen('sue'), await seen('anna')]).toEqual([true, told]);
});
