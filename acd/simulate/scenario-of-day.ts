/** The rules and the staff of a recorded day as a scenario: to be edited, and to be met by the day's contacts again. */
import type { AgentId, OfferId, QueueId } from '../../base/ids';
import { agentConfigOf } from '../core/config';
import type { AcdEvent } from '../core/model';
import { restoreState, snapshotOf } from '../core/snapshot';
import { emptyState, step } from '../core/step';
import type { RecordedDay } from './recorded-day';
import type { Scenario, Span } from './scenario';

const INTERVAL_MS = 1_800_000;
/** Where nobody has answered anything. */
const ANSWER_MS = 3000;

/** Collects when each of many was on. */
class Spans<Id> {
  private readonly since = new Map<Id, number>();
  private readonly ended = new Map<Id, Span[]>();

  set(id: Id, on: boolean, atMs: number): void {
    const fromMs = this.since.get(id);
    if (on === (fromMs !== undefined)) return;
    if (on) {
      this.since.set(id, atMs);
      return;
    }
    this.since.delete(id);
    if (fromMs === undefined || atMs <= fromMs) return;
    this.ended.set(id, [...(this.ended.get(id) ?? []), { fromMs, untilMs: atMs }]);
  }

  /** Until the end of the day. */
  of(id: Id, endMs: number): Span[] {
    const fromMs = this.since.get(id);
    const last = fromMs !== undefined && fromMs < endMs ? [{ fromMs, untilMs: endMs }] : [];
    return [...(this.ended.get(id) ?? []), ...last];
  }
}

/** Settings are those at the end of the day; an agent's shifts are the times in which the agent was ready for contacts. */
export const scenarioOfDay = ({ snapshot, entries, fromMs }: RecordedDay): Scenario => {
  let state = snapshot ? restoreState(snapshot.state) : emptyState();
  const ready = new Spans<AgentId>();
  const open = new Spans<QueueId>();
  const offeredAtMs = new Map<OfferId, number>();
  const answersMs: number[] = [];
  const note = (atMs: number): void => {
    for (const { agentId, intent } of state.agents.values()) ready.set(agentId, intent.kind === 'ready', atMs);
    for (const queue of state.queues.values()) open.set(queue.queueId, queue.open, atMs);
  };
  note(0);
  for (const { event, atMs } of entries) {
    const offeredMs = event.type === 'offer-accepted' ? offeredAtMs.get(event.offerId) : undefined;
    if (offeredMs !== undefined) answersMs.push(atMs - offeredMs);
    const [next, effects] = step(state, event, atMs);
    state = next;
    for (const effect of effects) if (effect.type === 'offer') offeredAtMs.set(effect.offerId, atMs);
    if (CHANGES_STAFF.has(event.type)) note(Math.max(0, atMs - fromMs));
  }
  const endMs = Math.max(1, (entries.at(-1)?.atMs ?? fromMs) - fromMs);
  const { queues, agents } = snapshotOf(state);
  return {
    seed: 1,
    durationMs: endMs,
    intervalMs: INTERVAL_MS,
    answerMs: answersMs.length > 0 ? Math.round(answersMs.reduce((a, b) => a + b, 0) / answersMs.length) : ANSWER_MS,
    queues: queues.map(({ config }) => {
      const hours = open.of(config.queueId, endMs);
      return isWholeDay(hours, endMs) ? config : { ...config, hours };
    }),
    agents: agents.map((agent) => ({ ...agentConfigOf(agent), shifts: ready.of(agent.agentId, endMs) })),
    loads: [],
  };
};

const CHANGES_STAFF: ReadonlySet<AcdEvent['type']> = new Set([
  'agent-signed-in',
  'agent-signed-out',
  'agent-ready',
  'agent-not-ready',
  'agent-locked',
  'agent-unlocked',
  'agent-lost',
  'offer-failed',
  'time-passed',
  'queue-configured',
  'queue-opened',
  'queue-closed',
]);

const isWholeDay = (spans: readonly Span[], endMs: number): boolean =>
  spans.length === 1 && spans[0]?.fromMs === 0 && spans[0].untilMs === endMs;
