/** Opens what outlives the app and ends by itself. */
import type { Clock } from '../base/clock';
import { LastingRecords } from '../base/lasting';
import type { StandingAlarm } from '../base/standing-alarms';
import type { Logger } from '../base/log';
import type { KeptSession } from '../api/sessions/session-registry';
import { MAX_CONTEXTS } from '../calls/context-book';
import type { KeptContext } from '../calls/context-book';
import { MAX_GUARD_RECORDS } from '../signaling/guard/ban-book';
import type { GuardRecord } from '../signaling/guard/ban-book';
import { MAX_SUBSCRIPTIONS } from '../signaling/subscriptions/notifier';
import type { KeptSubscription } from '../signaling/subscriptions/notifier';
import type { Store } from '../store/connect';
import type { OutboxRecord } from './webhooks/outbox';
import type { LastingCollection } from '../store/lasting';

/** What all webhooks may be behind by. */
const MAX_OUTBOX = 50_000;
/** More than any center has at a time. */
const MAX_SESSIONS = 20_000;
const MAX_CALLS = 20_000;
const MAX_ALARMS = 10_000;

export interface AppRecords {
  readonly guard: LastingRecords<GuardRecord>;
  readonly contexts: LastingRecords<KeptContext>;
  readonly subscriptions: LastingRecords<KeptSubscription>;
  readonly sessions: LastingRecords<KeptSession>;
  /** The browsers' SIP passwords, sealed. */
  readonly sipAccounts: LastingRecords<string>;
  /** Events on their way to webhooks. */
  readonly webhookOutbox: LastingRecords<OutboxRecord>;
  readonly standingAlarms: LastingRecords<StandingAlarm>;
  /** Running calls, sealed. */
  readonly liveCalls: LastingRecords<string>;
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const loadRecords = async (
  store: Pick<Store, 'lasting'>,
  deps: { readonly clock: Clock; readonly log: Logger },
): Promise<AppRecords> => {
  const open = <Value>(kind: LastingCollection, maxRecords: number): Promise<LastingRecords<Value>> =>
    LastingRecords.load<Value>({ ...deps, store: store.lasting(kind), name: kind, maxRecords });
  const guard = await open<GuardRecord>('guard', MAX_GUARD_RECORDS);
  const contexts = await open<KeptContext>('handedContexts', MAX_CONTEXTS);
  const subscriptions = await open<KeptSubscription>('subscriptions', MAX_SUBSCRIPTIONS);
  const sessions = await open<KeptSession>('sessions', MAX_SESSIONS);
  const sipAccounts = await open<string>('sipAccounts', MAX_SESSIONS);
  const webhookOutbox = await open<OutboxRecord>('webhookOutbox', MAX_OUTBOX);
  const standingAlarms = await open<StandingAlarm>('standingAlarms', MAX_ALARMS);
  const liveCalls = await open<string>('liveCalls', MAX_CALLS);
  const all = [guard, contexts, subscriptions, sessions, sipAccounts, webhookOutbox, standingAlarms, liveCalls];
  return {
    guard,
    contexts,
    subscriptions,
    sessions,
    sipAccounts,
    webhookOutbox,
    standingAlarms,
    liveCalls,
    close: async () => void (await Promise.all(all.map((records) => records.close()))),
  };
};
