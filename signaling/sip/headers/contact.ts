/** Contact: an address, or `*` in a REGISTER that removes all bindings (RFC 3261, 20.10). */
import { fail, ok, type Result } from '../../../base/result';
import { type NameAddr, parseNameAddr } from './name-addr';
import { parseDigits } from './scan';

/** Seconds; RFC 3261, 20.19 bounds expiry values by 2**32 - 1. */
const MAX_EXPIRES_S = 4_294_967_295;

/** Reads one Contact value that is not `*`. An `expires` or `q` that breaks its grammar is refused. */
export const parseContact = (text: string): Result<NameAddr> => {
  const address = parseNameAddr(text);
  if (!address.ok) return address;
  const { params } = address.value;
  const expires = params.get('expires');
  if (expires !== undefined && parseDigits(expires, MAX_EXPIRES_S) === undefined) {
    return fail('bad_input', 'the expires parameter is not a number below 2**32');
  }
  const q = params.get('q');
  if (q !== undefined && !/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q)) {
    return fail('bad_input', 'the q parameter is not a number from 0 to 1');
  }
  return address;
};

/** The seconds for which a Contact asks to be bound: its own `expires`, else the given value of the Expires header. */
export const contactExpiresS = (contact: NameAddr, headerExpiresS: number | undefined): number | undefined => {
  const own = contact.params.get('expires');
  return own === undefined ? headerExpiresS : parseDigits(own, MAX_EXPIRES_S);
};

/** Reads an Expires, Min-Expires or Session-Expires style number of seconds. */
export const parseExpires = (text: string): Result<number> => {
  const seconds = parseDigits(text, MAX_EXPIRES_S);
  return seconds === undefined ? fail('bad_input', 'the expiry is not a number of seconds below 2**32') : ok(seconds);
};
