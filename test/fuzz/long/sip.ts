/**
 * `npm run fuzz -- sip [--executions 10000000] [--first-seed 1]`: SIP messages made from the grammar and damaged, given to
 * the parser, the transactions and the framing of drachtio's protocol. `--seed N` tries one seed again.
 */
import { parseArgs } from 'node:util';
import { rounded } from '../../bench/support/percentiles';
import type { CampaignCounts } from '../sip/campaign';
import { CampaignFailure, runCampaign, targetOf, trySeed } from '../sip/campaign';

const { values } = parseArgs({
  options: {
    executions: { type: 'string', default: '10000000' },
    'first-seed': { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

const say = (line: string): void => console.error(line);
const totalOf = (counts: CampaignCounts): number => counts.parser + counts.transactions + counts.control;

let rejected: unknown;
process.on('unhandledRejection', (error) => (rejected ??= error ?? new Error('rejected with nothing')));

/** Rejections are reported a turn of the event loop later: the seeds since the last look are the suspects. */
const noRejections = async (seed: number): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
  if (rejected !== undefined) throw new Error(`a rejection nobody handled, before seed ${seed}`, { cause: rejected });
};

const run = async (): Promise<void> => {
  if (values.seed !== undefined) {
    const seed = Number(values.seed);
    const { messages, tookMs } = trySeed(seed);
    await noRejections(seed + 1);
    return say(`seed ${seed} (${targetOf(seed)}): ${messages} messages, ${rounded(tookMs, 3)} ms each; nothing wrong`);
  }
  const startedMs = performance.now();
  let saidMs = startedMs;
  const counts = await runCampaign({
    firstSeed: Number(values['first-seed']),
    executions: Number(values.executions),
    onProgress: async (sofar, seed) => {
      await noRejections(seed);
      if (performance.now() - saidMs < 10_000) return;
      saidMs = performance.now();
      say(`${totalOf(sofar)} executions, at seed ${seed}`);
    },
  });
  await noRejections(Infinity);
  const seconds = rounded((performance.now() - startedMs) / 1_000);
  console.log(JSON.stringify({ fuzz: 'sip', executions: totalOf(counts), ...counts, failed: 0, seconds }));
};

run().catch((error: unknown) => {
  console.error(error instanceof CampaignFailure ? error.message : error);
  process.exitCode = 1;
});
