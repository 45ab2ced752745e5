/** What each update operator makes of the value at one place. */
import { Decimal128, Timestamp, type Document } from 'bson';
import { Query } from 'mingo/query';
import { CommandError } from '../errors';
import { isDocument, numberOf, toPlain } from '../values/codec';
import { compareValues, equalValues } from '../values/order';
import { bitwise, calculate } from './arithmetic';
import { mingoOptions } from './context';
import { attempt } from './filter';
import { sortDocuments } from './sort';

/** Answers of an operator that are not a value. */
export const KEEP = Symbol('keep');
export const REMOVE = Symbol('remove');

export interface OperatorContext {
  path: string;
  inserting: boolean;
  nowMs: number;
}

type Operator = (current: unknown, operand: unknown, context: OperatorContext) => unknown;

const bad = (message: string): CommandError => new CommandError('BadValue', message);

const isNumeric = (value: unknown): boolean => numberOf(value) !== undefined || value instanceof Decimal128;

const arithmetic =
  (name: string, operation: 'add' | 'multiply'): Operator =>
  (current, operand, { path }) => {
    if (!isNumeric(operand))
      throw new CommandError(
        'TypeMismatch',
        `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: ${JSON.stringify(operand)}}`,
      );
    if (current === undefined) return operation === 'add' ? operand : calculate('multiply', operand, 0);
    if (!isNumeric(current))
      throw new CommandError('TypeMismatch', `Cannot apply ${name} to a value of non-numeric type at '${path}'`);
    return calculate(operation, current, operand);
  };

const extreme =
  (sign: 1 | -1): Operator =>
  (current, operand) =>
    current === undefined || compareValues(operand, current) * sign > 0 ? operand : KEEP;

const currentDate: Operator = (_current, operand, { nowMs, path }) => {
  const type = isDocument(operand) ? (operand.$type as unknown) : operand;
  if (typeof type === 'boolean' || type === 'date') return new Date(nowMs);
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(nowMs / 1000), i: 1 });
  throw bad(`The '$type' of $currentDate for '${path}' must be 'date' or 'timestamp'`);
};

const arrayOf = (current: unknown, name: string, path: string): unknown[] => {
  if (current === undefined) return [];
  if (!Array.isArray(current)) throw bad(`The field '${path}' must be an array but is not, for ${name}`);
  return [...(current as unknown[])];
};

const eachOf = (operand: unknown, name: string): { items: unknown[]; modifiers: Document } => {
  if (!isDocument(operand) || !('$each' in operand)) return { items: [operand], modifiers: {} };
  const { $each, ...modifiers } = operand;
  if (!Array.isArray($each)) throw bad(`The argument to $each in ${name} must be an array`);
  return { items: $each, modifiers };
};

const sortItems = (items: unknown[], spec: unknown): unknown[] => {
  const direction = numberOf(spec);
  if (direction === 1 || direction === -1)
    return [...items].sort((left, right) => compareValues(left, right) * direction);
  if (!isDocument(spec))
    throw bad('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  return sortDocuments(items as Document[], spec);
};

const sliced = (items: unknown[], slice: unknown): unknown[] => {
  const count = numberOf(slice);
  if (count === undefined || !Number.isInteger(count)) throw bad('The value for $slice must be a whole number');
  if (count === 0) return [];
  return count > 0 ? items.slice(0, count) : items.slice(count);
};

const push: Operator = (current, operand, { path }) => {
  const array = arrayOf(current, '$push', path);
  const { items, modifiers } = eachOf(operand, '$push');
  const unknown = Object.keys(modifiers).find((name) => !['$position', '$slice', '$sort'].includes(name));
  if (unknown) throw bad(`Unrecognized clause in $push: ${unknown}`);
  const position = modifiers.$position === undefined ? array.length : numberOf(modifiers.$position);
  if (position === undefined || !Number.isInteger(position))
    throw bad('The value for $position must be a whole number');
  array.splice(position, 0, ...items);
  const ordered = modifiers.$sort === undefined ? array : sortItems(array, modifiers.$sort);
  return modifiers.$slice === undefined ? ordered : sliced(ordered, modifiers.$slice);
};

const addToSet: Operator = (current, operand, { path }) => {
  const array = arrayOf(current, '$addToSet', path);
  const { items, modifiers } = eachOf(operand, '$addToSet');
  const [unknown] = Object.keys(modifiers);
  if (unknown) throw bad(`Found unexpected fields after $each in $addToSet: ${unknown}`);
  const before = array.length;
  for (const item of items) if (!array.some((member) => equalValues(member, item))) array.push(item);
  return current !== undefined && array.length === before ? KEEP : array;
};

const pop: Operator = (current, operand, { path }) => {
  const end = numberOf(operand);
  if (end !== 1 && end !== -1)
    throw new CommandError('FailedToParse', `$pop expects 1 or -1, found: ${String(operand)}`);
  if (current === undefined) return KEEP;
  const array = arrayOf(current, '$pop', path);
  if (array.length === 0) return KEEP;
  return end === 1 ? array.slice(0, -1) : array.slice(1);
};

const keepUnless = (
  current: unknown,
  drop: (item: unknown) => boolean,
  { name, path }: { name: string; path: string },
): unknown => {
  if (current === undefined) return KEEP;
  const array = arrayOf(current, name, path);
  const kept = array.filter((item) => !drop(item));
  return kept.length === array.length ? KEEP : kept;
};

const pull: Operator = (current, operand, { path }) => {
  const condition = toPlain(operand);
  const onItem =
    condition instanceof RegExp || (isDocument(condition) && Object.keys(condition).some((key) => key.startsWith('$')));
  if (!onItem && !isDocument(condition)) {
    return keepUnless(current, (item) => equalValues(item, operand), { name: '$pull', path });
  }
  const query = attempt(() => new Query(onItem ? { v: condition } : condition, mingoOptions()));
  const drop = (item: unknown): boolean => {
    const plain = toPlain(item);
    return onItem ? query.test({ v: plain }) : isDocument(plain) && query.test(plain);
  };
  return keepUnless(current, drop, { name: '$pull', path });
};

const pullAll: Operator = (current, operand, { path }) => {
  if (!Array.isArray(operand)) throw bad('$pullAll requires an array argument');
  return keepUnless(current, (item) => operand.some((one) => equalValues(one, item)), { name: '$pullAll', path });
};

const bit: Operator = (current, operand, { path }) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0)
    throw bad(`$bit for '${path}' needs an object such as {and: 5}`);
  return bitwise(current, operand);
};

/** All operators but `$rename`, which concerns two places. */
export const UPDATE_OPERATORS: Readonly<Record<string, Operator>> = {
  $set: (_current, operand) => operand,
  $setOnInsert: (_current, operand, { inserting }) => (inserting ? operand : KEEP),
  $unset: () => REMOVE,
  $inc: arithmetic('$inc', 'add'),
  $mul: arithmetic('$mul', 'multiply'),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
  $bit: bit,
};
