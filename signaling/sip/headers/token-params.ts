/** Headers of the form `token *(;param)`: Reason (RFC 3326), Event (RFC 6665), Subscription-State, Replaces (RFC 3891). */
import { fail, ok, type Result } from '../../../base/result';
import { formatParams, type Params, parseParams } from './params';
import { trimSpace } from './scan';

export interface TokenWithParams {
  /** As written: a Reason's protocol, an event package, a subscription's state, or a replaced dialog's Call-ID. */
  readonly value: string;
  readonly params: Params;
}

/** Reads a value without white space or semicolon, and its parameters. */
export const parseTokenWithParams = (text: string): Result<TokenWithParams> => {
  const semicolon = text.indexOf(';');
  const end = semicolon < 0 ? text.length : semicolon;
  const value = trimSpace(text, 0, end);
  if (!/^[^\s",]+$/.test(value)) return fail('bad_input', 'the value in front of the parameters is malformed');
  const params = parseParams(text, end);
  return params.ok ? ok({ value, params: params.value }) : params;
};

export const formatTokenWithParams = (value: TokenWithParams): string => `${value.value}${formatParams(value.params)}`;
