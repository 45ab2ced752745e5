import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml, stringify as toYaml } from 'yaml';
import { asId } from '../../../base/ids';
import type { AgentId, ContactId, OfferId, QueueId } from '../../../base/ids';
import { SeededRandom } from '../../../base/random';
import type { AcdEvent } from '../../../acd/core/events';
import { snapshotOf, stateHash } from '../../../acd/core/snapshot';
import { emptyState, step } from '../../../acd/core/step';
import { exportJournal } from '../../../acd/journal/export';
import { decisionsIn } from '../../../acd/journal/resume';
import { EventHeap } from '../../../acd/simulate/event-heap';
import { parseScenario } from '../../../acd/simulate/parse';
import { parseRecordedDay } from '../../../acd/simulate/recorded-day';
import type { RecordedDay } from '../../../acd/simulate/recorded-day';
import { recordedContacts, replay } from '../../../acd/simulate/replay';
import { printReport, reportOf } from '../../../acd/simulate/report';
import { simulate } from '../../../acd/simulate/run';
import { nextArrivalMs } from '../../../acd/simulate/scenario';
import type { Scenario } from '../../../acd/simulate/scenario';
import { scenarioOfDay } from '../../../acd/simulate/scenario-of-day';
import { MemoryJournal } from '../../support/memory-journal';
import { abandonment, fairnessIndex, noCounts, serviceLevel } from '../../../acd/metrics';
import { runWorld } from '../../property/acd/reference/run-world';

const exampleDay = (): Scenario => {
  const parsed = parseScenario(parseYaml(readFileSync(join(__dirname, '../../../docs/examples/day.yaml'), 'utf8')));
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

describe('simulating a day', () => {
  it('counts every contact once, and the same seed gives the same day', () => {
    const day = simulate(exampleDay());
    const report = reportOf([day]);
    const totals = report.queues.map(({ total }) => total);
    expect(totals.reduce((sum, { offered }) => sum + offered, 0)).toBe(day.contacts);
    for (const { offered, answered, abandoned, diverted } of totals)
      expect(answered + abandoned + diverted).toBe(offered);
    expect(day.agents.reduce((sum, { handled }) => sum + handled, 0)).toBe(
      totals.reduce((sum, { answered }) => sum + answered, 0),
    );
    expect(simulate(exampleDay())).toEqual(day);
    expect(simulate({ ...exampleDay(), seed: 2 }).contacts).not.toBe(day.contacts);
  });

  it('more staff never hurts: service level rises and abandonment falls', () => {
    const day = exampleDay();
    const few = reportOf([simulate({ ...day, agents: day.agents.slice(4) })]).queues[0]?.total;
    const all = reportOf([simulate(day)]).queues[0]?.total;
    expect(all?.serviceLevel).toBeGreaterThan(few?.serviceLevel ?? 1);
    expect(all?.abandonment).toBeLessThan(few?.abandonment ?? 0);
  });

  it('a contact counts in the queue in which its wait ended', () => {
    const day = exampleDay();
    const [support, sales] = day.queues;
    if (!support || !sales) throw new Error('the example has two queues');
    const overflow = [{ when: { kind: 'length', most: 0 }, to: { kind: 'queue', queueId: sales.queueId } }] as const;
    const report = reportOf([simulate({ ...day, queues: [{ ...support, overflow }, sales] })]);
    expect(report.queues.map(({ total }) => total.offered > 0)).toEqual([false, true]);
  });

  it('agents come and go by their shifts, finish what they have begun, and are occupied only of that time', () => {
    const day = exampleDay();
    const hour = 3_600_000;
    const shifts = [
      { fromMs: hour, untilMs: 2 * hour },
      { fromMs: 3 * hour, untilMs: 4 * hour },
    ];
    const loads = day.loads.map((load) => ({ ...load, patience: { kind: 'constant', ms: 60_000 } as const }));
    const staffed = simulate({ ...day, loads, agents: day.agents.map((agent) => ({ ...agent, shifts })) });
    const report = reportOf([staffed]);
    const answered = report.queues[0]?.intervals.map((one) => one.answered > 0);
    expect(answered).toEqual([true, true, true, true, false, false, false, false, false, false]);
    expect(staffed.agents.every(({ signedInMs }) => signedInMs === 2 * hour)).toBe(true);
    expect(report.occupancy).toBeGreaterThan(0.3);
    expect(staffed.agents.reduce((sum, { handled }) => sum + handled, 0)).toBe(
      report.queues.reduce((sum, { total }) => sum + total.answered, 0),
    );
  });

  it('a queue takes nobody outside of its hours, by its own rule for that', () => {
    const day = exampleDay();
    const hours = [{ fromMs: 3_600_000, untilMs: 7_200_000 }];
    const overflow = [{ when: { kind: 'closed' }, to: { kind: 'end' } }] as const;
    const report = reportOf([simulate({ ...day, queues: day.queues.map((queue) => ({ ...queue, hours, overflow })) })]);
    const intervals = report.queues[0]?.intervals ?? [];
    expect(intervals.map(({ offered, diverted }) => offered > 0 && offered === diverted)).toEqual(
      intervals.map((_, place) => place !== 1),
    );
  });

  it('who waits when nobody comes any more has given up', () => {
    const day = exampleDay();
    const loads = day.loads.map((load) => ({ ...load, patience: { kind: 'endless' } as const }));
    const { contacts, queues } = simulate({ ...day, loads, agents: [] });
    const abandoned = [...queues.values()].flat().reduce((sum, counts) => sum + counts.abandoned, 0);
    expect(abandoned).toBe(contacts);
  });

  it('prints one line for each queue and interval', () => {
    const lines = printReport(reportOf([simulate(exampleDay())])).split('\n');
    expect(lines.filter((line) => line.trimStart().startsWith('support'))).toHaveLength(11);
    expect(lines.at(-1)).toMatch(/occupancy \d+\.\d %; fairness of contacts 0\.\d{3}/);
  });

  it('draws as many arrivals as the curve says, and none where it says none', () => {
    const random = new SeededRandom(3);
    const curve = [
      { fromMs: 0, perHour: 1000 },
      { fromMs: 3_600_000, perHour: 0 },
      { fromMs: 7_200_000, perHour: 4000 },
    ];
    const hours = [0, 0, 0];
    const untilMs = 10_800_000;
    for (
      let atMs = nextArrivalMs(random, curve, { afterMs: 0, untilMs });
      atMs !== undefined;
      atMs = nextArrivalMs(random, curve, { afterMs: atMs, untilMs })
    ) {
      const hour = Math.floor(atMs / 3_600_000);
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    expect(hours[1]).toBe(0);
    // Four standard deviations of a Poisson count.
    expect(Math.abs((hours[0] ?? 0) - 1000)).toBeLessThan(127);
    expect(Math.abs((hours[2] ?? 0) - 4000)).toBeLessThan(253);
  });
});

const dayOf = (journal: readonly (readonly [AcdEvent, number])[]): RecordedDay => {
  const parsed = parseRecordedDay(journal.map(([event, atMs]) => JSON.stringify({ event, atMs })).join('\n'));
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

/** What the product would have written, and what `GET /api/v1/acd/journal` gives of a part of it. */
const exported = async (journal: readonly (readonly [AcdEvent, number])[], fromMs: number): Promise<string> => {
  const kept = new MemoryJournal();
  let state = emptyState();
  for (const [place, [event, atMs]] of journal.entries()) {
    const [next, effects] = step(state, structuredClone(event), atMs);
    state = next;
    await kept.append([{ n: place + 1, atMs, event, decisions: decisionsIn(effects) }]);
    if (place % 100 !== 99) continue;
    await kept.saveSnapshot({ n: place + 1, atMs, state: snapshotOf(state), hash: stateHash(state) });
  }
  const lines: string[] = [];
  for await (const line of exportJournal(kept, { fromMs, toMs: Infinity })) lines.push(JSON.stringify(line));
  return lines.join('\n');
};

describe('replaying a recorded day', () => {
  it('a part of the journal begins with a snapshot, and tells whether each decision was the same', async () => {
    const { journal, state } = runWorld(22, { events: 1000, reference: false });
    const fromMs = journal[555]?.[1] ?? 0;
    const text = await exported(journal, fromMs);
    const parsed = parseRecordedDay(text);
    if (!parsed.ok) throw new Error(parsed.fault.message);
    const day = parsed.value;
    expect(day.snapshot?.n).toBe(500);
    expect(day.entries[0]?.n).toBe(501);
    expect(replay(day)).toMatchObject({ stateHash: stateHash(state) });
    expect(replay(day).differsAtN).toBeUndefined();
    expect(recordedContacts(day).every(({ atMs }) => atMs >= 0)).toBe(true);

    const decided = day.entries.find(({ taken = [] }) => taken.length > 0);
    const forged = text.replace(decided?.taken?.[0] ?? '', '0'.repeat(64));
    const other = parseRecordedDay(forged);
    expect(other.ok && replay(other.value).differsAtN).toBe(decided?.n);
    expect(parseRecordedDay(`${text}\n{"n":`)).toMatchObject({
      fault: { message: expect.stringMatching(/not an event/) },
    });
  });

  it('its rules and staff are a scenario that its contacts can meet again', () => {
    const queueId = asId<QueueId>('support');
    const agentId = asId<AgentId>('ann');
    const contactId = asId<ContactId>('c1');
    const offerId = asId<OfferId>('c1/1');
    const journal: [AcdEvent, number][] = [
      [{ type: 'queue-configured', queue: { queueId, skills: {}, offerTimeoutMs: 9000, wrapUpMs: 0 } }, 0],
      [{ type: 'agent-configured', agent: { agentId, skills: {} } }, 0],
      [{ type: 'agent-signed-in', agentId }, 1000],
      [{ type: 'device-changed', agentId, registered: true }, 1000],
      [{ type: 'agent-ready', agentId }, 2000],
      [{ type: 'contact-arrived', contactId, queueId, priority: 0 }, 5000],
      [{ type: 'offer-accepted', contactId, offerId }, 9000],
      [{ type: 'contact-ended', contactId }, 60_000],
      [{ type: 'agent-not-ready', agentId, reason: 'lunch' }, 70_000],
      [{ type: 'queue-closed', queueId }, 80_000],
    ];
    const day = dayOf(journal);
    const scenario = scenarioOfDay(day);
    expect(scenario).toMatchObject({
      durationMs: 80_000,
      answerMs: 4000,
      queues: [{ queueId, offerTimeoutMs: 9000 }],
      agents: [{ agentId, shifts: [{ fromMs: 2000, untilMs: 70_000 }] }],
    });
    const reread = parseScenario(parseYaml(toYaml(scenario)));
    if (!reread.ok) throw new Error(reread.fault.message);
    const again = reportOf([simulate({ ...reread.value, recorded: recordedContacts(day) })]);
    expect(again.queues[0]?.total).toMatchObject({ offered: 1, answered: 1, longestWaitMs: 4000 });
    expect(again.occupancy).toBeCloseTo(55_000 / 68_000);
  });

  it('gives the same decisions and the same state', () => {
    const { journal, state } = runWorld(21, { events: 2000, reference: false });
    const day = dayOf(journal);
    const once = replay(day);
    expect(once.decisionHashes.length).toBe(state.decisions);
    expect(replay(day)).toMatchObject({ stateHash: once.stateHash, decisionHashes: once.decisionHashes });
    expect(replay({ ...day, entries: day.entries.slice(0, -300) }).stateHash).not.toBe(once.stateHash);
  });

  it('its contacts can meet other rules and staff', () => {
    const { journal } = runWorld(21, { events: 2000, reference: false });
    const contacts = recordedContacts({ ...dayOf(journal), fromMs: 0 });
    expect(contacts.some(({ handleMs }) => handleMs !== undefined)).toBe(true);
    expect(contacts.some(({ patienceMs }) => patienceMs !== undefined)).toBe(true);
    const queueIds = [...new Set(contacts.map(({ queueId }) => queueId))];
    const capacity = { voice: 1, chat: 3, mail: 5 } as const;
    const interrupts = { voice: ['chat', 'mail'], chat: ['voice', 'mail'], mail: ['voice', 'chat'] } as const;
    const day = simulate({
      ...exampleDay(),
      queues: queueIds.map((queueId) => ({ queueId, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 0 })),
      agents: exampleDay().agents.map((agent) => ({ ...agent, skills: { german: 9 }, capacity, interrupts })),
      loads: [],
      recorded: contacts,
    });
    expect(day.contacts).toBe(contacts.length);
    const answered = reportOf([day]).queues.reduce((sum, { total }) => sum + total.answered, 0);
    expect(answered).toBeGreaterThan(contacts.length / 2);
  });
});

describe('scenarios that make no sense are refused with the place', () => {
  const day = (): Record<string, unknown> => ({ ...exampleDay(), agents: [{ skills: {}, count: 3 }] });
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a load for no queue', { loads: [{ queueId: 'x' }] }, /loads\[0\]: there is no queue x/],
    [
      'an endless conversation',
      { loads: [{ ...exampleDay().loads[0], handle: { kind: 'endless' } }] },
      /a conversation has an end/,
    ],
    [
      'a distribution without mean',
      { loads: [{ ...exampleDay().loads[0], patience: { kind: 'exponential' } }] },
      /patience: meanMs/,
    ],
    ['half an agent', { agents: [{ skills: {}, count: 0.5 }] }, /agents\[0\]: count/],
    ['a queue without skills', { queues: [{ queueId: 'a' }] }, /queues\[0\]: skills is missing/],
    ['no time', { durationMs: 0 }, /above 0/],
  ])('%s', (_name, change, reason) => {
    const parsed = parseScenario({ ...day(), ...change });
    expect(parsed.ok ? '' : parsed.fault.message).toMatch(reason);
  });
});

describe('metrics', () => {
  it('service level leaves out those who gave up within the target, and abandonment does not count them', () => {
    const counts = {
      ...noCounts(),
      offered: 110,
      answered: 90,
      answeredInTarget: 80,
      abandoned: 20,
      abandonedInTarget: 10,
    };
    expect(serviceLevel(counts)).toBe(0.8);
    expect(abandonment(counts)).toBeCloseTo(10 / 110, 12);
    expect(serviceLevel(noCounts())).toBeUndefined();
  });

  it("Jain's index is 1 for equal loads and 1/n when one has everything", () => {
    expect(fairnessIndex([5, 5, 5, 5])).toBe(1);
    expect(fairnessIndex([20, 0, 0, 0])).toBe(0.25);
  });
});

it('the heap gives back what was put in, by time and then by order', () => {
  const random = new SeededRandom(9);
  const heap = new EventHeap<number>();
  const expected = Array.from({ length: 2000 }, (_, order) => ({ atMs: random.int(300), item: order }));
  for (const { atMs, item } of expected) heap.add(atMs, item);
  expected.sort((a, b) => a.atMs - b.atMs || a.item - b.item);
  const taken = expected.map(() => heap.takeUntil(Infinity));
  expect(taken).toEqual(expected);
  expect(heap.size).toBe(0);
});
