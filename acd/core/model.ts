/**
 * What the ACD knows: queues, agents and contacts, with each state a variant that holds only its own data. Records are
 * changed in place, and only by the core: whoever else holds the state reads it.
 */
import type { AgentId, ContactId, OfferId, QueueId } from '../../base/ids';
import type { AgentConfig, Channel, QueueConfig, SkillLevels } from './config';
import type { Deadlines } from './index/deadlines';
import type { Lane } from './index/lane';
import type { Score } from './scores/score';
import type { Strategy } from './strategies/strategy';

export type { AgentConfig, QueueConfig, SkillLevels } from './config';
export type { AcdEffect, AcdEvent } from './events';

/** Why an agent is not ready. `signed-in`, `no-answer`, `device-lost` and `locked` are set by others, the rest by the agent. */
export const NOT_READY_REASONS = [
  'signed-in',
  'break',
  'lunch',
  'meeting',
  'training',
  'back-office',
  'no-answer',
  'device-lost',
  'locked',
] as const;
export type NotReadyReason = (typeof NOT_READY_REASONS)[number];

/** What the agent wants to be. While there is a contact it is what comes after it; signed-out is a delayed sign-out. */
export type Intent =
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'not-ready'; readonly reason: NotReadyReason }
  | { readonly kind: 'ready' };

/** One contact that occupies an agent. */
export type Engagement =
  | { readonly kind: 'offered'; readonly contactId: ContactId; readonly channel: Channel; readonly offerId: OfferId }
  | { readonly kind: 'connected'; readonly contactId: ContactId; readonly channel: Channel }
  | { readonly kind: 'wrap-up'; readonly contactId: ContactId; readonly channel: Channel; readonly untilMs: number };

/**
 * What others see of an agent: the most engaging contact, or else the intent.
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
  | Intent
  | { readonly kind: 'offered'; readonly contactId: ContactId; readonly offerId: OfferId }
  | { readonly kind: 'busy'; readonly contactId: ContactId }
  | { readonly kind: 'wrap-up'; readonly contactId: ContactId; readonly untilMs: number };

/** Agents are changed only through `changeAgent` (agents.ts), which keeps the index and the status true. */
export interface Agent extends AgentConfig {
  readonly mainSkill: string | undefined;
  readonly grade: number;
  readonly capacity: Readonly<Partial<Record<Channel, number>>>;
  readonly status: AgentStatus;
  /** When the present status began. */
  readonly sinceMs: number;
  readonly intent: Intent;
  /** Locked by a supervisor: cannot become ready before being unlocked. */
  readonly locked: boolean;
  /** The agent's station can be called. */
  readonly deviceRegistered: boolean;
  readonly engagements: Engagement[];
  /** The end of the last contact, or the sign-in; the longest idle agent is the one with the smallest value. */
  readonly idleSinceMs: number;
  readonly signedInAtMs: number;
  /** Contacts connected since signing in. */
  readonly handled: number;
  /** Time with at least one contact since signing in, up to the last moment without. */
  readonly busyMs: number;
  /** When the present stretch with contacts began; undefined without contact. */
  readonly busySinceMs: number | undefined;
  /** Share of the signed-in time with a contact, in thousandths, as of the last moment a contact ended. */
  readonly occupancyPermille: number;
  /** Index: channels in which there is any capacity. */
  readonly channels: readonly Channel[];
  /** Index: lanes whose contacts this agent may have, and channels in which the agent stands in them as free. */
  readonly lanes: Lane[];
  readonly listedFor: readonly Channel[];
  /** Index: waiting contacts that know this agent. */
  readonly knownBy: Set<Contact>;
}

export interface Offer {
  readonly offerId: OfferId;
  readonly agentId: AgentId;
  readonly expiresAtMs: number;
}

export type ContactStatus =
  | { readonly kind: 'waiting' }
  /** Its customer must not be called back before `untilMs`: after an attempt, or outside of the hours for that. */
  | { readonly kind: 'resting'; readonly untilMs: number }
  | { readonly kind: 'offered'; readonly offers: readonly Offer[] }
  | { readonly kind: 'connected'; readonly agentId: AgentId; readonly sinceMs: number };

/** Periods of absolute time (from, and up to), in their order; none touches the next. */
export type CallbackHours = readonly (readonly [fromMs: number, toMs: number])[];

/** How the customer is reached when an agent takes the contact: on the line already, or called then. */
export type CustomerLeg =
  | { readonly kind: 'line' }
  | {
      readonly kind: 'callback';
      readonly number: string;
      readonly attempts: number;
      /** Also moved by an attempt that has failed. */
      readonly notBeforeMs: number;
      readonly notAfterMs: number;
      /** The customer's own; at any time within the queue's when absent. */
      readonly hours?: CallbackHours;
    };

/** What is known of a contact from the start; all of it may be absent. */
export interface ContactAttributes {
  readonly channel?: Channel;
  readonly caller?: string;
  readonly called?: string;
  readonly customerId?: string;
  /** The customer's class, from 0; a higher one is more urgent by the queue's `tier` weight. */
  readonly tier?: number;
  readonly language?: string;
  readonly site?: string;
  /** The agent the customer knows: the owner, or the last one. */
  readonly preferredAgentId?: AgentId;
  readonly openCases?: number;
  /** Rings one agent only, also where the queue rings several. */
  readonly oneAtATime?: boolean;
  /** Skills beside the queue's, such as a language. */
  readonly skills?: SkillLevels;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Contact {
  readonly contactId: ContactId;
  /** Absent for a contact that an agent began. */
  readonly queueId: QueueId | undefined;
  readonly channel: Channel;
  readonly attributes: ContactAttributes;
  readonly priority: number;
  readonly arrivedAtMs: number;
  /** Order of arrival; breaks ties of equal times. */
  readonly arrival: number;
  readonly offers: number;
  readonly status: ContactStatus;
  readonly leg: CustomerLeg;
  /** The smallest position that the customer has been told. */
  readonly toldPosition: number | undefined;
  /** Index: when time will next change something for it while it waits. */
  readonly reviewAtMs: number | undefined;
  /** How many overflow rules by waiting time have been used up, in the order of their times. */
  readonly overflowsDone: number;
  /** Index: the lane in which it waits; undefined while it waits for the agent it knows, or does not wait. */
  readonly lane: Lane | undefined;
  /** Index: its part of the score at time 0. */
  readonly baseScore: number;
}

export interface Queue extends QueueConfig {
  readonly open: boolean;
  /** Contacts that wait, rest or are offered. */
  readonly length: number;
  /** For `round-robin`: agent → number of the decision that chose the agent last. */
  readonly turns: Map<AgentId, number>;
  /** Moving average of connected time plus wrap-up, for the expected wait; undefined before the first end. */
  readonly handleMs: number | undefined;
  /** When its customers may be called back; at any time when undefined. */
  readonly callbackHours: CallbackHours | undefined;
  /** Index: derived from the configuration, and lanes made when first needed. */
  readonly plan: QueuePlan;
  readonly lanes: Map<string, Lane>;
}

/** What the configuration means, worked out once. */
export interface QueuePlan {
  readonly strategy: Strategy;
  /** Non-zero weights by kind of score. */
  readonly contactTerms: readonly WeightedTerm<'contact'>[];
  readonly agentTerms: readonly WeightedTerm<'agent'>[];
  readonly fitTerms: readonly WeightedTerm<'fit'>[];
  readonly pairTerms: readonly WeightedTerm<'pair'>[];
  /** Change of a contact's and of an agent's part of the score in one millisecond. */
  readonly contactSlope: number;
  readonly agentSlope: number;
  /** Whether the contact's site matters, so that sites have lanes of their own. */
  readonly bySite: boolean;
  readonly rings: readonly { readonly afterMs: number; readonly skills: SkillLevels }[];
  readonly timedOverflows: readonly { readonly afterMs: number; readonly rule: number }[];
}

export interface WeightedTerm<Kind extends string> {
  readonly score: Extract<Score, { kind: Kind }>;
  readonly weight: number;
}

/** A choice as it is about to be made; `state` still is what it was made from. */
export interface Decision {
  readonly decision: number;
  readonly contactId: ContactId;
  readonly agentId: AgentId;
  readonly queueId: QueueId;
  readonly score: number;
  readonly nowMs: number;
  /** A supervisor's word, and not the order's. */
  readonly isAssigned?: boolean;
}

/** The place in a queue of a customer who may call again. */
export interface KeptPlace {
  readonly queueId: QueueId;
  readonly arrivedAtMs: number;
  readonly arrival: number;
  readonly untilMs: number;
}

export interface AcdState {
  readonly queues: Map<QueueId, Queue>;
  readonly agents: Map<AgentId, Agent>;
  readonly contacts: Map<ContactId, Contact>;
  /** The time of the last step. */
  nowMs: number;
  arrivals: number;
  decisions: number;
  /** Index: skill → agents who have it, with their levels above 0. */
  readonly holders: Map<string, Map<Agent, number>>;
  /** Index: callbacks by customer, so that a new call of the same customer finds its own. */
  readonly callbacks: Map<string, Contact>;
  /** Places of customers whose lines were cut, oldest first. */
  readonly kept: Map<string, KeptPlace>;
  readonly deadlines: Deadlines;
  readonly rules: AcdRules;
}

export interface AcdRules {
  /** Strategies beside the ready-made ones, by their names. */
  readonly strategies?: readonly Strategy[];
  /** Sees every decision just before it is carried out, and must change nothing. */
  readonly observe?: (state: AcdState, decision: Decision) => void;
}

/** How the core itself sees a record that it changes in place. */
export type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
