/** One contact from dialling to its end, with what its two sides see written into the history. */
import { placeTestCall } from '../../infra/caller/test-call';
import type { TestCall } from '../../infra/caller/test-call';
import type { SeededRandom } from '../../base/random';
import { pause } from '../support/wait';
import type { AgentLeg } from './agent';
import type { Departure, History } from './history';

/** What a contact does, decided before it begins. */
export interface ContactPlan {
  readonly number: string;
  /** How long the caller waits for an agent, from the answer of the center on; undefined for those who stay. */
  readonly patienceMs: number | undefined;
  readonly ringMs: number;
  readonly talkMs: number;
  readonly endedBy: 'agent' | 'caller';
}

const IMPATIENT_SHARE = 0.1;
/** Whoever is told by 503 that there is no room calls again (RFC 3261, 21.5.4), so often. */
const CALLS_AGAIN = 5;
const CALL_AGAIN_MS = 2_000;
/** For whom nothing has happened for so long, nothing will. */
const LIMIT_MS = 180_000;

export const planContact = (random: SeededRandom, number: string): ContactPlan => ({
  number,
  patienceMs: random.next() < IMPATIENT_SHARE ? 300 + random.int(3_000) : undefined,
  ringMs: 50 + random.int(300),
  talkMs: 300 + random.int(2_000),
  endedBy: random.next() < 0.5 ? 'agent' : 'caller',
});

export interface ContactOptions {
  readonly plan: ContactPlan;
  readonly dialled: string;
  readonly sipPort: number;
  readonly history: History;
}

export class Contact {
  private call: TestCall | undefined;
  private departure: Departure | undefined;
  private isTalking = false;

  constructor(private readonly options: ContactOptions) {}

  get number(): string {
    return this.options.plan.number;
  }

  /** Resolves when the caller's call is over. */
  async run(): Promise<void> {
    const { history, plan } = this.options;
    const contact = plan.number;
    history.note({ type: 'dialled', contact });
    let departure = await this.dial();
    for (let again = 0; again < CALLS_AGAIN && isTurnedAway(departure) && !this.departure; again += 1) {
      history.note({ type: 'turned-away', contact });
      await pause(CALL_AGAIN_MS);
      departure = await this.dial();
    }
    history.note({ type: 'left', contact, departure });
  }

  private async dial(): Promise<Departure> {
    const { plan, history, dialled, sipPort } = this.options;
    const contact = plan.number;
    const call = await placeTestCall({
      ...{ number: dialled, from: plan.number, port: sipPort, codecs: ['PCMA'] },
      ...{ keepsSound: false, isPatient: true },
    });
    this.call = call;
    const limit = setTimeout(() => this.abort(), LIMIT_MS);
    let impatience: NodeJS.Timeout | undefined;
    void call.answered.then((answered) => {
      if (!answered.ok) return;
      history.note({ type: 'answered', contact });
      if (plan.patienceMs !== undefined) impatience = setTimeout(() => this.giveUp(), plan.patienceMs);
    });
    const end = await call.ended;
    clearTimeout(limit);
    clearTimeout(impatience);
    // What this side has begun is the reason, whatever the other side did at the same moment.
    return this.departure ?? departureOf(end);
  }

  /** Nobody waits any longer for what becomes of it. */
  abort(): void {
    this.hangUp({ by: 'nobody' });
  }

  /** It rings at this agent. */
  async serve(leg: AgentLeg, agent: string): Promise<void> {
    const { plan, history } = this.options;
    const about = { contact: plan.number, agent, leg: leg.id };
    history.note({ type: 'rang', ...about });
    let over = false;
    const ended = leg.ended.then(() => (over = true));
    await Promise.race([pause(plan.ringMs), ended]);
    if (over) return;
    leg.accept();
    if (!(await leg.talking())) return;
    history.note({ type: 'taken', ...about });
    this.isTalking = true;
    await Promise.race([pause(plan.talkMs), ended]);
    const finished = !over;
    if (finished && plan.endedBy === 'caller') this.hangUp({ by: 'conversation' });
    const isAgentFirst = finished && plan.endedBy === 'agent';
    if (isAgentFirst) this.departure ??= { by: 'conversation' };
    // Who hangs up is free at once; that the center hears of it may take until it is back.
    const hungUp = isAgentFirst ? leg.hangUp() : ended;
    if (!isAgentFirst) await ended;
    this.isTalking = false;
    history.note({ type: 'leg-over', ...about, finished });
    await hungUp;
  }

  /** Only who waits gives up; in a conversation its parties say when it is over. */
  private giveUp(): void {
    if (!this.isTalking) this.hangUp({ by: 'caller' });
  }

  private hangUp(departure: Departure): void {
    this.departure ??= departure;
    void this.call?.hangup();
  }
}

const isTurnedAway = (departure: Departure): boolean => departure.by === 'refusal' && departure.status === 503;

const departureOf = (end: Awaited<TestCall['ended']>): Departure => {
  switch (end.by) {
    case 'refusal':
      return { by: 'refusal', status: end.status };
    case 'far-end':
      return { by: 'center', reason: end.reason };
    case 'cancel':
      return { by: 'caller' };
    default:
      return { by: 'center', reason: end.by === 'loss' ? end.reason : end.by };
  }
};
