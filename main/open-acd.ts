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

/** @throws SwitchroomError `internal` when the journal is damaged. */
export const openAcd = async (
  store: AcdJournalStore,
  deps: { readonly clock: Clock; readonly log: Logger },
): Promise<Required<Pick<AcdRunnerDeps, 'from' | 'journal'>>> => {
  const { clock, log } = deps;
  const startedMs = clock.monotonicMs();
  const from = await resumeState(store, { log });
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  log.info({ events: from.n, replayed: from.replayed, tookMs }, 'the ACD goes on from its journal');
  const sink = store.writer({ writer: newId(), keepMs: KEEP_MS });
  return { from, journal: (snapshot) => new JournalWriter({ sink, clock, log, snapshot }) };
};
