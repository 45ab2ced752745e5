/**
 * Signing in by user name and password. An unknown name, a disabled account and a wrong password take the same time and
 * give the same reply, and failures are limited.
 */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import { newToken } from '../../base/ids';
import { messageOf } from '../../base/errors';
import type { ApiAuditEntry, AuditWriter, PasswordHasher, UserAccount, UserDirectory } from '../ports';
import type { LoginRequest } from '../contract/rest';
import { SignInLimits } from './sign-in-limits';

export type SignInOutcome =
  | { readonly kind: 'accepted'; readonly account: UserAccount }
  | { readonly kind: 'refused' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

export interface SignInOptions {
  readonly users: UserDirectory;
  readonly passwords: PasswordHasher;
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly log: Logger;
}

export class SignIn {
  private readonly limits: SignInLimits;
  /** What a password is held against when there is no such user. */
  private readonly decoyHash: Promise<string>;

  constructor(private readonly options: SignInOptions) {
    this.limits = new SignInLimits(options.clock);
    this.decoyHash = options.passwords.hash(newToken());
  }

  async attempt(request: LoginRequest, address: string): Promise<SignInOutcome> {
    const attempt = this.limits.begin(request.userName, address);
    if (!('succeeded' in attempt)) {
      await this.record({ action: 'sign-in-limited', userName: request.userName, address });
      return { kind: 'limited', retryAfterMs: attempt.waitMs };
    }
    const user = await this.verified(request).catch((error: unknown) => {
      // The store's failure is not the user's.
      attempt.takeBack();
      throw error;
    });
    if (!user) {
      await this.record({ action: 'sign-in-failed', userName: request.userName, address });
      return { kind: 'refused' };
    }
    attempt.succeeded();
    await this.record({ action: 'sign-in', userName: user.userName, userId: user._id, address });
    return { kind: 'accepted', account: user };
  }

  private async verified({ userName, password }: LoginRequest): Promise<UserAccount | undefined> {
    const { users, passwords } = this.options;
    const user = await users.findByUserName(userName);
    const matches = await passwords.verify(password, user?.passwordHash ?? (await this.decoyHash));
    return user && matches && !user.disabled ? user : undefined;
  }

  /** An audit that cannot be written is loud in the log, but locks nobody out of a running center. */
  private async record(entry: Omit<ApiAuditEntry, 'atMs'>): Promise<void> {
    const { audit, clock, log } = this.options;
    try {
      await audit.write({ atMs: clock.nowMs(), ...entry });
    } catch (error) {
      log.error({ err: error, action: entry.action }, `the audit could not be written: ${messageOf(error)}`);
    }
  }
}
