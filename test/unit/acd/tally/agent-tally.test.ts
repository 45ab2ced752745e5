/** How long agents were in which state, and which offers they missed. */
import { asId } from '../../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../../base/ids';
import type { AcdEvent, AcdState } from '../../../../acd/core/model';
import { emptyState, step } from '../../../../acd/core/step';
import { AgentTally, LONGEST_TIME_MS, MOST_AWAY_MS } from '../../../../acd/tally/agent-tally';
import type { AgentTime } from '../../../../acd/tally/agent-tally';

const QUEUE = asId<QueueId>('support');
const ANN = asId<AgentId>('ann');
const ADA = asId<ContactId>('ada');

const said = ({ state, reason, fromMs, toMs, offers, missed }: AgentTime): string =>
  [
    `${state}${reason ? `: ${reason}` : ''} ${fromMs}–${toMs}`,
    offers && `${offers} offered`,
    missed && `${missed} missed`,
  ]
    .filter(Boolean)
    .join(', ');

class World {
  state: AcdState = emptyState({});
  told: string[] = [];
  /** As they are written down: a later one replaces one that began at the same time. */
  readonly kept = new Map<number, AgentTime>();
  private tally = this.follow(0);

  constructor() {
    this.at(0, {
      type: 'queue-configured',
      queue: { queueId: QUEUE, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 5_000 },
    });
    this.at(0, { type: 'agent-configured', agent: { agentId: ANN, skills: {} } });
  }

  private follow(nowMs: number, aliveMs?: number): AgentTally {
    const savedUntil = new Map([...this.kept.values()].map(({ agentId, toMs }) => [agentId, toMs]));
    const onEnded = (time: AgentTime): void => {
      this.told.push(said(time));
      this.kept.set(time.fromMs, time);
    };
    return new AgentTally(this.state, { onEnded, nowMs, aliveMs, savedUntil });
  }

  /** Another life begins, which knows the state and what is written down. */
  again(nowMs: number, aliveMs: number): this {
    this.tally = this.follow(nowMs, aliveMs);
    return this;
  }

  at(nowMs: number, event: AcdEvent): this {
    const [state, effects] = step(this.state, event, nowMs);
    this.state = state;
    this.tally.observe({ event, effects, state, atMs: nowMs });
    return this;
  }

  running(nowMs: number): string[] {
    return this.tally.runningTimes(nowMs).map(said);
  }

  readyAt(nowMs: number): this {
    this.at(nowMs, { type: 'agent-signed-in', agentId: ANN });
    this.at(nowMs, { type: 'device-changed', agentId: ANN, registered: true });
    return this.at(nowMs, { type: 'agent-ready', agentId: ANN });
  }

  arrives(nowMs: number): this {
    return this.at(nowMs, { type: 'contact-arrived', contactId: ADA, queueId: QUEUE, priority: 0 });
  }

  accepts(nowMs: number): this {
    const status = this.state.contacts.get(ADA)?.status;
    const offerId = status?.kind === 'offered' ? status.offers[0]?.offerId : undefined;
    if (!offerId) throw new Error(`nothing is offered: ${status?.kind}`);
    return this.at(nowMs, { type: 'offer-accepted', contactId: ADA, offerId });
  }
}

it('tells each stretch when it is over, with the offer at which it began, and what has come and gone in a moment not at all', () => {
  const world = new World().readyAt(1_000).arrives(4_000).accepts(6_000);
  world.at(16_000, { type: 'contact-ended', contactId: ADA }).at(21_000, { type: 'time-passed' });
  world.at(30_000, { type: 'agent-not-ready', agentId: ANN, reason: 'lunch' });
  expect(world.running(31_000)).toEqual(['not-ready: lunch 30000–31000']);
  world.at(40_000, { type: 'agent-signed-out', agentId: ANN });
  expect(world.told).toEqual([
    'ready 1000–4000',
    'offered 4000–6000, 1 offered',
    'busy 6000–16000',
    'wrap-up 16000–21000',
    'ready 21000–30000',
    'not-ready: lunch 30000–40000',
  ]);
  expect(world.running(50_000)).toEqual([]);
});

it.each([
  ['lets it ring', (world: World) => world.at(24_000, { type: 'time-passed' })],
  [
    'declines it',
    (world: World) => {
      const status = world.state.contacts.get(ADA)?.status;
      if (status?.kind !== 'offered') throw new Error('nothing is offered');
      const [offer] = status.offers;
      if (!offer) throw new Error('there is no offer');
      return world.at(24_000, { type: 'offer-failed', contactId: ADA, offerId: offer.offerId, reason: 'declined' });
    },
  ],
])('an offer is missed by who %s', (_how, misses) => {
  const world = misses(new World().readyAt(0).arrives(4_000));
  expect(world.told).toEqual(['ready 0–4000', 'offered 4000–24000, 1 offered, 1 missed']);
  expect(world.running(25_000)).toEqual(['not-ready: no-answer 24000–25000']);
});

it('an offer is not missed when the customer is gone, and a word about it that comes too late changes nothing', () => {
  const world = new World().readyAt(0).arrives(4_000);
  const status = world.state.contacts.get(ADA)?.status;
  const offer = status?.kind === 'offered' ? status.offers[0] : undefined;
  world.at(6_000, { type: 'contact-left', contactId: ADA });
  if (!offer) throw new Error('there was no offer');
  world.at(7_000, { type: 'offer-failed', contactId: ADA, offerId: offer.offerId, reason: 'no-answer' });
  expect(world.told).toEqual(['ready 0–4000', 'offered 4000–6000, 1 offered']);
  expect(world.running(8_000)).toEqual(['ready 6000–8000']);
});

it('goes on after a crash with the stretch that was running, whole', () => {
  const world = new World().readyAt(1_000).again(50_000, 49_000);
  expect(world.running(60_000)).toEqual(['ready 1000–60000']);
});

it('counts nobody as signed in while the center was away for longer', () => {
  const aliveMs = 100_000;
  const nowMs = aliveMs + MOST_AWAY_MS + 1;
  const world = new World().readyAt(1_000).again(nowMs, aliveMs);
  expect(world.told).toEqual(['ready 1000–100000', `ready ${nowMs}–${nowMs}`]);
  expect(world.running(nowMs + 5)).toEqual([`ready ${nowMs}–${nowMs + 5}`]);
});

it('does not count a long absence after a crash that follows it either', () => {
  const aliveMs = 100_000;
  const backMs = aliveMs + MOST_AWAY_MS + 1;
  const crashMs = backMs + 600_000;
  const world = new World()
    .readyAt(1_000)
    .again(backMs, aliveMs)
    .again(crashMs + 1_000, crashMs);
  world.at(crashMs + 5_000, { type: 'agent-signed-out', agentId: ANN });
  expect([...world.kept.values()].map(said)).toEqual(['ready 1000–100000', `ready ${backMs}–${crashMs + 5_000}`]);
});

it('does not count a long absence that began within a moment of what the agent did last', () => {
  const aliveMs = 100_000;
  const backMs = aliveMs + MOST_AWAY_MS + 4_000;
  const world = new World()
    .readyAt(aliveMs + 3_000)
    .again(backMs, aliveMs)
    .again(backMs + 2_000, aliveMs);
  expect(world.running(backMs + 5_000)).toEqual([`ready ${backMs + 2_000}–${backMs + 5_000}`]);
  expect([...world.kept.values()].every(({ fromMs, toMs }) => fromMs === toMs)).toBe(true);
});

it('tells of stretches of days in pieces', () => {
  const world = new World().readyAt(0).at(2.5 * LONGEST_TIME_MS, { type: 'agent-signed-out', agentId: ANN });
  expect(world.told).toEqual([
    `ready 0–${LONGEST_TIME_MS}`,
    `ready ${LONGEST_TIME_MS}–${2 * LONGEST_TIME_MS}`,
    `ready ${2 * LONGEST_TIME_MS}–${2.5 * LONGEST_TIME_MS}`,
  ]);
});
