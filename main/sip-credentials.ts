/**
 * The browsers' SIP passwords: random, one per user while a session lives, encrypted where they lie. A password that
 * people choose never serves for digest, because digest needs it (or its equal) in the clear.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock';
import type { LastingRecords } from '../base/lasting';
import type { SecretBox } from '../base/secret-box';
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

export interface SipCredentialBookDependencies {
  readonly realm: string;
  readonly clock: Clock;
  /** Where passwords outlive the process, sealed. */
  readonly records: Pick<LastingRecords<string>, 'takeFound' | 'save' | 'remove'>;
  readonly box: SecretBox;
  /** As long as a session. */
  readonly lifetimeMs: number;
}

export class SipCredentialBook {
  private readonly secrets = new Map<string, DigestSecrets>();
  /** Of before a restart: a browser that goes on with its session goes on with its password. */
  private readonly kept = new Map<string, string>();

  constructor(private readonly deps: SipCredentialBookDependencies) {
    for (const { id, value } of deps.records.takeFound()) {
      const password = deps.box.open(value, placeOf(id));
      if (password.ok) this.kept.set(id, password.value);
    }
  }

  /** A new password for this user, or the one of before a restart; any other is no longer valid. */
  issue(userName: string): { password: string } {
    const { realm, clock, records, box, lifetimeMs } = this.deps;
    const password = this.kept.get(userName) ?? newToken();
    this.kept.delete(userName);
    this.secrets.set(userName, digestSecrets({ userName, realm, password }));
    const value = box.seal(password, placeOf(userName));
    records.save({ id: userName, value, expiresAtMs: clock.nowMs() + lifetimeMs });
    return { password };
  }

  revoke(userName: string): void {
    this.secrets.delete(userName);
    this.kept.delete(userName);
    this.deps.records.remove(userName);
  }

  of(userName: string): DigestSecrets | undefined {
    return this.secrets.get(userName);
  }
}

const placeOf = (userName: string): string => `sipAccounts/${userName}`;
