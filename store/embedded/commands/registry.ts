/** All commands by name. */
import { aggregate } from './aggregate';
import { create, drop, dropDatabase, listCollections, listDatabases, renameCollection } from './collections';
import type { Command } from './command';
import { count, distinct } from './count';
import { deleteDocuments } from './delete';
import { findAndModify } from './find-and-modify';
import { find, getMore, killCursors } from './find';
import { HANDSHAKE_COMMANDS } from './handshake';
import { createIndexes, dropIndexes, listIndexes } from './indexes';
import { insert } from './insert';
import { update } from './update';

export const COMMANDS: Readonly<Record<string, Command>> = {
  ...HANDSHAKE_COMMANDS,
  aggregate,
  count,
  create,
  createIndexes,
  delete: deleteDocuments,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  find,
  findAndModify,
  findandmodify: findAndModify,
  getMore,
  insert,
  killCursors,
  listCollections,
  listDatabases,
  listIndexes,
  renameCollection,
  update,
};
