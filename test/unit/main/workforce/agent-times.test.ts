/** What agents have done outlives the app: the times that are over, and the one that was running. */
import { AcdRunner } from '../../../../acd/runner';
import type { AgentTime } from '../../../../acd/tally/agent-tally';
import { SimulatedClock } from '../../../../base/clock';
import { asId } from '../../../../base/ids';
import type { AgentId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import { openAgentTimes } from '../../../../main/workforce/agent-times';
import type { AgentTimes } from '../../../../main/workforce/agent-times';
import { agentTimeId } from '../../../../store/agent-times';

const ANN = asId<AgentId>('ann');
const MINUTE_MS = 60_000;

const world = () => {
  const clock = new SimulatedClock(0);
  const kept = new Map<string, AgentTime>();
  const store = {
    agentTimes: {
      save: (time: AgentTime) => Promise.resolve(void kept.set(agentTimeId(time), time)),
      async *between() {
        await Promise.resolve();
        yield* kept.values();
      },
      latestOf: (agentId: AgentId) =>
        Promise.resolve([...kept.values()].filter((time) => time.agentId === agentId).at(-1)),
    },
  };
  const open = (killed?: AcdRunner, lastAliveMs?: number) => {
    const before = { lastAliveMs, agents: killed?.state.agents.values() ?? [] };
    return openAgentTimes({ store, before, clock, log: silentLogger() });
  };
  const run = (times: AgentTimes, before?: AcdRunner): AcdRunner => {
    const from = before && { state: before.state, n: 1 };
    const acd = new AcdRunner({
      ...{ clock, perform: () => undefined, observe: (seen) => times.follower.observe(seen) },
      ...(from && { from }),
    });
    times.follower.begin(acd.state);
    return acd;
  };
  const spans = () =>
    [...kept.values()].map(({ state, fromMs, toMs }) => [state, fromMs / MINUTE_MS, toMs / MINUTE_MS]);
  return { clock, open, run, spans };
};

const signIn = (acd: AcdRunner): void => {
  acd.dispatch({ type: 'agent-configured', agent: { agentId: ANN, skills: {} } });
  acd.dispatch({ type: 'agent-signed-in', agentId: ANN });
  acd.dispatch({ type: 'agent-ready', agentId: ANN });
};

it('keeps each time when it is over, and tells of the one that is not', async () => {
  const { clock, open, run, spans } = world();
  const times = await open();
  const acd = run(times);
  signIn(acd);
  clock.advance(10 * MINUTE_MS);
  acd.dispatch({ type: 'agent-not-ready', agentId: ANN, reason: 'break' });
  clock.advance(5 * MINUTE_MS);
  expect(await times.running()).toEqual([
    { agentId: ANN, state: 'not-ready', reason: 'break', fromMs: 10 * MINUTE_MS, toMs: 15 * MINUTE_MS },
  ]);
  expect(spans()).toEqual([['ready', 0, 10]]);
  await times.close();
});

it('goes on after a kill of the app with the time that was running, whole', async () => {
  const { clock, open, run, spans } = world();
  const killed = run(await open());
  signIn(killed);
  clock.advance(10 * MINUTE_MS);
  const acd = run(await open(killed, clock.nowMs()), killed);
  clock.advance(5 * MINUTE_MS);
  acd.dispatch({ type: 'agent-signed-out', agentId: ANN });
  await Promise.resolve();
  expect(spans()).toEqual([['ready', 0, 15]]);
});

it('counts a night in which nothing ran as nobody’s time', async () => {
  const { clock, open, run, spans } = world();
  const evening = await open();
  const before = run(evening);
  signIn(before);
  clock.advance(10 * MINUTE_MS);
  await evening.close();
  clock.advance(600 * MINUTE_MS);
  const acd = run(await open(before, 10 * MINUTE_MS), before);
  clock.advance(1 * MINUTE_MS);
  acd.dispatch({ type: 'agent-signed-out', agentId: ANN });
  await Promise.resolve();
  expect(spans()).toEqual([
    ['ready', 0, 10],
    ['ready', 610, 611],
  ]);
});

it('counts a night as nobody’s time also when the app is killed in the morning', async () => {
  const { clock, open, run, spans } = world();
  const before = run(await open());
  signIn(before);
  clock.advance(10 * MINUTE_MS);
  clock.advance(600 * MINUTE_MS);
  const morning = run(await open(before, 10 * MINUTE_MS), before);
  clock.advance(5 * MINUTE_MS);
  await Promise.resolve();
  const acd = run(await open(morning, clock.nowMs()), morning);
  clock.advance(1 * MINUTE_MS);
  acd.dispatch({ type: 'agent-signed-out', agentId: ANN });
  await Promise.resolve();
  expect(spans()).toEqual([
    ['ready', 0, 10],
    ['ready', 610, 616],
  ]);
});
