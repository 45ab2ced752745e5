/** Rules by number through the API: who may write them, what they then decide. */
import { administrator } from '../../support/api/administrator';

const { api, send } = administrator();

const STANDARD = { kind: 'service-class', allow: ['internal'], default: true };

it('a rule is written, listed, decides at once, is audited and removed', async () => {
  expect((await send('PUT', '/call-rules/standard', STANDARD)).status).toBe(200);
  expect(await (await send('GET', '/call-rules')).json()).toEqual({
    items: [{ id: 'standard', ...STANDARD, agents: [], callers: [] }],
  });
  const asked = await send('GET', '/call-permission?direction=outbound&called=0900123&agentId=agent-anna');
  expect(await asked.json()).toEqual({
    permitted: false,
    rule: 'standard',
    numberClass: 'premium',
    message: 'You may not call premium numbers (rule standard); an administrator can permit it.',
  });
  expect((await send('DELETE', '/call-rules/standard')).status).toBe(200);
  expect((await send('DELETE', '/call-rules/standard')).status).toBe(404);
  const again = await send('GET', '/call-permission?direction=outbound&called=0900123');
  expect(await again.json()).toEqual({ permitted: true, rule: 'no-rule', numberClass: 'premium' });
  const changes = api.audit.filter(({ action }) => action === 'setting-changed');
  expect(changes.map(({ userName, detail }) => [userName, detail])).toEqual([
    ['admin', { setting: 'call-rules/standard', change: 'put' }],
    ['admin', { setting: 'call-rules/standard', change: 'removed' }],
  ]);
});

it('a caller’s list is explained', async () => {
  const list = { kind: 'caller-list', mode: 'block', callers: ['+49666.'] };
  await send('PUT', '/call-rules/nuisance', list);
  const asked = await send(
    'GET',
    `/call-permission?direction=inbound&called=4000&caller=${encodeURIComponent('+496661')}`,
  );
  expect(await asked.json()).toEqual({ permitted: false, rule: 'nuisance' });
  await send('DELETE', '/call-rules/nuisance');
});

it.each([
  ['an unknown kind', { kind: 'wish' }],
  ['a pattern that is none', { kind: 'number-class', patterns: ['4.0'] }],
  [
    'a status that refuses nothing',
    { kind: 'caller-list', mode: 'block', callers: ['1'], refusal: { do: 'reject', status: 200 } },
  ],
  [
    'a line break in the reason',
    { kind: 'caller-list', mode: 'block', callers: ['1'], refusal: { do: 'reject', status: 403, reason: 'a\r\nb' } },
  ],
])('%s is refused with 400', async (_what, body) => {
  expect((await send('PUT', '/call-rules/bad', body)).status).toBe(400);
});

it('an id that is none is refused', async () => {
  expect((await send('PUT', '/call-rules/No%20Id', STANDARD)).status).toBe(400);
});

it('only administrators see and change them', async () => {
  const { token: supervisor } = await api.session('sue');
  expect((await send('GET', '/call-rules', undefined, supervisor)).status).toBe(403);
  expect((await send('PUT', '/call-rules/standard', STANDARD, supervisor)).status).toBe(403);
  expect((await send('DELETE', '/call-rules/standard', undefined, supervisor)).status).toBe(403);
});
