import type { Document } from 'bson';
import { CommandError } from '../errors';
import { compileFilter } from '../query/filter';
import { compileProjection } from '../query/projection';
import { parseSort } from '../query/sort';
import { compileUpdate } from '../query/update';
import { decodeExact } from '../values/codec';
import { checkHint, type Command } from './command';
import { runUpdate } from './update';

export const findAndModify: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const condition = args.document('query') ?? {};
  const filter = compileFilter(condition);
  const sort = parseSort(args.document('sort'));
  const project = compileProjection(args.document('fields'), filter);
  const remove = args.flag('remove');
  const wanted = args.take('update');
  const arrayFilters = args.list('arrayFilters') ?? [];
  const returnNew = args.flag('new');
  const upsert = args.flag('upsert');
  const hint = args.take('hint');
  args.refuse('collation', 'let');
  args.ignore('bypassDocumentValidation');
  args.finish();
  if (remove === (wanted !== undefined))
    throw new CommandError('FailedToParse', "Either an update or 'remove: true' must be specified, not both");
  if (remove && (upsert || returnNew))
    throw new CommandError('FailedToParse', "Cannot specify 'upsert' or 'new' with 'remove: true'");
  const shown = (document: Document | undefined): Document | null =>
    document ? (project ? project(document) : document) : null;
  if (remove) {
    return engine.storage.write(() => {
      const info = engine.catalog.findForWrite(database, name);
      checkHint(hint, info?.indexes);
      const [found] = engine.selectForWrite(info, { filter, sort, limit: 1 });
      if (!found || !info) return { lastErrorObject: { n: 0 }, value: null };
      const document = decodeExact(found.bytes);
      engine.records.remove(info, found.recordId, document);
      return { lastErrorObject: { n: 1 }, value: shown(document) };
    });
  }
  const update = compileUpdate({ update: wanted, arrayFilters, condition: filter.condition });
  return engine.storage.write(() => {
    checkHint(hint, engine.catalog.findForWrite(database, name)?.indexes);
    const { upserted, before, after } = runUpdate(engine, {
      database,
      name,
      condition,
      filter,
      update,
      sort,
      multi: false,
      upsert,
    });
    if (upserted) {
      return {
        lastErrorObject: { n: 1, updatedExisting: false, upserted: upserted._id as unknown },
        value: returnNew ? shown(upserted) : null,
      };
    }
    return {
      lastErrorObject: { n: before ? 1 : 0, updatedExisting: before !== undefined },
      value: shown(returnNew ? after : before),
    };
  });
};
