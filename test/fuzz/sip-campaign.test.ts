/** A short run of what `npm run fuzz -- sip` does ten million times. */
import { CampaignFailure, runCampaign, SLOWEST_MS, targetOf, trySeed } from './sip/campaign';

const EXECUTIONS = 40_000;

test(`${EXECUTIONS} messages from the grammar meet parser, transactions and control framing`, async () => {
  const counts = await runCampaign({ firstSeed: 1, executions: EXECUTIONS });
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(EXECUTIONS / 20);
}, 300_000);

test('a seed does the same whenever it is tried', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) expect(trySeed(seed).messages).toBe(trySeed(seed).messages);
  expect(new Set([1, 2, 3, 4].map(targetOf))).toEqual(new Set(['parser', 'transactions', 'control']));
});

test('a failure names its seed, the command that repeats it, and the input', () => {
  const { message } = new CampaignFailure(7, 'it broke');
  expect(message).toContain('seed 7 (parser): it broke');
  expect(message).toContain('npm run fuzz -- sip --seed 7');
  expect(message).toMatch(/SIP/);
  expect(SLOWEST_MS).toBe(5);
});
