/** Keeps how long agents were in which state, over crashes too. */
import type { Clock } from '../../base/clock';
import type { AgentId } from '../../base/ids';
import { LastingRecords } from '../../base/lasting';
import type { Logger } from '../../base/log';
import type { Agent } from '../../acd/core/model';
import { AgentTally } from '../../acd/tally/agent-tally';
import type { AgentTime } from '../../acd/tally/agent-tally';
import type { AcdFollower } from '../../calls/center';
import { AGENT_TIMES_KEPT_MS, agentTimeId } from '../../store/agent-times';
import type { AgentTimeStore } from '../../store/agent-times';

/** Times that have ended while the store is away. */
const MAX_BEHIND = 50_000;

/** What is known of the app's life before this one. */
export interface LifeBefore {
  /** Its last sign of life; undefined when there was none. */
  readonly lastAliveMs: number | undefined;
  /** As the ACD goes on with them. */
  readonly agents: Iterable<Pick<Agent, 'agentId' | 'status'>>;
}

export interface AgentTimesDeps {
  readonly store: { readonly agentTimes: AgentTimeStore };
  readonly before: LifeBefore;
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
export const openAgentTimes = async ({ store, before, clock, log }: AgentTimesDeps): Promise<AgentTimes> => {
  const savedUntil = await savedUntilOf(store.agentTimes, before.agents);
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
  let tally: AgentTally | undefined;
  return {
    follower: {
      begin: (state) => {
        const { lastAliveMs: aliveMs } = before;
        tally = new AgentTally(state, { onEnded: keep, nowMs: clock.nowMs(), aliveMs, savedUntil });
      },
      observe: (observed) => tally?.observe(observed),
    },
    running: async () => {
      await records.settled();
      return tally?.runningTimes(clock.nowMs()) ?? [];
    },
    close: () => records.close(),
  };
};

/** Until when the latest time of each agent who is signed in lasted that is written down. */
const savedUntilOf = async (
  times: Pick<AgentTimeStore, 'latestOf'>,
  agents: LifeBefore['agents'],
): Promise<ReadonlyMap<AgentId, number>> => {
  const signedIn = [...agents].filter(({ status }) => status.kind !== 'signed-out');
  const latest = await Promise.all(signedIn.map(({ agentId }) => times.latestOf(agentId)));
  return new Map(latest.flatMap((time) => (time ? [[time.agentId, time.toMs]] : [])));
};
