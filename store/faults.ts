/** The one door through which the driver's errors become ours. */
import { MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { SwitchroomError, type ErrorCode } from '../base/errors';

const DUPLICATE_KEY = 11000;

const codeOf = (error: MongoError): ErrorCode => {
  if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return 'conflict';
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return 'unavailable';
  return 'internal';
};

/** Awaits an operation of the driver. @throws SwitchroomError `conflict`, `unavailable` or `internal`, with its cause. */
export const ours = async <Value>(operation: Promise<Value>): Promise<Value> => {
  try {
    return await operation;
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new SwitchroomError(codeOf(error), `The database refused: ${error.message}`, { cause: error });
  }
};

/** A connection string without user name, password and options, for messages. */
export const withoutCredentials = (uri: string): string =>
  uri.replace(/^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?([^?]*).*$/s, '$1$2');
