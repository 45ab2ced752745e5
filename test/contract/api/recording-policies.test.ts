/** Recording policies through the API, and a supervisor's hand on the recording of a call. */
import { administrator } from '../../support/api/administrator';

const { api, send } = administrator();

const put = async (id: string, body: unknown): Promise<readonly [number, string]> => {
  const reply = await send('PUT', `/recording-policies/${id}`, body);
  return [reply.status, ((await reply.json()) as { message?: string }).message ?? ''];
};

it('a policy is written with its defaults, listed, audited and removed', async () => {
  const body = { mode: 'always', samplePercent: 10, retentionDays: 90 };
  expect((await put('support', { ...body, queues: ['support'] }))[0]).toBe(200);
  const { items } = (await (await send('GET', '/recording-policies')).json()) as { items: unknown[] };
  const rights = { agentMay: ['mask'], supervisorMay: ['mask'] };
  const targets = { agents: [], numbers: [], queues: ['support'], trunks: [], phones: [], default: false };
  const rest = { resumeAfterMs: 120_000, notice: 'none' };
  expect(items).toEqual([{ id: 'support', ...body, ...rights, ...targets, ...rest }]);
  expect(api.audit.at(-1)).toMatchObject({ detail: { setting: 'recording-policies/support', change: 'put' } });
  expect((await send('DELETE', '/recording-policies/support')).status).toBe(200);
});

it('contradictions are refused, and the reply says which', async () => {
  expect(await put('a', { mode: 'off', queues: ['support'] })).toEqual([200, '']);
  expect(await put('b', { mode: 'always', queues: ['sales', 'support'] })).toEqual([
    409,
    'The policy a is about queue support already; take it out of one of them.',
  ]);
  expect(await put('b', { mode: 'off', agentMay: ['start'], queues: ['sales'] })).toEqual([
    400,
    expect.stringContaining('nobody may start'),
  ]);
  expect((await put('b', { mode: 'sometimes', queues: ['sales'] }))[0]).toBe(400);
  expect((await put('b', { mode: 'always', samplePercent: 0, queues: ['sales'] }))[0]).toBe(400);
  expect((await put('b', { mode: 'always', retentionDays: 0, queues: ['sales'] }))[0]).toBe(400);
  await send('DELETE', '/recording-policies/a');
});

it('a supervisor starts the recording of a running call, which is audited; agents are not let', async () => {
  const { token: supervisor } = await api.session('sue');
  const order = { action: 'start' };
  expect((await send('POST', '/calls/call-1/recording', order, supervisor)).status).toBe(200);
  expect(api.desks.recorded.at(-1)).toMatchObject({
    callId: 'call-1',
    order: { action: 'start', by: { kind: 'supervisor' } },
  });
  expect(api.audit.at(-1)).toMatchObject({
    action: 'recording-controlled',
    userName: 'sue',
    detail: { interactionId: 'interaction-1', recording: 'start' },
  });
  expect((await send('POST', '/calls/call-2/recording', order, supervisor)).status).toBe(404);
  expect((await send('POST', '/calls/call-1/recording', { action: 'burn' }, supervisor)).status).toBe(400);
  const { token: agent } = await api.session('anna');
  expect((await send('POST', '/calls/call-1/recording', order, agent)).status).toBe(403);
});
