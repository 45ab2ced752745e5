/**
 * `npm run faults [-- --contacts 10000 --agents 20 --faults kill:app,pause:edge --every 4 --seed N --json]`: contacts
 * through the running product while its processes are killed, paused and parted from each other, and a judgement of the whole history.
 */
import { messageOf } from '../../base/errors';
import { whereItRuns } from '../bench/support/where';
import { readOptions } from './options';
import { runFaults } from './run';

const run = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  const where = whereItRuns();
  const result = await runFaults(options, (line) => console.error(line));
  process.stdout.write(
    `${JSON.stringify({ faults: 'contacts', ...result, ...where }, undefined, options.json ? 0 : 2)}\n`,
  );
  process.exitCode = result.violations.length === 0 ? 0 : 1;
};

run().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
