/** What every command is, and what several of them share. */
import type { Document } from 'bson';
import type { Engine } from '../engine/engine';
import type { IndexInfo } from '../engine/catalog';
import { CommandError } from '../errors';
import { isDocument } from '../values/codec';
import type { Arguments } from './arguments';

export interface CommandContext {
  engine: Engine;
  /** Number of the connection, for hello. */
  connectionId: number;
}

/** Answers with the fields beside `ok: 1`, or with a whole encoded reply. */
export type Command = (args: Arguments, context: CommandContext) => Promise<Document | Buffer> | Document | Buffer;

/** A hint does not change an answer, but naming an index that does not exist is a mistake. */
export const checkHint = (hint: unknown, indexes: readonly IndexInfo[] | undefined): void => {
  if (hint === undefined || !indexes) return;
  const keyOf = ({ fields }: IndexInfo): string =>
    JSON.stringify(Object.fromEntries(fields.map(({ path, direction }) => [path, direction])));
  const natural = isDocument(hint) && '$natural' in hint;
  if (natural || indexes.some((index) => index.name === hint || keyOf(index) === JSON.stringify(hint))) return;
  throw new CommandError('BadValue', 'hint provided does not correspond to an existing index');
};

/** One entry of `writeErrors`. */
export const writeError = (index: number, error: unknown): Document => {
  if (!(error instanceof CommandError)) throw error;
  return { index, code: error.code, errmsg: error.message, ...error.details };
};
