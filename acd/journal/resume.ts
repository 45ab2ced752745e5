/** The state as the journal tells it: the latest snapshot, and every event since. */
import { SwitchroomError } from '../../base/errors';
import type { Logger } from '../../base/log';
import { decisionHash } from '../core/explain';
import type { AcdEffect, AcdRules, AcdState } from '../core/model';
import { restoreState, stateHash } from '../core/snapshot';
import { emptyState, step } from '../core/step';
import type { JournalReader, JournalRecord, TakenDecision } from './journal';

export interface ResumedState {
  readonly state: AcdState;
  /** The number of the last record. */
  readonly n: number;
  readonly replayed: number;
  /** How many states were compared with what they were when they were written, the snapshot's included. */
  readonly compared: number;
  /** How many of them were others. */
  readonly differing: number;
}

/**
 * @throws SwitchroomError `internal` when a snapshot is not what was written, or a record is missing: going on from a
 * wrong state would lose contacts without a word.
 */
export const resumeState = async (
  reader: JournalReader,
  deps: { readonly log: Logger; readonly rules?: AcdRules },
): Promise<ResumedState> => {
  const snapshot = await reader.latestSnapshot();
  let state = snapshot ? restoreState(snapshot.state, deps.rules) : emptyState(deps.rules);
  if (snapshot && stateHash(state) !== snapshot.hash) {
    throw new SwitchroomError('internal', `The ACD's snapshot ${snapshot.n} is damaged: its hash does not fit.`);
  }
  const startN = snapshot?.n ?? 0;
  let n = startN;
  let compared = snapshot ? 1 : 0;
  let differing = 0;
  for await (const record of reader.records(startN)) {
    if (record.n !== n + 1) throw new SwitchroomError('internal', `The ACD's journal lacks record ${n + 1}.`);
    const [next, effects] = step(state, record.event, record.atMs);
    state = next;
    n = record.n;
    compare(record, effects, deps.log);
    if (record.stateHash === undefined) continue;
    compared += 1;
    if (stateHash(state) === record.stateHash) continue;
    differing += 1;
    deps.log.error({ n }, 'the replay has led to another state than the ACD had');
  }
  return { state, n, replayed: n - startN, compared, differing };
};

/**
 * Another version of the program may decide otherwise, and stand elsewhere. That is no reason to refuse work, but it must
 * be known.
 */
const compare = (record: JournalRecord, effects: readonly AcdEffect[], log: Logger): void => {
  const replayed = decisionsIn(effects).map(({ hash }) => hash);
  const taken = record.decisions.map(({ hash }) => hash);
  if (replayed.join() === taken.join()) return;
  log.error({ n: record.n, taken, replayed }, 'the replay decided otherwise than the ACD did');
};

export const decisionsIn = (effects: readonly AcdEffect[]): TakenDecision[] =>
  effects.flatMap((effect) => {
    if (effect.type !== 'offer') return [];
    const { decision, contactId, agentId, queueId } = effect;
    return [{ decision, contactId, agentId, queueId, hash: decisionHash(effect) }];
  });
