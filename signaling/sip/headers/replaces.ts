/** Replaces: which dialog an INVITE takes the place of (RFC 3891, 6.1). */
import { fail, ok, type Result } from '../../../base/result';
import { parseParams } from './params';
import { isToken } from './scan';

export interface Replaces {
  readonly callId: string;
  /** The local tag of whoever receives the header. */
  readonly toTag: string;
  readonly fromTag: string;
  /** Only a dialog that has not been answered is meant. */
  readonly earlyOnly: boolean;
}

const CALL_ID = /^[\w.!%*_+`'~()<>:\\"/[\]?{}@-]{1,256}$/;

/** Reads `callid *(SEMI param)`; RFC 3891 asks for exactly one to-tag and one from-tag. */
export const parseReplaces = (text: string): Result<Replaces> => {
  const end = text.indexOf(';');
  const callId = (end < 0 ? text : text.slice(0, end)).trim();
  if (!CALL_ID.test(callId)) return fail('bad_input', 'Replaces has no Call-ID');
  const params = end < 0 ? undefined : parseParams(text, end);
  if (params && !params.ok) return params;
  const toTag = params?.value.get('to-tag');
  const fromTag = params?.value.get('from-tag');
  if (toTag === undefined || fromTag === undefined) return fail('bad_input', 'Replaces lacks to-tag or from-tag');
  // From a URI they may come quoted and hold anything, even the beginning of another header.
  if (!isToken(toTag) || !isToken(fromTag)) return fail('bad_input', 'a tag in Replaces is no token');
  return ok({ callId, toTag, fromTag, earlyOnly: params?.value.has('early-only') ?? false });
};

export const formatReplaces = ({ callId, toTag, fromTag, earlyOnly }: Replaces): string =>
  `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ';early-only' : ''}`;
