/**
 * `npm run simulate -- SCENARIO.yaml [--days N] [--workers N] [--seed N] [--json]`: plays days through the ACD's engine.
 * `npm run simulate -- --replay JOURNAL.jsonl [SCENARIO.yaml] [--json]`: plays a recorded day again, exactly; with a
 * scenario its contacts meet that scenario's queues, agents and further loads instead. `--as-scenario` prints the rules
 * and the staff of the recorded day, to be edited into such a scenario.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { parseArgs } from 'node:util';
import { parse as parseYaml, stringify as toYaml } from 'yaml';
import { SwitchroomError, messageOf } from '../base/errors';
import { parseScenario } from '../acd/simulate/parse';
import { parseRecordedDay } from '../acd/simulate/recorded-day';
import type { RecordedDay } from '../acd/simulate/recorded-day';
import { recordedContacts, replay } from '../acd/simulate/replay';
import { printReport, reportOf } from '../acd/simulate/report';
import { simulate } from '../acd/simulate/run';
import type { SimulationResult } from '../acd/simulate/run';
import type { Scenario } from '../acd/simulate/scenario';
import { scenarioOfDay } from '../acd/simulate/scenario-of-day';

interface Job {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
}

const OPTIONS = {
  days: { type: 'string', default: '1' },
  workers: { type: 'string', default: String(availableParallelism()) },
  seed: { type: 'string' },
  replay: { type: 'string' },
  'as-scenario': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const runSeeds = ({ scenario, seeds }: Job): SimulationResult[] => seeds.map((seed) => simulate({ ...scenario, seed }));

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new SwitchroomError('bad_input', `--${name} must be a whole number of at least 1, not ${text}`);
  }
  return value;
};

const readScenario = (file: string): Scenario => {
  const parsed = parseScenario(parseYaml(readFileSync(file, 'utf8')));
  if (!parsed.ok) throw new SwitchroomError('bad_input', `${file}: ${parsed.fault.message}`);
  return parsed.value;
};

const readDay = (file: string): RecordedDay => {
  const parsed = parseRecordedDay(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new SwitchroomError('bad_input', `${file}, ${parsed.fault.message}`);
  return parsed.value;
};

const replayed = (day: RecordedDay, asJson: boolean): string => {
  const { stateHash, decisionHashes, differsAtN } = replay(day);
  const events = day.entries.length;
  const decisions = decisionHashes.length;
  if (asJson) return JSON.stringify({ events, decisions, stateHash, differsAtN, decisionHashes });
  const told = day.entries.some(({ taken }) => taken !== undefined);
  const verdict =
    differsAtN === undefined ? 'all as they were taken' : `others than were taken from event ${differsAtN} on`;
  return `${events} events, ${decisions} decisions${told ? `, ${verdict}` : ''}; state ${stateHash}`;
};

/** Seeds are dealt out to threads; the result does not depend on how many there are. */
const runInThreads = async (scenario: Scenario, of: { days: number; threads: number }): Promise<SimulationResult[]> => {
  const seeds = Array.from({ length: of.days }, (_, day) => scenario.seed + day);
  if (of.threads <= 1 || of.days === 1) return runSeeds({ scenario, seeds });
  const jobs = Array.from({ length: Math.min(of.threads, of.days) }, (_, thread) =>
    runInThread({ scenario, seeds: seeds.filter((_seed, place) => place % of.threads === thread) }),
  );
  return (await Promise.all(jobs)).flat().sort((a, b) => a.seed - b.seed);
};

const runInThread = (job: Job): Promise<SimulationResult[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(__filename, { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [file] = positionals;
  const day = values.replay === undefined ? undefined : readDay(values.replay);
  if (day && file === undefined) {
    process.stdout.write(`${values['as-scenario'] ? toYaml(scenarioOfDay(day)) : replayed(day, values.json)}\n`);
    return;
  }
  if (file === undefined)
    throw new SwitchroomError(
      'bad_input',
      'usage: npm run simulate -- SCENARIO.yaml [--days N] [--workers N] [--seed N] [--replay JOURNAL [--as-scenario]] [--json]',
    );
  const read = readScenario(file);
  const scenario = {
    ...read,
    ...(values.seed === undefined ? {} : { seed: wholeNumber('seed', values.seed) }),
    ...(day && { recorded: recordedContacts(day) }),
  };
  const of = { days: wholeNumber('days', values.days), threads: wholeNumber('workers', values.workers) };
  const report = reportOf(await runInThreads(scenario, of));
  process.stdout.write(`${values.json ? JSON.stringify(report) : printReport(report)}\n`);
};

if (isMainThread) {
  main().catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  });
} else parentPort?.postMessage(runSeeds(workerData as Job));
