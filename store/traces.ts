/** SIP messages of calls that failed, kept for a month. */
import { Binary } from 'mongodb';
import type { Collection, Db } from 'mongodb';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ours } from './faults';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** After this MongoDB removes a trace by itself. */
export const TRACE_KEPT_S = 30 * 24 * 60 * 60;

export interface TraceStore {
  /** Keeps messages, anything that is JSON, with their interaction. */
  save(trace: { readonly interactionId: string; readonly atMs: number; readonly messages: unknown }): Promise<void>;
  /** The messages of an interaction; undefined when none are kept. */
  get(interactionId: string): Promise<unknown>;
}

interface Stored {
  _id: string;
  /** A date, as expiry needs one. */
  savedAt: Date;
  messages: Binary;
}

export class MongoTraceStore implements TraceStore {
  private readonly collection: Collection<Stored>;

  constructor(db: Db) {
    this.collection = db.collection('traces');
  }

  async save({ interactionId, atMs, messages }: Parameters<TraceStore['save']>[0]): Promise<void> {
    const stored = { savedAt: new Date(atMs), messages: new Binary(await compress(JSON.stringify(messages))) };
    await ours(this.collection.replaceOne({ _id: interactionId }, stored, { upsert: true }));
  }

  async get(interactionId: string): Promise<unknown> {
    const found = await ours(this.collection.findOne({ _id: interactionId }));
    return found ? (JSON.parse((await expand(found.messages.buffer)).toString('utf8')) as unknown) : undefined;
  }
}
