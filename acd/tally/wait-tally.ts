/**
 * Follows contacts through the ACD and tells of each wait in a queue how it has ended, and of each answered one when its
 * agent was done with it. It sees what the engine sees and decides nothing.
 */
import type { AgentId, ContactId, QueueId } from '../../base/ids';
import type { AcdEffect, AcdEvent, AcdState, Contact } from '../core/model';
import { DEFAULT_TARGET_MS } from '../metrics';
import type { WaitResult } from '../metrics';
import type { Observed } from '../runner';

/** One wait that is over. */
export interface EndedWait {
  readonly contactId: ContactId;
  /** In which it ended. */
  readonly queueId: QueueId;
  readonly arrivedAtMs: number;
  readonly endedAtMs: number;
  readonly result: WaitResult;
  readonly targetMs: number;
  /** Who has answered. */
  readonly agentId?: AgentId;
}

export interface WaitTallyDeps {
  readonly onEnded: (wait: EndedWait) => void;
  /** @param handleMs conversation plus wrap-up. */
  readonly onHandled: (wait: EndedWait, handleMs: number) => void;
}

interface Waiting {
  readonly queueId: QueueId;
  readonly arrivedAtMs: number;
}

/** An agent has accepted a callback: whether the customer can be reached is still to be seen. */
interface Calling extends Waiting {
  readonly agentId: AgentId;
  readonly acceptedAtMs: number;
}

export class WaitTally {
  private readonly waiting = new Map<ContactId, Waiting | Calling>();
  /** Answered contacts that their agents are not done with, by agent. */
  private readonly handled = new Map<AgentId, Map<ContactId, EndedWait>>();

  /** @param state where the engine goes on from. */
  constructor(
    state: AcdState,
    private readonly deps: WaitTallyDeps,
  ) {
    for (const contact of state.contacts.values()) if (contact.status.kind !== 'connected') this.waits(contact);
  }

  observe({ event, effects, state, atMs }: Observed): void {
    for (const effect of effects) {
      if (effect.type === 'contact-diverted') {
        const { contactId, queueId } = effect;
        // Who is diverted on arrival was never seen to wait.
        const arrivedAtMs = this.waiting.get(contactId)?.arrivedAtMs ?? arrivalOf(event, atMs);
        this.end(state, contactId, { queueId, arrivedAtMs, endedAtMs: atMs, result: 'diverted' });
      } else if (effect.type === 'callback-over') this.callbackOver(state, effect, atMs);
    }
    if ('contactId' in event && event.contactId !== undefined) this.settle(state, event.contactId, atMs);
    for (const effect of effects) {
      if (effect.type === 'contact-overflowed') this.settle(state, effect.contactId, atMs);
      else if (effect.type === 'agent-changed') this.settleAgent(state, effect.agentId, atMs);
    }
  }

  /** A new call that takes a callback's place has its wait, too. */
  private callbackOver(
    state: AcdState,
    { contactId, reason }: Extract<AcdEffect, { type: 'callback-over' }>,
    atMs: number,
  ): void {
    const known = this.waiting.get(contactId);
    if (reason === 'merged') this.waiting.delete(contactId);
    else if (known) this.end(state, contactId, { ...known, endedAtMs: atMs, result: 'abandoned' });
  }

  /** What has become of a contact, as its state tells it. */
  private settle(state: AcdState, contactId: ContactId, atMs: number): void {
    const contact = state.contacts.get(contactId);
    const known = this.waiting.get(contactId);
    if (contact && contact.status.kind !== 'connected') return this.waits(contact);
    if (!known) return;
    if (contact?.status.kind !== 'connected') {
      const isReached = 'agentId' in known;
      const ended = isReached ? known.acceptedAtMs : atMs;
      return this.end(state, contactId, { ...known, endedAtMs: ended, result: isReached ? 'answered' : 'abandoned' });
    }
    const { agentId } = contact.status;
    if (contact.leg.kind === 'line')
      return this.end(state, contactId, { ...known, agentId, endedAtMs: atMs, result: 'answered' });
    if (!('agentId' in known)) this.waiting.set(contactId, { ...known, agentId, acceptedAtMs: atMs });
  }

  private waits({ contactId, queueId, arrivedAtMs }: Contact): void {
    if (queueId !== undefined) this.waiting.set(contactId, { queueId, arrivedAtMs });
  }

  private end(
    state: AcdState,
    contactId: ContactId,
    ended: Waiting & { readonly endedAtMs: number; readonly result: WaitResult; readonly agentId?: AgentId },
  ): void {
    this.waiting.delete(contactId);
    const { queueId, arrivedAtMs, endedAtMs, result, agentId } = ended;
    const targetMs = state.queues.get(queueId)?.serviceLevel?.targetMs ?? DEFAULT_TARGET_MS;
    const answeredBy = result === 'answered' && agentId !== undefined ? { agentId } : {};
    const wait: EndedWait = { contactId, queueId, arrivedAtMs, endedAtMs, result, targetMs, ...answeredBy };
    this.deps.onEnded(wait);
    if (wait.agentId === undefined) return;
    const contacts = this.handled.get(wait.agentId) ?? new Map<ContactId, EndedWait>();
    this.handled.set(wait.agentId, contacts.set(contactId, wait));
  }

  /** Contacts that have left the agent, wrap-up and all. */
  private settleAgent(state: AcdState, agentId: AgentId, atMs: number): void {
    const contacts = this.handled.get(agentId);
    if (!contacts) return;
    const engagements = state.agents.get(agentId)?.engagements ?? [];
    for (const [contactId, wait] of contacts) {
      if (engagements.some((engagement) => engagement.contactId === contactId)) continue;
      contacts.delete(contactId);
      this.deps.onHandled(wait, Math.max(0, atMs - wait.endedAtMs));
    }
    if (contacts.size === 0) this.handled.delete(agentId);
  }
}

const arrivalOf = (event: AcdEvent, atMs: number): number =>
  event.type === 'contact-arrived' ? Math.min(event.arrivedAtMs ?? atMs, atMs) : atMs;
