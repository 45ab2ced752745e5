/** Contacts through the running product while its processes are killed and paused; `npm run faults` does it for long. */
import { runFaults } from '../faults/run';

const SEED = 20_261;

it('no contact is lost or doubled, no conversation is cut, while edge and store are killed and everything is paused', async () => {
  const result = await runFaults(
    {
      ...{ contacts: 24, agents: 6, seed: SEED, everyMs: 1_000, json: false },
      faults: [
        { kind: 'kill', victim: 'edge' },
        { kind: 'pause', victim: 'app' },
        { kind: 'kill', victim: 'store' },
        { kind: 'pause', victim: 'edge' },
        { kind: 'pause', victim: 'store' },
      ],
    },
    () => undefined,
  );
  expect(result.violations).toEqual([]);
  expect(result.contacts).toBe(24);
  expect(Object.keys(result.performed).length).toBeGreaterThan(0);
}, 300_000);
