/** Whatever happened before a crash: who reads the journal stands where the engine stood. */
import { silentLogger } from '../../../base/log';
import { SeededRandom } from '../../../base/random';
import { explainContact } from '../../../acd/journal/decisions';
import { decisionsIn, resumeState } from '../../../acd/journal/resume';
import { snapshotOf, stateHash } from '../../../acd/core/snapshot';
import { emptyState, step } from '../../../acd/core/step';
import { MemoryJournal } from '../../support/memory-journal';
import { runWorld } from './reference/run-world';

/** Plays the events of a random world into a journal with snapshots at random places. */
const journalOf = async (seed: number, events: number) => {
  const random = new SeededRandom(seed);
  const journal = new MemoryJournal();
  let state = emptyState();
  let n = 0;
  for (const [event, atMs] of runWorld(seed, { events, reference: false }).journal) {
    const [next, effects] = step(state, structuredClone(event), atMs);
    state = next;
    n += 1;
    const hash = random.int(20) === 0 ? stateHash(state) : undefined;
    await journal.append([{ n, event, atMs, decisions: decisionsIn(effects), stateHash: hash }]);
    if (random.int(150) === 0) {
      await journal.saveSnapshot({ n, atMs, state: snapshotOf(state), hash: stateHash(state) });
    }
  }
  return { journal, state, n };
};

describe('going on from the journal', () => {
  it('has the same state as before, in random worlds', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const { journal, state, n } = await journalOf(seed, 700);
      const resumed = await resumeState(journal, { log: silentLogger() });
      expect({ seed, n: resumed.n, hash: stateHash(resumed.state) }).toEqual({ seed, n, hash: stateHash(state) });
      expect(resumed.differing).toBe(0);
      expect(resumed.compared).toBeGreaterThan(0);
    }
  });

  it('says how often it stands elsewhere than the engine stood', async () => {
    const { journal } = await journalOf(3, 300);
    journal.snapshots.length = 0;
    const hashed = [...journal.taken.values()].filter((record) => record.stateHash !== undefined);
    const [altered] = hashed;
    if (!altered) throw new Error('no record has a hash');
    journal.taken.set(altered.n, { ...altered, stateHash: 'another' });
    const resumed = await resumeState(journal, { log: silentLogger() });
    expect(resumed).toMatchObject({ compared: hashed.length, differing: 1 });
  });

  it('recomputes every decision, and proves by its hash that it is the one that was taken', async () => {
    let decisions = 0;
    for (let seed = 1; seed <= 8; seed += 1) {
      const { journal } = await journalOf(seed, 600);
      const taken = [...journal.taken.values()].flatMap((record) => record.decisions);
      for (const contactId of new Set(taken.map((one) => one.contactId))) {
        for (const { proved, explanation } of await explainContact(journal, contactId)) {
          expect({ seed, contactId, proved }).toEqual({ seed, contactId, proved: true });
          expect(explanation?.agents.filter(({ verdict }) => verdict.kind === 'chosen')).toHaveLength(1);
          decisions += 1;
        }
      }
    }
    expect(decisions).toBeGreaterThan(50);
  });

  it('refuses a journal with a hole, and a snapshot that somebody changed', async () => {
    const { journal } = await journalOf(3, 300);
    const hole = journal.snapshots.at(-1)?.n ?? 0;
    journal.taken.delete(hole + 1);
    await expect(resumeState(journal, { log: silentLogger() })).rejects.toThrow(`lacks record ${hole + 1}`);
    const { journal: other } = await journalOf(4, 300);
    const latest = other.snapshots.at(-1);
    expect(latest).toBeDefined();
    if (latest) other.snapshots.push({ ...latest, hash: 'f'.repeat(64) });
    await expect(resumeState(other, { log: silentLogger() })).rejects.toThrow('damaged');
  });
});
