/** What is thrown while a request is served becomes a fault, and the log has the rest. */
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../../base/log';
import type { FaultBody } from '../contract/common';
import { faultBody, faultOf, UNAUTHENTICATED } from './fault-body';
import { HTTP_STATUS } from './status';

interface Answer {
  readonly status: number;
  readonly body: FaultBody;
}

const TOO_LARGE = 413;

/** The body reader says how much it takes, in bytes. */
const tooLarge = (error: Error): string => {
  const limit = 'limit' in error && typeof error.limit === 'number' ? `${error.limit / 1_024} kB` : 'the limit';
  return `The body is larger than ${limit}; divide what it holds, such as a long schedule into two for fewer agents.`;
};

/** What Express and its body reader throw carries an HTTP status below 500 when the client is at fault. */
const clientAnswer = (error: unknown): Answer | undefined => {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (status === TOO_LARGE) return { status, body: { code: 'bad_input', message: tooLarge(error) } };
  const malformed = 'type' in error && error.type === 'entity.parse.failed';
  const reason = malformed ? 'The HTTP body is not JSON.' : 'The request is malformed.';
  return { status, body: { code: 'bad_input', message: reason } };
};

export interface ReportErrorOptions {
  readonly log: Logger;
  /** Strangers learn of a malformed request only that they must sign in. @param path below the router. */
  readonly isPrivate: (path: string) => boolean;
}

export const reportError =
  ({ log, isPrivate }: ReportErrorOptions): ErrorRequestHandler =>
  // eslint-disable-next-line max-params -- Express knows error handlers by their four parameters
  (error: unknown, request, response, next) => {
    const client = clientAnswer(error);
    if (!client) log.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    if (response.headersSent) {
      next(error);
    } else if (client && !response.locals.auth && isPrivate(request.path)) {
      response.status(HTTP_STATUS.unauthenticated).json(UNAUTHENTICATED);
    } else if (client) {
      response.status(client.status).json(client.body);
    } else {
      const fault = faultOf(error);
      response.status(HTTP_STATUS[fault.code]).json(faultBody(fault));
    }
  };
