/** The history of interactions. */
import type { Collection, Db, Filter } from 'mongodb';
import type { AgentId, InteractionId, QueueId } from '../base/ids';
import { asId } from '../base/ids';
import { fail, ok, type Result } from '../base/result';
import { ours } from './faults';
import type { Interaction, Outcome } from './interaction';
import { numberParts } from './number-parts';
import { decodeCursor, encodeCursor, escapeRegExp } from './page-cursor';
import type { Position } from './page-cursor';
import { replaceOlder } from './write-order';
import type { Marked, WriteOrder } from './write-order';

export interface InteractionFilter {
  /** Start, inclusive. */
  readonly fromMs?: number | undefined;
  /** Start, exclusive. */
  readonly toMs?: number | undefined;
  /** The agent who has, had or dialled the call. */
  readonly agentId?: string | undefined;
  readonly queueId?: string | undefined;
  /** Part of the caller's or the called number. */
  readonly number?: string | undefined;
  readonly result?: Outcome['result'] | undefined;
  /** Most items of one page. */
  readonly limit: number;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

export interface InteractionPage {
  readonly items: Interaction[];
  /** Absent on the last page. */
  readonly nextCursor?: string | undefined;
}

export interface InteractionStore {
  /** Writes the whole document in the place of the one with its id; resolves once it is on the disk. */
  save(interaction: Interaction): Promise<void>;
  get(interactionId: string): Promise<Interaction | undefined>;
  /** Newest first. Fails with `bad_input` when the cursor is none of ours. */
  list(filter: InteractionFilter): Promise<Result<InteractionPage>>;
  /** Interactions of which something has not ended: calls that run, wrap-ups, or what a crash left behind. */
  listOpen(): Promise<Interaction[]>;
}

/** What is stored beside an interaction for indexes to find it by. */
interface Stored extends Interaction, Marked {
  /** While something of it has not ended: the few that are. */
  open?: true;
  /** Who has, had or dialled the call. */
  agentIds: AgentId[];
  /** Every end of both numbers: a part of a number is the beginning of one of them. */
  numberParts: string[];
}

const isOpen = ({ endedAtMs, segments }: Interaction): boolean =>
  endedAtMs === undefined || segments.some((segment) => segment.endedAtMs === undefined);

const withoutMarks = (stored: Stored): Interaction => {
  const { open: _open, agentIds: _agentIds, numberParts: _numberParts, write: _write, ...interaction } = stored;
  return interaction;
};

/** Who has transferred a call has been one of its parties; who let it ring alone has not. */
export const agentIdsOf = ({ agentId, parties }: Pick<Interaction, 'agentId' | 'parties'>): AgentId[] => {
  const joined = parties.flatMap(({ role, id }) => (role === 'agent' ? [asId<AgentId>(id)] : []));
  return [...new Set(agentId === undefined ? joined : [agentId, ...joined])];
};

export const numberPartsOf = ({ caller, called }: Pick<Interaction, 'caller' | 'called'>): string[] =>
  numberParts([caller.number, called.number]);

const conditionOf = (filter: InteractionFilter, after: Position | undefined): Filter<Stored> => {
  const { fromMs, toMs, agentId, queueId, number, result } = filter;
  const conditions: Filter<Stored>[] = [];
  if (fromMs !== undefined) conditions.push({ startedAtMs: { $gte: fromMs } });
  if (toMs !== undefined) conditions.push({ startedAtMs: { $lt: toMs } });
  if (agentId !== undefined) conditions.push({ agentIds: asId<AgentId>(agentId) });
  if (queueId !== undefined) conditions.push({ queueId: asId<QueueId>(queueId) });
  if (result !== undefined) conditions.push({ 'outcome.result': result });
  if (number !== undefined) conditions.push({ numberParts: { $regex: `^${escapeRegExp(number)}` } });
  if (after) {
    // The bound beside the alternatives lets an index begin where the last page ended.
    conditions.push({ startedAtMs: { $lte: after.startedAtMs } });
    conditions.push({
      $or: [{ startedAtMs: { $lt: after.startedAtMs } }, { _id: { $lt: asId<InteractionId>(after.id) } }],
    });
  }
  return conditions.length > 0 ? { $and: conditions } : {};
};

export class MongoInteractionStore implements InteractionStore {
  private readonly collection: Collection<Stored>;

  constructor(
    db: Db,
    private readonly order: WriteOrder,
  ) {
    this.collection = db.collection<Stored>('interactions');
  }

  async save(interaction: Interaction): Promise<void> {
    const { _id, ...document } = interaction;
    const stored = {
      ...document,
      agentIds: agentIdsOf(interaction),
      numberParts: numberPartsOf(interaction),
      ...(isOpen(interaction) && { open: true as const }),
      write: this.order.next(),
    };
    await replaceOlder<Stored>(this.collection, _id, stored);
  }

  async get(interactionId: string): Promise<Interaction | undefined> {
    const found = await ours(this.collection.findOne({ _id: asId<InteractionId>(interactionId) }));
    return found ? withoutMarks(found) : undefined;
  }

  async listOpen(): Promise<Interaction[]> {
    return (await ours(this.collection.find({ open: true }).toArray())).map(withoutMarks);
  }

  async list(filter: InteractionFilter): Promise<Result<InteractionPage>> {
    const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor);
    if (filter.cursor !== undefined && !after) return fail('bad_input', 'cursor: this is not a cursor of this list');
    const items = await ours(
      this.collection
        .find(conditionOf(filter, after))
        .sort({ startedAtMs: -1, _id: -1 })
        .limit(filter.limit + 1)
        .toArray(),
    );
    const page = items.slice(0, filter.limit).map(withoutMarks);
    const last = page[page.length - 1];
    return ok({
      items: page,
      nextCursor:
        items.length > page.length && last ? encodeCursor({ startedAtMs: last.startedAtMs, id: last._id }) : undefined,
    });
  }
}
