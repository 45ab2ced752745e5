/** An update, compiled once: operators, a pipeline or a replacement. Works on documents decoded exactly. */
import { ObjectId, type Document } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { CommandError } from '../errors';
import { isDocument, toPlain } from '../values/codec';
import { equalValues } from '../values/order';
import { mingoOptions } from './context';
import { attempt, refuseScripts } from './filter';
import {
  checkPath,
  compileArrayFilters,
  readAt,
  removeAt,
  resolvePath,
  writeAt,
  type PathContext,
} from './update-paths';
import { KEEP, REMOVE, UPDATE_OPERATORS } from './update-operators';

interface Change {
  operator: string;
  path: string;
  operand: unknown;
}

export interface Update {
  /** A replacement takes the place of one document only. */
  readonly kind: 'operators' | 'pipeline' | 'replacement';
  /** The new document; the given one is left as it was. @throws CommandError where an operator cannot be applied. */
  apply(document: Document, state: { inserting: boolean; nowMs: number }): Document;
}

export interface UpdateSpec {
  update: unknown;
  arrayFilters: readonly unknown[];
  /** The query's condition in plain form. */
  condition: Document;
}

const PIPELINE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy);
  if (!isDocument(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
};

const keepId = (previous: Document, next: Document, inserting: boolean): Document => {
  if (!('_id' in previous)) return next;
  if ('_id' in next && equalValues(previous._id, next._id)) return next;
  if (!('_id' in next) && !inserting) {
    throw new CommandError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  if (!('_id' in next)) return { _id: previous._id as unknown, ...next };
  throw new CommandError(
    'ImmutableField',
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
};

const parseOperators = (update: Document): Change[] => {
  const changes = Object.entries(update).flatMap(([operator, fields]) => {
    if (operator !== '$rename' && !Object.hasOwn(UPDATE_OPERATORS, operator)) {
      throw new CommandError('FailedToParse', `Unknown modifier: ${operator}`);
    }
    if (!isDocument(fields))
      throw new CommandError('FailedToParse', `Modifiers operate on fields but we found another type for ${operator}`);
    return Object.entries(fields).map(([path, operand]) => ({ operator, path, operand: operand as unknown }));
  });
  const paths = changes.flatMap(({ operator, path, operand }) =>
    operator === '$rename' ? [path, String(operand)] : [path],
  );
  paths.forEach(checkPath);
  for (const [at, path] of paths.entries()) {
    const other = paths
      .slice(0, at)
      .find((one) => one === path || path.startsWith(`${one}.`) || one.startsWith(`${path}.`));
    if (other !== undefined) {
      throw new CommandError(
        'ConflictingUpdateOperators',
        `Updating the path '${path}' would create a conflict at '${other}'`,
      );
    }
  }
  return changes;
};

const rename = (document: Document, from: string, to: unknown): void => {
  if (typeof to !== 'string')
    throw new CommandError('BadValue', `The 'to' field for $rename must be a string: ${from}`);
  if (/\$|(^|\.)\d+(\.|$)/.test(`${from} ${to}`))
    throw new CommandError('BadValue', `$rename of '${from}' to '${to}' may not lead through an array`);
  const steps = from.split('.');
  const value = readAt(document, steps);
  if (value === undefined) return;
  removeAt(document, steps);
  writeAt(document, to.split('.'), value);
};

const compileOperators = ({ update, arrayFilters, condition }: UpdateSpec): Update => {
  const changes = parseOperators(update as Document);
  const context: PathContext = { condition, arrayFilters: compileArrayFilters(arrayFilters) };
  for (const name of context.arrayFilters.keys()) {
    if (!changes.some(({ path }) => path.split('.').includes(`$[${name}]`))) {
      throw new CommandError('FailedToParse', `The array filter for identifier '${name}' was not used in the update`);
    }
  }
  const apply: Update['apply'] = (document, state) => {
    const next = copy(document) as Document;
    for (const { operator, path, operand } of changes) {
      if (operator === '$rename') {
        rename(next, path, operand);
        continue;
      }
      for (const steps of resolvePath(next, path, context)) {
        const current = readAt(next, steps);
        const value = UPDATE_OPERATORS[operator]?.(current, copy(operand), { path, ...state });
        if (value === REMOVE) removeAt(next, steps);
        else if (value !== KEEP) writeAt(next, steps, value);
      }
    }
    return keepId(document, next, false);
  };
  return { kind: 'operators', apply };
};

/** Gives values that a pipeline only carried along their exact types back. */
const restoreTypes = (value: unknown, plain: unknown, exact: unknown): unknown => {
  if (Array.isArray(value))
    return Array.isArray(plain)
      ? value.map((item, at) => restoreTypes(item, plain[at], (exact as unknown[])[at]))
      : value;
  if (isDocument(value)) {
    if (!isDocument(plain) || !isDocument(exact)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, restoreTypes(inner, plain[key], exact[key])]),
    );
  }
  return plain !== undefined && Object.is(value, plain) ? exact : value;
};

const compilePipeline = (stages: readonly unknown[]): Update => {
  refuseScripts(stages);
  const pipeline = stages.map((stage) => {
    const name = isDocument(stage) ? Object.keys(stage)[0] : undefined;
    if (name === undefined || !PIPELINE_STAGES.has(name)) {
      throw new CommandError(
        'InvalidOptions',
        `${name ?? 'an empty stage'} is not allowed to be used within an update`,
      );
    }
    return toPlain(stage) as Record<string, unknown>;
  });
  return {
    kind: 'pipeline',
    apply: (document) => {
      const plain = toPlain(document);
      const [result] = attempt(() => new Aggregator(pipeline, mingoOptions()).run([copy(plain) as Document]));
      return keepId(document, restoreTypes(result ?? {}, plain, document) as Document, true);
    },
  };
};

/** @throws CommandError when the update mixes operators and fields or names an unknown operator. */
export const compileUpdate = (spec: UpdateSpec): Update => {
  const { update, arrayFilters } = spec;
  if (Array.isArray(update)) return compilePipeline(update);
  if (!isDocument(update))
    throw new CommandError('FailedToParse', 'Update argument must be either an object or an array');
  const names = Object.keys(update);
  const operators = names.filter((name) => name.startsWith('$'));
  if (operators.length > 0) {
    const field = names.find((name) => !name.startsWith('$'));
    if (field !== undefined)
      throw new CommandError(
        'FailedToParse',
        `Unknown modifier: ${field}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    return compileOperators(spec);
  }
  if (arrayFilters.length > 0)
    throw new CommandError('FailedToParse', 'arrayFilters may not be specified for a replacement');
  return { kind: 'replacement', apply: (document) => keepId(document, copy(update) as Document, true) };
};

/** The document that an upsert begins with: what the condition says must be equal. */
export const seedOf = (condition: Document): Document => {
  const seed: Document = {};
  for (const [key, value] of Object.entries(condition)) {
    if (key === '$and') for (const part of value as Document[]) Object.assign(seed, seedOf(part));
    if (key.startsWith('$')) continue;
    const isExpression = isDocument(value) && Object.keys(value).some((name) => name.startsWith('$'));
    const equal = isExpression ? (value.$eq as unknown) : (value as unknown);
    if (equal !== undefined && !(equal instanceof RegExp)) writeAt(seed, key.split('.'), copy(equal));
  }
  return seed;
};

/** Puts `_id` first, making one where there is none. */
export const withId = (document: Document): Document => {
  const { _id = new ObjectId(), ...rest } = document;
  return { _id: _id as unknown, ...rest };
};
