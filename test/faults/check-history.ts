/**
 * Judges a run's history, in the manner of Jepsen: nothing is looked up in the product while it runs; what its callers and
 * agents have seen, and what it says of them afterwards, must fit together. Pure.
 */
import type { Departure, Event } from './history';

export type ViolationKind =
  /** A caller who waited was let go by the center, was never answered, or has no interaction. */
  | 'lost'
  /** Two agents had one contact, an agent two, or there are two interactions of one. */
  | 'doubled'
  /** A conversation ended, and neither party had hung up. */
  | 'cut'
  /** Nothing happened any more, or the interaction is still open. */
  | 'stuck'
  /** The product's history says something else than its parties. */
  | 'misreported'
  /** The ACD goes on from another state than it had, or nothing proves that it does not. */
  | 'altered';

export interface Violation {
  readonly kind: ViolationKind;
  readonly contact: string;
  readonly what: string;
}

/** What the product's history says of one contact. */
export interface Recorded {
  readonly contact: string;
  readonly isOver: boolean;
  readonly result: string | undefined;
  readonly reason: string | undefined;
  /** Who has talked, in order. */
  readonly agents: readonly string[];
}

/** What crosses on its way is no second conversation: the beginning of one and the BYE that ends another. */
const CROSSING_MS = 2_000;

interface Talk {
  readonly contact: string;
  readonly agent: string;
  readonly fromMs: number;
  untilMs: number;
  finished: boolean;
}

interface Story {
  readonly talks: Talk[];
  departure: Departure | undefined;
  leftAtMs: number;
}

export const checkHistory = (events: readonly Event[], recorded: readonly Recorded[]): Violation[] => {
  const stories = tell(events);
  const records = groupedBy(recorded, ({ contact }) => contact);
  const found: Violation[] = [];
  for (const [contact, story] of stories) {
    const violate = (kind: ViolationKind, what: string): void => void found.push({ kind, contact, what });
    judgeStory(story, violate);
    judgeRecords(story, records.get(contact) ?? [], violate);
  }
  return [...found, ...crowdedAgents(stories)];
};

type Violate = (kind: ViolationKind, what: string) => void;

const judgeStory = ({ talks, departure, leftAtMs }: Story, violate: Violate): void => {
  for (const talk of talks) {
    // Whoever waits may give up in the moment in which it begins.
    const wasAlone = departure?.by === 'caller' && leftAtMs < talk.untilMs + CROSSING_MS;
    if (!talk.finished && !wasAlone) violate('cut', `${talk.agent} was parted after ${talk.untilMs - talk.fromMs} ms`);
  }
  for (const [first, second] of pairs(talks)) {
    const overlapMs = Math.min(first.untilMs, second.untilMs) - Math.max(first.fromMs, second.fromMs);
    if (overlapMs > CROSSING_MS) {
      violate('doubled', `${first.agent} and ${second.agent} had it at the same time for ${overlapMs} ms`);
    } else if (first.finished && second.finished) {
      violate('doubled', `${first.agent} and then ${second.agent} had a conversation to its end`);
    }
  }
  switch (departure?.by) {
    case undefined:
    case 'nobody':
      return violate('stuck', 'nothing happened any more');
    case 'refusal':
      return violate('lost', `the call was refused with ${departure.status ?? 'no answer at all'}`);
    case 'center':
      if (talks.length === 0) violate('lost', `the center hung up: ${departure.reason ?? 'without a reason'}`);
      return;
    case 'caller':
    case 'conversation':
      return;
  }
};

/** A call that nobody had answered when the SIP server or the app was lost comes anew, and is written as another one. */
const isAttempt = ({ agents, result, reason }: Recorded): boolean =>
  agents.length === 0 && result === 'failed' && (reason === 'sip-server-lost' || reason === 'app-interrupted');

const judgeRecords = (story: Story, all: readonly Recorded[], violate: Violate): void => {
  const records = all.every(isAttempt) ? all : all.filter((record) => !isAttempt(record));
  // A call that was never answered need not have come to anybody who writes.
  if (story.departure?.by === 'refusal' && records.length === 0) return;
  if (records.length === 0) return violate('lost', 'there is no interaction');
  if (records.length > 1) return violate('doubled', `there are ${records.length} interactions`);
  const [record] = records;
  if (!record) return;
  if (!record.isOver) return violate('stuck', 'the interaction is still open');
  const finished = story.talks.filter((talk) => talk.finished).map(({ agent }) => agent);
  const missing = finished.filter((agent) => !record.agents.includes(agent));
  const outcome = `${record.result} (${record.reason})`;
  if (missing.length > 0) violate('misreported', `${missing.join(', ')} talked, of which nothing is written`);
  if (finished.length > 0 && record.result !== 'answered') violate('misreported', `it was served, and is ${outcome}`);
  if (finished.length === 0 && story.departure?.by === 'caller' && record.result === 'failed') {
    violate('misreported', `its caller has given up, and it is ${outcome}`);
  }
};

/** An agent has one call at a time. */
const crowdedAgents = (stories: ReadonlyMap<string, Story>): Violation[] => {
  const talks = [...stories.values()].flatMap((story) => story.talks);
  return [...groupedBy(talks, ({ agent }) => agent)].flatMap(([agent, own]) => {
    const inOrder = [...own].sort((a, b) => a.fromMs - b.fromMs);
    return inOrder.flatMap((talk, index): Violation[] => {
      const next = inOrder[index + 1];
      if (!next || talk.untilMs - next.fromMs <= CROSSING_MS) return [];
      return [{ kind: 'doubled', contact: next.contact, what: `${agent} still had ${talk.contact}` }];
    });
  });
};

const tell = (events: readonly Event[]): Map<string, Story> => {
  const stories = new Map<string, Story>();
  const storyOf = (contact: string): Story => {
    const known = stories.get(contact) ?? { talks: [], departure: undefined, leftAtMs: Infinity };
    stories.set(contact, known);
    return known;
  };
  const open = new Map<string, Talk>();
  for (const event of events) {
    switch (event.type) {
      case 'dialled':
        storyOf(event.contact);
        break;
      case 'taken': {
        const { contact, agent, leg, atMs } = event;
        const talk = { contact, agent, fromMs: atMs, untilMs: Infinity, finished: false };
        open.set(leg, talk);
        storyOf(contact).talks.push(talk);
        break;
      }
      case 'leg-over': {
        const talk = open.get(event.leg);
        if (talk) Object.assign(talk, { untilMs: event.atMs, finished: event.finished });
        break;
      }
      case 'left':
        Object.assign(storyOf(event.contact), { departure: event.departure, leftAtMs: event.atMs });
        break;
      case 'answered':
      case 'turned-away':
      case 'rang':
      case 'fault':
    }
  }
  return stories;
};

const pairs = <One>(all: readonly One[]): [One, One][] =>
  all.flatMap((first, index) => all.slice(index + 1).map((second): [One, One] => [first, second]));

const groupedBy = <One>(all: readonly One[], keyOf: (one: One) => string): Map<string, One[]> => {
  const groups = new Map<string, One[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
};
