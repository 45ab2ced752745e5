/**
 * `npm run bench -- offer [--agents 200] [--waiting 30] [--samples 300] [--json]`: from an agent's becoming free to the
 * ring at the desk, through the running product.
 *
 * All agents are signed in by the event socket, each with a telephone of a browser's kind registered over WebSocket;
 * callers wait in their queue. At random moments one agent after the other, drawn at random, becomes ready or ends the
 * wrap-up, is rung, answers after half a second, talks for 2 to 6 s, hangs up and stays in wrap-up until drawn again.
 * docs/benchmarks.md says what the figures are.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../base/errors';
import { BrowserTelephones } from '../soak/seat/browser-telephone';
import { Product } from '../support/product';
import { pause } from '../support/wait';
import { PRODUCT_ROLES, cpuDuring } from './support/cpu-times';
import type { CpuMsByRole } from './support/cpu-times';
import { OfferedAgent } from './support/offer/agent';
import type { RingTimes } from './support/offer/agent';
import { agentName, setUpCenter, writeCenter } from './support/offer/center';
import { work } from './support/offer/shift';
import { WaitingCallers } from './support/offer/waiting-callers';
import { quantilesOf, rounded } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';
import { wholeNumber } from './support/whole-number';

const SETTLE_MS = 5_000;
const IDLE_MS = 10_000;
const LIFETIME_MS = 300_000;
const LIFETIME_PER_SAMPLE_MS = 1_000;
const SIGN_IN_AT_A_TIME = 4;

interface Options {
  readonly agents: number;
  readonly waiting: number;
  readonly samples: number;
  readonly json: boolean;
}

const say = (line: string): void => console.error(line);

/** @throws RangeError for a number that cannot be meant. */
function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      agents: { type: 'string', default: '200' },
      waiting: { type: 'string', default: '30' },
      samples: { type: 'string', default: '300' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    // About a dozen are on the telephone at any time, and a caller is followed by another one only when gone: with fewer
    // the queue would be empty at times, and the wait for a caller would be measured.
    agents: wholeNumber('agents', values.agents, { least: 50, most: 1_000 }),
    waiting: wholeNumber('waiting', values.waiting, { least: 20, most: 60 }),
    samples: wholeNumber('samples', values.samples, { least: 1, most: 10_000 }),
    json: values.json,
  };
}

async function signIn(product: Product, count: number, agents: OfferedAgent[]): Promise<void> {
  const telephones = new BrowserTelephones();
  for (let first = 0; first < count; first += SIGN_IN_AT_A_TIME) {
    const indexes = Array.from({ length: Math.min(SIGN_IN_AT_A_TIME, count - first) }, (_, index) => first + index);
    const open = async (index: number): Promise<void> =>
      void agents.push(await OfferedAgent.open({ product, telephones, userName: agentName(index) }));
    await Promise.all(indexes.map(open));
    if (agents.length % 40 === 0) say(`${agents.length} of ${count} agents are signed in`);
  }
}

const figuresOf = (values: readonly number[]): Record<'p50' | 'p95' | 'p99' | 'max', number> =>
  quantilesOf(values, { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 });

/** Of those who became free in that way; none when nobody has. */
const ringFigures = (times: readonly RingTimes[], from: RingTimes['freedFrom']) => {
  const values = times.filter(({ freedFrom }) => freedFrom === from).map(({ readyToRingMs }) => readyToRingMs);
  return values.length > 0 && { [`${from.replace('-', '_')}_to_ring_ms`]: figuresOf(values) };
};

const ofProduct = (cpuMs: CpuMsByRole, over: number): Record<string, number> =>
  Object.fromEntries(PRODUCT_ROLES.map((role) => [role, rounded(cpuMs[role] / over)]));

async function run({ agents: count, waiting, samples, json }: Options): Promise<number> {
  const where = whereItRuns();
  say('starting the product …');
  const product = await Product.start({
    config: `protection:\n  connectionsPerSource: ${2 * count + waiting}\n`,
    prepare: (home) => writeCenter(home, count),
    lifetimeMs: LIFETIME_MS + count * LIFETIME_PER_SAMPLE_MS + samples * LIFETIME_PER_SAMPLE_MS,
  });
  const agents: OfferedAgent[] = [];
  const callers = new WaitingCallers({ sipPort: product.ports.sip, say });
  try {
    await setUpCenter(product);
    await signIn(product, count, agents);
    await callers.fill(waiting);
    await pause(SETTLE_MS);
    const idle = await cpuDuring(() => pause(IDLE_MS));
    const shift: { done?: Awaited<ReturnType<typeof work>> } = {};
    const busy = await cpuDuring(async () => void (shift.done = await work({ agents, samples, say })));
    const { times = [], failed = samples, probeLagP99Ms = NaN } = shift.done ?? {};
    if (times.length === 0) {
      say('nobody has been rung: nothing to report');
      return 1;
    }
    printResult(
      {
        bench: 'offer',
        ready_to_ring_ms: figuresOf(times.map(({ readyToRingMs }) => readyToRingMs)),
        ready_to_invite_ms: figuresOf(times.map(({ readyToInviteMs }) => readyToInviteMs)),
        ...ringFigures(times, 'not-ready'),
        ...ringFigures(times, 'wrap-up'),
        probe_lag_p99_ms: rounded(probeLagP99Ms),
        cpu_ms_per_s: ofProduct(busy.cpuMs, busy.elapsedMs / 1_000),
        idle_cpu_ms_per_s: ofProduct(idle.cpuMs, idle.elapsedMs / 1_000),
        probe_cpu_ms_per_s: rounded(busy.cpuMs.caller / (busy.elapsedMs / 1_000)),
        offers_per_s: rounded(times.length / (busy.elapsedMs / 1_000), 2),
        agents: count,
        waiting,
        samples: times.length,
        failed,
        ...where,
      },
      json,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await callers.close();
    for (const agent of agents) agent.close();
    await product.stop();
  }
}

const main = async (): Promise<number> => run(optionsOf(process.argv.slice(2)));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(messageOf(error));
    process.exit(1);
  },
);
