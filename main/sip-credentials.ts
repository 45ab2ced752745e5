/**
 * The browsers' SIP passwords: random, one per session, kept in memory only. A password that people choose never
 * serves for digest, because digest needs it (or its equal) in the clear.
 */
import { createHash } from 'node:crypto';
import { newToken } from '../base/ids';

export interface DigestSecrets {
  /** RFC 7616 section 3.4.2: H(user ":" realm ":" password), as hexadecimal. */
  readonly MD5: string;
  readonly 'SHA-256': string;
}

export const digestSecrets = (account: { userName: string; realm: string; password: string }): DigestSecrets => {
  const secret = `${account.userName}:${account.realm}:${account.password}`;
  const hash = (algorithm: string): string => createHash(algorithm).update(secret).digest('hex');
  return { MD5: hash('md5'), 'SHA-256': hash('sha256') };
};

export class SipCredentialBook {
  private readonly secrets = new Map<string, DigestSecrets>();

  constructor(private readonly realm: string) {}

  /** A new password for this user; the one before is no longer valid. */
  issue(userName: string): { password: string } {
    const password = newToken();
    this.secrets.set(userName, digestSecrets({ userName, realm: this.realm, password }));
    return { password };
  }

  revoke(userName: string): void {
    this.secrets.delete(userName);
  }

  of(userName: string): DigestSecrets | undefined {
    return this.secrets.get(userName);
  }
}
