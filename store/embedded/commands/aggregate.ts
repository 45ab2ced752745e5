/** aggregate: leading `$match`, `$sort`, `$skip` and `$limit` become a planned scan, the other stages are mingo's. */
import type { Document } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import * as stages from 'mingo/operators/pipeline';
import type { Engine } from '../engine/engine';
import { CommandError, notImplemented } from '../errors';
import { mingoOptions } from '../query/context';
import { attempt, compileFilter, refuseScripts, type Filter } from '../query/filter';
import { parseSort, type SortField } from '../query/sort';
import { encode, isDocument, numberOf, toPlain } from '../values/codec';
import { comparableDocument } from '../values/comparable-binary';
import { encodeBatch } from '../wire/cursor-reply';
import type { Arguments } from './arguments';
import { checkHint, type Command } from './command';
import { parseOutput, writeOutput, type Output } from './output';

interface Scan {
  filter: Filter;
  sort: readonly SortField[];
  skip: number;
  limit: number;
}

const stageName = (stage: unknown): string => {
  if (!isDocument(stage) || Object.keys(stage).length !== 1) {
    throw new CommandError(
      'UnrecognizedStage',
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  return Object.keys(stage)[0] ?? '';
};

/** Refuses unknown stages, also in the pipelines inside stages. */
const checkPipeline = (pipeline: readonly unknown[]): void => {
  for (const stage of pipeline) {
    const name = stageName(stage);
    if (!Object.hasOwn(stages, name))
      throw new CommandError('UnrecognizedStage', `Unrecognized pipeline stage name: '${name}'`);
    const operand = (stage as Document)[name] as unknown;
    if (!isDocument(operand)) continue;
    if (name === '$facet') for (const inner of Object.values(operand)) checkPipeline(inner as unknown[]);
    if ((name === '$lookup' || name === '$unionWith') && Array.isArray(operand.pipeline))
      checkPipeline(operand.pipeline);
  }
};

/** Takes the leading stages that a scan can do itself. */
const takeScan = (pipeline: readonly Document[]): { scan: Scan; rest: Document[] } => {
  const matches: Document[] = [];
  let [sort, skip, limit]: [SortField[], number, number] = [[], 0, 0];
  let at = 0;
  const operand = (name: string): unknown => {
    const stage = pipeline[at];
    if (!stage || !(name in stage)) return undefined;
    at += 1;
    return stage[name] as unknown;
  };
  for (let match = operand('$match'); match !== undefined; match = operand('$match')) {
    if (!isDocument(match)) throw new CommandError('BadValue', 'the match filter must be an expression in an object');
    matches.push(match);
  }
  const order = operand('$sort');
  if (order !== undefined) sort = parseSort(order);
  const skipped = operand('$skip');
  if (skipped !== undefined) skip = naturalOf('$skip', skipped, 0);
  const limited = operand('$limit');
  if (limited !== undefined) limit = naturalOf('$limit', limited, 1);
  const filter = compileFilter(matches.length > 1 ? { $and: matches } : matches[0]);
  return { scan: { filter, sort, skip, limit }, rest: pipeline.slice(at) };
};

const naturalOf = (stage: string, value: unknown, least: number): number => {
  const number = numberOf(value);
  if (number !== undefined && Number.isInteger(number) && number >= least) return number;
  throw new CommandError(
    'BadValue',
    `invalid argument to ${stage} stage: expected a whole number of at least ${least}`,
  );
};

/** The pipeline that countDocuments sends; counted without making documents. */
const countField = (rest: readonly Document[]): { id: unknown; field: string } | undefined => {
  const group = rest.length === 1 ? (rest[0]?.$group as unknown) : undefined;
  if (!isDocument(group)) return undefined;
  const [first, second, ...more] = Object.entries(group);
  const constant = first?.[0] === '_id' && (first[1] === null || typeof first[1] === 'number');
  const counts = isDocument(second?.[1]) && JSON.stringify(second[1]) === '{"$sum":1}';
  return constant && counts && second && more.length === 0 ? { id: first[1], field: second[0] } : undefined;
};

interface Job {
  engine: Engine;
  database: string;
  /** Undefined for a pipeline on the database itself, which begins with `$documents`. */
  name: string | undefined;
  pipeline: Document[];
  variables: Document;
  checkTime: () => void;
}

const EVERYTHING = compileFilter({});

function* encodedAll(documents: Iterable<Document>): Generator<Buffer> {
  for (const document of documents) yield encode(document);
}

/** The results, encoded. Stored documents that pass through unchanged keep their bytes. */
const run = ({ engine, database, name, pipeline, variables, checkTime }: Job): Iterable<Buffer> => {
  const { scan, rest } = takeScan(pipeline);
  const info = name === undefined ? undefined : engine.catalog.find(database, name);
  const found = engine.read(info, { ...scan, checkTime });
  if (rest.length === 0) return mapped(found);
  const counting = countField(rest);
  if (counting) {
    let count = 0;
    for (const _ of found) count += 1;
    return count === 0 ? [] : [encode({ _id: counting.id, [counting.field]: count })];
  }
  const cache = new Map<string, Document[]>();
  const collectionResolver = (other: string): Document[] => {
    const known = cache.get(other);
    if (known) return known;
    const documents = engine.read(engine.catalog.find(database, other), { filter: EVERYTHING, checkTime });
    const decoded = Array.from(documents, ({ document }) => comparableDocument(document));
    cache.set(other, decoded);
    return decoded;
  };
  const options = mingoOptions({ collectionResolver, variables });
  // `$type` in the match decodes exactly; the stages that follow want plain numbers.
  const input = Array.from(found, ({ document }) => comparableDocument(toPlain(document)));
  return encodedAll(attempt(() => new Aggregator(rest, options).run<Document>(input)));
};

function* mapped(found: Iterable<{ bytes: Buffer }>): Generator<Buffer> {
  for (const { bytes } of found) yield bytes;
}

const parse = (
  args: Arguments,
  engine: Engine,
): { job: Job; output: Output | undefined; batchSize: number | undefined } => {
  const database = args.database();
  const target = args.take(args.name);
  const name = typeof target === 'string' ? target : undefined;
  const pipeline = (args.list('pipeline') ?? []).map((stage) => toPlain(stage) as Document);
  const cursor = args.document('cursor');
  const variables = toPlain(args.document('let') ?? {});
  if (args.flag('explain')) throw notImplemented('explain');
  args.refuse('collation');
  args.ignore('allowDiskUse', 'bypassDocumentValidation');
  checkHint(args.take('hint'), name === undefined ? undefined : engine.catalog.find(database, name)?.indexes);
  const checkTime = args.timeLimit(engine.clock);
  args.finish();
  refuseScripts(pipeline);
  checkPipeline(pipeline);
  const last = pipeline[pipeline.length - 1];
  const output = last ? parseOutput(last, database) : undefined;
  const source = output ? pipeline.slice(0, -1) : pipeline;
  if (name === undefined && !(source[0] && '$documents' in source[0])) {
    throw new CommandError(
      'InvalidNamespace',
      "{aggregate: 1} is only valid for a pipeline that begins with '$documents'",
    );
  }
  const batchSize = cursor?.batchSize === undefined ? undefined : numberOf(cursor.batchSize);
  return { job: { engine, database, name, pipeline: source, variables, checkTime }, output, batchSize };
};

export const aggregate: Command = async (args, { engine }) => {
  const { job, output, batchSize } = parse(args, engine);
  const namespace = `${job.database}.${job.name ?? '$cmd.aggregate'}`;
  const results = run(job);
  if (output) await writeOutput(engine, output, [...results]);
  const documents = output ? [] : results;
  const batch = engine.cursors.open(namespace, documents[Symbol.iterator](), { batchSize, single: false });
  return encodeBatch({ field: 'firstBatch', namespace, ...batch });
};
