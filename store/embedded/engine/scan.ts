/** Walks the documents that a query selects, in the order it asks for. */
import type { Document } from 'bson';
import type { Filter } from '../query/filter';
import { compareSortKeys, sortKeys, type SortField } from '../query/sort';
import type { CollectionInfo } from './catalog';
import { documentRange, recordIdOf } from './keyspace';
import { planQuery, type IndexStretch, type Plan } from './planner';
import type { Records } from './records';
import type { Storage } from './storage';

export interface Found {
  recordId: number;
  bytes: Buffer;
  /** In the form that the filter decodes. */
  document: Document;
}

export interface ScanRequest {
  filter: Filter;
  sort?: readonly SortField[];
  skip?: number;
  /** Zero or undefined: all. */
  limit?: number;
  /** Called once per document looked at; throws when the time is up. */
  checkTime?: () => void;
}

export class Scanner {
  private readonly storage: Storage;
  private readonly records: Records;

  constructor({ storage, records }: { storage: Storage; records: Records }) {
    this.storage = storage;
    this.records = records;
  }

  /** Documents one by one; may be left and taken up again later, and then sees the state of that time. */
  *scan(info: CollectionInfo, request: ScanRequest): Generator<Found> {
    const sort = request.sort ?? [];
    const plan = planQuery(info, { condition: request.filter.condition, sort });
    const found = this.select(info, plan, request);
    const ordered = plan.sorted ? found : this.sorted(info, found, { ...request, sort });
    yield* cut(ordered, request.skip ?? 0, request.limit ?? 0);
  }

  private *select(info: CollectionInfo, plan: Plan, { filter, checkTime }: ScanRequest): Generator<Found> {
    for (const recordId of this.recordIds(info, plan)) {
      checkTime?.();
      const found = this.fetch(info, recordId, filter);
      if (found) yield found;
    }
  }

  private *sorted(
    info: CollectionInfo,
    found: Iterable<Found>,
    { filter, sort }: { filter: Filter; sort: readonly SortField[] },
  ): Generator<Found> {
    const rows = Array.from(found, ({ recordId, document }) => ({ recordId, keys: sortKeys(document, sort) }));
    rows.sort((left, right) => compareSortKeys(left.keys, right.keys, sort));
    for (const { recordId } of rows) {
      const current = this.fetch(info, recordId, filter);
      if (current) yield current;
    }
  }

  private fetch(info: CollectionInfo, recordId: number, filter: Filter): Found | undefined {
    const bytes = this.records.read(info, recordId);
    if (!bytes) return undefined;
    const document = filter.decode(bytes);
    return filter.test(document) ? { recordId, bytes, document } : undefined;
  }

  private *recordIds(info: CollectionInfo, plan: Plan): Generator<number> {
    if (plan.kind === 'all') {
      for (const key of this.storage.keys(documentRange(info.id), plan.reverse)) yield recordIdOf(key);
      return;
    }
    if (plan.kind === 'union') {
      yield* once(plan.parts.map((part) => this.indexed(part, false)));
      return;
    }
    const found = this.indexed(plan, plan.reverse);
    yield* plan.index.multikey ? once([found]) : found;
  }

  private *indexed({ ranges }: IndexStretch, reverse: boolean): Generator<number> {
    for (const range of reverse ? [...ranges].reverse() : ranges)
      for (const key of this.storage.keys(range, reverse)) yield recordIdOf(key);
  }
}

/** All of these, each once. */
function* once(lists: readonly Iterable<number>[]): Generator<number> {
  const seen = new Set<number>();
  for (const list of lists) {
    for (const recordId of list) {
      if (seen.has(recordId)) continue;
      seen.add(recordId);
      yield recordId;
    }
  }
}

function* cut(found: Iterable<Found>, skip: number, limit: number): Generator<Found> {
  let at = 0;
  for (const item of found) {
    at += 1;
    if (at <= skip) continue;
    yield item;
    if (limit > 0 && at === skip + limit) return;
  }
}
