/**
 * More random worlds than the suite has time for, every decision compared with the slow reference.
 * `ACD_ROUNDS=1000 npm run fuzz -- acd` runs so many worlds; `ACD_SEED=n` runs only the world of that seed, as a failure
 * prints it.
 */
import { runWorld } from '../property/acd/reference/run-world';

const EVENTS = 5000;
const ONE_SEED = process.env['ACD_SEED'];
const ROUNDS = Number(process.env['ACD_ROUNDS'] ?? 10);
const FIRST_SEED = ONE_SEED === undefined ? 100_000 : Number(ONE_SEED);
const MS_PER_ROUND = 30_000;

describe('random worlds of the ACD', () => {
  const rounds = ONE_SEED === undefined ? ROUNDS : 1;
  it(
    `${rounds} worlds from seed ${FIRST_SEED}: every decision is that of the slow reference`,
    () => {
      for (let round = 0; round < rounds; round += 1) {
        const result = runWorld(FIRST_SEED + round, { events: EVENTS, reference: true });
        expect(result.state.contacts.size).toBe(result.arrived - result.ended);
      }
    },
    rounds * MS_PER_ROUND,
  );
});
