/** Secrets in the database: nothing of them is to be read there. */
import { randomBytes } from 'node:crypto';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { keyIdOf, SecretBox } from '../../../base/secret-box';
import { openStore } from '../../../store/connect';
import type { Store } from '../../../store/connect';
import type { Phone } from '../../../store/phones';
import { openDatabase, type TestDatabase } from './database';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const SECRET = 'hunter2';

const TRUNK = {
  _id: 'carrier',
  settings: {
    name: 'Carrier',
    account: { username: 'us', password: `${SECRET}-account` },
    proxies: [{ host: 'sip.carrier.example', credentials: { username: 'us', password: `${SECRET}-proxy` } }],
  },
};
const PHONE: Phone = {
  _id: '2001',
  displayName: 'Desk',
  realm: 'switchroom.invalid',
  ha1: { MD5: `${SECRET}-md5`, 'SHA-256': `${SECRET}-sha` },
  mayCallOutside: false,
  createdAtMs: 1,
};
const SITE = { _id: 'b', url: 'https://b.example', key: `${SECRET}-key` };
const LOOK_UP = {
  _id: 'crm',
  url: 'https://crm.example',
  timeoutMs: 1000,
  headers: { Authorization: `Bearer ${SECRET}` },
};

let database: TestDatabase;
beforeEach(async () => (database = await openDatabase()));
afterEach(() => database.close());

const withStore = async <Value>(
  keys: [Buffer, ...Buffer[]] | undefined,
  use: (store: Store) => Promise<Value>,
): Promise<Value> => {
  const { uri, db } = database;
  const common = { uri, database: db.databaseName, log: silentLogger(), clock: new SimulatedClock() };
  const store = await openStore(keys ? { ...common, secrets: new SecretBox(keys) } : common);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
};

const saveAll = async (store: Store): Promise<void> => {
  await store.trunks.save(TRUNK);
  await store.phones.save(PHONE);
  await store.sites.save(SITE);
  await store.lookUps.save(LOOK_UP);
};

const readAll = async (store: Store): Promise<unknown[]> => [
  await store.trunks.get('carrier'),
  ...(await store.phones.list()),
  await store.sites.get('b'),
  ...(await store.lookUps.list()),
];
const ALL = [TRUNK, PHONE, SITE, LOOK_UP];

/** All that lies in the database, as somebody reads it who has stolen it. */
const stolen = async (): Promise<string> => {
  const collections = await database.db.listCollections().toArray();
  const documents = await Promise.all(collections.map(({ name }) => database.db.collection(name).find().toArray()));
  return JSON.stringify(documents);
};

it('secrets are in the clear above the store, and nowhere in the database', async () => {
  await withStore([OLD], async (store) => {
    await saveAll(store);
    expect(await readAll(store)).toEqual(ALL);
  });
  expect(await stolen()).not.toContain(SECRET);
  expect(await stolen()).toContain('sip.carrier.example');
});

it('secrets that lie there in the clear are read, and encrypted at the next start', async () => {
  await withStore(undefined, saveAll);
  expect(await stolen()).toContain(SECRET);
  expect(await withStore([OLD], readAll)).toEqual(ALL);
  expect(await stolen()).not.toContain(SECRET);
});

it('a new key before the old one: secrets are encrypted anew, and then the old one can go', async () => {
  await withStore([OLD], saveAll);
  expect(await withStore([NEW, OLD], readAll)).toEqual(ALL);
  expect(await stolen()).not.toContain(keyIdOf(OLD));
  expect(await withStore([NEW], readAll)).toEqual(ALL);
});

it('without its key the store does not open, and says which one is missing and where', async () => {
  await withStore([OLD], saveAll);
  await expect(withStore([NEW], readAll)).rejects.toThrow(
    `A secret in the database cannot be read: the key ${keyIdOf(OLD)} is needed for trunks/carrier/settings.account.password and is not here; put it back into the key file, below the others.`,
  );
  expect(await withStore([OLD], readAll)).toEqual(ALL);
});

it('a secret that was copied to another account is not taken', async () => {
  await withStore([OLD], async (store) => {
    await store.phones.save(PHONE);
    await store.phones.save({ ...PHONE, _id: '2002', ha1: { MD5: 'other', 'SHA-256': 'other' } });
  });
  const phones = database.db.collection<{ _id: string }>('phones');
  const first = await phones.findOne({ _id: '2001' });
  await phones.updateOne({ _id: '2002' }, { $set: { ha1: (first as unknown as Phone).ha1 } });
  await expect(withStore([OLD], readAll)).rejects.toThrow('phones/2002/ha1.MD5 has been changed, or belongs elsewhere');
});
