/** Somebody who listens to a call, whispers to its agent or takes part in it, by a leg of the own. */
import type { AgentId, ContactId, SupervisionId, UserId } from '../base/ids';
import type { SupervisionMode } from '../media/supervision';
import { newAgentLeg, newLeg } from './call';
import type { AgentLeg, Leg } from './call';

/** Who supervises, as the api knows it. */
export interface SupervisorIdentity {
  readonly userId: UserId;
  readonly userName: string;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  /** The supervisor's own seat. */
  readonly agentId?: AgentId | undefined;
}

/** What the supervisor listens by: the browser of the own seat, or a desk phone. */
export type SupervisorDevice = { readonly kind: 'browser' } | { readonly kind: 'phone'; readonly extension: string };

/** One seat, which the ACD offers nothing meanwhile, or a phone of which the ACD knows nothing. */
export type SupervisorSeat =
  | { readonly kind: 'agent'; readonly leg: AgentLeg; readonly contactId: ContactId }
  | { readonly kind: 'phone'; readonly leg: Leg };

/**
 * ```
 * ringing ──answered──► there ──leaves, is lost, takes over, the call ends──► gone
 * ```
 */
export class Supervisor {
  readonly supervisionId: SupervisionId;
  readonly identity: SupervisorIdentity;
  readonly device: SupervisorDevice;
  readonly seat: SupervisorSeat;
  /** From call to call. */
  readonly follows: AgentId | undefined;
  mode: SupervisionMode;
  private state: 'ringing' | 'there' = 'ringing';

  constructor(of: Pick<Supervisor, 'supervisionId' | 'identity' | 'device' | 'seat' | 'follows' | 'mode'>) {
    this.supervisionId = of.supervisionId;
    this.identity = of.identity;
    this.device = of.device;
    this.seat = of.seat;
    this.follows = of.follows;
    this.mode = of.mode;
  }

  get leg(): Leg {
    return this.seat.leg;
  }

  get isThere(): boolean {
    return this.state === 'there';
  }

  answered(): void {
    this.state = 'there';
  }
}

/** @param contactId by which the ACD knows that the agent is occupied. */
export const seatOfAgent = (agentId: AgentId, contactId: ContactId): SupervisorSeat => ({
  kind: 'agent',
  leg: newAgentLeg(agentId),
  contactId,
});

export const seatOfPhone = (): SupervisorSeat => ({ kind: 'phone', leg: newLeg() });
