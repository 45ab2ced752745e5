import { CommandError } from '../errors';
import { encode } from '../values/codec';
import { withId } from '../query/update';
import { writeError, type Command } from './command';
import { MAX_WRITE_BATCH } from './handshake';

/** @throws CommandError when a write command has no statement or too many. */
export const checkBatch = (count: number): void => {
  if (count >= 1 && count <= MAX_WRITE_BATCH) return;
  throw new CommandError(
    'InvalidOptions',
    `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${count} operations.`,
  );
};

export const insert: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const documents = args.documents('documents');
  const ordered = args.take('ordered') !== false;
  args.ignore('bypassDocumentValidation');
  args.finish();
  checkBatch(documents.length);
  const rows = documents.map(({ document, bytes }) => {
    const idFirst = Object.keys(document)[0] === '_id';
    // What came as a sequence is kept byte for byte; `_id` moves to the front and is made where it is missing.
    return idFirst ? { document, bytes } : { document: withId(document), bytes: undefined };
  });
  return engine.storage.write(() => {
    const writeErrors = [];
    for (const [index, { document, bytes }] of rows.entries()) {
      try {
        engine.insert({ database, name }, document, bytes ?? encode(document));
      } catch (error) {
        writeErrors.push(writeError(index, error));
        if (ordered) break;
      }
    }
    const failed = writeErrors.length;
    const n = ordered && failed > 0 ? Number(writeErrors[0]?.index) : rows.length - failed;
    return failed > 0 ? { n, writeErrors } : { n };
  });
};
