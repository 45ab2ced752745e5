/** Headers that every reply carries. */
import type { NextFunction, Request, Response } from 'express';
import { isEncrypted } from './client';

const HOST = /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;

/**
 * What agent-web needs and nothing more. Ant Design writes its styles into the page as it runs, hence inline styles.
 * Older Safari does not count WebSockets as `'self'`, hence the host by name.
 */
const contentSecurityPolicy = (host: string | undefined): string => {
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' blob:",
    `connect-src 'self'${sockets}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
};

export const securityHeaders = (request: Request, response: Response, next: NextFunction): void => {
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(request.headers.host));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'microphone=(self), camera=(), geolocation=()');
  if (isEncrypted(request)) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
  next();
};
