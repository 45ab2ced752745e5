/**
 * `npm run bench -- media [--json] [--seconds 15] [--only NAME]`: what forwarding, recording, mixing and transcoding cost
 * the media process, and what they lose and delay. docs/benchmarks.md says more.
 */
import { parseArgs } from 'node:util';
import { twoCores } from './support/cores';
import { LOAD_ROLE, runLoad } from './support/media/load-process';
import { measureScenario } from './support/media/measure-scenario';
import { browserCalls, carrierCalls, conferences, lecture, transcodedCalls } from './support/media/scenarios';
import type { Scenario } from './support/media/scenarios';
import { printResult } from './support/report';
import type { Figure } from './support/report';
import { whereItRuns } from './support/where';

const SCENARIOS: readonly Scenario[] = [
  ...[100, 200, 300].flatMap((calls) => [carrierCalls(calls, false), carrierCalls(calls, true)]),
  ...[100, 200].map((calls) => browserCalls(calls, true)),
  conferences(50, 3),
  lecture(300),
  transcodedCalls(50, 'OPUS', 111),
  transcodedCalls(50, 'G722', 9),
];

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '15' },
      only: { type: 'string', default: '' },
      profile: { type: 'string' },
    },
  });
  const where = whereItRuns();
  const figures: Record<string, Figure> = {};
  for (const scenario of SCENARIOS) {
    if (!scenario.name.includes(values.only)) continue;
    const options = { cores: twoCores(), seconds: Number(values.seconds), profileFolder: values.profile };
    const measured = await measureScenario(scenario, options);
    console.error(`${scenario.name}: ${JSON.stringify(measured)}`);
    figures[scenario.name] = { ...measured };
  }
  printResult({ bench: 'media', ...figures, ...where }, values.json);
};

if (process.argv[2] === LOAD_ROLE) runLoad();
else {
  run().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
