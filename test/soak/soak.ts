/**
 * `npm run soak [-- --minutes 30 --calls 50 --seed N --json]`: calls through the running product, with random acts, and
 * every party's ears open. docs/benchmarks.md says what is held against what.
 */
import { messageOf } from '../../base/errors';
import { whereItRuns } from '../bench/support/where';
import { readOptions } from './options';
import { soak } from './run/soak-run';

const run = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  const where = whereItRuns();
  const result = await soak(options);
  process.stdout.write(`${JSON.stringify({ soak: 'calls', ...result, ...where }, undefined, options.json ? 0 : 2)}\n`);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
};

run().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
