import type { Document } from 'bson';
import { CommandError, notImplemented } from '../errors';
import { compileFilter } from '../query/filter';
import { decodeExact, numberOf } from '../values/codec';
import { checkHint, writeError, type Command } from './command';
import { checkBatch } from './insert';

const KNOWN = new Set(['q', 'limit', 'hint', 'collation']);

const parseStatement = (statement: Document) => {
  const unknown = Object.keys(statement).find((key) => !KNOWN.has(key));
  if (unknown) throw new CommandError('UnknownField', `BSON field 'delete.deletes.${unknown}' is an unknown field.`);
  if (statement.collation) throw notImplemented("the option 'collation' of delete");
  const limit = numberOf(statement.limit);
  if (limit !== 0 && limit !== 1)
    throw new CommandError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${String(limit)}`);
  return { filter: compileFilter(statement.q ?? {}), limit, hint: statement.hint as unknown };
};

export const deleteDocuments: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const statements = args.documents('deletes').map(({ document }) => document);
  const ordered = args.take('ordered') !== false;
  args.refuse('let');
  args.finish();
  checkBatch(statements.length);
  return engine.storage.write(() => {
    let n = 0;
    const writeErrors: Document[] = [];
    for (const [index, statement] of statements.entries()) {
      try {
        const { filter, limit, hint } = parseStatement(statement);
        const info = engine.catalog.findForWrite(database, name);
        if (!info) continue;
        checkHint(hint, info.indexes);
        for (const { recordId, bytes } of engine.selectForWrite(info, { filter, limit })) {
          engine.records.remove(info, recordId, decodeExact(bytes));
          n += 1;
        }
      } catch (error) {
        writeErrors.push(writeError(index, error));
        if (ordered) break;
      }
    }
    return { n, ...(writeErrors.length > 0 && { writeErrors }) };
  });
};
