/** The parts of the database, put together, as commands see them. */
import type { Document } from 'bson';
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import { Cursors } from '../cursors';
import { CommandError } from '../errors';
import { Catalog, type CollectionInfo } from './catalog';
import { Records } from './records';
import { Scanner, type Found, type ScanRequest } from './scan';
import { Storage } from './storage';

export class Engine {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly records: Records;
  readonly scanner: Scanner;
  readonly cursors: Cursors;
  readonly clock: Clock;

  /** Opens the files in `dataDir`, which must exist. @throws Error when they cannot be opened. */
  constructor({ dataDir, clock, log }: { dataDir: string; clock: Clock; log: Logger }) {
    this.clock = clock;
    this.storage = new Storage({ dataDir, log });
    this.catalog = new Catalog(this.storage);
    this.storage.observe({ committed: () => this.catalog.commit(), failed: () => this.catalog.rollback() });
    this.records = new Records({ storage: this.storage, catalog: this.catalog });
    this.scanner = new Scanner({ storage: this.storage, records: this.records });
    this.cursors = new Cursors({ clock });
  }

  /** Documents of a collection as readers see it; none when it does not exist. */
  read(info: CollectionInfo | undefined, request: ScanRequest): Generator<Found> {
    return info ? this.scanner.scan(info, request) : none();
  }

  /** All matches at once, inside a write job, so that what the job changes cannot be met again. */
  selectForWrite(info: CollectionInfo | undefined, request: ScanRequest): Found[] {
    return info ? Array.from(this.scanner.scan(info, request)) : [];
  }

  /** Inserts into a collection that is created when needed, inside a write job. */
  insert({ database, name }: { database: string; name: string }, document: Document, bytes?: Buffer): void {
    checkId(document);
    this.records.insert(this.catalog.ensure(database, name), document, bytes);
  }

  async close(): Promise<void> {
    this.cursors.close();
    await this.storage.close();
  }
}

function* none(): Generator<never> {
  // A collection that does not exist is empty.
}

/** @throws CommandError for ids that MongoDB refuses. */
export const checkId = ({ _id: id }: Document): void => {
  const refused = Array.isArray(id)
    ? 'array'
    : id === undefined
      ? 'undefined'
      : (id as object | null)?.constructor.name === 'BSONRegExp'
        ? 'regex'
        : undefined;
  if (refused) throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${refused}`);
};
