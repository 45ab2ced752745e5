/** The ACD goes on from its journal: the state of before the restart, and the writer of what comes now. */
import type { Clock } from '../base/clock';
import { newId } from '../base/ids';
import type { Logger } from '../base/log';
import type { AcdRunnerDeps } from '../acd/runner';
import { JournalWriter } from '../acd/journal/journal-writer';
import { resumeState } from '../acd/journal/resume';
import type { AcdJournalStore } from '../store/acd-journal';

/** Decisions can be explained for as long. */
const KEEP_MS = 90 * 86_400_000;

export interface OpenedAcd extends Required<Pick<AcdRunnerDeps, 'from' | 'journal'>> {
  /** Whether effects go ahead of the journal, because the store is silent. */
  readonly isBehind: () => boolean;
}

/** @throws SwitchroomError `internal` when the journal is damaged. */
export const openAcd = async (
  store: AcdJournalStore,
  deps: { readonly clock: Clock; readonly log: Logger },
): Promise<OpenedAcd> => {
  const { clock, log } = deps;
  const startedMs = clock.monotonicMs();
  const from = await resumeState(store, { log });
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  const { n: events, replayed, compared, differing } = from;
  log.info({ events, replayed, compared, differing, tookMs }, 'the ACD goes on from its journal');
  const sink = store.writer({ writer: newId(), keepMs: KEEP_MS });
  let isBehind = false;
  const onBehind = (behind: boolean): void => void (isBehind = behind);
  return {
    from,
    journal: (snapshot) => new JournalWriter({ sink, clock, log, snapshot, onBehind }),
    isBehind: () => isBehind,
  };
};
