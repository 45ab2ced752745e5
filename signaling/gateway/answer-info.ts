/** Answers INFO inside a dialog: it may bring a digit, and nothing else. */
import type { InfoDigit } from '../ports';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import { parseInfoDigit } from './info-digit';

const ACCEPTED = { Accept: 'application/dtmf-relay, application/dtmf' };

/** RFC 2976, section 2.2: 200 for a digit and for an INFO without a body, 415 with what is accepted for any other. */
export const answerInfo = (
  req: SrfRequest,
  res: SrfResponse,
  onDigit: ((digit: InfoDigit) => void) | undefined,
): void => {
  const digit = parseInfoDigit(req.get('Content-Type'), req.body);
  if (!digit && (req.body ?? '') !== '') return res.send(415, { headers: ACCEPTED });
  res.send(200);
  if (digit) onDigit?.(digit);
};
