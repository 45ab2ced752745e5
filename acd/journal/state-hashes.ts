/**
 * Which records carry the hash of the state that they led to, so that the next app can see that its replay stands where
 * this one stood. Hashing costs as much as the state is large, and decisions must not wait for it.
 */
import type { Clock } from '../../base/clock';
import type { AcdState } from '../core/model';
import { stateHash } from '../core/snapshot';

/** As often at the most. */
const EVERY_MS = 1_000;
/** And for no larger a share of the time than one in so many. */
const SHARE = 500;
/** Of a state with more agents, contacts and kept places only snapshots have the hash: one would take some 10 ms. */
const MOST = 2_000;

export class StateHashes {
  private nextAtMs = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  /** The hash of the state after the event of now; undefined while it is not due, or would take too long. */
  of(state: AcdState): string | undefined {
    const startedMs = this.clock.monotonicMs();
    if (startedMs < this.nextAtMs || state.agents.size + state.contacts.size + state.kept.size > MOST) return undefined;
    const hash = stateHash(state);
    const endedMs = this.clock.monotonicMs();
    this.nextAtMs = endedMs + Math.max(EVERY_MS, SHARE * (endedMs - startedMs));
    return hash;
  }
}
