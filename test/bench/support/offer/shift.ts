/** A shift: agents become free at random moments, take the call that rings, and are busy with it for a while. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { messageOf } from '../../../../base/errors';
import { SeededRandom } from '../../../../base/random';
import { pause } from '../../../support/wait';
import type { OfferedAgent, RingTimes } from './agent';

const SEED = 4711;
/** Between two agents who become free, on average. */
const MEAN_GAP_MS = 400;
/** As a person needs to see that it rings. */
const REACTION_MS = 500;
const TALK_MS = { least: 2_000, more: 4_000 };

export interface Shift {
  readonly times: readonly RingTimes[];
  readonly failed: number;
  /** 99 of 100 turns of this process's own event loop were no later: what is measured may be late by so much. */
  readonly probeLagP99Ms: number;
}

export interface ShiftOptions {
  readonly agents: readonly OfferedAgent[];
  readonly samples: number;
  readonly say: (line: string) => void;
}

/** Never rejects for what goes wrong with one agent, who takes no further part: it counts as failed. */
export async function work({ agents, samples, say }: ShiftOptions): Promise<Shift> {
  const random = new SeededRandom(SEED);
  const idle = [...agents];
  const times: RingTimes[] = [];
  const turns: Promise<void>[] = [];
  let failed = 0;
  const turn = async (agent: OfferedAgent, talkMs: number): Promise<void> => {
    try {
      times.push(await agent.becomeFree());
      if (times.length % 50 === 0) say(`${times.length} of ${samples} have been rung, ${failed} failed`);
      await pause(REACTION_MS);
      await agent.answer();
      await pause(talkMs);
      await agent.hangUp();
      idle.push(agent);
    } catch (error) {
      failed += 1;
      say(messageOf(error));
    }
  };
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  for (let begun = 0; begun < samples; begun += 1) {
    await pause(random.exponential(MEAN_GAP_MS));
    const [agent] = idle.splice(random.int(idle.length), 1);
    if (agent) turns.push(turn(agent, TALK_MS.least + random.int(TALK_MS.more)));
    else failed += 1;
  }
  await Promise.all(turns);
  lag.disable();
  return { times, failed, probeLagP99Ms: lag.percentile(99) / 1e6 };
}
