/**
 * `npm run bench -- sip [--json] [--only speed|memory] [--journal] [--cpu-prof FOLDER]`: back-to-back calls without media. SIPp is
 * both ends on loopback; the edge process and a drachtio-srf app share one core, SIPp has another. docs/benchmarks.md
 * says how each figure comes about.
 */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pause } from '../support/wait';
import { quantilesOf, rounded } from './support/percentiles';
import { printResult } from './support/report';
import { B2BUA_ROLE, runB2buaApp } from './support/sip/b2bua-app';
import type { RigOptions } from './support/sip/bench-rig';
import { BenchRig } from './support/sip/bench-rig';
import { HELD_S, highestRate, tryRate } from './support/sip/hold-rate';
import type { Trial } from './support/sip/hold-rate';
import { delaysMs, InviteCapture, timesInMessageLog } from './support/sip/invite-times';
import type { TimesByNumber } from './support/sip/invite-times';
import { MemoryBench } from './support/sip/memory-per-call';
import { twoCores } from './support/cores';
import { whereItRuns } from './support/where';

const REFERENCE_RATE = 300;
const WARM_UP = { name: 'warm-up', callsPerSecond: 200, calls: 2_000, holdMs: 500 } as const;
const SEARCH_TRIALS = 4;
/** Calls that went wrong are gone from both ends after this: 64*T1. */
const RECOVER_MS = 5_000;

const say = (line: string): void => console.error(line);

interface Reference {
  readonly cpu_ms_per_call: Readonly<Record<string, number>>;
  readonly invite_in_to_out_ms: Readonly<Record<string, number>>;
  readonly invite_times_by: string;
  readonly trial: Trial;
}

/** The load at which cost and delay are measured. */
const measureReference = async (rig: BenchRig): Promise<Reference> => {
  const capture = await InviteCapture.start(join(rig.folder, 'invites.pcap'), twoCores()?.load);
  const before = rig.system.cpuMs();
  const trial = await tryRate(rig, REFERENCE_RATE);
  const after = rig.system.cpuMs();
  const calls = trial.counts.successful;
  const perCall = (end: number, begin: number): number => rounded((end - begin) / calls, 3);
  const edge = perCall(after.edge, before.edge);
  const app = perCall(after.app, before.app);
  const delays = capture ? await fromCapture(rig, capture) : fromLogs(rig);
  return {
    cpu_ms_per_call: { edge, app, total: rounded(edge + app, 3) },
    invite_in_to_out_ms: quantilesOf(delays, { p50: 0.5, p99: 0.99, p999: 0.999 }, 3),
    invite_times_by: capture ? 'capture' : 'sipp',
    trial,
  };
};

const fromCapture = async (rig: BenchRig, capture: InviteCapture): Promise<number[]> => {
  const seen = await capture.stop();
  const at = (port: number): TimesByNumber => seen.get(port) ?? new Map();
  return delaysMs(at(rig.system.sip.port), at(rig.ports.callee));
};

const fromLogs = (rig: BenchRig): number[] => {
  // Numbers begin anew with each run of the caller, so that only the last ones of the callee are meant.
  const sent = timesInMessageLog(readFileSync(rig.lastMessageLog, 'utf8'), 'S');
  const firstMs = Math.min(...[...sent.values()].slice(0, 1));
  const received = timesInMessageLog(readFileSync(rig.callee.messageLog, 'utf8'), 'R', firstMs - 1);
  return delaysMs(sent, received);
};

const report = ({ callsPerSecond, held, counts }: Trial): void =>
  say(
    `${callsPerSecond} calls/s for ${HELD_S} s: ${held ? 'held' : 'not held'} ` +
      `(${counts.successful} succeeded, ${counts.failed} failed, ${counts.retransmissions} repeated)`,
  );

const measureSpeed = async (
  options: Pick<RigOptions, 'profileFolder' | 'journal'>,
): Promise<Record<string, unknown>> => {
  const logMessages = !(await InviteCapture.possible(tmpdir()));
  const rig = await BenchRig.start({ ...options, logMessages });
  try {
    say(`warming up: ${WARM_UP.calls} calls at ${WARM_UP.callsPerSecond} a second`);
    await rig.warmUp(WARM_UP);
    const { trial, ...figures } = await measureReference(rig);
    report(trial);
    say(JSON.stringify(figures));
    if (options.profileFolder !== undefined) return { ...figures, failed: trial.counts.failed };
    const { total } = figures.cpu_ms_per_call;
    const calls_per_s = await highestRate(rig, {
      held: trial.held ? REFERENCE_RATE : 0,
      guess: trial.held ? guessFrom(total) : REFERENCE_RATE / 2,
      trials: SEARCH_TRIALS,
      report,
      recover: () => pause(RECOVER_MS),
    });
    return { calls_per_s, ...figures, failed: trial.counts.failed };
  } finally {
    await rig.stop();
  }
};

/** A core that is busy to nine tenths is about at its end. */
const guessFrom = (cpuMsPerCall: number | undefined): number =>
  Math.round(900 / (cpuMsPerCall !== undefined && cpuMsPerCall > 0 ? cpuMsPerCall : 2) / 10) * 10;

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      journal: { type: 'boolean', default: false },
      only: { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  });
  const where = whereItRuns();
  if (!twoCores()) say('only one core: what is measured and what makes the load share it');
  const memoryBench = values.only === 'speed' ? undefined : await MemoryBench.start();
  try {
    const speed =
      values.only === 'memory'
        ? {}
        : await measureSpeed({ profileFolder: values['cpu-prof'], journal: values.journal });
    say('memory of established calls');
    const memory = await memoryBench?.measure();
    const result = {
      bench: 'sip',
      journal: values.journal ? 'on' : 'off',
      ...speed,
      ...memory,
      reference_calls_per_s: REFERENCE_RATE,
      ...where,
    };
    printResult(result, values.json);
  } finally {
    await memoryBench?.stop();
  }
};

if (process.argv[2] === B2BUA_ROLE) runB2buaApp();
else {
  run().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
