/** What outlives `kill -9` of the app, or of the edge: nobody has to say again what the product had accepted. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BanView } from '../../api/contract/security';
import { OfficePhone } from '../support/office-phone';
import { Product } from '../support/product';

const PHONE = '2002';

let product: Product;
let phonePassword: string;

const openPhone = (password: string): Promise<OfficePhone> =>
  OfficePhone.open({ extension: PHONE, password, sipPort: product.ports.sip });

beforeAll(async () => {
  product = await Product.start();
  phonePassword = await product.newPhonePassword(PHONE);
}, 180_000);

afterAll(() => product.stop(), 120_000);

it('a killed app: bans go on, with what they are about; contexts that were reserved are found, once', async () => {
  const { key } = await product.admin<{ key: string }>('POST', '/api-keys', { id: 'site-b', scopes: ['contexts'] });
  const site = product.withKey(key);
  const context = { caller: '+4930123', data: { account: '42' } };
  const reserved = await site<{ token: string }>('POST', '/contexts', { ...context, ttlMs: 120_000 });
  const guesser = await openPhone('wrong');
  for (let guess = 0; guess < 10; guess += 1) await guesser.register(401);
  const bans = await product.admin<{ items: BanView[] }>('GET', '/bans');
  expect(bans.items).toMatchObject([{ kind: 'pair', account: PHONE, level: 1 }]);

  await product.crash('app');

  expect(await product.admin('GET', '/bans')).toEqual(bans);
  const phone = await openPhone(phonePassword);
  // Even the right password is not looked at.
  await phone.register(401);
  await product.admin('DELETE', `/bans/${encodeURIComponent(bans.items[0]?.id ?? '')}`);
  await phone.register();
  expect(await site('GET', `/contexts/${reserved.token}`)).toEqual(context);
  await expect(site('GET', `/contexts/${reserved.token}`)).rejects.toThrow('404');
  await Promise.all([guesser.close(), phone.close()]);
}, 180_000);

it('a killed app, then a killed edge: the lamps of a phone are told again by themselves', async () => {
  const phone = await openPhone(phonePassword);
  await phone.register();
  await phone.watch('2001');
  await phone.untilLamp('2001', 'off');
  const callIds = [];
  for (const name of ['app', 'edge'] as const) {
    const told = phone.untilLamp('2001', 'off', 30_000);
    await product.crash(name);
    callIds.push(await told);
  }
  expect(new Set(callIds).size).toBe(1);
  await phone.close();
}, 180_000);

it('[HA-04] a killed app: sessions go on by their tokens, those that were signed out do not', async () => {
  const [kept, left] = [await product.signIn('admin'), await product.signIn('admin')];
  await product.withKey(left.token)('POST', '/logout', {});
  await product.crash('app');
  expect(await product.withKey(kept.token)('GET', '/me')).toMatchObject({ user: { userName: 'admin' } });
  await expect(product.withKey(left.token)('GET', '/me')).rejects.toThrow('401');
}, 180_000);

it('secrets are in no file of the data folder, in no answer and in no log line, and outlive a killed app', async () => {
  const password = 'carrier-password-4711';
  const account = { username: 'us', password };
  const proxies = [{ host: '127.0.0.1:9' }];
  await product.admin('PUT', '/trunks/sealed', { name: 'Sealed', proxies, credentials: account });
  expect(JSON.stringify(await product.admin('GET', '/trunks'))).not.toContain(password);
  const home = join(product.folder, 'data');
  expect((await stat(join(home, 'secrets.key'))).mode & 0o777).toBe(0o600);
  await product.crash('app');
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
  // The trunk itself is there to be read.
  expect(contents.some((content) => content.includes('Sealed'))).toBe(true);
  expect(contents.some((content) => content.includes(password))).toBe(false);
  expect(product.output).not.toContain(password);
  // The password that was left out is the one before: the trunk still has it.
  const change = { name: 'Sealed', proxies, credentials: { username: 'us' } };
  await product.admin('PUT', '/trunks/sealed', change);
  await product.admin('DELETE', '/trunks/sealed');
}, 180_000);
