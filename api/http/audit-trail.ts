/** Writes down what users have done that must be provable later. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { SessionUser } from '../contract/rest';
import type { ApiAuditEntry, AuditWriter } from '../ports';
import { addressOf } from './client';
import type { Authenticated } from './route';

export interface AuditTrail {
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Deed extends Pick<ApiAuditEntry, 'action' | 'detail'> {
  readonly auth: Authenticated;
  readonly request: Parameters<typeof addressOf>[0];
}

interface DeedOfUser extends Pick<ApiAuditEntry, 'action' | 'detail'> {
  readonly user: Pick<SessionUser, 'userName' | 'userId'>;
  readonly address: string;
}

export const writeDown = (trail: AuditTrail, { auth, request, ...deed }: Deed): Promise<void> =>
  writeDownOf(trail, { ...deed, user: auth.session.user, address: addressOf(request) });

/** What was done is not taken back when it cannot be written down; the log is loud about it. Never rejects. */
export const writeDownOf = async ({ audit, clock, log }: AuditTrail, deed: DeedOfUser): Promise<void> => {
  const { user, address, action, detail } = deed;
  const { userName, userId } = user;
  try {
    await audit.write({ atMs: clock.nowMs(), action, userName, userId, address, detail });
  } catch (error) {
    log.error({ err: error, action, userName, detail }, 'the audit could not be written');
  }
};
