/** Content-Type and Content-Disposition: a type with parameters (RFC 3261, 20.15 and 20.11). */
import { fail, ok, type Result } from '../../../base/result';
import { formatParams, type Params, parseParams } from './params';
import { skipSpace, tokenEnd } from './scan';

export interface MediaType {
  /** Lower case, such as `application/sdp`. */
  readonly type: string;
  readonly params: Params;
}

/** Reads `type / subtype *(;param)`. */
export const parseMediaType = (text: string): Result<MediaType> => {
  const typeEnd = tokenEnd(text, 0);
  const slash = skipSpace(text, typeEnd);
  const subtypeStart = skipSpace(text, slash + 1);
  const subtypeEnd = tokenEnd(text, subtypeStart);
  if (typeEnd === 0 || text.charCodeAt(slash) !== 0x2f || subtypeEnd === subtypeStart) {
    return fail('bad_input', "the value is not of the form 'type/subtype'");
  }
  const params = parseParams(text, subtypeEnd);
  if (!params.ok) return params;
  const type = `${text.slice(0, typeEnd)}/${text.slice(subtypeStart, subtypeEnd)}`.toLowerCase();
  return ok({ type, params: params.value });
};

export const formatMediaType = (value: MediaType): string => `${value.type}${formatParams(value.params)}`;
