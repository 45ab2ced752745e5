/** Projections of find and findAndModify. Plain inclusion and exclusion are ours (they keep field order and BSON types); the rest is mingo's. */
import type { Document } from 'bson';
import { Query } from 'mingo/query';
import { CommandError } from '../errors';
import { isDocument, numberOf, toPlain } from '../values/codec';
import { mingoOptions } from './context';
import { attempt, refuseScripts, type Filter } from './filter';

export type Projector = (document: Document) => Document;

interface Tree {
  [field: string]: Tree | true;
}

const flagOf = (value: unknown): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  return number === undefined ? undefined : number !== 0;
};

/** Writes `{a: {b: 1}}` as `{'a.b': 1}`. */
const flatten = (spec: Document, prefix = ''): [path: string, value: unknown][] =>
  Object.entries(spec).flatMap(([key, value]) => {
    const nested = isDocument(value) && Object.keys(value).length > 0 && !Object.keys(value)[0]?.startsWith('$');
    return nested ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as [string, unknown]];
  });

const treeOf = (paths: readonly string[]): Tree => {
  const root: Tree = {};
  for (const path of paths) {
    const parts = path.split('.');
    const leaf = parts.pop() ?? '';
    let node = root;
    for (const part of parts) {
      const next = node[part] ?? (node[part] = {});
      if (next === true) throw new CommandError('BadValue', `Path collision at ${path}`);
      node = next;
    }
    if (node[leaf] !== undefined) throw new CommandError('BadValue', `Path collision at ${path}`);
    node[leaf] = true;
  }
  return root;
};

const include = (value: unknown, tree: Tree): unknown => {
  if (Array.isArray(value)) {
    return value.filter((item) => isDocument(item) || Array.isArray(item)).map((item) => include(item, tree));
  }
  if (!isDocument(value)) return undefined;
  const result: Document = {};
  for (const key of Object.keys(value)) {
    const node = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (node === undefined) continue;
    const kept = node === true ? (value[key] as unknown) : include(value[key], node);
    if (kept !== undefined) result[key] = kept;
  }
  return result;
};

const exclude = (value: unknown, tree: Tree): unknown => {
  if (Array.isArray(value)) return value.map((item) => exclude(item, tree));
  if (!isDocument(value)) return value;
  const result: Document = {};
  for (const key of Object.keys(value)) {
    const node = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (node !== true) result[key] = node === undefined ? (value[key] as unknown) : exclude(value[key], node);
  }
  return result;
};

/** @returns undefined when the whole document is wanted. @throws CommandError for a specification that mixes or collides. */
export const compileProjection = (spec: unknown, filter: Filter): Projector | undefined => {
  if (spec === undefined || spec === null) return undefined;
  if (!isDocument(spec)) throw new CommandError('TypeMismatch', 'projection must be an object');
  const entries = flatten(toPlain(spec));
  if (entries.length === 0) return undefined;
  const flags = entries.map(([path, value]) => ({ path, keep: path.endsWith('.$') ? undefined : flagOf(value) }));
  if (flags.some(({ keep }) => keep === undefined)) return computed(toPlain(spec), filter);
  const others = flags.filter(({ path }) => path !== '_id');
  const idFlag = flags.find(({ path }) => path === '_id')?.keep;
  const including = others.length > 0 ? others[0]?.keep === true : idFlag === true;
  const odd = others.find(({ keep }) => keep !== including);
  if (odd) {
    throw new CommandError(
      'BadValue',
      `Cannot do ${odd.keep ? 'inclusion' : 'exclusion'} on field ${odd.path} in ${including ? 'inclusion' : 'exclusion'} projection`,
    );
  }
  const paths = others.map(({ path }) => path);
  if (including) {
    const tree = treeOf(idFlag === false ? paths : [...paths, '_id']);
    return (document) => include(document, tree) as Document;
  }
  const tree = treeOf(idFlag === false ? [...paths, '_id'] : paths);
  return (document) => exclude(document, tree) as Document;
};

/** `$slice`, `$elemMatch`, the positional `$` and expressions. */
const computed = (spec: Document, filter: Filter): Projector => {
  refuseScripts(spec);
  attempt(() => new Query(filter.condition, mingoOptions()).find([{ _id: 0 }], spec));
  const query = new Query(filter.condition, mingoOptions());
  return (document) => attempt(() => (query.find([document], spec).all()[0] ?? {}) as Document);
};
