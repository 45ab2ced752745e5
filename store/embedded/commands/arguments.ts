/** Reads a command's arguments, each with its check, and refuses what is left over. */
import type { Document } from 'bson';
import type { Clock } from '../../../base/clock';
import { CommandError, notImplemented } from '../errors';
import { decodeExact, isDocument, numberOf } from '../values/codec';
import type { Request } from '../wire/message';

/** Fields that drivers add to any command and that change nothing here. */
const GENERIC = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'maxTimeMS',
  'writeConcern',
  'readConcern',
]);

export class Arguments {
  readonly name: string;
  private readonly request: Request;
  private readonly read = new Set<string>();

  constructor(request: Request) {
    this.request = request;
    this.name = Object.keys(request.command)[0] ?? '';
  }

  /** The command's first value: for most, the collection. @throws CommandError unless it is a non-empty string. */
  collection(): string {
    const value = this.take(this.name);
    if (typeof value === 'string' && value !== '') return value;
    throw new CommandError('InvalidNamespace', `collection name has invalid type or is empty for ${this.name}`);
  }

  database(): string {
    const value = this.request.command.$db as unknown;
    if (typeof value === 'string') return value;
    throw new CommandError('FailedToParse', "OP_MSG requests require a '$db' argument");
  }

  take(field: string): unknown {
    this.read.add(field);
    const value = this.request.command[field] as unknown;
    return value === null ? undefined : value;
  }

  number(field: string): number | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    const number = numberOf(value);
    if (number === undefined || !Number.isInteger(number)) throw this.wrongType(field, 'a whole number');
    return number;
  }

  /** A count, an offset or a size. */
  natural(field: string): number | undefined {
    const number = this.number(field);
    if (number !== undefined && number < 0)
      throw new CommandError('BadValue', `BSON field '${field}' value must be >= 0, actual value '${number}'`);
    return number;
  }

  flag(field: string): boolean {
    const value = this.take(field);
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    const number = numberOf(value);
    if (number === undefined) throw this.wrongType(field, 'a boolean');
    return number !== 0;
  }

  text(field: string): string | undefined {
    const value = this.take(field);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrongType(field, 'a string');
  }

  document(field: string): Document | undefined {
    const value = this.take(field);
    if (value === undefined || isDocument(value)) return value;
    throw this.wrongType(field, 'an object');
  }

  list(field: string): unknown[] | undefined {
    const value = this.take(field);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.wrongType(field, 'an array');
  }

  /** A list of documents, out of the body or of a document sequence; `bytes` where it came as one. */
  documents(field: string): { document: Document; bytes?: Buffer }[] {
    const sequence = this.request.sequences.get(field);
    if (sequence) return sequence.map((bytes) => ({ document: decodeExact(bytes), bytes }));
    const listed = this.list(field);
    if (!listed)
      throw new CommandError('UnknownField', `BSON field '${this.name}.${field}' is missing but a required field`);
    return listed.map((document) => {
      if (isDocument(document)) return { document };
      throw this.wrongType(field, 'an array of objects');
    });
  }

  /** Options of MongoDB that would change the answer: refused unless absent, null, false or empty. */
  refuse(...fields: string[]): void {
    for (const field of fields) {
      const value = this.take(field);
      const empty = value === undefined || value === false || (isDocument(value) && Object.keys(value).length === 0);
      if (!empty) throw notImplemented(`the option '${field}' of ${this.name}`);
    }
  }

  /** Accepted without effect, because the answer is the same. */
  ignore(...fields: string[]): void {
    for (const field of fields) this.read.add(field);
  }

  /** @throws CommandError when the command has a field that nobody read. */
  finish(): void {
    for (const field of [...Object.keys(this.request.command), ...this.request.sequences.keys()]) {
      if (this.read.has(field) || GENERIC.has(field) || this.request.sequences.has(field)) continue;
      if (['startTransaction', 'autocommit', 'txnNumber'].includes(field)) throw notImplemented('a transaction');
      throw new CommandError('UnknownField', `BSON field '${this.name}.${field}' is an unknown field.`);
    }
  }

  /** A check for long scans that honours `maxTimeMS`. */
  timeLimit(clock: Clock): () => void {
    const maxTimeMs = this.natural('maxTimeMS') ?? 0;
    if (maxTimeMs === 0) return () => undefined;
    const untilMs = clock.monotonicMs() + maxTimeMs;
    return () => {
      if (clock.monotonicMs() > untilMs) throw new CommandError('MaxTimeMSExpired', 'operation exceeded time limit');
    };
  }

  private wrongType(field: string, wanted: string): CommandError {
    return new CommandError('TypeMismatch', `BSON field '${this.name}.${field}' is the wrong type, expected ${wanted}`);
  }
}
