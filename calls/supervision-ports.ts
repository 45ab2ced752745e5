/** What the api sees of supervision: who listens to which call, and how. */
import type { AgentId, CallId, InteractionId, QueueId, SupervisionId, UserId } from '../base/ids';
import type { Result } from '../base/result';
import type { SupervisionMode } from '../media/supervision';
import type { DeskCall, DeskHeard } from './ports';
import type { SupervisorDevice, SupervisorIdentity } from './supervisor';

/** One call until it ends, or one agent's calls, this one and those that come. */
export type SupervisionTarget =
  { readonly kind: 'call'; readonly callId: CallId } | { readonly kind: 'agent'; readonly agentId: AgentId };

export interface SupervisionOrder {
  readonly by: SupervisorIdentity;
  readonly target: SupervisionTarget;
  readonly mode: SupervisionMode;
  readonly device: SupervisorDevice;
}

export interface SupervisionView {
  readonly supervisionId: SupervisionId;
  readonly userId: UserId;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  /** `waiting`: the agent who is followed has no conversation; `ringing`: the supervisor's own telephone does. */
  readonly state: 'waiting' | 'ringing' | 'active' | 'ended';
  readonly mode: SupervisionMode;
  readonly device: SupervisorDevice;
  /** The agent whose calls are followed. */
  readonly follows?: AgentId | undefined;
  readonly callId?: CallId | undefined;
  readonly interactionId?: InteractionId | undefined;
  /** Who has the call. */
  readonly agentId?: AgentId | undefined;
  readonly agentName?: string | undefined;
  readonly agentNameZh?: string | undefined;
  /** The customer's. */
  readonly number?: string | undefined;
  /** Why it ended, or why the supervisor's telephone could not be had. */
  readonly reason?: string | undefined;
}

/** One agent's call, as those see it who lead the agents. */
export interface TeamCall {
  readonly callId: CallId;
  readonly interactionId: InteractionId;
  readonly agentId: AgentId;
  readonly direction: DeskCall['direction'];
  readonly state: DeskCall['state'];
  readonly number: string;
  readonly displayName?: string | undefined;
  readonly displayNameZh?: string | undefined;
  readonly queueId?: QueueId | undefined;
  readonly queueName?: string | undefined;
  readonly queueNameZh?: string | undefined;
  readonly startedAtMs: number;
  readonly answeredAtMs?: number | undefined;
  readonly muted: boolean;
  readonly heard?: DeskHeard | undefined;
  /** With what supervisors may do about it. */
  readonly recordingState?: DeskCall['recordingState'];
  readonly supervisors: readonly Pick<SupervisionView, 'userId' | 'displayName' | 'displayNameZh' | 'mode' | 'state'>[];
}

/** Every act fails with `not_found` for a supervision that is over or somebody else's. */
export interface Supervision {
  /**
   * Calls the supervisor's telephone and lets it join. Errors: `not_found`, `conflict` when there is nothing to listen
   * to or the supervisor is busy, `unavailable` without a telephone.
   */
  begin(order: SupervisionOrder): Promise<Result<SupervisionView>>;
  changeMode(id: SupervisionId, by: UserId, mode: SupervisionMode): Promise<Result<SupervisionView>>;
  /** The supervisor takes the agent's place. Errors: `conflict` when no agent has the call. */
  intercept(id: SupervisionId, by: UserId): Promise<Result<void>>;
  leave(id: SupervisionId, by: UserId): Promise<Result<void>>;
  /** All that are not over. */
  list(): SupervisionView[];
  /** The calls that agents have now. */
  teamCalls(): TeamCall[];
}
