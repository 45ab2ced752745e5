/** A supervisor who follows an agent from call to call. */
import type { AgentId, SupervisionId } from '../base/ids';
import type { SupervisionMode } from '../media/supervision';
import type { SupervisorDevice, SupervisorIdentity } from './supervisor';

export interface Watch {
  readonly supervisionId: SupervisionId;
  readonly identity: SupervisorIdentity;
  readonly device: SupervisorDevice;
  readonly agentId: AgentId;
  mode: SupervisionMode;
}
