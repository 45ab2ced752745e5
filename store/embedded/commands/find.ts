import { Long } from 'bson';
import { CommandError } from '../errors';
import { compileFilter } from '../query/filter';
import { compileProjection, type Projector } from '../query/projection';
import { parseSort } from '../query/sort';
import { decodeExact, encode, numberOf } from '../values/codec';
import { encodeBatch } from '../wire/cursor-reply';
import { checkHint, type Command } from './command';

function* encoded(found: Iterable<{ bytes: Buffer }>, project: Projector | undefined): Generator<Buffer> {
  for (const { bytes } of found) yield project ? encode(project(decodeExact(bytes))) : bytes;
}

export const find: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const filter = compileFilter(args.document('filter'));
  const project = compileProjection(args.document('projection'), filter);
  const sort = parseSort(args.document('sort'));
  const rawLimit = args.number('limit') ?? 0;
  const skip = args.natural('skip') ?? 0;
  const batchSize = args.natural('batchSize');
  const single = args.flag('singleBatch') || rawLimit < 0;
  const hint = args.take('hint');
  args.refuse('collation', 'let', 'min', 'max', 'returnKey', 'showRecordId', 'tailable', 'awaitData', 'oplogReplay');
  args.ignore('allowDiskUse', 'noCursorTimeout', 'allowPartialResults');
  args.finish();
  const info = engine.catalog.find(database, name);
  checkHint(hint, info?.indexes);
  const found = engine.read(info, {
    filter,
    sort,
    skip,
    limit: Math.abs(rawLimit),
    checkTime: args.timeLimit(engine.clock),
  });
  const namespace = `${database}.${name}`;
  const { documents, cursorId } = engine.cursors.open(namespace, encoded(found, project), { batchSize, single });
  return encodeBatch({ field: 'firstBatch', documents, cursorId, namespace });
};

const cursorIdOf = (value: unknown): Long => {
  if (value instanceof Long) return value;
  const number = numberOf(value);
  if (number === undefined) throw new CommandError('TypeMismatch', 'a cursor id must be a 64-bit integer');
  return Long.fromNumber(number);
};

export const getMore: Command = (args, { engine }) => {
  const database = args.database();
  const id = cursorIdOf(args.take('getMore'));
  const namespace = `${database}.${args.text('collection') ?? ''}`;
  const batchSize = args.natural('batchSize');
  args.finish();
  const { documents, cursorId } = engine.cursors.more(id, namespace, batchSize === 0 ? undefined : batchSize);
  return encodeBatch({ field: 'nextBatch', documents, cursorId, namespace });
};

export const killCursors: Command = (args, { engine }) => {
  const namespace = `${args.database()}.${args.collection()}`;
  const ids = (args.list('cursors') ?? []).map(cursorIdOf);
  args.finish();
  const killed = ids.filter((id) => engine.cursors.kill(id, namespace));
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  };
};
