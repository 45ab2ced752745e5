/** Finds the session of a request, and decides whether it may do what it asks. */
import type { IncomingMessage } from 'node:http';
import type { ApiKey, KeyScope } from '../../store/sites';
import type { FaultBody } from '../contract/common';
import type { SessionRegistry } from '../sessions/session-registry';
import type { ApiKeys } from './api-keys';
import { tokenOfCookies } from './cookies';
import { UNAUTHENTICATED } from './fault-body';
import { originVerdict } from './origin';
import type { Access, Authenticated } from './route';
import { HTTP_STATUS } from './status';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** A request that names a bearer token is judged by that alone: a browser's cookie beside it does not help it. */
export const authenticate = (request: IncomingMessage, sessions: SessionRegistry): Authenticated | undefined => {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    const session = token === undefined ? undefined : sessions.find(token);
    return session && token !== undefined ? { session, token, by: 'bearer' } : undefined;
  }
  const token = tokenOfCookies(cookie);
  const session = token === undefined ? undefined : sessions.find(token);
  return session && token !== undefined ? { session, token, by: 'cookie' } : undefined;
};

/** As {@link authenticate}, for WebSockets, where a browser cannot set headers and a program may use `?token=`. */
export const authenticateUpgrade = (request: IncomingMessage, sessions: SessionRegistry): Authenticated | undefined => {
  const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
  if (token === null) return authenticate(request, sessions);
  const session = sessions.find(token);
  return session && { session, token, by: 'query' };
};

/** The key of another system that a request carries. */
export const keyOf = (request: IncomingMessage, keys: ApiKeys): ApiKey | undefined => {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : keys.find(token);
};

/** Undefined when the request may go on: with a key of this scope, or by an administrator's bearer token. */
export const keyRefusalOf = (
  key: ApiKey | undefined,
  auth: Authenticated | undefined,
  scope: KeyScope,
): Refusal | undefined => {
  if (key?.scopes.includes(scope)) return undefined;
  if (auth?.by === 'bearer' && auth.session.user.roles.includes('administrator')) return undefined;
  if (key || auth) return forbidden(`This needs a key with the scope ${scope}.`);
  return { status: HTTP_STATUS.unauthenticated, body: UNAUTHENTICATED };
};

export interface Refusal {
  readonly status: number;
  readonly body: FaultBody;
}

const forbidden = (message: string): Refusal => ({
  status: HTTP_STATUS.forbidden,
  body: { code: 'forbidden', message },
});

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Undefined when the request may go on. */
export const refusalOf = (
  request: IncomingMessage,
  auth: Authenticated | undefined,
  access: Access,
): Refusal | undefined => {
  if (access.kind === 'session' && !auth) return { status: HTTP_STATUS.unauthenticated, body: UNAUTHENTICATED };
  const changesState = !SAFE_METHODS.has(request.method ?? 'GET');
  const verdict = originVerdict(request.headers);
  // A browser sends its cookie with other pages' requests too; signing somebody in from another page is no better.
  if (changesState && verdict === 'foreign') return forbidden('The request comes from a page of another origin.');
  if (changesState && verdict === 'absent' && auth?.by === 'cookie' && access.kind === 'session') {
    return forbidden('A request with the session’s cookie needs an Origin header; programs use the bearer token.');
  }
  if (
    access.kind === 'session' &&
    access.roles &&
    !access.roles.some((role) => auth?.session.user.roles.includes(role))
  ) {
    return forbidden(`This needs the role ${access.roles.join(' or ')}.`);
  }
  return undefined;
};
