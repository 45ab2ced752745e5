/** Faults as the browser sees them. A cause never leaves the process, and an internal error keeps its message. */
import type { ZodError } from 'zod';
import type { FaultBody } from '../contract/common';
import type { Fault } from '../../base/result';
import { SwitchroomError } from '../../base/errors';

/** Enough to correct a form; a body of a million bad fields must not make a reply of a million lines. */
const MAX_FIELDS = 20;
const MAX_PATH_LENGTH = 100;

export const UNAUTHENTICATED: FaultBody = {
  code: 'unauthenticated',
  message: 'Sign in first: POST /api/v1/login gives a cookie and a bearer token.',
};

export const faultBody = (fault: Fault): FaultBody =>
  fault.code === 'internal'
    ? { code: 'internal', message: 'The server failed; its log says why.' }
    : { code: fault.code, message: fault.message, ...(fault.about && { about: fault.about }) };

const OUT_OF_ORDER = 'A part of the server does not answer; try again in a moment.';

/**
 * What was thrown. A foreign error becomes `internal`; ours keep their code. A part that does not answer is not
 * described to strangers: its message holds addresses.
 */
export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof SwitchroomError)) return { code: 'internal', message: 'unexpected error', cause: error };
  return { code: error.code, message: error.code === 'unavailable' ? OUT_OF_ORDER : error.message, cause: error };
};

/** The paths of one issue: an object's unknown keys are fields too, and zod names them apart from the path. */
const fieldsOf = (issue: ZodError['issues'][number]): { path: string; message: string }[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({
        path: [...issue.path, key].map(String).join('.'),
        message: 'There is no such field.',
      }))
    : [{ path: issue.path.map(String).join('.'), message: issue.message }];

/** A fault that names the path of every field that is wrong. @param where what was read: body, query or path. */
export const badInputBody = (where: string, error: ZodError): FaultBody => {
  const fields = error.issues
    .flatMap(fieldsOf)
    .slice(0, MAX_FIELDS)
    .map(({ path, message }) => ({ path: path.slice(0, MAX_PATH_LENGTH), message }));
  const named = fields.flatMap(({ path }) => path || []).join(', ');
  if (named) return { code: 'bad_input', message: `The ${where} is not valid: ${named}.`, fields };
  const whole = where === 'body' ? 'The HTTP body is not JSON' : `The ${where} is not a JSON object`;
  return { code: 'bad_input', message: `${whole}.`, fields };
};
