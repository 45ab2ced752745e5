/** Keeps the waits in queues, and makes reports of them. */
import type { Clock } from '../base/clock';
import { LastingRecords } from '../base/lasting';
import type { Logger } from '../base/log';
import type { QueueReports } from '../api/watch-ports';
import type { CenterDeps } from '../calls/center';
import { QueueReportBuilder } from '../acd/tally/queue-report';
import { WAITS_KEPT_MS } from '../store/waits';
import type { KeptWait, WaitStore } from '../store/waits';

/** Waits that have ended while the store is away. */
const MAX_BEHIND = 50_000;

export interface WaitKeeper {
  readonly keep: NonNullable<CenterDeps['keepWait']>;
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

export const openWaitKeeper = async (
  store: WaitStore,
  deps: { readonly clock: Clock; readonly log: Logger },
): Promise<WaitKeeper> => {
  const records = await LastingRecords.load<KeptWait>({
    ...deps,
    name: 'waits',
    maxRecords: MAX_BEHIND,
    store: {
      save: ({ value }) => store.save(value),
      remove: () => Promise.resolve(),
      list: () => Promise.resolve([]),
    },
  });
  return {
    keep: (wait, handleMs) =>
      records.save({
        id: `${wait.contactId}/${wait.endedAtMs}`,
        value: { ...wait, ...(handleMs !== undefined && { handleMs }) },
        expiresAtMs: wait.endedAtMs + WAITS_KEPT_MS,
      }),
    close: () => records.close(),
  };
};

export const queueReports = (store: WaitStore): QueueReports => ({
  of: async ({ fromMs, toMs, intervalMs, queueId }) => {
    const builder = new QueueReportBuilder({ fromMs, intervalMs });
    for await (const wait of store.arrived(fromMs, toMs)) {
      if (queueId === undefined || wait.queueId === queueId) builder.add(wait);
    }
    return { items: builder.report().map((one) => ({ ...one, intervals: [...one.intervals] })) };
  },
});
