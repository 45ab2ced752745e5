/** Opens what outlives the app and ends by itself. */
import type { Clock } from '../base/clock';
import { LastingRecords } from '../base/lasting';
import type { Logger } from '../base/log';
import { MAX_CONTEXTS } from '../calls/context-book';
import type { KeptContext } from '../calls/context-book';
import { MAX_GUARD_RECORDS } from '../signaling/guard/ban-book';
import type { GuardRecord } from '../signaling/guard/ban-book';
import type { Store } from '../store/connect';

export interface AppRecords {
  readonly guard: LastingRecords<GuardRecord>;
  readonly contexts: LastingRecords<KeptContext>;
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const loadRecords = async (
  store: Pick<Store, 'lasting'>,
  deps: { readonly clock: Clock; readonly log: Logger },
): Promise<AppRecords> => {
  const guard = await LastingRecords.load<GuardRecord>({
    ...deps,
    store: store.lasting('guard'),
    name: 'bans',
    maxRecords: MAX_GUARD_RECORDS,
  });
  const contexts = await LastingRecords.load<KeptContext>({
    ...deps,
    store: store.lasting('handedContexts'),
    name: 'contexts',
    maxRecords: MAX_CONTEXTS,
  });
  return {
    guard,
    contexts,
    close: async () => void (await Promise.all([guard.close(), contexts.close()])),
  };
};
