/**
 * `npm run bench -- mouth-to-ear [--chirps 80] [--json]`: how late each party of a call hears the other one, through the
 * running product. docs/benchmarks.md says what is in the figures and what is not.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../base/errors';
import { placeTestCall } from '../../infra/caller/test-call';
import type { TestCall } from '../../infra/caller/test-call';
import { untilAnswered } from '../support/caller';
import { Product } from '../support/product';
import { pause } from '../support/wait';
import { agentChirps, CHIRPING_PAGE, heardInPage } from './support/chirping-page';
import { chirpBeginsIn, CHIRP_PERIOD_MS, ChirpWatch, chirpVoice, delaysOf } from './support/chirps';
import { MeasuredAgent } from './support/measured-agent';
import { percentilesOf } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';

const NUMBER = '4000';
const LISTEN_MS = 500;
/** Jitter buffers settle. */
const SETTLE_MS = 3_000;
const FRAME_MS = 20;
/** More chirps lost than this share, and the figures say nothing. */
const MIN_HEARD = 0.9;

const say = (line: string): void => console.error(line);

interface Delays {
  readonly callerToAgentMs: readonly number[];
  readonly agentToCallerMs: readonly number[];
}

interface Caller {
  readonly call: TestCall;
  /** When each chirp began at the caller's mouth. */
  readonly saidMs: number[];
  readonly ear: ChirpWatch;
}

async function placeCall(product: Product): Promise<Caller> {
  const saidMs: number[] = [];
  const ear = new ChirpWatch(() => Date.now());
  const call = await placeTestCall({
    number: NUMBER,
    port: product.ports.sip,
    voice: { samples: chirpVoice(), loop: true },
    onAudio: (samples) => ear.take(samples),
    onSpoken: (frame) => {
      const begins = chirpBeginsIn(frame);
      // A frame is sent when its last sample has been said.
      if (begins) saidMs.push(Date.now() - FRAME_MS + begins.offsetMs);
    },
  });
  await untilAnswered(call);
  return { call, saidMs, ear };
}

async function measure(product: Product, agent: MeasuredAgent, chirps: number): Promise<Delays> {
  await agent.reset();
  const { call, saidMs, ear } = await placeCall(product);
  try {
    await pause(LISTEN_MS);
    void call.press('1');
    await agent.rings();
    await agent.answer();
    await pause(SETTLE_MS);
    const fromMs = Date.now();
    const agentSaidMs = await agentChirps(agent.page, chirps);
    await pause((chirps + 2) * CHIRP_PERIOD_MS);
    const heardMs = await heardInPage(agent.page);
    return {
      callerToAgentMs: delaysOf(saidMs.filter((atMs) => atMs > fromMs).slice(0, chirps), heardMs),
      agentToCallerMs: delaysOf(agentSaidMs, ear.onsetsMs),
    };
  } finally {
    await call.hangup();
  }
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: { chirps: { type: 'string', default: '80' }, json: { type: 'boolean', default: false } },
  });
  const chirps = Number(values.chirps);
  const where = whereItRuns();
  const lifetimeMs = 180_000 + chirps * CHIRP_PERIOD_MS;
  say('starting the product …');
  const product = await Product.start({ lifetimeMs });
  try {
    const agent = await MeasuredAgent.open(product, {
      ...{ userName: 'agent1', toneHz: 1_900, lifetimeMs, script: CHIRPING_PAGE },
    });
    try {
      const { callerToAgentMs, agentToCallerMs } = await measure(product, agent, chirps);
      const heard = { caller_to_agent: callerToAgentMs.length, agent_to_caller: agentToCallerMs.length };
      say(`heard of ${chirps} chirps each way: ${JSON.stringify(heard)}`);
      if (Math.min(...Object.values(heard)) < chirps * MIN_HEARD) throw new Error('too many chirps were not heard');
      const figures = {
        caller_to_agent_ms: percentilesOf(callerToAgentMs),
        agent_to_caller_ms: percentilesOf(agentToCallerMs),
      };
      printResult(
        { bench: 'mouth-to-ear', ...figures, chirps, heard, ...where, chromium: agent.browserVersion },
        values.json,
      );
      return 0;
    } finally {
      await agent.close();
    }
  } finally {
    await product.stop();
  }
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(messageOf(error));
    process.exit(1);
  },
);
