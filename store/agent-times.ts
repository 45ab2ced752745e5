/** How long agents were in which state: what reports of agents are made of. */
import type { Collection, Db } from 'mongodb';
import { LONGEST_TIME_MS } from '../acd/tally/agent-tally';
import type { AgentTime } from '../acd/tally/agent-tally';
import type { AgentId } from '../base/ids';
import { eachOf, ours } from './faults';

/** How long they are kept: this year and the one before. */
export const AGENT_TIMES_KEPT_MS = 800 * 86_400_000;

export interface AgentTimeStore {
  /** Adds, or replaces the one of the same agent that began at the same time. */
  save(time: AgentTime): Promise<void>;
  /** Those that lie between two moments, wholly or in part, in no order. */
  between(fromMs: number, toMs: number, agentId?: AgentId): AsyncIterable<AgentTime>;
  /** The one that began last. */
  latestOf(agentId: AgentId): Promise<AgentTime | undefined>;
}

type Stored = AgentTime & {
  _id: string;
  /** A date, as expiry needs one. */
  expiresAt: Date;
};

export const agentTimeId = ({ agentId, fromMs }: Pick<AgentTime, 'agentId' | 'fromMs'>): string =>
  `${agentId}/${fromMs}`;

const timeOf = ({ _id, expiresAt: _expiresAt, ...time }: Stored): AgentTime => time;

export class MongoAgentTimeStore implements AgentTimeStore {
  private readonly collection: Collection<Stored>;

  constructor(db: Db) {
    this.collection = db.collection<Stored>('agentTimes');
  }

  async save(time: AgentTime): Promise<void> {
    const _id = agentTimeId(time);
    const expiresAt = new Date(time.toMs + AGENT_TIMES_KEPT_MS);
    await ours(this.collection.replaceOne({ _id }, { ...time, expiresAt }, { upsert: true }));
  }

  async *between(fromMs: number, toMs: number, agentId?: AgentId): AsyncIterable<AgentTime> {
    const found = this.collection.find({
      fromMs: { $gte: fromMs - LONGEST_TIME_MS, $lt: toMs },
      toMs: { $gte: fromMs },
      ...(agentId !== undefined && { agentId }),
    });
    for await (const stored of eachOf(found)) yield timeOf(stored);
  }

  async latestOf(agentId: AgentId): Promise<AgentTime | undefined> {
    const found = await ours(this.collection.findOne({ agentId }, { sort: { fromMs: -1 } }));
    return found ? timeOf(found) : undefined;
  }
}
