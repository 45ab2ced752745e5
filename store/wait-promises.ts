/** What callers were told about their waits, and how long they waited then, out of the history. */
import type { Collection, Db } from 'mongodb';
import type { WaitPromise } from '../acd/calibration';
import { eachOf } from './faults';
import type { Interaction } from './interaction';

export interface PromiseQuery {
  /** When the interaction began: inclusive, exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly queueId?: string | undefined;
}

type Told = Pick<Interaction, 'segments' | 'queueNotes' | 'endedAtMs'>;

/** Of calls that are over; of others nobody knows yet. */
export const promisesIn = ({ segments, queueNotes = [], endedAtMs }: Told): WaitPromise[] =>
  endedAtMs === undefined
    ? []
    : queueNotes.flatMap((note) => {
        if (note.kind !== 'told' || !note.wait) return [];
        const { queueId, atMs, wait } = note;
        const talk = segments.find(
          ({ kind, startedAtMs, agentId }) => kind === 'talk' && agentId !== undefined && startedAtMs >= atMs,
        );
        return [{ queueId, atMs, ...wait, waitedMs: talk && talk.startedAtMs - atMs }];
      });

export class WaitPromises {
  private readonly collection: Collection<Interaction>;

  constructor(db: Db) {
    this.collection = db.collection<Interaction>('interactions');
  }

  /** One after the other, so that a month takes no more memory than a batch. */
  async *list({ fromMs, toMs, queueId }: PromiseQuery): AsyncGenerator<WaitPromise> {
    const cursor = this.collection.find(
      { startedAtMs: { $gte: fromMs, $lt: toMs }, 'queueNotes.kind': 'told' },
      { projection: { segments: 1, queueNotes: 1, endedAtMs: 1 }, sort: { startedAtMs: 1 }, batchSize: 500 },
    );
    for await (const found of eachOf(cursor)) {
      for (const promise of promisesIn(found)) if (queueId === undefined || promise.queueId === queueId) yield promise;
    }
  }
}
