/** The session's cookie (RFC 6265). */
import { parseCookie, stringifySetCookie } from 'cookie';

export const SESSION_COOKIE = 'switchroom_session';

/** The session's token in a Cookie header, if there is one. */
export const tokenOfCookies = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : parseCookie(header)[SESSION_COOKIE] || undefined;

const ATTRIBUTES = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** @param secure the browser's connection is encrypted. @param maxAgeMs how long the session lives. */
export const sessionCookie = (token: string, maxAgeMs: number, secure: boolean): string =>
  stringifySetCookie(SESSION_COOKIE, token, { ...ATTRIBUTES, secure, maxAge: Math.floor(maxAgeMs / 1000) });

export const expiredSessionCookie = (secure: boolean): string =>
  stringifySetCookie(SESSION_COOKIE, '', { ...ATTRIBUTES, secure, maxAge: 0 });
