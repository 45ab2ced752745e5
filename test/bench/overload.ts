/**
 * `npm run bench -- overload [--rate N] [--json]`: three times as many calls as edge and app can carry, for 20 s, while
 * 500 calls are in progress. `--rate` is the rate that can be carried; left out, it is found first. docs/benchmarks.md
 * says more.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { freePort } from '../support/free-port';
import { pause } from '../support/wait';
import { rounded } from './support/percentiles';
import { printResult } from './support/report';
import { B2BUA_ROLE, runB2buaApp } from './support/sip/b2bua-app';
import { BenchRig } from './support/sip/bench-rig';
import { lastAbnormalMs } from './support/sip/probes';
import type { SippCounts, SippRun } from './support/sip/sipp';
import { whereItRuns } from './support/where';

const OVERLOAD_S = 20;
const TIMES = 3;
const HOLD_MS = 1_000;
/** A reference for what can be carried: long enough to fill what fills, short enough to be tried a few times. */
const TRIAL_S = 10;
const TRIALS = 4;
const STANDING = { name: 'standing', calls: 500, callsPerSecond: 100, holdMs: 38_000, timeoutS: 70 } as const;
/** Small calls all the while show when the system is itself again. */
const PROBES_PER_SECOND = 20;
const RECOVERY_S = 6;
/** A probe that takes longer is a sign of overload, as one that is refused. */
const NORMAL_MS = 250;

const say = (line: string): void => console.error(line);

/** A rate that the system carries for 10 s, tried up and down from what its CPU time promises. */
const sustainableRate = async (rig: BenchRig): Promise<number> => {
  const before = cpuMs(rig);
  const warmUp = await rig.warmUp({ name: 'warm-up', callsPerSecond: 150, calls: 2_250, holdMs: 500 });
  const perCall = (cpuMs(rig) - before) / warmUp.counter1;
  let rate = Math.round(950 / perCall);
  let best = 0;
  for (let left = TRIALS; left > 0; left -= 1) {
    const run = rig.call({ name: 'trial', callsPerSecond: rate, calls: rate * TRIAL_S, holdMs: HOLD_MS, timeoutS: 20 });
    await run.watch(({ failed, current }) => failed === 0 && current < 3 * rate);
    const { successful, elapsedS } = run.counts();
    const held = successful === rate * TRIAL_S && elapsedS <= TRIAL_S + 3;
    say(`${rate} calls/s for ${TRIAL_S} s: ${held ? 'held' : 'not held'}`);
    if (!held && best > 0) break;
    if (held) best = rate;
    rate = Math.round(rate * (held ? 1.2 : 0.85));
    if (!held) await pause(3_000);
  }
  return best > 0 ? best : rate;
};

const cpuMs = ({ system }: BenchRig): number => {
  const { edge, app } = system.cpuMs();
  return app + (Number.isNaN(edge) ? 0 : edge);
};

interface Flood {
  readonly counts: SippCounts;
  /** Accepted while the flood lasted. */
  readonly acceptedPerS: number;
  readonly endedAtMs: number;
}

const flood = async (rig: BenchRig, rate: number): Promise<Flood> => {
  const run = rig.call({
    ...{ name: 'flood', scenario: 'refusable-caller', callsPerSecond: rate, calls: rate * OVERLOAD_S },
    ...{ holdMs: HOLD_MS, timeoutS: OVERLOAD_S + 15 },
  });
  await pause(OVERLOAD_S * 1_000);
  const endedAtMs = Date.now();
  const { counter1, elapsedS } = run.counts();
  say(`after ${elapsedS} s: ${counter1} accepted, ${run.counts().counter2} refused, ${run.counts().failed} failed`);
  await run.ended;
  return { counts: run.counts(), acceptedPerS: counter1 / Math.max(1, elapsedS), endedAtMs };
};

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, rate: { type: 'string' } },
  });
  const where = whereItRuns();
  const rig = await BenchRig.start();
  try {
    const sustainable = values.rate === undefined ? await sustainableRate(rig) : Number(values.rate);
    say(`${sustainable} calls/s can be carried; ${STANDING.calls} calls begin`);
    const standing = rig.call({ ...STANDING, port: await freePort() });
    await pause((STANDING.calls / STANDING.callsPerSecond) * 1_000 + 500);
    const probes = await startProbes(rig);
    await pause(1_000);
    say(`${TIMES * sustainable} calls/s for ${OVERLOAD_S} s`);
    const flooded = await flood(rig, TIMES * sustainable);
    await Promise.race([Promise.all([standing.ended, probes.ended]), pause(25_000)]);
    await Promise.all([standing.stop(), probes.stop()]);
    const result = figures(sustainable, flooded, { standing, probes });
    printResult({ bench: 'overload', ...result, ...where }, values.json);
  } finally {
    await rig.stop();
  }
};

const startProbes = async (rig: BenchRig): Promise<SippRun> =>
  rig.call({
    ...{ name: 'probes', scenario: 'refusable-caller', callsPerSecond: PROBES_PER_SECOND, logMessages: true },
    ...{ calls: PROBES_PER_SECOND * (OVERLOAD_S + RECOVERY_S + 1), holdMs: 100, port: await freePort() },
  });

const figures = (
  sustainable: number,
  { counts, acceptedPerS, endedAtMs }: Flood,
  { standing, probes }: { readonly standing: SippRun; readonly probes: SippRun },
): Record<string, number> => {
  const abnormalMs = lastAbnormalMs(readFileSync(probes.messageLog, 'utf8'), NORMAL_MS);
  return {
    sustainable_calls_per_s: sustainable,
    offered_calls_per_s: TIMES * sustainable,
    accepted_calls_per_s: rounded(acceptedPerS),
    accepted_share_percent: rounded((100 * acceptedPerS) / sustainable),
    accepted: counts.counter1,
    refused: counts.counter2,
    unanswered: counts.failed,
    accepted_calls_lost: counts.counter1 - (counts.successful - counts.counter2),
    calls_in_progress: STANDING.calls,
    calls_in_progress_lost: STANDING.calls - standing.counts().successful,
    back_to_normal_s: rounded(Math.max(0, (abnormalMs - endedAtMs) / 1_000), 2),
  };
};

if (process.argv[2] === B2BUA_ROLE) runB2buaApp();
else {
  run().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
