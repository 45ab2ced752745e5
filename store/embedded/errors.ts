/** MongoDB's error codes that this server uses, by their names, as the server manual lists them. */
export const CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  ShutdownInProgress: 91,
  ExceededMemoryLimit: 146,
  CannotIndexParallelArrays: 171,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  NotImplemented: 238,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  UnrecognizedStage: 40324,
  UnknownField: 40415,
} as const;

export type CodeName = keyof typeof CODES;

/** An error that a client receives as `{ok: 0, code, codeName, errmsg}` or as one of `writeErrors`. */
export class CommandError extends Error {
  constructor(
    readonly codeName: CodeName,
    message: string,
    /** Further fields of the reply, such as `keyPattern` and `keyValue` of a duplicate key. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'CommandError';
  }

  get code(): number {
    return CODES[this.codeName];
  }
}

/** Something of MongoDB that this server does not do; never answered with a guess. */
export const notImplemented = (what: string): CommandError =>
  new CommandError('NotImplemented', `${what} is not supported by the embedded store; use MongoDB for it`);
