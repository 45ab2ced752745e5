/** What an app tells the edge about strangers (extension `strangers`), read with suspicion. */
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import { parseNetworks } from '../../trunks/cidr';

/** The extension's name. */
export const STRANGERS = 'strangers';

/** The Event of the notice that somebody knocks again and again. */
export const STRANGER_EVENT = 'stranger';

/**
 * `reply`: 403 without a transaction (RFC 3261, 8.2.7), so that a carrier with a wrong address on our list notices.
 * `silence`: nothing at all, so that a scanner does not even learn that there is a SIP server.
 */
export type StrangerRefusal = 'reply' | 'silence';

/** As the app writes it. Networks in CIDR notation. */
export interface StrangerSettings {
  readonly refusal: StrangerRefusal;
  /** Whose requests the app wants to see: trunks. */
  readonly peers: readonly string[];
  /** From where users may register, and call with credentials. */
  readonly users: readonly string[];
}

export interface StrangerPolicy {
  readonly refusal: StrangerRefusal;
  readonly isPeer: (address: string) => boolean;
  readonly mayAuthenticate: (address: string) => boolean;
}

const MAX_NETWORKS = 5_000;

/** Fault `bad_input` names what is wrong. */
export const readPolicy = (input: unknown): Result<StrangerPolicy> => {
  const { refusal, peers, users } = (input ?? {}) as Partial<Record<keyof StrangerSettings, unknown>>;
  if (refusal !== 'reply' && refusal !== 'silence') return fail('bad_input', 'refusal is reply or silence');
  const isPeer = readNetworks('peers', peers);
  if (!isPeer.ok) return isPeer;
  const mayAuthenticate = readNetworks('users', users);
  if (!mayAuthenticate.ok) return mayAuthenticate;
  return ok({ refusal, isPeer: isPeer.value, mayAuthenticate: mayAuthenticate.value });
};

const readNetworks = (what: string, input: unknown): Result<(address: string) => boolean> => {
  const isList = Array.isArray(input) && input.length <= MAX_NETWORKS;
  if (!isList || !input.every((network): network is string => typeof network === 'string')) {
    return fail('bad_input', `${what} is no list of at most ${MAX_NETWORKS} networks`);
  }
  return parseNetworks(input);
};
