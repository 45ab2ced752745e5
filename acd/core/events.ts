/** The closed lists of what can happen to the ACD and of what it wants done. */
import type { AgentId, ContactId, OfferId, QueueId } from '../../base/ids';
import type { AgentConfig, OverflowTo, OverflowWhen, QueueConfig } from './config';
import type { ExpectedWait } from './expected-wait';
import type { CallbackHours, ContactAttributes, NotReadyReason } from './model';

interface OfAgent {
  readonly agentId: AgentId;
}

interface OfContact {
  readonly contactId: ContactId;
}

export type AgentEvent =
  | ({ readonly type: 'agent-signed-in' } & OfAgent)
  /** Refused with an open contact, unless it may wait until that is over (`whenDone`). */
  | ({ readonly type: 'agent-signed-out'; readonly whenDone?: boolean } & OfAgent)
  | ({ readonly type: 'agent-ready' } & OfAgent)
  | ({ readonly type: 'agent-not-ready'; readonly reason: NotReadyReason } & OfAgent)
  /** By a supervisor: not ready, and unable to become ready before `agent-unlocked`. */
  | ({ readonly type: 'agent-locked' } & OfAgent)
  | ({ readonly type: 'agent-unlocked' } & OfAgent)
  | ({ readonly type: 'device-changed'; readonly registered: boolean } & OfAgent)
  /** Ends the wrap-up of one contact, or of all; by the agent or forced by a supervisor. */
  | ({ readonly type: 'wrap-up-done'; readonly contactId?: ContactId } & OfAgent)
  | ({ readonly type: 'wrap-up-extended'; readonly byMs: number; readonly contactId?: ContactId } & OfAgent);

export type ContactEvent =
  | ({
      readonly type: 'contact-arrived';
      readonly queueId: QueueId;
      readonly priority: number;
      readonly attributes?: ContactAttributes;
      /** When it came first, where it had been here before: its place by time of arrival. Default now. */
      readonly arrivedAtMs?: number;
    } & OfContact)
  /** The customer is gone, whatever the contact's status. */
  | ({
      readonly type: 'contact-left';
      /** The line was cut: who calls again within that time has the old place in the queue. */
      readonly keepPlaceMs?: number;
    } & OfContact)
  /** An agent began a contact, such as by dialling. */
  | ({
      readonly type: 'contact-begun';
      readonly agentId: AgentId;
      readonly queueId?: QueueId;
      /** As of `contact-arrived`: its place, should it wait in the queue again. */
      readonly arrivedAtMs?: number;
    } & OfContact)
  /** The conversation is over: wrap-up begins. */
  | ({ readonly type: 'contact-ended' } & OfContact)
  /** The agent can no longer be reached in the middle of a conversation: the contact waits again, its place kept. */
  | ({ readonly type: 'agent-lost' } & OfContact)
  /** To another queue, or back to one from a conversation; the place by time of arrival is kept unless it is given up. */
  | ({
      readonly type: 'contact-moved';
      readonly queueId: QueueId;
      readonly keepPlace: boolean;
      /** Out of a conversation: its agent has the work after it, as if it had ended. Default false. */
      readonly wrapUp?: boolean;
    } & OfContact)
  /**
   * A conversation passes from its agent to another, who is free or has the contact `inPlaceOf`, such as a consultation,
   * which ends thereby. The former agent has the work after the conversation (`wrapUp`), or is free at once.
   */
  | ({
      readonly type: 'contact-handed-over';
      readonly agentId: AgentId;
      readonly wrapUp: boolean;
      readonly inPlaceOf?: ContactId;
    } & OfContact)
  | ({ readonly type: 'contact-prioritised'; readonly priority: number } & OfContact)
  /** By a supervisor: offered to this agent, who is free, whatever the order and the skills. */
  | ({ readonly type: 'contact-assigned'; readonly agentId: AgentId } & OfContact)
  /** The customer hangs up and will be called in turn, at the place in the queue that the contact has. */
  | ({
      readonly type: 'callback-requested';
      readonly number: string;
      readonly notBeforeMs?: number;
      readonly notAfterMs?: number;
      /** The customer's own hours; at any time within the queue's when absent. */
      readonly hours?: CallbackHours;
    } & OfContact)
  /** The customer is to be told the position and the expected wait. */
  | ({ readonly type: 'position-asked' } & OfContact)
  /** The customer was called for the agent who had accepted, and was not reached. */
  | ({ readonly type: 'callback-failed' } & OfContact)
  /** The customer was called and is on the line: from now on a contact as any other. */
  | ({ readonly type: 'callback-answered' } & OfContact);

export type OfferEvent =
  | ({ readonly type: 'offer-accepted'; readonly offerId: OfferId } & OfContact)
  /** All offers of the contact at once are taken back, through no fault of its agents, who stay as they were. */
  | ({ readonly type: 'offers-withdrawn' } & OfContact)
  | ({
      readonly type: 'offer-failed';
      readonly offerId: OfferId;
      /** Each makes the agent not ready; `unreachable` is the station's fault. */
      readonly reason: 'no-answer' | 'declined' | 'unreachable';
    } & OfContact);

export type AcdEvent =
  | { readonly type: 'queue-configured'; readonly queue: QueueConfig }
  | { readonly type: 'queue-opened' | 'queue-closed'; readonly queueId: QueueId }
  /** When customers may be called back, for some days ahead, and not after the last period; at any time without. */
  | { readonly type: 'callback-hours-set'; readonly queueId: QueueId; readonly hours?: CallbackHours }
  /** Refused while contacts are in it. */
  | { readonly type: 'queue-removed'; readonly queueId: QueueId }
  | { readonly type: 'agent-configured'; readonly agent: AgentConfig }
  | AgentEvent
  | ContactEvent
  | OfferEvent
  | { readonly type: 'time-passed' };

export type WithdrawReason =
  'expired' | 'contact-left' | 'agent-left' | 'taken' | 'contact-moved' | 'interrupted' | 'hours-over';

/** Which rule of the queue wants it, and the prompt that tells the customer. */
interface ByRule {
  readonly because: OverflowWhen['kind'];
  readonly announcement?: string;
}

/** A callback that was never made, or not any more. */
export interface UnmadeCallback {
  readonly queueId: QueueId;
  readonly number: string;
  /** Made before. */
  readonly attempts: number;
  readonly arrivedAtMs: number;
  readonly language?: string;
}

/** What the runner has to do; order matters. */
export type AcdEffect =
  | {
      readonly type: 'offer';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      readonly expiresAtMs: number;
      /** Number of the decision, from 1, under which it can be explained. */
      readonly decision: number;
      /** The pair's score in milliseconds of waiting. */
      readonly score: number;
    }
  | {
      readonly type: 'withdraw-offer';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly reason: WithdrawReason;
    }
  | { readonly type: 'agent-changed'; readonly agentId: AgentId }
  | { readonly type: 'queue-changed'; readonly queueId: QueueId }
  /** The contact waits in another queue now. */
  | ({
      readonly type: 'contact-overflowed';
      readonly contactId: ContactId;
      readonly from: QueueId;
      readonly to: QueueId;
    } & ByRule)
  /** The contact has left the ACD by a rule of its queue and must be taken where the rule says. */
  | ({
      readonly type: 'contact-diverted';
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly to: Exclude<OverflowTo, { kind: 'queue' | 'callback' }>;
    } & ByRule)
  /** What to tell the customer: a position never higher than before, and the wait as a range, if it can be known. */
  | {
      readonly type: 'position-told';
      readonly contactId: ContactId;
      readonly position: number;
      readonly wait: ExpectedWait | undefined;
    }
  /** By a rule: tell the customer to hang up, and that the call back keeps the place. */
  | ({ readonly type: 'callback-promised'; readonly contactId: ContactId } & ByRule)
  /** An agent has accepted a callback: call the customer for the agent. */
  | {
      readonly type: 'call-customer';
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly number: string;
    }
  /** The customer must not be called before then, after an attempt or by the hours; the callback keeps its place. */
  | { readonly type: 'callback-rests'; readonly contactId: ContactId; readonly untilMs: number }
  /** The customer was not reached in all attempts or within the hours, or has called again (`merged`). */
  | {
      readonly type: 'callback-over';
      readonly contactId: ContactId;
      readonly reason: 'attempts' | 'too-late' | 'merged';
      /** What has waited in vain, where no attempt has just failed: nothing else would tell of it. */
      readonly unmade?: UnmadeCallback;
    }
  /** The event itself was not possible now and has changed nothing. */
  | { readonly type: 'refused'; readonly reason: string };
