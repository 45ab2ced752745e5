/** `$out` and `$merge`: the last stage of an aggregation that writes its results into a collection. */
import type { Document } from 'bson';
import type { Engine } from '../engine/engine';
import { CommandError, notImplemented } from '../errors';
import { compileFilter } from '../query/filter';
import { withId } from '../query/update';
import { decodeExact, encode, isDocument } from '../values/codec';

type WhenMatched = 'replace' | 'keepExisting' | 'merge' | 'fail';
type WhenNotMatched = 'insert' | 'discard' | 'fail';

export type Output =
  | { kind: 'out'; database: string; name: string }
  | { kind: 'merge'; database: string; name: string; whenMatched: WhenMatched; whenNotMatched: WhenNotMatched };

const target = (value: unknown, database: string, stage: string): { database: string; name: string } => {
  if (typeof value === 'string') return { database, name: value };
  if (isDocument(value) && typeof value.coll === 'string') {
    return { database: typeof value.db === 'string' ? value.db : database, name: value.coll };
  }
  throw new CommandError('FailedToParse', `${stage} needs a collection`);
};

const choice = <Choice extends string>(value: unknown, known: readonly Choice[], standard: Choice): Choice => {
  if (value === undefined) return standard;
  const found = known.find((one) => one === value);
  if (!found) throw notImplemented(`$merge with ${JSON.stringify(value)} (known: ${known.join(', ')})`);
  return found;
};

/** @returns undefined when the stage does not write. */
export const parseOutput = (stage: Document, database: string): Output | undefined => {
  if ('$out' in stage) {
    if (isDocument(stage.$out) && 'timeseries' in stage.$out) throw notImplemented('$out into a time series');
    return { kind: 'out', ...target(stage.$out, database, '$out') };
  }
  if (!('$merge' in stage)) return undefined;
  const spec = isDocument(stage.$merge) ? stage.$merge : { into: stage.$merge };
  if (spec.on !== undefined && spec.on !== '_id') throw notImplemented('$merge on anything but _id');
  if (spec.let !== undefined) throw notImplemented("the option 'let' of $merge");
  return {
    kind: 'merge',
    ...target(spec.into, database, '$merge'),
    whenMatched: choice(spec.whenMatched, ['replace', 'keepExisting', 'merge', 'fail'], 'merge'),
    whenNotMatched: choice(spec.whenNotMatched, ['insert', 'discard', 'fail'], 'insert'),
  };
};

const mergeOne = (engine: Engine, output: Output & { kind: 'merge' }, document: Document): void => {
  const { database, name, whenMatched, whenNotMatched } = output;
  const info = engine.catalog.ensure(database, name);
  const [found] = engine.selectForWrite(info, {
    filter: compileFilter({ _id: { $eq: document._id as unknown } }),
    limit: 1,
  });
  if (!found) {
    if (whenNotMatched === 'fail')
      throw new CommandError('BadValue', '$merge could not find a matching document in the target collection');
    if (whenNotMatched === 'insert') engine.insert({ database, name }, document);
    return;
  }
  if (whenMatched === 'fail') {
    engine.records.insert(info, document);
  } else if (whenMatched !== 'keepExisting') {
    const previous = decodeExact(found.bytes);
    const next = whenMatched === 'merge' ? { ...previous, ...document } : document;
    engine.records.replace(info, found.recordId, { previous, next });
  }
};

/** Writes all results in one transaction. */
export const writeOutput = (engine: Engine, output: Output, results: readonly Buffer[]): Promise<void> => {
  const documents = results.map((bytes) => withId(decodeExact(bytes)));
  const { database, name } = output;
  return engine.storage.write(() => {
    if (output.kind === 'merge') {
      for (const document of documents) mergeOne(engine, output, document);
      return;
    }
    const ids = new Set<string>();
    for (const document of documents) {
      const id = encode({ _id: document._id as unknown }).toString('latin1');
      if (ids.has(id))
        throw new CommandError('DuplicateKey', `$out into ${database}.${name}: two results have the same _id`);
      ids.add(id);
    }
    const info = engine.catalog.ensure(database, name);
    for (const { recordId, bytes } of engine.selectForWrite(info, { filter: compileFilter({}) })) {
      engine.records.remove(info, recordId, decodeExact(bytes));
    }
    for (const document of documents) engine.insert({ database, name }, document);
  });
};
