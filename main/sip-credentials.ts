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

export class SipCredentialBook {
  private readonly secrets = new Map<string, DigestSecrets>();

  constructor(private readonly realm: string) {}

  /** A new password for this user; the one before is no longer valid. */
  issue(userName: string): { password: string } {
    const password = newToken();
    const secret = `${userName}:${this.realm}:${password}`;
    const hash = (algorithm: string): string => createHash(algorithm).update(secret).digest('hex');
    this.secrets.set(userName, { MD5: hash('md5'), 'SHA-256': hash('sha256') });
    return { password };
  }

  revoke(userName: string): void {
    this.secrets.delete(userName);
  }

  of(userName: string): DigestSecrets | undefined {
    return this.secrets.get(userName);
  }
}
