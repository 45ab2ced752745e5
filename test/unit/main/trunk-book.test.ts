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

it('takes no more than 500 trunks; those that are there can still be changed', async () => {
  const { store, load } = await open();
  for (let n = 0; n < 500; n += 1) await store.trunks.save({ _id: `t${n}`, settings: CARRIER });
  const book = await load();
  expect(await book.put('one-more', CARRIER)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  expect(book.list()).toHaveLength(500);
  expect(await book.put('t7', { ...CARRIER, name: 'Other' })).toMatchObject({ ok: true });
  expect(await book.remove('t0')).toMatchObject({ ok: true });
  expect(await book.put('one-more', CARRIER)).toMatchObject({ ok: true });
});

it('takes no more than 1,000 outbound routes', async () => {
  const { store, load } = await open();
  await store.trunks.save({ _id: 'carrier', settings: CARRIER });
  for (let n = 0; n < 1_000; n += 1) await store.outboundRoutes.save({ _id: `r${n}`, settings: ABROAD });
  const book = await load();
  expect(await book.putRoute('one-more', ABROAD)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  expect(await book.putRoute('r7', ABROAD)).toMatchObject({ ok: true });
});
