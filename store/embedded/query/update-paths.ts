/** Where an update's paths lead in one document, with `$`, `$[]` and `$[name]` resolved, and reading and writing there. */
import type { Document } from 'bson';
import { Query } from 'mingo/query';
import { CommandError } from '../errors';
import { describeKey } from '../engine/describe-key';
import { isDocument, toPlain } from '../values/codec';
import { mingoOptions } from './context';
import { attempt } from './filter';

/** A path without placeholders. */
export type Steps = readonly string[];

export interface PathContext {
  /** The query's condition, plain, that `$` refers to. */
  condition: Document;
  arrayFilters: ReadonlyMap<string, (item: unknown) => boolean>;
}

/** Padding an array further than this is refused, as MongoDB does. */
const MAX_PADDING = 1_500_000;

const isIndex = (step: string): boolean => /^(0|[1-9]\d*)$/.test(step);

/** @throws CommandError for empty steps or names that begin with a dollar sign. */
export const checkPath = (path: string): void => {
  for (const step of path.split('.')) {
    if (step === '')
      throw new CommandError(
        'BadValue',
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      );
    if (step === '__proto__')
      throw new CommandError(
        'BadValue',
        `The update path '${path}' contains the field '__proto__', which is not allowed.`,
      );
    if (step.startsWith('$') && step !== '$' && !/^\$\[[A-Za-z0-9]*\]$/.test(step)) {
      throw new CommandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${step}' in '${path}' is not allowed in the context of an update's path.`,
      );
    }
  }
};

/** Compiles `arrayFilters`. @throws CommandError when one does not name exactly one identifier, or two name the same. */
export const compileArrayFilters = (filters: readonly unknown[]): Map<string, (item: unknown) => boolean> => {
  const compiled = new Map<string, (item: unknown) => boolean>();
  for (const filter of filters) {
    if (!isDocument(filter)) throw new CommandError('TypeMismatch', 'arrayFilters must be objects');
    const plain = toPlain(filter);
    const names = new Set(identifiersOf(plain));
    const [name] = names;
    if (names.size !== 1 || !name)
      throw new CommandError(
        'FailedToParse',
        `Error parsing array filter: expected a single top-level field name, found ${names.size}`,
      );
    if (compiled.has(name))
      throw new CommandError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    const query = attempt(() => new Query(plain, mingoOptions()));
    compiled.set(name, (item) => query.test({ [name]: item }));
  }
  return compiled;
};

const identifiersOf = (condition: Document): string[] =>
  Object.entries(condition).flatMap(([key, value]) =>
    key.startsWith('$') && Array.isArray(value)
      ? (value as Document[]).flatMap(identifiersOf)
      : [key.split('.')[0] ?? ''],
  );

/** All places that a path with placeholders means. */
export const resolvePath = (document: Document, path: string, context: PathContext): Steps[] => {
  let places: string[][] = [[]];
  for (const step of path.split('.')) {
    places = step.startsWith('$')
      ? places.flatMap((place) => placeholder(document, { place, step, path }, context))
      : places.map((place) => [...place, step]);
  }
  return places;
};

const placeholder = (
  document: Document,
  { place, step, path }: { place: string[]; step: string; path: string },
  context: PathContext,
): string[][] => {
  const array = readAt(document, place);
  const where = place.join('.');
  if (step === '$') return [[...place, String(matchedIndex(document, where, context.condition))]];
  if (array === undefined)
    throw new CommandError(
      'BadValue',
      `The path '${where}' must exist in the document in order to apply array updates.`,
    );
  if (!Array.isArray(array))
    throw new CommandError('BadValue', `Cannot apply array updates to non-array element ${where}`);
  const name = step.slice(2, -1);
  const test = context.arrayFilters.get(name);
  if (name !== '' && !test)
    throw new CommandError('BadValue', `No array filter found for identifier '${name}' in path '${path}'`);
  return array.flatMap((item: unknown, at) => (!test || test(toPlain(item)) ? [[...place, String(at)]] : []));
};

/** The element that made the query match. */
const matchedIndex = (document: Document, where: string, condition: Document): number => {
  const array = readAt(document, where.split('.'));
  const tests = Array.isArray(array) ? elementTests(condition, where) : [];
  const index =
    tests.length === 0 ? -1 : (array as unknown[]).findIndex((item) => tests.every((test) => test(toPlain(item))));
  if (index >= 0) return index;
  throw new CommandError('BadValue', 'The positional operator did not find the match needed from the query.');
};

const elementTests = (condition: Document, where: string): ((item: unknown) => boolean)[] =>
  Object.entries(condition).flatMap(([key, value]) => {
    if (key === '$and') return (value as Document[]).flatMap((part) => elementTests(part, where));
    if (key !== where && !key.startsWith(`${where}.`)) return [];
    const query = new Query({ [`v${key.slice(where.length)}`]: value }, mingoOptions());
    return [(item: unknown) => query.test({ v: [item] })];
  });

export const readAt = (root: unknown, steps: Steps): unknown => {
  let value = root;
  for (const step of steps) {
    if (Array.isArray(value)) value = isIndex(step) ? (value[Number(step)] as unknown) : undefined;
    else if (isDocument(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
};

const notViable = (step: string, holder: string, value: unknown): CommandError =>
  new CommandError('PathNotViable', `Cannot create field '${step}' in element ${describeKey({ [holder]: value })}`);

/** Writes a value, creating documents on the way. @throws CommandError where a value stands in the way. */
export const writeAt = (root: Document, steps: Steps, value: unknown): void => {
  let holder: unknown = root;
  let holderName = '';
  for (const [at, step] of steps.entries()) {
    const last = at === steps.length - 1;
    if (Array.isArray(holder)) {
      if (!isIndex(step)) throw notViable(step, holderName, holder);
      const index = Number(step);
      if (index > holder.length + MAX_PADDING)
        throw new CommandError('BadValue', `cannot pad the array '${holderName}' to ${index} elements`);
      while (holder.length < index) holder.push(null);
    } else if (!isDocument(holder)) throw notViable(step, holderName, holder);
    const container = holder as Record<string, unknown>;
    if (last) container[step] = value;
    else if (container[step] === undefined) container[step] = {};
    holderName = step;
    holder = container[step];
  }
};

/** Removes a field; an array's element becomes null so that the others keep their places. */
export const removeAt = (root: Document, steps: Steps): void => {
  const holder = readAt(root, steps.slice(0, -1));
  const step = steps[steps.length - 1] ?? '';
  if (Array.isArray(holder)) {
    if (isIndex(step) && Number(step) < holder.length) holder[Number(step)] = null;
  } else if (isDocument(holder)) delete holder[step];
};
