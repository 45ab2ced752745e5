import { routeBodySchema, trunkBodySchema } from '../../../api/contract/trunks';
import { silentLogger } from '../../../base/log';
import { TrunkBook } from '../../../main/trunk-book';
import type { StoredRoute, StoredTrunk } from '../../../store/settings';
import { memorySettings } from '../../support/api/routing-ports';

const CARRIER = trunkBodySchema.parse({ name: 'Carrier', proxy: 'sip.carrier.example' });
const ABROAD = routeBodySchema.parse({ name: 'Abroad', prefixes: ['00'], trunks: [{ trunkId: 'carrier' }] });

const open = async () => {
  const store = {
    trunks: memorySettings<StoredTrunk>(),
    outboundRoutes: memorySettings<StoredRoute>(),
    state: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
  };
  const file = { trunks: [], routes: [], numbering: {} };
  const load = () => TrunkBook.load({ store, file, log: silentLogger() });
  return { store, book: await load(), load };
};

it('what cannot be written down does not count', async () => {
  const { store, book } = await open();
  await book.put('carrier', CARRIER);
  const broken = () => Promise.reject(new Error('the store is away'));
  store.trunks.save = broken;
  store.trunks.remove = broken;
  store.outboundRoutes.save = broken;
  await expect(book.setEnabled('carrier', false)).rejects.toThrow('away');
  await expect(book.remove('carrier')).rejects.toThrow('away');
  await expect(book.put('other', CARRIER)).rejects.toThrow('away');
  await expect(book.putRoute('abroad', ABROAD)).rejects.toThrow('away');
  expect(book.list()).toMatchObject([{ id: 'carrier', settings: { enabled: true } }]);
  expect(book.listRoutes()).toEqual([]);
});

it('of what is stored, one that cannot be used any more is left out, and the rest goes on', async () => {
  const { store, book, load } = await open();
  await book.put('carrier', CARRIER);
  await book.putRoute('abroad', ABROAD);
  await store.outboundRoutes.save({
    _id: 'lost',
    settings: { ...ABROAD, trunks: [{ trunkId: 'ghost', costPerMinute: 0 }] },
  });
  const again = await load();
  expect(again.list().map(({ id }) => id)).toEqual(['carrier']);
  expect(again.listRoutes().map(({ id }) => id)).toEqual(['abroad']);
});
