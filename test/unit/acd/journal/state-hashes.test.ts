/** Which states are hashed. */
import { asId } from '../../../../base/ids';
import type { AgentId } from '../../../../base/ids';
import { stateHash } from '../../../../acd/core/snapshot';
import { emptyState, step } from '../../../../acd/core/step';
import { StateHashes } from '../../../../acd/journal/state-hashes';

/** A clock on which each look takes so long. */
const clockOf = (tookMs: number): { nowMs: number; monotonicMs(): number } => ({
  nowMs: 0,
  monotonicMs() {
    this.nowMs += tookMs;
    return this.nowMs;
  },
});

it('the first, and then one a second', () => {
  const clock = clockOf(0);
  const hashes = new StateHashes(clock);
  const state = emptyState();
  expect(hashes.of(state)).toBe(stateHash(state));
  clock.nowMs += 999;
  expect(hashes.of(state)).toBeUndefined();
  clock.nowMs += 1;
  expect(hashes.of(state)).toBe(stateHash(state));
});

it('one that took 10 ms is followed by none for 5 s', () => {
  const clock = clockOf(10);
  const hashes = new StateHashes(clock);
  const state = emptyState();
  expect(hashes.of(state)).toBeDefined();
  clock.nowMs += 4_950;
  expect(hashes.of(state)).toBeUndefined();
  clock.nowMs += 50;
  expect(hashes.of(state)).toBeDefined();
});

it('none of a state with more than 2,000 agents', () => {
  const hashes = new StateHashes(clockOf(0));
  let state = emptyState();
  for (let index = 0; index <= 2_000; index += 1) {
    const agent = { agentId: asId<AgentId>(`agent-${index}`), skills: {} };
    [state] = step(state, { type: 'agent-configured', agent }, 1);
  }
  expect(hashes.of(state)).toBeUndefined();
});
