import { compileFilter } from '../query/filter';
import { documentRange } from '../engine/keyspace';
import { decodeExact } from '../values/codec';
import { orderBytes } from '../values/order';
import { valuesAt } from '../values/paths';
import { CommandError } from '../errors';
import { checkHint, type Command } from './command';

export const count: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const filter = compileFilter(args.document('query'));
  const limit = Math.abs(args.number('limit') ?? 0);
  const skip = args.natural('skip') ?? 0;
  const hint = args.take('hint');
  args.refuse('collation');
  args.ignore('fields');
  args.finish();
  const info = engine.catalog.find(database, name);
  checkHint(hint, info?.indexes);
  if (!info) return { n: 0 };
  if (Object.keys(filter.condition).length === 0) {
    const rest = Math.max(0, engine.storage.count(documentRange(info.id)) - skip);
    return { n: limit > 0 ? Math.min(limit, rest) : rest };
  }
  let n = 0;
  for (const _ of engine.read(info, { filter, skip, limit, checkTime: args.timeLimit(engine.clock) })) n += 1;
  return { n };
};

export const distinct: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const key = args.text('key');
  const filter = compileFilter(args.document('query'));
  const hint = args.take('hint');
  args.refuse('collation');
  args.finish();
  if (key === undefined || key === '')
    throw new CommandError('TypeMismatch', "BSON field 'distinct.key' must be a non-empty string");
  const info = engine.catalog.find(database, name);
  checkHint(hint, info?.indexes);
  const values = new Map<string, unknown>();
  for (const { bytes } of engine.read(info, { filter, checkTime: args.timeLimit(engine.clock) })) {
    for (const value of valuesAt(decodeExact(bytes), key).flat()) {
      if (value === undefined) continue;
      const identity = orderBytes(value).toString('latin1');
      if (!values.has(identity)) values.set(identity, value);
    }
  }
  return { values: [...values.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, value]) => value) };
};
