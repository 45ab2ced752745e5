import { ApiKeys } from '../../../api/http/api-keys';
import { SimulatedClock } from '../../../base/clock';
import { memorySettings } from '../../support/api/routing-ports';
import type { ApiKey } from '../../../store/sites';

const load = async () => {
  const store = memorySettings<ApiKey>();
  return { store, keys: await ApiKeys.load({ store, clock: new SimulatedClock() }) };
};

it('a key is found until it is taken back, and is kept as a hash only', async () => {
  const { store, keys } = await load();
  const key = (await keys.issue('pbx', ['routing'])) ?? '';
  expect(keys.find(key)).toMatchObject({ _id: 'pbx', scopes: ['routing'] });
  expect(JSON.stringify(await store.list())).not.toContain(key);
  expect(await keys.revoke('pbx')).toBe(true);
  expect(keys.find(key)).toBeUndefined();
  expect(await keys.revoke('pbx')).toBe(false);
});

it('of two that ask for the same id at once, one gets a key', async () => {
  const { keys } = await load();
  const both = await Promise.all([keys.issue('pbx', ['routing']), keys.issue('pbx', ['contexts'])]);
  expect(both.filter((key) => key !== undefined)).toHaveLength(1);
  expect(keys.list()).toHaveLength(1);
});

it('a key that the store cannot keep is none, and one that it cannot remove stays for another try', async () => {
  const { store, keys } = await load();
  const broken = () => Promise.reject(new Error('the store is away'));
  const { save, remove } = store;
  store.save = broken;
  await expect(keys.issue('pbx', ['routing'])).rejects.toThrow('away');
  expect(keys.list()).toEqual([]);
  store.save = save;
  const key = (await keys.issue('pbx', ['routing'])) ?? '';
  store.remove = broken;
  await expect(keys.revoke('pbx')).rejects.toThrow('away');
  expect(keys.find(key)).toBeDefined();
  store.remove = remove;
  expect(await keys.revoke('pbx')).toBe(true);
});
