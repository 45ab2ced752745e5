/** What a Refer-To asks for: a number, and perhaps the dialog that the new call is to replace (RFC 3515, 3891). */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { parseNameAddr } from '../sip/headers/name-addr';
import type { Replaces } from '../sip/headers/replaces';
import { parseReplaces } from '../sip/headers/replaces';

export interface ReferTarget {
  readonly number: string;
  readonly uri: string;
  readonly replaces: Replaces | undefined;
}

/** Fails with `bad_input`; only INVITEs can be asked for. */
export const parseReferTo = (header: string | undefined): Result<ReferTarget> => {
  if (header === undefined) return fail('bad_input', 'the REFER has no Refer-To');
  const parsed = parseNameAddr(header);
  if (!parsed.ok) return parsed;
  const { uri } = parsed.value;
  const method = uri.params.get('method');
  if (method !== undefined && method.toUpperCase() !== 'INVITE') {
    return fail('bad_input', `the REFER asks for ${method}, not for a call`);
  }
  const number = uri.userDecoded ?? '';
  const text = uri.headers.get('replaces');
  if (text === undefined) return ok({ number, uri: uri.toString(), replaces: undefined });
  const replaces = parseReplaces(decoded(text));
  return replaces.ok ? ok({ number, uri: uri.toString(), replaces: replaces.value }) : replaces;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
