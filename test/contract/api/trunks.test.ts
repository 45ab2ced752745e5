/** Trunks and outbound routes through the API: who may set them, what is refused, what is told and what is not. */
import type { RouteExplanationView, TrunkView } from '../../../api/contract/trunk-status';
import { administrator } from '../../support/api/administrator';

const { api, send: ask } = administrator();

const send = async (...asked: Parameters<typeof ask>) => {
  const response = await ask(...asked);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const CARRIER = {
  name: 'Carrier',
  proxy: 'sip.carrier.example:5070',
  credentials: { username: 'sw', password: 'hidden-one' },
};
const trunk = async (id: string): Promise<TrunkView | undefined> => {
  const { body } = await send('GET', '/trunks');
  return (body.items as TrunkView[]).find((item) => item.id === id);
};

it('a trunk is added, shown without its password, changed, switched off and removed; all of it is audited', async () => {
  const added = await send('PUT', '/trunks/carrier', CARRIER);
  expect(added.status).toBe(200);
  expect(JSON.stringify(added.body)).not.toContain('hidden-one');
  expect(await trunk('carrier')).toMatchObject({
    source: 'store',
    settings: { proxy: 'sip.carrier.example:5070', credentials: { username: 'sw' }, codecs: ['PCMA', 'PCMU'] },
  });
  const { status } = await send('PUT', '/trunks/carrier', {
    ...CARRIER,
    name: 'Renamed',
    credentials: { username: 'sw' },
  });
  expect(status).toBe(200);
  expect((await send('POST', '/trunks/carrier/enabled', { enabled: false })).status).toBe(200);
  expect((await trunk('carrier'))?.settings).toMatchObject({ name: 'Renamed', enabled: false });
  expect((await send('DELETE', '/trunks/carrier')).status).toBe(200);
  expect((await send('DELETE', '/trunks/carrier')).status).toBe(404);
  expect(await trunk('carrier')).toBeUndefined();
  const audited = api.audit.filter(({ action }) => action === 'setting-changed').map(({ detail }) => detail?.change);
  expect(audited).toEqual(['put', 'put', 'disabled', 'removed']);
});

it('a trunk of the file can be switched, and nothing else', async () => {
  expect((await send('PUT', '/trunks/local', CARRIER)).body).toMatchObject({ code: 'conflict' });
  expect((await send('DELETE', '/trunks/local')).body).toMatchObject({ code: 'conflict' });
  expect((await send('POST', '/trunks/local/enabled', { enabled: false })).status).toBe(200);
  expect(await trunk('local')).toMatchObject({ source: 'file', settings: { enabled: false } });
  expect((await send('POST', '/trunks/nobody/enabled', { enabled: true })).status).toBe(404);
});

it.each([
  ['an address that is none', { ...CARRIER, addresses: ['here'] }, /trunk bad: "here" is not an address/],
  ['keys that everybody could read', { ...CARRIER, srtp: 'required' }, /srtp is "required"/],
  ['a header of the stack', { ...CARRIER, headersOut: [{ action: 'remove', name: 'v' }] }, /header v belongs/],
  [
    'a pattern that could be slow',
    { ...CARRIER, numbers: { rewriteIn: [{ match: '(a+)+', replace: '' }] } },
    /repeats/,
  ],
  ['a first password left out', { ...CARRIER, credentials: { username: 'x' } }, /needs a password/],
  ['an unknown key', { ...CARRIER, colour: 'red' }, /./],
])('%s is refused and changes nothing', async (_what, body, message) => {
  const refused = await send('PUT', '/trunks/bad', body);
  expect(refused.status).toBe(400);
  expect(refused.body.message).toMatch(message);
  expect(await trunk('bad')).toBeUndefined();
});

it('a route leads to trunks that exist, and holds them', async () => {
  await send('PUT', '/trunks/carrier', CARRIER);
  const route = { name: 'Germany', prefixes: ['+49'], trunks: [{ trunkId: 'carrier', costPerMinute: 0.02 }] };
  const lost = await send('PUT', '/outbound-routes/germany', { ...route, trunks: [{ trunkId: 'ghost' }] });
  expect(lost.body).toMatchObject({ code: 'bad_input', message: 'route germany: there is no trunk "ghost"' });
  expect((await send('PUT', '/outbound-routes/germany', route)).status).toBe(200);
  expect((await send('GET', '/outbound-routes')).body).toMatchObject({ items: [{ id: 'germany', source: 'store' }] });
  expect((await send('DELETE', '/trunks/carrier')).body).toMatchObject({ code: 'conflict' });
  const asked = await send('POST', '/outbound-routes/test', { number: '+49301' });
  expect((asked.body as unknown as RouteExplanationView).number).toBe('+49301');
  expect((await send('DELETE', '/outbound-routes/germany')).status).toBe(200);
  expect((await send('DELETE', '/outbound-routes/germany')).status).toBe(404);
});

it('nobody but administrators sees or changes any of it', async () => {
  for (const userName of ['anna', 'sue']) {
    const { token: other } = await api.session(userName);
    expect((await send('GET', '/trunks', undefined, other)).status).toBe(403);
    expect((await send('PUT', '/trunks/x', CARRIER, other)).status).toBe(403);
    expect((await send('POST', '/outbound-routes/test', { number: '1' }, other)).status).toBe(403);
  }
});
