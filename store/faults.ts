/** The one door through which the driver's errors become ours. */
import {
  MongoClientClosedError,
  MongoError,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import type { AbstractCursor } from 'mongodb';
import { systemClock } from '../base/clock';
import { SwitchroomError, type ErrorCode } from '../base/errors';

const DUPLICATE_KEY = 11000;

/** The way to the server is lost, or the driver is being opened anew (`store/watch-driver.ts`). */
const WAY_LOST = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoClientClosedError,
  MongoTopologyClosedError,
  MongoServerClosedError,
  MongoExpiredSessionError,
] as const;
/** Not among what the driver exports. */
const POOL_CLOSED = 'MongoPoolClosedError';

const codeOf = (error: MongoError): ErrorCode => {
  if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return 'conflict';
  if (error.name === POOL_CLOSED || WAY_LOST.some((kind) => error instanceof kind)) return 'unavailable';
  return 'internal';
};

/** More than any report takes. */
const LIMIT_MS = 60_000;

/** For what others wait for in turn: longer than the driver takes to see that the way to the server is silent. */
export const SHORT_LIMIT_MS = 10_000;

/**
 * Awaits an operation of the driver, but not for ever (`store/watch-driver.ts` says why it might be).
 * @throws SwitchroomError `conflict`, `unavailable` or `internal`, with its cause.
 */
export const ours = async <Value>(operation: Promise<Value>, limitMs = LIMIT_MS): Promise<Value> => {
  try {
    return await inTime(operation, limitMs);
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new SwitchroomError(codeOf(error), `The database refused: ${error.message}`, { cause: error });
  }
};

/**
 * What a cursor finds, one after the other, each batch awaited as {@link ours} does; the cursor is closed at the end.
 * @throws SwitchroomError as {@link ours}.
 */
export async function* eachOf<Found>(
  cursor: Pick<AbstractCursor<Found>, 'hasNext' | 'readBufferedDocuments' | 'close'>,
  limitMs = LIMIT_MS,
): AsyncGenerator<Found> {
  try {
    while (await ours(cursor.hasNext(), limitMs)) yield* cursor.readBufferedDocuments();
  } finally {
    // Nobody waits for that: the server forgets it by itself, too.
    cursor.close().catch(() => undefined);
  }
}

const inTime = <Value>(operation: Promise<Value>, limitMs: number): Promise<Value> =>
  new Promise((resolve, reject) => {
    const limit = systemClock.after(limitMs, () =>
      reject(new SwitchroomError('unavailable', `The database has not answered within ${limitMs / 1_000} s.`)),
    );
    void operation.finally(() => limit.cancel()).then(resolve, reject);
  });

/** A connection string without user name, password and options, for messages. */
export const withoutCredentials = (uri: string): string =>
  uri.replace(/^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?([^?]*).*$/s, '$1$2');
