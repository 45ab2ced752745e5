/** Writes down what users have done that must be provable later. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
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

/** What was done is not taken back when it cannot be written down; the log is loud about it. Never rejects. */
export const writeDown = async ({ audit, clock, log }: AuditTrail, deed: Deed): Promise<void> => {
  const { auth, request, action, detail } = deed;
  const { userName, userId } = auth.session.user;
  try {
    await audit.write({ atMs: clock.nowMs(), action, userName, userId, address: addressOf(request), detail });
  } catch (error) {
    log.error({ err: error, action, userName, detail }, 'the audit could not be written');
  }
};
