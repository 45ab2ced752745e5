/**
 * Whether a request comes from our own page. The Origin's host is held against the Host header; the scheme is not,
 * because a proxy that ends TLS leaves us seeing http where the browser saw https.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** `absent`: a program rather than a browser, which always names an origin where it matters. */
export type OriginVerdict = 'same' | 'foreign' | 'absent';

const DEFAULT_PORT = /:(80|443)$/;

const hostOf = (origin: string): string | undefined => {
  try {
    const url = new URL(origin);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.host : undefined;
  } catch {
    return undefined;
  }
};

export const originVerdict = (headers: IncomingHttpHeaders): OriginVerdict => {
  const { origin, host } = headers;
  if (origin !== undefined) {
    const originHost = hostOf(origin);
    const ownHost = host?.toLowerCase();
    if (originHost === undefined || ownHost === undefined) return 'foreign';
    return originHost === ownHost || originHost === ownHost.replace(DEFAULT_PORT, '') ? 'same' : 'foreign';
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined) return 'absent';
  // `none` is the user's own doing (address bar, bookmark), never another page's.
  return site === 'same-origin' || site === 'none' ? 'same' : 'foreign';
};
