/** Each wait in a queue, when it is over: what reports are made of. */
import type { Collection, Db } from 'mongodb';
import type { AgentId, ContactId, QueueId } from '../base/ids';
import { eachOf, ours } from './faults';

/** How long they are kept: this year and the one before. */
export const WAITS_KEPT_MS = 800 * 86_400_000;

export interface KeptWait {
  contactId: ContactId;
  /** In which the wait ended. */
  queueId: QueueId;
  arrivedAtMs: number;
  endedAtMs: number;
  result: 'answered' | 'abandoned' | 'diverted';
  /** The queue's target at that time. */
  targetMs: number;
  agentId?: AgentId;
  /** Conversation plus wrap-up, once the agent is done. */
  handleMs?: number;
}

export interface WaitStore {
  /** Adds, or replaces the same wait of the same contact. */
  save(wait: KeptWait): Promise<void>;
  /** Of contacts that arrived from then (inclusive) until then (exclusive), of one agent or of all, in no order. */
  arrived(fromMs: number, toMs: number, agentId?: AgentId): AsyncIterable<KeptWait>;
}

interface Stored extends KeptWait {
  _id: string;
  /** A date, as expiry needs one. */
  expiresAt: Date;
}

export class MongoWaitStore implements WaitStore {
  private readonly collection: Collection<Stored>;

  constructor(db: Db) {
    this.collection = db.collection<Stored>('waits');
  }

  async save(wait: KeptWait): Promise<void> {
    const _id = `${wait.contactId}/${wait.endedAtMs}`;
    const expiresAt = new Date(wait.endedAtMs + WAITS_KEPT_MS);
    await ours(this.collection.replaceOne({ _id }, { ...wait, expiresAt }, { upsert: true }));
  }

  async *arrived(fromMs: number, toMs: number, agentId?: AgentId): AsyncIterable<KeptWait> {
    const found = this.collection.find({
      arrivedAtMs: { $gte: fromMs, $lt: toMs },
      ...(agentId !== undefined && { agentId }),
    });
    for await (const { _id, expiresAt: _expiresAt, ...wait } of eachOf(found)) yield wait;
  }
}
