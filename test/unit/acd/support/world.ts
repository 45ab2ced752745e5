/** A small ACD whose rules are tried one at a time. */
import { asId } from '../../../../base/ids';
import type { AgentId, ContactId, OfferId, QueueId } from '../../../../base/ids';
import type { AgentConfig, QueueConfig } from '../../../../acd/core/config';
import type { AcdEffect, AcdEvent, AcdRules, AcdState, ContactAttributes } from '../../../../acd/core/model';
import { emptyState, step } from '../../../../acd/core/step';

export const q = asId<QueueId>('q');
export const other = asId<QueueId>('other');

/** Two queues, `q` as the test wants it, and a clock that stands still. */
export class World {
  state: AcdState;
  nowMs = 0;
  private serial = 0;

  constructor(queue: Partial<QueueConfig> = {}, rules: AcdRules = {}) {
    this.state = emptyState(rules);
    for (const queueId of [q, other]) {
      this.do({
        type: 'queue-configured',
        queue: {
          queueId,
          skills: {},
          offerTimeoutMs: 20_000,
          wrapUpMs: 0,
          ...(queueId === q ? queue : { skills: { x: 1 } }),
        },
      });
    }
  }

  do(event: AcdEvent): AcdEffect[] {
    const [state, effects] = step(this.state, event, this.nowMs);
    this.state = state;
    return effects;
  }

  at(ms: number): AcdEffect[] {
    this.nowMs = ms;
    return this.do({ type: 'time-passed' });
  }

  agent(name: string, config: Partial<AgentConfig> = {}): AgentId {
    const agentId = asId<AgentId>(name);
    this.do({ type: 'agent-configured', agent: { agentId, skills: {}, ...config } });
    this.do({ type: 'agent-signed-in', agentId });
    this.do({ type: 'device-changed', agentId, registered: true });
    this.do({ type: 'agent-ready', agentId });
    return agentId;
  }

  arrive(attributes: ContactAttributes = {}, priority = 0): ContactId {
    this.serial += 1;
    const contactId = asId<ContactId>(`c${this.serial}`);
    this.do({ type: 'contact-arrived', contactId, queueId: q, priority, attributes });
    return contactId;
  }

  /** Agents at whom the contact rings. */
  ringing(contactId: ContactId): string[] {
    const status = this.state.contacts.get(contactId)?.status;
    return status?.kind === 'offered' ? status.offers.map(({ agentId }) => agentId) : [];
  }

  accept(contactId: ContactId): AcdEffect[] {
    const status = this.state.contacts.get(contactId)?.status;
    const offerId = status?.kind === 'offered' ? status.offers[0]?.offerId : undefined;
    return this.do({ type: 'offer-accepted', contactId, offerId: offerId ?? asId<OfferId>('none') });
  }

  /** The contact is served by whoever it rings at, who is then free again. */
  serve(contactId: ContactId, forMs = 1000): string {
    const [agentId = 'nobody'] = this.ringing(contactId);
    this.accept(contactId);
    this.nowMs += forMs;
    this.do({ type: 'contact-ended', contactId });
    return agentId;
  }
}
