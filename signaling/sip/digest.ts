/**
 * Digest authentication for SIP (RFC 2617, RFC 7616, RFC 8760): hashes, the server's checks and the client's answers.
 *
 *     HA1      = H(user ":" realm ":" password)
 *     HA2      = H(method ":" uri)                       qop none or auth
 *              = H(method ":" uri ":" H(body))           qop auth-int
 *     response = H(HA1 ":" nonce ":" HA2)                              qop none (RFC 2069 agents)
 *              = H(HA1 ":" nonce ":" nc ":" cnonce ":" qop ":" HA2)    qop auth and auth-int
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../base/result';
import { newToken } from '../../base/ids';
import { type AuthValue, formatAuth } from './headers/auth';
import type { NonceMaker } from './nonce';

/** In the order of preference, strongest first (RFC 8760, 2.3). */
export const DIGEST_ALGORITHMS = ['SHA-256', 'MD5'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** What we answer as a client, strongest first: a client has the password and needs no stored HA1. */
export const CLIENT_ALGORITHMS = ['SHA-512-256', ...DIGEST_ALGORITHMS] as const;
export type ClientAlgorithm = (typeof CLIENT_ALGORITHMS)[number];

const HASH_NAMES: Record<ClientAlgorithm, string> = { 'SHA-512-256': 'sha512-256', 'SHA-256': 'sha256', MD5: 'md5' };

export type DigestQop = 'auth' | 'auth-int' | 'none';

const hash = (algorithm: ClientAlgorithm, data: string | Buffer): string =>
  createHash(HASH_NAMES[algorithm]).update(data).digest('hex');

export interface Ha1Input {
  readonly algorithm: ClientAlgorithm;
  readonly user: string;
  readonly realm: string;
  readonly password: string;
}

/** What a server may store in place of the password; still a secret, since it suffices to answer challenges. */
export const computeHa1 = (input: Ha1Input): string =>
  hash(input.algorithm, `${input.user}:${input.realm}:${input.password}`);

export interface ResponseInput {
  readonly algorithm: ClientAlgorithm;
  readonly ha1: string;
  readonly method: string;
  /** The digest-uri as written into the credentials. */
  readonly uri: string;
  readonly nonce: string;
  readonly qop: DigestQop;
  /** Eight hexadecimal digits; not used without qop. */
  readonly nc: string;
  readonly cnonce: string;
  /** Used by auth-int. */
  readonly body: Buffer;
}

/** The response value in hexadecimal. */
export const computeResponse = (input: ResponseInput): string => {
  const { algorithm, ha1, nonce, nc, cnonce, qop } = input;
  const suffix = qop === 'auth-int' ? `:${hash(algorithm, input.body)}` : '';
  const ha2 = hash(algorithm, `${input.method}:${input.uri}${suffix}`);
  return hash(algorithm, qop === 'none' ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
};

export interface ChallengeInput {
  readonly realm: string;
  readonly nonce: string;
  /** The credentials were right but for the age of their nonce: the client need not ask its user again. */
  readonly stale: boolean;
  readonly algorithms?: readonly DigestAlgorithm[];
}

/** One header value per algorithm, strongest first (RFC 8760, 2.4), for WWW-Authenticate or Proxy-Authenticate. */
export const buildChallenges = (input: ChallengeInput): string[] =>
  (input.algorithms ?? DIGEST_ALGORITHMS).map((algorithm) => {
    const params = new Map([
      ['realm', input.realm],
      ['nonce', input.nonce],
      ['algorithm', algorithm],
      ['qop', 'auth'],
    ]);
    if (input.stale) params.set('stale', 'true');
    return formatAuth({ scheme: 'Digest', params });
  });

/** The algorithm a challenge or credentials name; MD5 when they name none (RFC 7616, 3.3). Undefined: not ours. */
export const algorithmOf = (value: AuthValue): DigestAlgorithm | undefined => {
  const name = (value.params.get('algorithm') ?? 'MD5').toUpperCase();
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm === name);
};

/** Like {@link algorithmOf}, for those that we answer as a client. */
const clientAlgorithmOf = (value: AuthValue): ClientAlgorithm | undefined => {
  const name = (value.params.get('algorithm') ?? 'MD5').toUpperCase();
  return CLIENT_ALGORITHMS.find((algorithm) => algorithm === name);
};

export interface VerifyInput {
  readonly credentials: AuthValue;
  readonly method: string;
  readonly body: Buffer;
  /** The realm of our challenges. */
  readonly realm: string;
  /** HA1 of the user for the algorithm of the credentials; undefined when there is no such user. */
  readonly ha1: string | undefined;
  readonly nonces: Pick<NonceMaker, 'use'>;
  /** For whom the nonce must have been made, see {@link NonceMaker.make}. Default: anybody. */
  readonly whom?: string;
}

export type VerifyFailure = 'malformed' | 'wrong' | 'stale' | 'replayed';

export type Verdict =
  | { readonly outcome: 'ok'; readonly user: string }
  /** Challenge again; with `stale` set to true when the failure is `stale`. */
  | { readonly outcome: 'refused'; readonly failure: VerifyFailure };

/**
 * Checks the credentials of a request against our own challenge.
 *
 * The digest is compared first, in constant time, so that an old nonce is called stale only to those who know the
 * password; then the nonce's age and origin; then its counter, which must be new (RFC 7616, 3.4). The caller checks that
 * the digest-uri means the Request-URI where it minds. Without qop (RFC 2069 agents) a nonce serves once.
 */
export const verifyCredentials = (input: VerifyInput): Verdict => {
  const read = readCredentials(input);
  if (!read) return { outcome: 'refused', failure: 'malformed' };
  // An unknown user costs the same work as a wrong password.
  const expected = computeResponse({ ...read, ha1: input.ha1 ?? newToken(16) });
  const given = Buffer.from(read.response.toLowerCase());
  const wanted = Buffer.from(expected);
  const equal = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!equal || input.ha1 === undefined) return { outcome: 'refused', failure: 'wrong' };
  const use = input.nonces.use(read.nonce, read.qop === 'none' ? 'once' : Number.parseInt(read.nc, 16), input.whom);
  return use === 'fresh' ? { outcome: 'ok', user: read.user } : { outcome: 'refused', failure: use };
};

interface ReadCredentials extends Omit<ResponseInput, 'ha1'> {
  readonly user: string;
  readonly response: string;
}

const readCredentials = (input: VerifyInput): ReadCredentials | undefined => {
  const { credentials, method, body } = input;
  const { params } = credentials;
  const algorithm = algorithmOf(credentials);
  const [user, nonce, uri, response] = ['username', 'nonce', 'uri', 'response'].map((name) => params.get(name));
  const qop = params.get('qop')?.toLowerCase() ?? 'none';
  const nc = params.get('nc') ?? '';
  const cnonce = params.get('cnonce') ?? '';
  if (credentials.scheme.toLowerCase() !== 'digest' || !algorithm || params.get('realm') !== input.realm) {
    return undefined;
  }
  if (user === undefined || nonce === undefined || uri === undefined || response === undefined) return undefined;
  if (qop !== 'none' && qop !== 'auth' && qop !== 'auth-int') return undefined;
  if (qop !== 'none' && (cnonce === '' || !/^[0-9a-fA-F]{8}$/.test(nc))) return undefined;
  return { algorithm, user, nonce, uri, response, qop, nc, cnonce, method, body };
};

export interface AnswerInput {
  readonly challenge: AuthValue;
  readonly user: string;
  readonly password: string;
  readonly method: string;
  /** The Request-URI of the request to be sent. */
  readonly uri: string;
  readonly body: Buffer;
  /** How often this nonce was answered, counting from 1. */
  readonly count: number;
  /** Left out: a random one. */
  readonly cnonce?: string;
}

/**
 * The value of Authorization or Proxy-Authorization that answers a challenge.
 *
 * Chooses `auth` where it is offered, else `auth-int`, else the form without qop. Fault `unsupported` for schemes,
 * algorithms and qops other than those of this file.
 */
export const answerChallenge = (input: AnswerInput): Result<string> => {
  const { challenge, user, password, method, uri, body, count } = input;
  const algorithm = clientAlgorithmOf(challenge);
  const nonce = challenge.params.get('nonce');
  const realm = challenge.params.get('realm');
  const qop = chooseQop(challenge.params.get('qop'));
  if (challenge.scheme.toLowerCase() !== 'digest' || !algorithm || !qop) {
    return fail('unsupported', 'the challenge asks for a scheme, algorithm or qop that is not supported');
  }
  if (nonce === undefined || realm === undefined) return fail('bad_input', 'the challenge has no nonce or no realm');
  const nc = count.toString(16).padStart(8, '0');
  const cnonce = input.cnonce ?? newToken(12);
  const ha1 = computeHa1({ algorithm, user, realm, password });
  const response = computeResponse({ algorithm, ha1, method, uri, nonce, qop, nc, cnonce, body });
  const params = new Map([
    ['username', user],
    ['realm', realm],
    ['nonce', nonce],
    ['uri', uri],
    ['response', response],
    ['algorithm', algorithm],
  ]);
  const opaque = challenge.params.get('opaque');
  if (opaque !== undefined) params.set('opaque', opaque);
  if (qop !== 'none') params.set('qop', qop).set('nc', nc).set('cnonce', cnonce);
  return ok(formatAuth({ scheme: 'Digest', params }));
};

const chooseQop = (offered: string | undefined): DigestQop | undefined => {
  if (offered === undefined) return 'none';
  const options = offered.split(',').map((option) => option.trim().toLowerCase());
  return options.includes('auth') ? 'auth' : options.includes('auth-int') ? 'auth-int' : undefined;
};

/** The challenge with the strongest algorithm of ours among several (RFC 8760, 2.4); undefined when there is none. */
export const strongestChallenge = (challenges: readonly AuthValue[]): AuthValue | undefined => {
  for (const algorithm of CLIENT_ALGORITHMS) {
    const found = challenges.find(
      (one) => one.scheme.toLowerCase() === 'digest' && clientAlgorithmOf(one) === algorithm,
    );
    if (found) return found;
  }
  return undefined;
};
