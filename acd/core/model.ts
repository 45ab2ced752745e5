/** What the ACD knows: queues, agents and contacts, with each state a variant that holds only its own data. */
import type { AgentId, ContactId, OfferId, QueueId } from '../../base/ids';

/** Skill name → level from 1 to 10; the highest level is the main skill. */
export type SkillLevels = Readonly<Record<string, number>>;

export interface QueueConfig {
  readonly queueId: QueueId;
  /** Skills an agent must have, each with the least level. */
  readonly skills: SkillLevels;
  /** How long an offer rings before it goes to the next agent. */
  readonly offerTimeoutMs: number;
  /** Length of after-call work; 0 for none. */
  readonly wrapUpMs: number;
}

export interface AgentConfig {
  readonly agentId: AgentId;
  readonly skills: SkillLevels;
}

/** Why an agent is not ready. `signed-in`, `no-answer` and `device-lost` are set by the system, the others by the agent. */
export const NOT_READY_REASONS = [
  'signed-in',
  'break',
  'lunch',
  'meeting',
  'training',
  'back-office',
  'no-answer',
  'device-lost',
] as const;
export type NotReadyReason = (typeof NOT_READY_REASONS)[number];

/**
 * ```
 *            sign-in                ready                    offer
 * signed-out ───────► not-ready ◄─────────► ready ─────────────────────► offered
 *      ▲                  ▲  ▲                ▲  ▲   declined by the caller  │ │
 *      │ sign-out         │  │                │  └───────────────────────────┘ │ accepted
 *      └──── (no contact) │  └─ no answer ────│─────────────────────────┘      ▼
 *                         └───────────────────┴── wrap-up ◄──── ended ──── busy
 * ```
 */
export type AgentStatus =
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'not-ready'; readonly reason: NotReadyReason }
  | { readonly kind: 'ready' }
  | { readonly kind: 'offered'; readonly contactId: ContactId; readonly offerId: OfferId }
  | { readonly kind: 'busy'; readonly contactId: ContactId }
  | { readonly kind: 'wrap-up'; readonly contactId: ContactId; readonly untilMs: number };

/** What the agent wants to be when the present contact and its wrap-up are over. */
export type NextStatus = { readonly kind: 'ready' } | { readonly kind: 'not-ready'; readonly reason: NotReadyReason };

export interface Agent {
  readonly agentId: AgentId;
  readonly skills: SkillLevels;
  readonly status: AgentStatus;
  /** When the present status began. */
  readonly sinceMs: number;
  /** The end of the last contact, or the sign-in; the longest idle agent is the one with the smallest value. */
  readonly idleSinceMs: number;
  /** The agent's station can be called. */
  readonly deviceRegistered: boolean;
  readonly next: NextStatus;
}

export type ContactStatus =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'offered'; readonly offerId: OfferId; readonly agentId: AgentId; readonly expiresAtMs: number }
  | { readonly kind: 'connected'; readonly agentId: AgentId };

export interface Contact {
  readonly contactId: ContactId;
  /** Absent for a contact that an agent began. */
  readonly queueId: QueueId | undefined;
  readonly priority: number;
  readonly arrivedAtMs: number;
  /** Order of arrival; breaks ties of equal times. */
  readonly arrival: number;
  readonly offers: number;
  readonly status: ContactStatus;
}

export interface AcdState {
  readonly queues: Map<QueueId, QueueConfig>;
  readonly agents: Map<AgentId, Agent>;
  readonly contacts: Map<ContactId, Contact>;
  arrivals: number;
}

export const emptyState = (): AcdState => ({
  queues: new Map(),
  agents: new Map(),
  contacts: new Map(),
  arrivals: 0,
});

/** The closed list of what can happen to the ACD. */
export type AcdEvent =
  | { readonly type: 'queue-configured'; readonly queue: QueueConfig }
  | { readonly type: 'agent-configured'; readonly agent: AgentConfig }
  | { readonly type: 'agent-signed-in'; readonly agentId: AgentId }
  | { readonly type: 'agent-signed-out'; readonly agentId: AgentId }
  | { readonly type: 'agent-ready'; readonly agentId: AgentId }
  | { readonly type: 'agent-not-ready'; readonly agentId: AgentId; readonly reason: NotReadyReason }
  | { readonly type: 'device-changed'; readonly agentId: AgentId; readonly registered: boolean }
  | {
      readonly type: 'contact-arrived';
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly priority: number;
    }
  /** The customer is gone, whatever the contact's status. */
  | { readonly type: 'contact-left'; readonly contactId: ContactId }
  | { readonly type: 'offer-accepted'; readonly offerId: OfferId; readonly contactId: ContactId }
  | {
      readonly type: 'offer-failed';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      /** Each makes the agent not ready with `no-answer`, so that the next offer goes to somebody else. */
      readonly reason: 'no-answer' | 'declined' | 'unreachable';
    }
  /** An agent began a contact, such as by dialling. */
  | {
      readonly type: 'contact-begun';
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly queueId?: QueueId;
    }
  /** The conversation is over: wrap-up begins. */
  | { readonly type: 'contact-ended'; readonly contactId: ContactId }
  /** The agent can no longer be reached in the middle of a conversation: the contact waits again, its place kept. */
  | { readonly type: 'agent-lost'; readonly contactId: ContactId }
  | { readonly type: 'wrap-up-done'; readonly agentId: AgentId }
  | { readonly type: 'time-passed' };

/** What the runner has to do; order matters. */
export type AcdEffect =
  | {
      readonly type: 'offer';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      readonly expiresAtMs: number;
    }
  | {
      readonly type: 'withdraw-offer';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly reason: 'expired' | 'contact-left' | 'agent-left';
    }
  | { readonly type: 'agent-changed'; readonly agentId: AgentId }
  | { readonly type: 'queue-changed'; readonly queueId: QueueId }
  /** The event itself was not possible now and has changed nothing. */
  | { readonly type: 'refused'; readonly reason: string };
