/**
 * `npm run bench -- acd-resume [--events 1000000] [--json]`: how long the ACD takes to go on from its journal after so
 * many events, as at the start of the app: the latest snapshot is read and checked, and what came after it is replayed.
 * 200 agents, 20 queues, 600 waiting. The store is the embedded one, over its socket.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../base/clock';
import { asId } from '../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { SeededRandom } from '../../base/random';
import type { AcdEvent, AcdState } from '../../acd/core/model';
import { snapshotOf, stateHash } from '../../acd/core/snapshot';
import { emptyState, step } from '../../acd/core/step';
import type { JournalRecord } from '../../acd/journal/journal';
import { decisionsIn, resumeState } from '../../acd/journal/resume';
import { EventHeap } from '../../acd/simulate/event-heap';
import type { AcdJournalStore } from '../../store/acd-journal';
import { openStore } from '../../store/connect';
import { startEmbeddedStore } from '../../store/embedded/server';
import { quantilesOf } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';
import { wholeNumber } from './support/whole-number';

const AGENTS = 200;
const QUEUES = 20;
const WAITING = 600;
const TALK_MS = 180_000;
const BATCH = 500;
/** As `acd/journal/journal-writer.ts` does it. */
const SNAPSHOT_EVERY = 10_000;
const RESUMES = 5;

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
});
const EVENTS = wholeNumber('events', values.events, { least: 10_000, most: 10_000_000 });

const staff = (): AcdEvent[] => [
  ...Array.from({ length: QUEUES }, (_, index): AcdEvent => {
    const queueId = asId<QueueId>(`queue${index}`);
    return {
      type: 'queue-configured',
      queue: { queueId, skills: { [queueId]: 1 }, offerTimeoutMs: 20_000, wrapUpMs: 0 },
    };
  }),
  ...Array.from({ length: AGENTS }, (_, index): AcdEvent[] => {
    const agentId = asId<AgentId>(`agent${index}`);
    const skills = Object.fromEntries([0, 1, 2].map((more) => [`queue${(index + more) % QUEUES}`, 5]));
    return [
      { type: 'agent-configured', agent: { agentId, skills } },
      { type: 'agent-signed-in', agentId },
      { type: 'device-changed', agentId, registered: true },
      { type: 'agent-ready', agentId },
    ];
  }).flat(),
];

/** A floor with a queue in front of it, event by event; whoever has been served is followed by another. */
function* floor(): Generator<{ event: AcdEvent; atMs: number; state: AcdState; record: JournalRecord }> {
  const random = new SeededRandom(7);
  const heap = new EventHeap<AcdEvent>();
  let state = emptyState();
  let contacts = 0;
  let n = 0;
  const arrival = (): AcdEvent => {
    contacts += 1;
    const queueId = asId<QueueId>(`queue${random.int(QUEUES)}`);
    return { type: 'contact-arrived', contactId: asId<ContactId>(`contact${contacts}`), queueId, priority: 0 };
  };
  for (const event of staff()) heap.add(0, event);
  for (let index = 0; index < WAITING + AGENTS; index += 1) heap.add(index, arrival());
  for (;;) {
    const next = heap.takeUntil(Infinity);
    if (!next) throw new Error('nothing is to come any more');
    const { item: event } = next;
    const atMs = Math.max(Math.round(next.atMs), state.nowMs);
    const [after, effects] = step(state, event, atMs);
    state = after;
    n += 1;
    for (const effect of effects) {
      if (effect.type !== 'offer') continue;
      const { contactId, offerId } = effect;
      const talkMs = random.exponential(TALK_MS);
      heap.add(atMs + 3000, { type: 'offer-accepted', contactId, offerId });
      heap.add(atMs + 3000 + talkMs, { type: 'contact-ended', contactId });
      heap.add(atMs + 3000 + talkMs, arrival());
    }
    yield { event, atMs, state, record: { n, event, atMs, decisions: decisionsIn(effects) } };
  }
}

/** Writes the events with their snapshots; the last event is as far from its snapshot as can be. */
const fill = async (journal: AcdJournalStore): Promise<AcdState> => {
  const sink = journal.writer({ writer: 'bench', keepMs: Number.MAX_SAFE_INTEGER });
  const batch: JournalRecord[] = [];
  for (const { record, state, atMs } of floor()) {
    const { n } = record;
    batch.push(record);
    const snapshotDue = n % SNAPSHOT_EVERY === 1;
    if (batch.length === BATCH || snapshotDue || n === EVENTS) await sink.append(batch.splice(0));
    if (snapshotDue) await sink.saveSnapshot({ n, atMs, state: snapshotOf(state), hash: stateHash(state) });
    if (n === EVENTS) return state;
  }
  throw new Error('the floor is closed');
};

const run = async (): Promise<void> => {
  const where = whereItRuns();
  const common = { clock: systemClock, log: silentLogger() };
  const dataDir = await mkdtemp(join(tmpdir(), 'switchroom-acd-resume-'));
  const server = await startEmbeddedStore({ ...common, dataDir, host: '127.0.0.1', port: 0 });
  const store = await openStore({ ...common, uri: server.uri, database: 'bench' });
  try {
    const wanted = stateHash(await fill(store.acdJournal));
    const tookMs: number[] = [];
    let replayed = 0;
    for (let round = 0; round < RESUMES; round += 1) {
      const startedMs = performance.now();
      const resumed = await resumeState(store.acdJournal, { log: common.log });
      tookMs.push(performance.now() - startedMs);
      if (stateHash(resumed.state) !== wanted) throw new Error('the state is not what it was');
      ({ replayed } = resumed);
    }
    const result = {
      bench: 'acd-resume',
      events: EVENTS,
      replayed,
      resume_ms: quantilesOf(tookMs, { p50: 0.5, max: 1 }, 0),
      ...where,
    };
    printResult(result, values.json);
  } finally {
    await store.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
};

void run();
