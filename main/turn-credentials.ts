/**
 * TURN credentials that run out, as coturn's `use-auth-secret` checks them: the user name says until when, the password is
 * its HMAC under a secret that only we and the TURN server know. Nobody has to tell the server about our users.
 */
import { createHmac } from 'node:crypto';
import type { IceSettings } from '../api/contract/rest';
import type { Config } from './config';

export type TurnConfig = Config['turn'];

/** For one user; undefined where no TURN server is configured. */
export const turnCredentials = (
  { urls, secret, lifetimeS, relayOnly }: TurnConfig,
  of: { readonly userName: string; readonly nowMs: number },
): IceSettings | undefined => {
  if (urls.length === 0 || secret === undefined) return undefined;
  const expiresAtS = Math.floor(of.nowMs / 1000) + lifetimeS;
  const username = `${expiresAtS}:${of.userName}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  const times = { expiresAtMs: expiresAtS * 1000, lifetimeMs: lifetimeS * 1000 };
  return { urls: [...urls], username, credential, ...times, relayOnly };
};
