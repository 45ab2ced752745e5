/** Somebody whom a call reaches beside customer and agent: to be consulted, or to be given the customer. */
import type { AgentId, ContactId, OfferId, QueueId } from '../base/ids';
import type { AgentLeg, Leg } from './call';

/** Whom an agent asks for; a number may be an extension, one of ours that leads to a flow, or one outside. */
export type TransferTarget =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'queue'; readonly queueId: QueueId }
  | { readonly kind: 'number'; readonly number: string };

/** Who can be reached as a third party; a queue finds the agent. */
export type ThirdTarget =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'queue'; readonly queueId: QueueId }
  | { readonly kind: 'outside'; readonly number: string; readonly trunkId: string; readonly callerId: string };

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
 * - `recall`: the customer comes back to the agent who had transferred the call.
 */
export type ThirdPurpose = 'consult' | 'transfer' | 'recall';

export class ThirdParty {
  state: ThirdState = { kind: 'waiting' };
  /** The third party's own contact in the ACD, as long as the customer's contact is with somebody else. */
  contactId: ContactId | undefined;

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
