/** Which of several final responses goes back to the caller (RFC 3261, 16.7 step 6). */
import type { SipResponse } from '../../sip/message';

/** Within 4xx those that tell the caller how to change the request come first. */
const HELPFUL = new Set([401, 407, 415, 420, 484]);

const rank = ({ status }: SipResponse): number => {
  if (status >= 600) return 0;
  // A 503 says something about one server only, so another 5xx is better.
  if (status === 503) return 600;
  return HELPFUL.has(status) ? 400 : status - (status % 100) + 1;
};

/** The best of the responses, which must not be empty; of equals the first. */
export const bestOf = (responses: readonly SipResponse[]): SipResponse | undefined => {
  const [first, ...others] = responses;
  if (!first) return undefined;
  const best = others.reduce((one, other) => (rank(other) < rank(one) ? other : one), first);
  return best.status === 401 || best.status === 407 ? withAllChallenges(best, responses) : best;
};

/** Step 7: a 401 or 407 MUST carry the challenges of all other 401 and 407 responses too. */
const withAllChallenges = (best: SipResponse, responses: readonly SipResponse[]): SipResponse => {
  const merged = best.clone();
  for (const other of responses) {
    if (other === best || (other.status !== 401 && other.status !== 407)) continue;
    for (const name of ['WWW-Authenticate', 'Proxy-Authenticate']) {
      for (const challenge of other.getAll(name)) merged.append(name, challenge);
    }
  }
  return merged;
};
