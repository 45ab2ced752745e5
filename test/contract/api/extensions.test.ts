/** The directory of extensions, and phones, over the real server. */
import { ApiFixture } from '../../support/api/api-fixture';
import { extensionListSchema } from '../../../api/contract/extensions';
import { phoneAccountSchema, phoneListSchema } from '../../../api/contract/phones';

let api: ApiFixture;

beforeEach(async () => {
  api = await new ApiFixture().start();
});

afterEach(() => api.stop());

it('every signed-in user gets all extensions with names and states, and nobody else does', async () => {
  const items = [
    { extension: '1001', kind: 'agent', displayName: 'Anna', displayNameZh: '安娜', state: 'talking' },
    { extension: '2001', kind: 'phone', displayName: 'Reception', state: 'offline' },
  ] as const;
  api.extensions.push(...items);
  for (const userName of ['anna', 'sue', 'admin']) {
    const { token } = await api.session(userName);
    const response = await api.getAs(token, '/api/v1/extensions');
    expect(extensionListSchema.parse(await response.json())).toEqual({ items });
  }
  expect((await api.fetch('/api/v1/extensions')).status).toBe(401);
});

it('phones are for administrators to add, and their passwords are told once', async () => {
  const { token } = await api.session('admin');
  const post = (path: string, as: string, body: unknown): Promise<Response> =>
    api.post(`/api/v1${path}`, body, { authorization: `Bearer ${as}` });
  const phone = { extension: '2001', displayName: 'Reception', displayNameZh: '前台' };
  const added = await post('/phones', token, phone);
  expect(added.status).toBe(201);
  const account = phoneAccountSchema.parse(await added.json());
  expect(account).toMatchObject({ extension: '2001', userName: '2001' });
  expect((await post('/phones', token, phone)).status).toBe(409);
  expect((await post('/phones', token, { ...phone, extension: '1001' })).status).toBe(409);
  expect((await post('/phones', token, { ...phone, extension: 'anna' })).status).toBe(400);
  const { token: agent } = await api.session('anna');
  expect((await post('/phones', agent, { ...phone, extension: '2002' })).status).toBe(403);
  const listed = await (await api.getAs(token, '/api/v1/phones')).text();
  expect(listed).not.toContain(account.password);
  const rights = { mayCallOutside: false, mayTakeOver: false };
  const media = { srtp: 'optional', srtpKeys: 'any', rtpFrom: 'known', mediaTimeoutS: 60, dtmf: 'rfc4733' };
  const defaults = { ...rights, ...media, contacts: [] };
  expect(phoneListSchema.parse(JSON.parse(listed)).items).toEqual([{ ...phone, ...defaults }]);
});
