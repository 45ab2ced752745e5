/** What administrators set up: numbers, flows, phones and extensions; and the phones' registrations. */
import type { Collection, Db } from 'mongodb';
import type { FlowId } from '../base/ids';
import { ours } from './faults';
import type { Queue } from './queues';

/** A number that callers dial, and the flow that answers it. */
export interface DialledNumber {
  /** The number as it stands in the called party of an INVITE. */
  _id: string;
  flowId: FlowId;
  /** How many digits may, or must, follow the number (direct dial-in); none when absent. */
  suffix?: { min: number; max: number } | undefined;
  /** Where callers are sent before the call is answered (SIP 302), best first. */
  redirect?: { uri: string; q?: number | undefined }[] | undefined;
  /** The look-up that is asked before the flow begins. */
  lookUp?: string | undefined;
}

/** A trunk that administrators keep; what its settings mean is the business of the rooms above. */
export interface StoredTrunk {
  _id: string;
  settings: unknown;
}

/** An outbound route that administrators keep. */
export interface StoredRoute {
  _id: string;
  settings: unknown;
}

export interface Flow {
  _id: FlowId;
  /** Grows by one with every save. */
  version: number;
  /** The flow document, which the room `flows` checks. */
  document: unknown;
}

/** A small collection that is read as a whole and written document by document. */
export interface SettingsStore<Document extends { _id: string }> {
  /** Adds, or replaces the one with the same id. */
  save(document: Document): Promise<void>;
  get(id: Document['_id']): Promise<Document | undefined>;
  /** By id. */
  list(): Promise<Document[]>;
  /** @returns false when there was none. */
  remove(id: Document['_id']): Promise<boolean>;
}

export type QueueStore = SettingsStore<Queue>;
export type NumberStore = SettingsStore<DialledNumber>;

export interface FlowStore {
  /** Saves a document as the flow's next version, which is returned; the first is 1. */
  save(flowId: FlowId, document: unknown): Promise<number>;
  get(flowId: FlowId): Promise<Flow | undefined>;
  list(): Promise<Flow[]>;
}

/** The driver's types do not follow a generic `_id`; strings they all are. */
interface Stored {
  _id: string;
}

export type SettingsCollection =
  | 'trunks'
  | 'outboundRoutes'
  | 'queues'
  | 'calendars'
  | 'schedules'
  | 'skills'
  | 'teams'
  | 'stations'
  | 'tenants'
  | 'numbers'
  | 'callRules'
  | 'sites'
  | 'lookUps'
  | 'temporaryNumbers'
  | 'apiKeys'
  | 'releaseModes'
  | 'answerModes'
  | 'queueAlarms'
  | 'webhooks'
  | 'musicStreams'
  | 'recordingPolicies'
  | 'callLimits'
  | 'conferenceRooms'
  | 'callUsage'
  | 'phones'
  | 'extensions'
  | 'registrations'
  | 'messages'
  | 'sounds';

export class MongoSettingsStore<Document extends { _id: string }> implements SettingsStore<Document> {
  private readonly collection: Collection<Stored>;

  constructor(db: Db, name: SettingsCollection) {
    this.collection = db.collection<Stored>(name);
  }

  async save(document: Document): Promise<void> {
    const { _id, ...fields } = document;
    await ours(this.collection.replaceOne({ _id }, fields, { upsert: true }));
  }

  async get(id: Document['_id']): Promise<Document | undefined> {
    const found = await ours(this.collection.findOne({ _id: id }));
    return (found as Document | null) ?? undefined;
  }

  async list(): Promise<Document[]> {
    return (await ours(this.collection.find().sort({ _id: 1 }).toArray())) as unknown as Document[];
  }

  async remove(id: Document['_id']): Promise<boolean> {
    const { deletedCount } = await ours(this.collection.deleteOne({ _id: id }));
    return deletedCount === 1;
  }
}

export class MongoFlowStore implements FlowStore {
  private readonly collection: Collection<Flow>;

  constructor(db: Db) {
    this.collection = db.collection<Flow>('flows');
  }

  async save(flowId: FlowId, document: unknown): Promise<number> {
    const saved = await ours(
      this.collection.findOneAndUpdate(
        { _id: flowId },
        { $set: { document }, $inc: { version: 1 } },
        { upsert: true, returnDocument: 'after' },
      ),
    );
    return saved?.version ?? 1;
  }

  async get(flowId: FlowId): Promise<Flow | undefined> {
    return (await ours(this.collection.findOne({ _id: flowId }))) ?? undefined;
  }

  list(): Promise<Flow[]> {
    return ours(this.collection.find().sort({ _id: 1 }).toArray());
  }
}
