import type { Document } from 'bson';
import type { Engine } from '../engine/engine';
import type { Found } from '../engine/scan';
import { CommandError, notImplemented } from '../errors';
import { compileFilter, type Filter } from '../query/filter';
import type { SortField } from '../query/sort';
import { parseSort } from '../query/sort';
import { compileUpdate, seedOf, withId, type Update } from '../query/update';
import { decodeExact, encode, isDocument } from '../values/codec';
import { checkHint, writeError, type Command } from './command';
import { checkBatch } from './insert';

/** What an update does, whichever command asks for it. */
export interface UpdateRequest {
  database: string;
  name: string;
  /** The condition with its exact types, from which an upsert makes its document. */
  condition: Document;
  filter: Filter;
  update: Update;
  sort: readonly SortField[];
  multi: boolean;
  upsert: boolean;
}

export interface UpdateOutcome {
  matched: number;
  modified: number;
  /** The inserted document of an upsert. */
  upserted?: Document;
  /** The last document that was updated, before and after. */
  before?: Document;
  after?: Document;
}

/** Changes one found document; tells what it was and is. Inside a write job. */
const change = (engine: Engine, { database, name, update }: UpdateRequest, { recordId, bytes }: Found) => {
  const info = engine.catalog.ensure(database, name);
  const before = decodeExact(bytes);
  const after = update.apply(before, { inserting: false, nowMs: engine.clock.nowMs() });
  const modified = !encode(after).equals(bytes);
  if (modified) engine.records.replace(info, recordId, { previous: before, next: after });
  return { before, after, modified };
};

/** Runs inside a write job. @throws CommandError where the update cannot be applied or breaks a unique index. */
export const runUpdate = (engine: Engine, request: UpdateRequest): UpdateOutcome => {
  const { database, name, filter, sort, multi, upsert, update, condition } = request;
  const found = engine.selectForWrite(engine.catalog.findForWrite(database, name), {
    filter,
    sort,
    limit: multi ? 0 : 1,
  });
  if (found.length === 0 && upsert) {
    const document = withId(update.apply(seedOf(condition), { inserting: true, nowMs: engine.clock.nowMs() }));
    engine.insert({ database, name }, document, encode(document));
    return { matched: 0, modified: 0, upserted: document };
  }
  const outcome: UpdateOutcome = { matched: found.length, modified: 0 };
  for (const item of found) {
    const { before, after, modified } = change(engine, request, item);
    if (modified) outcome.modified += 1;
    Object.assign(outcome, { before, after });
  }
  return outcome;
};

const KNOWN = new Set(['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort', 'collation', 'c']);

interface Statement extends Omit<UpdateRequest, 'database' | 'name'> {
  hint: unknown;
}

const parseStatement = (statement: Document): Statement => {
  const unknown = Object.keys(statement).find((key) => !KNOWN.has(key));
  if (unknown) throw new CommandError('UnknownField', `BSON field 'update.updates.${unknown}' is an unknown field.`);
  for (const option of ['collation', 'c'])
    if (statement[option]) throw notImplemented(`the option '${option}' of update`);
  if (!isDocument(statement.q))
    throw new CommandError('UnknownField', "BSON field 'update.updates.q' is missing but a required field");
  const multi = Boolean(statement.multi);
  const filter = compileFilter(statement.q);
  const arrayFilters = (statement.arrayFilters as unknown[] | undefined) ?? [];
  const update = compileUpdate({ update: statement.u, arrayFilters, condition: filter.condition });
  if (multi && update.kind === 'replacement')
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  const sort = parseSort(statement.sort);
  return {
    condition: statement.q,
    filter,
    update,
    sort,
    multi,
    upsert: Boolean(statement.upsert),
    hint: statement.hint,
  };
};

export const update: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const statements = args.documents('updates').map(({ document }) => document);
  const ordered = args.take('ordered') !== false;
  args.refuse('let');
  args.ignore('bypassDocumentValidation');
  args.finish();
  checkBatch(statements.length);
  return engine.storage.write(() => {
    const reply = { n: 0, nModified: 0 };
    const upserted: Document[] = [];
    const writeErrors: Document[] = [];
    for (const [index, statement] of statements.entries()) {
      try {
        const { hint, ...request } = parseStatement(statement);
        checkHint(hint, engine.catalog.findForWrite(database, name)?.indexes);
        const outcome = runUpdate(engine, { database, name, ...request });
        reply.n += outcome.matched + (outcome.upserted ? 1 : 0);
        reply.nModified += outcome.modified;
        if (outcome.upserted) upserted.push({ index, _id: outcome.upserted._id as unknown });
      } catch (error) {
        writeErrors.push(writeError(index, error));
        if (ordered) break;
      }
    }
    return { ...reply, ...(upserted.length > 0 && { upserted }), ...(writeErrors.length > 0 && { writeErrors }) };
  });
};
