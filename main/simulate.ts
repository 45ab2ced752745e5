/**
 * `npm run simulate -- SCENARIO.yaml [--days N] [--workers N] [--seed N] [--json]`: plays days through the ACD's engine.
 * `npm run simulate -- --replay JOURNAL.jsonl [SCENARIO.yaml] [--json]`: plays a recorded day again, exactly; with a
 * scenario its contacts meet that scenario's queues, agents and further loads instead.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { SwitchroomError, messageOf } from '../base/errors';
import type { JournalEntry } from '../acd/core/explain';
import { parseScenario } from '../acd/simulate/parse';
import { recordedContacts, replay } from '../acd/simulate/replay';
import { printReport, reportOf } from '../acd/simulate/report';
import { simulate } from '../acd/simulate/run';
import type { SimulationResult } from '../acd/simulate/run';
import type { Scenario } from '../acd/simulate/scenario';

interface Job {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
}

const OPTIONS = {
  days: { type: 'string', default: '1' },
  workers: { type: 'string', default: String(availableParallelism()) },
  seed: { type: 'string' },
  replay: { type: 'string' },
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

/** One `{ "event": …, "atMs": … }` on each line. */
const readJournal = (file: string): JournalEntry[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, place) => {
      const entry = JSON.parse(line) as Partial<JournalEntry>;
      if (!entry.event || typeof entry.atMs !== 'number') {
        throw new SwitchroomError('bad_input', `${file}, line ${place + 1}: not an event with its time`);
      }
      return { event: entry.event, atMs: entry.atMs };
    });

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
  const journal = values.replay === undefined ? undefined : readJournal(values.replay);
  if (journal && file === undefined) {
    const { stateHash, decisionHashes } = replay(journal);
    const decisions = decisionHashes.length;
    const text = `${journal.length} events, ${decisions} decisions, state ${stateHash}`;
    process.stdout.write(
      `${values.json ? JSON.stringify({ events: journal.length, decisions, stateHash, decisionHashes }) : text}\n`,
    );
    return;
  }
  if (file === undefined)
    throw new SwitchroomError(
      'bad_input',
      'usage: npm run simulate -- SCENARIO.yaml [--days N] [--workers N] [--seed N] [--replay JOURNAL] [--json]',
    );
  const read = readScenario(file);
  const scenario = {
    ...read,
    ...(values.seed === undefined ? {} : { seed: wholeNumber('seed', values.seed) }),
    ...(journal ? { recorded: recordedContacts(journal, journal[0]?.atMs ?? 0) } : {}),
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
