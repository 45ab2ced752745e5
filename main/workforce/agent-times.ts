/** Keeps how long agents were in which state, over crashes too. */
import type { Clock, Timer } from '../../base/clock';
import { LastingRecords } from '../../base/lasting';
import type { Logger } from '../../base/log';
import { AgentTally } from '../../acd/tally/agent-tally';
import type { AgentTime } from '../../acd/tally/agent-tally';
import type { AcdFollower } from '../../calls/center';
import { AGENT_TIMES_KEPT_MS, agentTimeId } from '../../store/agent-times';
import type { AgentTimeStore } from '../../store/agent-times';
import type { StateStore } from '../../store/state';

/** Times that have ended while the store is away. */
const MAX_BEHIND = 50_000;
/** So often is written down that the center is alive: how much of a stretch a long absence may cost. */
const ALIVE_EVERY_MS = 60_000;
const ALIVE = 'agents-followed-until';

export interface AgentTimesDeps {
  readonly store: { readonly agentTimes: AgentTimeStore; readonly state: StateStore };
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AgentTimes {
  readonly follower: AcdFollower;
  /** Resolves with what is not over, up to now; what is over is written down by then, if the store takes it. */
  running(): Promise<AgentTime[]>;
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const openAgentTimes = async ({ store, clock, log }: AgentTimesDeps): Promise<AgentTimes> => {
  const aliveMs = await store.state.get<number>(ALIVE);
  const records = await LastingRecords.load<AgentTime>({
    ...{ clock, log, name: 'agent times', maxRecords: MAX_BEHIND },
    store: {
      save: ({ value }) => store.agentTimes.save(value),
      remove: () => Promise.resolve(),
      list: () => Promise.resolve([]),
    },
  });
  const keep = (time: AgentTime): void =>
    records.save({ id: agentTimeId(time), value: time, expiresAtMs: time.toMs + AGENT_TIMES_KEPT_MS });
  const live = (): Promise<void> =>
    store.state
      .set(ALIVE, clock.nowMs())
      .catch((error: unknown) => log.warn({ err: error }, 'it was not written down that agents are followed'));
  let tally: AgentTally | undefined;
  let timer: Timer | undefined;
  return {
    follower: {
      begin: (state) => {
        tally = new AgentTally(state, { onEnded: keep, nowMs: clock.nowMs(), aliveMs });
        void live();
        timer = clock.every(ALIVE_EVERY_MS, () => void live());
      },
      observe: (observed) => tally?.observe(observed),
    },
    running: async () => {
      await records.settled();
      return tally?.runningTimes(clock.nowMs()) ?? [];
    },
    close: async () => {
      timer?.cancel();
      timer = undefined;
      await live();
      await records.close();
    },
  };
};
