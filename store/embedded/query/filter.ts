/** A filter, compiled once and tested against many documents. */
import type { Document } from 'bson';
import { Query } from 'mingo/query';
import { CommandError, notImplemented } from '../errors';
import { decodeExact, decodePlain, isDocument, toPlain } from '../values/codec';
import { mingoOptions } from './context';

export interface Filter {
  /** The condition in plain form, for the planner and for positional operators. */
  readonly condition: Document;
  test(document: Document): boolean;
  /** Decodes a stored document in the form that this filter needs. */
  decode(bytes: Uint8Array): Document;
}

/** The operators that read the BSON type of a number or would differ on native values. */
const usesTypes = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(usesTypes);
  return isDocument(value) && Object.entries(value).some(([key, inner]) => key === '$type' || usesTypes(inner));
};

const SCRIPTS = new Set(['$function', '$accumulator', '$where']);

/** @throws CommandError for operators that carry JavaScript: nothing that a client sends is run as code. */
export const refuseScripts = (value: unknown): void => {
  if (Array.isArray(value)) value.forEach(refuseScripts);
  if (!isDocument(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (SCRIPTS.has(key)) throw notImplemented(key);
    refuseScripts(inner);
  }
};

const REFUSED = new Set(['$text', '$near', '$nearSphere', '$geoWithin', '$geoIntersects', '$where', '$jsonSchema']);

const check = (condition: Document): void => {
  for (const [key, value] of Object.entries(condition)) {
    if (REFUSED.has(key)) throw notImplemented(`the query operator ${key}`);
    if (key === '$comment') delete condition[key];
    else if (key === '$and' || key === '$or' || key === '$nor') {
      if (!Array.isArray(value) || value.length === 0)
        throw new CommandError('BadValue', `${key} must be a nonempty array`);
      for (const part of value as unknown[]) {
        if (!isDocument(part)) throw new CommandError('BadValue', `${key} entries need to be full objects`);
        check(part);
      }
    } else if (!key.startsWith('$') && isDocument(value)) checkField(key, value);
  }
};

const checkField = (path: string, expression: Document): void => {
  const keys = Object.keys(expression);
  if (!keys.some((key) => key.startsWith('$'))) return;
  if ('$ref' in expression || '$id' in expression) return;
  for (const key of keys) {
    if (REFUSED.has(key)) throw notImplemented(`the query operator ${key}`);
    if (!key.startsWith('$')) throw new CommandError('BadValue', `unknown operator: ${key}`);
  }
  if ('$options' in expression && !('$regex' in expression))
    throw new CommandError('BadValue', '$options needs a $regex');
  if (isDocument(expression.$not)) checkField(path, expression.$not);
};

/** @throws CommandError for anything that is not a valid condition, naming the operator. */
export const compileFilter = (exactCondition: unknown): Filter => {
  if (exactCondition !== undefined && !isDocument(exactCondition)) {
    throw new CommandError('TypeMismatch', 'a filter must be an object');
  }
  const condition = toPlain(exactCondition ?? {});
  refuseScripts(condition);
  check(condition);
  const exact = usesTypes(condition);
  const decode = exact ? decodeExact : decodePlain;
  if (Object.keys(condition).length === 0) return { condition, decode, test: () => true };
  const query = attempt(() => new Query(condition, mingoOptions()));
  return { condition, decode, test: (document) => attempt(() => query.test(document)) };
};

/** Gives mingo's complaints MongoDB's code for a bad argument. */
export const attempt = <Value>(run: () => Value): Value => {
  try {
    return run();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('BadValue', (error as Error).message);
  }
};
