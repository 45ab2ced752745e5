/**
 * `npm run bench -- first-call [--calls 50] [--agents 1] [--json]`: the product's spine, timed call by call.
 *
 * The product is started as a user starts it. Headless Chromium is the agent; the project's own caller places the calls
 * one after the other over UDP, hears half a second of the greeting, presses a key that alternates between the two
 * queues, is answered one second after it rings, talks for one second and hangs up. The agent ends the wrap-up.
 * Browser, caller and product share the machine, hence its system clock; its resolution is 1 ms.
 *
 * - `invite_to_200_ms`: from sending the INVITE to having read the 200 and its SDP, by the caller's monotonic clock.
 * - `digit_to_ring_ms`: from the key's press to the desk's `call-status` becoming `ringing`, as a MutationObserver in the
 *   page sees it. The caller's first RFC 4733 packet leaves 20 ms after the press, which is counted.
 * - `answer_to_audio_ms`: from the time stamp of the click on answer to the later of
 *   (a) `answer_to_agent_hears_ms`: the caller's tone begins in the page's remote track (an audio worklet finds a sample
 *       above -26 dBFS, after the jitter buffer; resolution 10 ms, the period in which WebRTC plays) and the page's audio
 *       element is not muted any more. Sound before the click fails the call;
 *   (b) `answer_to_caller_hears_ms`: the arrival of the first RTP packet most of whose power is the agent's tone
 *       (resolution 20 ms, one packet). Such a packet before the click fails the call.
 *   What sound cards and networks add is not in it.
 * - `cpu_ms_per_call`: user and system time of the product's processes while the calls run, less what they use in the
 *   same time when a signed-in agent waits (`idle_cpu_ms_per_s`), measured for 20 s before. From INVITE to the end of
 *   wrap-up.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../base/errors';
import { pause } from '../support/wait';
import { Product } from '../support/product';
import { PRODUCT_ROLES, byRole, cpuDuring } from './support/cpu-times';
import type { CpuMsByRole } from './support/cpu-times';
import { AGENT_HZ, measureCall } from './support/measure-call';
import type { CallTimes } from './support/measure-call';
import { MeasuredAgent } from './support/measured-agent';
import { percentilesOf } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';
import { wholeNumber } from './support/whole-number';

/** The accounts of the sample center that take calls. */
const AGENTS = ['agent1', 'agent2'];
const IDLE_MS = 20_000;
/** After its start and the agents' signing in the product is busy with itself for a while. */
const SETTLE_MS = 5_000;
/** A call takes about five seconds; one that fails takes longer. */
const LIFETIME_PER_CALL_MS = 30_000;
const LIFETIME_MS = 180_000;

interface Options {
  readonly calls: number;
  readonly agents: number;
  readonly json: boolean;
}

interface Measured {
  readonly times: readonly CallTimes[];
  readonly failed: number;
  /** What each role used for one call beyond its idle time. */
  readonly cpuMsPerCall: CpuMsByRole;
  readonly idleCpuMsPerS: CpuMsByRole;
}

const say = (line: string): void => console.error(line);

/** @throws RangeError for a number that cannot be meant. */
function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '50' },
      agents: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    calls: wholeNumber('calls', values.calls, { least: 1, most: 10_000 }),
    agents: wholeNumber('agents', values.agents, { least: 1, most: AGENTS.length }),
    json: values.json,
  };
}

const ofProduct = (byEach: CpuMsByRole): Record<string, number> =>
  Object.fromEntries(PRODUCT_ROLES.map((role) => [role, byEach[role]]));

async function measure(product: Product, agents: readonly MeasuredAgent[], calls: number): Promise<Measured> {
  await pause(SETTLE_MS);
  const idle = await cpuDuring(() => pause(IDLE_MS));
  const times: CallTimes[] = [];
  const busy = await cpuDuring(async () => {
    for (let index = 0; index < calls; index += 1) {
      const label = `call ${index + 1} of ${calls}`;
      try {
        const call = await measureCall(product, agents, index % 2 === 0 ? '1' : '2');
        times.push(call);
        say(`${label}: audio in both directions ${call.answerToAudioMs.toFixed(0)} ms after the click`);
      } catch (error) {
        say(`${label} failed: ${messageOf(error).split('\n', 1).join('')}`);
        await Promise.all(agents.map((agent) => agent.recover()));
      }
    }
  });
  const idlePeriods = busy.elapsedMs / idle.elapsedMs;
  return {
    times,
    failed: calls - times.length,
    cpuMsPerCall: byRole((role) => (busy.cpuMs[role] - idle.cpuMs[role] * idlePeriods) / calls),
    idleCpuMsPerS: byRole((role) => (idle.cpuMs[role] * 1000) / idle.elapsedMs),
  };
}

async function run({ calls, agents: agentCount, json }: Options): Promise<number> {
  const where = whereItRuns();
  const lifetimeMs = LIFETIME_MS + calls * LIFETIME_PER_CALL_MS;
  say('starting the product …');
  const product = await Product.start({ lifetimeMs });
  const agents: MeasuredAgent[] = [];
  try {
    for (const userName of AGENTS.slice(0, agentCount)) {
      say(`signing in ${userName} …`);
      agents.push(await MeasuredAgent.open(product, { userName, toneHz: AGENT_HZ, lifetimeMs }));
    }
    const { times, failed, cpuMsPerCall, idleCpuMsPerS } = await measure(product, agents, calls);
    if (times.length === 0) {
      say('not one call succeeded: nothing to report');
      return 1;
    }
    const of = (time: keyof CallTimes) => percentilesOf(times.map((call) => call[time]));
    printResult(
      {
        bench: 'first-call',
        invite_to_200_ms: of('inviteTo200Ms'),
        digit_to_ring_ms: of('digitToRingMs'),
        answer_to_audio_ms: of('answerToAudioMs'),
        answer_to_agent_hears_ms: of('answerToAgentHearsMs'),
        answer_to_caller_hears_ms: of('answerToCallerHearsMs'),
        cpu_ms_per_call: ofProduct(cpuMsPerCall),
        idle_cpu_ms_per_s: ofProduct(idleCpuMsPerS),
        cpu_ms_per_call_browser: cpuMsPerCall.browser,
        cpu_ms_per_call_caller: cpuMsPerCall.caller,
        calls,
        failed,
        agents: agentCount,
        ...where,
        chromium: agents[0]?.browserVersion ?? 'unknown',
      },
      json,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await Promise.all(agents.map((agent) => agent.close()));
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
