/** More than a million events in seeded random worlds. To run one seed again: `ACD_SEED=n npm run fuzz -- acd`. */
import { emptyState, step } from '../../../acd/core/step';
import { restoreState, snapshotOf, stateHash } from '../../../acd/core/snapshot';
import { runWorld } from './reference/run-world';

const EVENTS = 5000;
const COMPARED_EVENTS = 2500;
const COMPARED_SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
const CHECKED_SEEDS = Array.from({ length: 185 }, (_, index) => index + 1001);

describe('random worlds', () => {
  it('nobody is lost, doubled, over-engaged or forgotten, and every decision is that of the slow reference', () => {
    let decisions = 0;
    let assigned = 0;
    for (const seed of COMPARED_SEEDS) {
      const result = runWorld(seed, { events: COMPARED_EVENTS, reference: true });
      expect(result.state.contacts.size).toBe(result.arrived - result.ended);
      decisions += result.decisions;
      assigned += result.assigned;
    }
    expect(decisions).toBeGreaterThan(5000);
    expect(assigned).toBeGreaterThan(100);
  });

  it('a million events: no contact is lost or doubled, no agent over capacity, every lease ends', () => {
    let events = 0;
    let arrived = 0;
    for (const seed of CHECKED_SEEDS) {
      const result = runWorld(seed, { events: EVENTS, reference: false });
      events += result.events;
      arrived += result.arrived;
    }
    expect(events + COMPARED_SEEDS.length * COMPARED_EVENTS).toBeGreaterThanOrEqual(1_000_000);
    expect(arrived).toBeGreaterThan(95_000);
  });

  it('the same journal gives the same state, from the start and from a snapshot in the middle', () => {
    const { state, journal } = runWorld(7, { events: EVENTS, reference: false });
    let replayed = emptyState();
    let middle: string | undefined;
    journal.forEach(([event, nowMs], place) => {
      [replayed] = step(replayed, event, nowMs);
      if (place === EVENTS / 2) middle = JSON.stringify(snapshotOf(replayed));
    });
    expect(stateHash(replayed)).toBe(stateHash(state));
    let resumed = restoreState(JSON.parse(middle ?? '') as ReturnType<typeof snapshotOf>);
    for (const [event, nowMs] of journal.slice(EVENTS / 2 + 1)) [resumed] = step(resumed, event, nowMs);
    expect(stateHash(resumed)).toBe(stateHash(state));
  });
});
