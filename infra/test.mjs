/**
 * `npm test`: sets up what is missing, checks the source, runs every test, and ends with one line of totals. With
 * arguments (`npm test -- test/e2e`) Jest gets them, and only those tests run.
 */
import { check } from './check.mjs';
import { findChromium } from './setup/chromium.mjs';
import { ROOT } from './setup/paths.mjs';
import { orExit, setUp } from './setup/setup.mjs';
import { runJest } from './testing/jest.mjs';
import { testStages } from './testing/stages.mjs';
import { totalsLine, totalsOf } from './testing/totals.mjs';

const args = process.argv.slice(2);
const { workerBin, missingTools } = await orExit(setUp({ env: process.env, forTests: true }));
const chromium = findChromium(process.env);
const env = {
  ...process.env,
  MEDIASOUP_WORKER_BIN: workerBin,
  SWITCHROOM_MISSING_TOOLS: missingTools.join(','),
  ...('path' in chromium && { CHROMIUM_PATH: chromium.path }),
};

const failures = [];
if (args.length === 0) failures.push(...(await check()));
const stages = [];
for (const { name, jestArgs } of testStages({ root: ROOT, args })) {
  console.error(`\n${name}`);
  const stage = await runJest({ jestArgs, env });
  stages.push(stage);
  if (stage.code !== 0) failures.push(name);
}

if (missingTools.length > 0) console.error(`\n!!! tests that need ${missingTools.join(', ')} were left out`);
if (failures.length > 0) console.error(`\nfailed: ${failures.join(', ')}`);
console.log(`\n${totalsLine(totalsOf(stages))}`);
process.exit(failures.length === 0 ? 0 : 1);
