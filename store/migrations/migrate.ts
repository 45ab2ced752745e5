/** Brings the database into the shape that this version expects. */
import type { Db } from 'mongodb';
import type { Clock } from '../../base/clock';
import { SwitchroomError, messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import { createFirstIndexes } from './001-indexes';
import { indexAcdJournal } from './002-acd-journal';
import { expireTraces } from './003-traces';
import { expireLasting } from './004-lasting';
import { expireSipAccounts } from './005-sip-accounts';
import { indexRecordings } from './006-recordings';
import { indexRecordingKeys } from './007-recording-keys';
import { indexConferences } from './008-conferences';
import { indexInteractionAgents } from './009-interaction-agents';
import { indexNumberParts } from './010-number-parts';
import { indexWaits } from './011-waits-and-webhooks';
import { expireLiveCalls } from './012-live-calls';
import { indexMessages } from './013-messages';
import { expireStandingAlarms } from './014-standing-alarms';
import { indexAgentTimes } from './015-agent-times';
import { foldTenantSupervisors } from './016-tenant-supervisors';
import { indexTimesOfOneAgent } from './017-times-of-one-agent';
import type { Migration } from './migration';

export const MIGRATIONS: readonly Migration[] = [
  createFirstIndexes,
  indexAcdJournal,
  expireTraces,
  expireLasting,
  expireSipAccounts,
  indexRecordings,
  indexRecordingKeys,
  indexConferences,
  indexInteractionAgents,
  indexNumberParts,
  indexWaits,
  expireLiveCalls,
  indexMessages,
  expireStandingAlarms,
  indexAgentTimes,
  foldTenantSupervisors,
  indexTimesOfOneAgent,
];

interface Applied {
  _id: number;
  name: string;
  appliedAtMs: number;
}

/**
 * Applies in order what is not recorded in the collection `migrations`. A migration that is interrupted is not recorded
 * and runs again at the next start.
 * @throws SwitchroomError naming the migration that failed, or when the database is newer than this program.
 */
export const migrate = async (
  { db, clock, log }: { db: Db; clock: Clock; log: Logger },
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> => {
  const applied = db.collection<Applied>('migrations');
  const done = new Set((await applied.find().toArray()).map(({ _id }) => _id));
  const newest = Math.max(0, ...migrations.map(({ number }) => number));
  const unknown = [...done].find((number) => number > newest);
  if (unknown !== undefined) {
    throw new SwitchroomError(
      'conflict',
      `The database has migration ${unknown}, this program knows up to ${newest}; install the newer program.`,
    );
  }
  for (const { number, name, up } of [...migrations].sort((left, right) => left.number - right.number)) {
    if (done.has(number)) continue;
    try {
      await up(db);
      await applied.updateOne({ _id: number }, { $set: { name, appliedAtMs: clock.nowMs() } }, { upsert: true });
    } catch (error) {
      throw new SwitchroomError('internal', `Migration ${number} (${name}) failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
    log.info({ migration: number, name }, 'migrated the database');
  }
};
