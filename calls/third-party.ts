/** Somebody whom a call reaches beside customer and agent: to be consulted, or to be given the customer. */
import type { AgentId, ContactId, OfferId, PlayId, QueueId } from '../base/ids';
import type { SrtpPolicy } from '../media/ports';
import type { CallTarget, ReferProgress } from '../signaling/ports';
import type { AgentLeg, Leg } from './call';
import type { Referrer } from './refer-target';

/** Whom an agent asks for; a number may be an extension, one of ours that leads to a flow, or one outside. */
export type TransferTarget =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'queue'; readonly queueId: QueueId }
  | { readonly kind: 'number'; readonly number: string };

/** Who can be reached as a third party; a queue finds the agent. */
export type ThirdTarget =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'queue'; readonly queueId: QueueId }
  | OutsideTarget;

/** A number through a trunk, an extension of the exchange behind one, or a phone of ours. */
export interface OutsideTarget {
  readonly kind: 'outside';
  /** As it was dialled, for the history and the desk. */
  readonly number: string;
  readonly via: CallTarget;
  /** Shown as who calls; else the customer is, or the agent who consults. */
  readonly callerId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly srtp?: SrtpPolicy | undefined;
  /** A call through a trunk by its id is counted like one outside. Default false. */
  readonly isCounted?: boolean;
}

/**
 * ```
 * waiting (in a queue) ◄──► ringing ──► talking ◄──► held
 * ```
 * `talking` is with the agent who asked; `held`: that agent is back with the customer meanwhile.
 */
export type ThirdState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ringing'; readonly leg: ThirdLeg; readonly offerId: OfferId | undefined }
  | { readonly kind: 'talking' | 'held'; readonly leg: ThirdLeg };

export type ThirdLeg =
  ({ readonly kind: 'agent' } & { readonly agent: AgentLeg }) | { readonly kind: 'outside'; readonly outside: Leg };

/**
 * - `consult`: the agent waits to talk;
 * - `transfer`: the customer waits;
 * - `recall`: the customer comes back to the agent who had transferred the call;
 * - `replacement`: a party has named the third one by REFER to take its own place.
 */
export type ThirdPurpose = 'consult' | 'transfer' | 'recall' | 'replacement';

export class ThirdParty {
  state: ThirdState = { kind: 'waiting' };
  /** The third party's own contact in the ACD, as long as the customer's contact is with somebody else. */
  contactId: ContactId | undefined;
  /** What the consulting agent hears while it rings. */
  ringBack: PlayId | undefined;
  /** Told how it goes, where a REFER asked for it. */
  progress: ReferProgress | undefined;
  /** Whose place it is to take, where a REFER asked for it. */
  referrer: { readonly leg: Leg; readonly owner: Referrer } | undefined;

  constructor(
    readonly target: ThirdTarget,
    public purpose: ThirdPurpose,
  ) {}

  get leg(): Leg | undefined {
    if (this.state.kind === 'waiting') return undefined;
    const { leg } = this.state;
    return leg.kind === 'agent' ? leg.agent : leg.outside;
  }

  get agentLeg(): AgentLeg | undefined {
    return this.state.kind !== 'waiting' && this.state.leg.kind === 'agent' ? this.state.leg.agent : undefined;
  }

  /** The agent who is asked, once it is known who that is. */
  get agentId(): AgentId | undefined {
    return this.agentLeg?.agentId;
  }

  get isWithAgent(): boolean {
    return this.state.kind === 'talking' || this.state.kind === 'held';
  }
}
