/** Opens the journal of calls, or goes without: a folder that cannot be written is no reason to carry no calls. */
import type { JournalOptions } from './journal';
import { Journal } from './journal';
import type { JournalEntries } from './journal-format';

export interface OpenedJournal {
  /** Left out: nothing is written. */
  readonly journal: Journal | undefined;
  /** What a former process has left. */
  readonly entries: JournalEntries;
}

/** @param options without `dir` there is no journal. */
export const openJournal = ({
  dir,
  clock,
  log,
}: Omit<JournalOptions, 'dir'> & { readonly dir: string | undefined }): OpenedJournal => {
  const without = { journal: undefined, entries: new Map<string, unknown>() };
  if (dir === undefined) return without;
  try {
    return Journal.open({ dir, clock, log });
  } catch (error) {
    log.error({ err: error, dir }, 'there is no journal of calls: a restart will end them; make the folder writable');
    return without;
  }
};
