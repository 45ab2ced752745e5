/** Session-Expires and Min-SE: the session timer (RFC 4028, 4 and 5). */
import { fail, ok, type Result } from '../../../base/result';
import { formatParams, type Params, parseParams } from './params';
import { endOfDigits } from '../uri';
import { parseDigits } from './scan';

export interface SessionExpires {
  readonly seconds: number;
  /** `refresher` is `uac` or `uas`. */
  readonly params: Params;
}

/** Reads `delta-seconds *(;param)`. */
export const parseSessionExpires = (text: string): Result<SessionExpires> => {
  const end = endOfDigits(text, 0);
  const seconds = parseDigits(text.slice(0, end), 4_294_967_295);
  if (seconds === undefined) return fail('bad_input', 'the interval is not a number of seconds below 2**32');
  const params = parseParams(text, end);
  return params.ok ? ok({ seconds, params: params.value }) : params;
};

export const formatSessionExpires = (value: SessionExpires): string => `${value.seconds}${formatParams(value.params)}`;
