import { fail, ok } from '../../../base/result';
import { countsByName } from '../../../media/pool/pooled-stats';
import type { MediaCounts } from '../../../media/ports';

const HELD: MediaCounts = { endpoints: 2, bridges: 1, mixes: 0, plays: 2, recordings: 3, portsInUse: 4 };
const holding = { name: 'one', port: { ready: true, counts: () => Promise.resolve(ok(HELD)) } };
const away = { name: 'away', port: { ready: false, counts: () => Promise.reject(new Error('nobody asks')) } };
const silent = { name: 'silent', port: { ready: true, counts: () => Promise.resolve(fail('unavailable', 'gone')) } };

it('says of each media process what it holds, and nothing of one that is away or does not answer', async () => {
  expect([...(await countsByName([holding, away, silent]))]).toEqual([['one', HELD]]);
});
