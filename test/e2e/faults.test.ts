/** Contacts through the running product while its processes suffer; `npm run faults` does it for long, and with more. */
import { runFaults } from '../faults/run';

const SEED = 20_261;

it('ACD-19: no contact is lost or doubled, no conversation is cut, while edge and store are killed, everything is paused and the edge is parted', async () => {
  const result = await runFaults(
    {
      ...{ contacts: 24, agents: 6, seed: SEED, everyMs: 1_000, json: false },
      faults: [
        { kind: 'kill', victim: 'edge' },
        { kind: 'pause', victim: 'app' },
        { kind: 'partition', victim: 'edge' },
        { kind: 'pause', victim: 'edge' },
        { kind: 'pause', victim: 'store' },
        { kind: 'kill', victim: 'store' },
      ],
    },
    () => undefined,
  );
  expect(result.violations).toEqual([]);
  expect(result.contacts).toBeGreaterThanOrEqual(24);
  expect(Object.keys(result.performed)).toHaveLength(6);
}, 480_000);
