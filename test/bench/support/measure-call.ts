/** One call from INVITE to the end of wrap-up, and how long each of its steps took. */
import { callWithTone, untilAnswered } from '../../support/caller';
import type { Product } from '../../support/product';
import { pause } from '../../support/wait';
import type { TestCall } from '../../../infra/caller/test-call';
import type { MeasuredAgent } from './measured-agent';
import { ToneWatch } from './tone-watch';

export const CALLER_HZ = 440;
/** Neither music nor speech has most of its power here. */
export const AGENT_HZ = 1900;
const NUMBER = '4000';
/** The caller listens to the greeting so long before a key is pressed. */
const LISTEN_MS = 500;
/** The agent's reaction: between the ringing and the click. */
export const REACTION_MS = 1000;
/** Both talk so long after they hear each other. */
export const TALK_MS = 1000;
const STEP_TIMEOUT_MS = 10_000;

export interface CallTimes {
  readonly inviteTo200Ms: number;
  readonly digitToRingMs: number;
  /** The later of the two directions. */
  readonly answerToAudioMs: number;
  readonly answerToAgentHearsMs: number;
  readonly answerToCallerHearsMs: number;
}

interface Placed {
  readonly call: TestCall;
  readonly agentTone: ToneWatch;
  readonly pressedAtMs: number;
}

/**
 * The call is answered by whichever agent it rings at.
 * @throws Error when a step fails or takes more than 10 s; the call has been hung up then.
 */
export async function measureCall(
  product: Product,
  agents: readonly MeasuredAgent[],
  digit: string,
): Promise<CallTimes> {
  await Promise.all(agents.map((agent) => agent.reset()));
  const agentTone = new ToneWatch(AGENT_HZ, () => Date.now());
  const call = await callWithTone({
    number: NUMBER,
    port: product.ports.sip,
    toneHz: CALLER_HZ,
    onAudio: (samples) => agentTone.take(samples),
  });
  try {
    await within('the call to be answered', untilAnswered(call));
    await pause(LISTEN_MS);
    const pressedAtMs = Date.now();
    void call.press(digit);
    const agent = await within('an agent to be rung', Promise.race(agents.map((each) => each.rings())));
    await pause(REACTION_MS);
    const heard = Promise.all([agent.hearsCaller(), agentTone.next()]);
    // Awaited after the click; when that fails, its error is the one that counts.
    heard.catch(() => undefined);
    await agent.answer();
    await within('both parties to hear each other', heard);
    const times = await timesOf(agent, { call, agentTone, pressedAtMs });
    await pause(TALK_MS);
    await call.hangup();
    await agent.finishWrapUp();
    return times;
  } finally {
    await call.hangup();
  }
}

async function timesOf(agent: MeasuredAgent, { call, agentTone, pressedAtMs }: Placed): Promise<CallTimes> {
  const marks = await agent.marks();
  const { rangAtMs = NaN, clickedAtMs = NaN, soundAtMs = NaN, unmutedAtMs = NaN } = marks;
  const callerHearsAtMs = agentTone.arrivalsMs[0] ?? NaN;
  if (marks.soundBeforeClickAtMs !== undefined) throw new Error('the agent heard something before the answer');
  if (callerHearsAtMs < clickedAtMs) throw new Error("the caller heard the agent's tone before the answer");
  const answerToAgentHearsMs = Math.max(soundAtMs, unmutedAtMs) - clickedAtMs;
  const answerToCallerHearsMs = callerHearsAtMs - clickedAtMs;
  return {
    inviteTo200Ms: call.events.find((event) => event.type === 'answered')?.atMs ?? NaN,
    digitToRingMs: rangAtMs - pressedAtMs,
    answerToAudioMs: Math.max(answerToAgentHearsMs, answerToCallerHearsMs),
    answerToAgentHearsMs,
    answerToCallerHearsMs,
  };
}

async function within<Value>(what: string, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${STEP_TIMEOUT_MS} ms in vain for ${what}`)), STEP_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
