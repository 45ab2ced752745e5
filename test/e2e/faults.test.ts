/** Contacts through the running product while its processes suffer; `npm run faults` does it for long. */
import { runFaults } from '../faults/run';

const SEED = 20_261;

it('ACD-19: no contact is lost or doubled, no conversation is cut, while processes are killed, paused and parted from each other', async () => {
  const result = await runFaults(
    {
      ...{ contacts: 24, agents: 6, seed: SEED, everyMs: 1_000, json: false },
      faults: [
        { kind: 'kill', victim: 'app' },
        { kind: 'partition', victim: 'edge' },
        { kind: 'kill', victim: 'store' },
        { kind: 'pause', victim: 'app' },
        { kind: 'kill', victim: 'edge' },
        { kind: 'partition', victim: 'store' },
        { kind: 'pause', victim: 'edge' },
        { kind: 'partition', victim: 'app' },
        { kind: 'pause', victim: 'store' },
      ],
    },
    () => undefined,
  );
  expect(result.violations).toEqual([]);
  expect(result.contacts).toBeGreaterThanOrEqual(24);
  expect(Object.keys(result.performed)).toHaveLength(9);
  expect(result.statesCompared).toBeGreaterThan(0);
}, 480_000);
