/** A seeded random world: random rules, random people, and random events, possible or not. */
import { asId } from '../../../../base/ids';
import type { AgentId, ContactId, OfferId, QueueId } from '../../../../base/ids';
import { SeededRandom } from '../../../../base/random';
import { checkAcdConfig } from '../../../../acd/core/check';
import type { AgentConfig, OverflowRule, QueueConfig } from '../../../../acd/core/config';
import type { AcdEvent, AcdState, CallbackHours, Contact } from '../../../../acd/core/model';

const SKILLS = ['support', 'sales', 'fraud', 'german'] as const;
const SITES = ['berlin', 'chengdu'] as const;
const STRATEGIES = [
  'longest-idle',
  'fewest-contacts',
  'most-skilled',
  'round-robin',
  'ring-several',
  'linear',
  'fair-share',
];
const CHANNELS = ['voice', 'voice', 'voice', 'chat', 'mail'] as const;

/** Keeps the slow reference from becoming too slow. */
const MOST_CONTACTS = 16;

export class RandomWorld {
  readonly random: SeededRandom;
  readonly agentIds: readonly AgentId[];
  readonly queueIds: readonly QueueId[];
  /** One tenant, or two. */
  private readonly tenants: readonly (string | undefined)[];
  private readonly tenantOfQueue: ReadonlyMap<QueueId, string | undefined>;
  private readonly tenantOfAgent: Map<AgentId, string | undefined>;
  private serial = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.agentIds = Array.from({ length: 3 + this.random.int(8) }, (_, index) => asId<AgentId>(`agent${index}`));
    this.queueIds = Array.from({ length: 1 + this.random.int(4) }, (_, index) => asId<QueueId>(`queue${index}`));
    this.tenants = this.random.int(3) === 0 ? [undefined, undefined, 'acme'] : [undefined];
    this.tenantOfQueue = new Map(this.queueIds.map((queueId) => [queueId, this.random.pick(this.tenants)]));
    this.tenantOfAgent = new Map(this.agentIds.map((agentId) => [agentId, this.random.pick(this.tenants)]));
  }

  /** Events that set the world up; its configuration is one that passes the check. */
  configuration(): AcdEvent[] {
    const queues = this.queueIds.map((queueId, place) => this.queue(queueId, place));
    const agents = this.agentIds.map((agentId) => this.agent(agentId));
    const problems = checkAcdConfig({ queues, agents });
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return [
      ...queues.map((queue): AcdEvent => ({ type: 'queue-configured', queue })),
      ...agents.map((agent): AcdEvent => ({ type: 'agent-configured', agent })),
      ...this.agentIds.map((agentId): AcdEvent => ({ type: 'device-changed', agentId, registered: true })),
    ];
  }

  private queue(queueId: QueueId, place: number): QueueConfig {
    const { random } = this;
    const chosen = random.pick(STRATEGIES);
    const strategy = chosen === 'linear' && this.orderFor(queueId).length === 0 ? 'longest-idle' : chosen;
    const tenant = this.tenantOfQueue.get(queueId);
    const skill = random.pick(SKILLS);
    const level = 1 + random.int(6);
    const skills: Record<string, number> = random.int(6) === 0 ? {} : { [skill]: level };
    return {
      queueId,
      skills,
      offerTimeoutMs: 1000 + random.int(20_000),
      wrapUpMs: random.int(2) * random.int(30_000),
      priority: random.int(3),
      strategy,
      ...(strategy === 'ring-several' ? { ringAtOnce: 2 + random.int(2) } : {}),
      ...(strategy === 'linear' ? { agentOrder: this.orderFor(queueId) } : {}),
      weights: this.weights(),
      ...(random.int(2) === 0 ? { preferredAgentMs: random.int(15_000) } : {}),
      ...((skills[skill] ?? 0) > 2 && random.int(2) === 0
        ? {
            rings: [
              { afterMs: 4000, skills: { [skill]: level - 2 } },
              { afterMs: 9000, skills: {} },
            ],
          }
        : {}),
      overflow: this.overflow(place),
      callback: { maxAttempts: 1 + random.int(3), retryMs: 1000 + random.int(20_000) },
      ...(tenant !== undefined && { tenant }),
    };
  }

  /** The second half of its tenant's agents first; the others come after them. */
  private orderFor(queueId: QueueId): AgentId[] {
    const tenant = this.tenantOfQueue.get(queueId);
    const own = this.agentIds.filter((agentId) => this.tenantOfAgent.get(agentId) === tenant);
    return own.slice(Math.floor(own.length / 2));
  }

  private weights(): Record<string, number> {
    const { random } = this;
    const weights: Record<string, number> = {};
    // Half of the queues weigh nothing of the agent, so that ties are common and the rules that break them are met.
    if (random.int(2) === 0) return weights;
    for (const name of [
      'tier',
      'openCases',
      'preferredAgent',
      'skillFit',
      'mainSkill',
      'sameSite',
      'grade',
      'rest',
      'fairness',
    ]) {
      if (random.int(3) === 0) weights[name] = random.int(5) * 1000 - (name === 'skillFit' ? 3000 : 0);
    }
    if (random.int(4) === 0) weights['idle'] = random.int(3);
    if (random.int(4) === 0) weights['waiting'] = 1 + random.int(3);
    return weights;
  }

  /** Only to later queues, so that there is no circle. */
  private overflow(place: number): OverflowRule[] {
    const { random } = this;
    const rules: OverflowRule[] = [];
    const own = this.tenantOfQueue.get(this.queueIds[place] as QueueId);
    const next = this.queueIds.slice(place + 1).find((queueId) => this.tenantOfQueue.get(queueId) === own);
    if (next !== undefined && random.int(2) === 0) {
      rules.push({
        when: random.pick([{ kind: 'closed' }, { kind: 'length', most: 2 }, { kind: 'no-agents' }]),
        to: { kind: 'queue', queueId: next },
      });
    }
    if (next !== undefined && random.int(2) === 0)
      rules.push({ when: { kind: 'waited', afterMs: 12_000 }, to: { kind: 'queue', queueId: next } });
    if (random.int(3) === 0)
      rules.push({ when: { kind: 'waited', afterMs: 40_000 }, to: { kind: 'voicemail', target: 'box' } });
    return rules;
  }

  private agent(agentId: AgentId): AgentConfig {
    const { random } = this;
    const tenant = this.tenantOfAgent.get(agentId);
    return {
      agentId,
      ...(tenant !== undefined && { tenant }),
      skills: Object.fromEntries(SKILLS.map((skill) => [skill, random.int(11)])),
      grade: random.int(4),
      site: random.pick(SITES),
      capacity: { voice: 1, chat: random.int(4), mail: random.int(2) },
      interrupts: random.pick([{}, { voice: ['mail'] }, { voice: ['mail', 'chat'], chat: ['mail'] }]),
    };
  }

  /** Anything that the world may do next, whether it is possible or not. */
  next(state: AcdState): AcdEvent {
    const { random } = this;
    this.serial += 1;
    const turn = random.int(100);
    if (turn < 25 && state.contacts.size < MOST_CONTACTS) return this.arrival();
    if (turn < 30) return { type: 'agent-signed-in', agentId: this.someone() };
    if (turn < 48) return { type: 'agent-ready', agentId: this.someone() };
    if (turn < 54) return this.ofAgent();
    if (turn < 55) return this.callbackHours(state.nowMs);
    const contacts = state.contacts;
    const contact = contacts.size > 0 ? this.oneOf(contacts) : undefined;
    return contact ? this.ofContact(contact, state) : { type: 'time-passed' };
  }

  private oneOf(contacts: ReadonlyMap<ContactId, Contact>): Contact | undefined {
    let skip = this.random.int(contacts.size);
    for (const contact of contacts.values()) {
      if (skip === 0) return contact;
      skip -= 1;
    }
    return undefined;
  }

  private someone(): AgentId {
    return this.random.pick(this.agentIds);
  }

  /** Mostly; who is not must be refused. */
  private someoneReady({ agents }: AcdState): AgentId {
    const ready = [...agents.values()].filter(({ status }) => status.kind === 'ready');
    return ready.length > 0 && this.random.int(4) > 0 ? this.random.pick(ready).agentId : this.someone();
  }

  private arrival(): AcdEvent {
    const { random } = this;
    return {
      type: 'contact-arrived',
      contactId: asId<ContactId>(`c${this.serial}`),
      queueId: random.pick(this.queueIds),
      priority: random.int(3),
      attributes: {
        channel: random.pick(CHANNELS),
        tier: random.int(3),
        openCases: random.int(2),
        ...(random.int(3) === 0 ? { customerId: `customer${random.int(20)}` } : {}),
        ...(random.int(3) === 0 ? { preferredAgentId: this.someone() } : {}),
        ...(random.int(2) === 0 ? { site: random.pick(SITES) } : {}),
        ...(random.int(5) === 0 ? { skills: { german: 1 + random.int(5) } } : {}),
      },
    };
  }

  private ofAgent(): AcdEvent {
    const { random } = this;
    const agentId = this.someone();
    return random.pick<AcdEvent>([
      { type: 'agent-signed-out', agentId },
      { type: 'agent-signed-out', agentId, whenDone: true },
      { type: 'agent-not-ready', agentId, reason: 'break' },
      { type: 'agent-locked', agentId },
      { type: 'agent-unlocked', agentId },
      { type: 'agent-unlocked', agentId },
      { type: 'device-changed', agentId, registered: random.int(4) > 0 },
      { type: 'device-changed', agentId, registered: true },
      { type: 'wrap-up-done', agentId },
      { type: 'wrap-up-extended', agentId, byMs: 5000 },
      { type: 'contact-begun', contactId: asId<ContactId>(`d${this.serial}`), agentId },
      { type: random.int(2) === 0 ? 'queue-closed' : 'queue-opened', queueId: random.pick(this.queueIds) },
      { type: 'agent-configured', agent: this.agent(agentId) },
      { type: 'agent-configured', agent: { ...this.agent(agentId), tenant: random.pick(this.tenants) } },
    ]);
  }

  private callbackHours(nowMs: number): AcdEvent {
    const queueId = this.random.pick(this.queueIds);
    const always = this.random.int(4) === 0;
    return { type: 'callback-hours-set', queueId, ...(!always && { hours: this.hours(nowMs) }) };
  }

  /** Short days and nights, of which the first may have begun. */
  private hours(nowMs: number): CallbackHours {
    const { random } = this;
    let atMs = Math.max(0, nowMs - random.int(20_000));
    return Array.from({ length: random.int(6) }, () => {
      const fromMs = atMs + 1 + random.int(20_000);
      atMs = fromMs + 1 + random.int(40_000);
      return [fromMs, atMs] as const;
    });
  }

  private ofContact(contact: Contact, state: AcdState): AcdEvent {
    const { random } = this;
    const { nowMs } = state;
    const { contactId, status } = contact;
    const offerId = status.kind === 'offered' ? random.pick(status.offers).offerId : asId<OfferId>('stale');
    const turn = random.int(12);
    // What waits for skills that nobody has is given to somebody now and then, also while it rings elsewhere.
    if (turn >= 10 && (status.kind === 'waiting' || status.kind === 'offered'))
      return { type: 'contact-assigned', contactId, agentId: this.someoneReady(state) };
    if (status.kind === 'offered' && turn < 8) return { type: 'offer-accepted', contactId, offerId };
    if (status.kind === 'offered' && turn === 8) return { type: 'offers-withdrawn', contactId };
    if (status.kind === 'offered') {
      return {
        type: 'offer-failed',
        contactId,
        offerId,
        reason: random.pick(['no-answer', 'declined', 'unreachable']),
      };
    }
    if (status.kind === 'connected' && turn < 6) return { type: 'contact-ended', contactId };
    return random.pick<AcdEvent>([
      { type: 'contact-left', contactId },
      { type: 'contact-left', contactId, keepPlaceMs: random.int(300_000) },
      { type: 'offer-accepted', contactId, offerId },
      { type: 'contact-moved', contactId, queueId: random.pick(this.queueIds), keepPlace: random.int(2) === 0 },
      { type: 'contact-moved', contactId, queueId: random.pick(this.queueIds), keepPlace: true, wrapUp: true },
      { type: 'contact-handed-over', contactId, agentId: this.someone(), wrapUp: random.int(2) === 0 },
      { type: 'agent-lost', contactId },
      { type: 'contact-prioritised', contactId, priority: random.int(5) },
      { type: 'callback-requested', contactId, number: `0${random.int(30)}` },
      {
        type: 'callback-requested',
        contactId,
        number: '1',
        notBeforeMs: random.int(100_000),
        notAfterMs: 1_000_000_000,
      },
      {
        type: 'callback-requested',
        contactId,
        number: `0${random.int(30)}`,
        notAfterMs: nowMs + random.int(120_000),
        ...(random.int(2) === 0 ? { hours: this.hours(nowMs) } : {}),
      },
      { type: 'callback-failed', contactId },
      { type: 'callback-failed', contactId },
      { type: 'callback-answered', contactId },
      ...(random.int(20) === 0 ? [{ type: 'position-asked', contactId } as const] : []),
      { type: 'time-passed' },
    ]);
  }
}
