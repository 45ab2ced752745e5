/** Who sees which tenant's queues and agents. */
import { asId } from '../../base/ids';
import type { AgentId, QueueId } from '../../base/ids';
import { tenantOf } from '../../acd/core/tenant';
import type { AcdSettingsPorts } from '../../api/ports';
import type { Tenant } from '../../store/queues';
import type { AcdModel } from './acd-model';

/**
 * Confined are those whom a tenant names as its supervisors, who have an agent's seat of a tenant, and all who are nothing
 * but agents; never administrators, who could change that for themselves.
 * What is not there any more is nobody's but the main tenant's.
 */
export const tenantViews =
  (model: AcdModel, tenants: () => readonly Tenant[]): AcdSettingsPorts['viewOf'] =>
  ({ userName, roles, agent }) => {
    const all = tenants();
    if (all.length === 0 || roles.includes('administrator')) return undefined;
    const seat = agent && model.agent(asId<AgentId>(agent.agentId))?.seat;
    const isOnlyAgent = roles.every((role) => role === 'agent');
    const own =
      all.find(({ supervisors }) => supervisors?.includes(userName))?._id ??
      seat?.tenant ??
      (isOnlyAgent ? tenantOf(seat ?? {}) : undefined);
    if (own === undefined) return undefined;
    return {
      tenant: own,
      sees: ({ agentId, queueId }) =>
        (agentId === undefined || tenantOf(model.agent(asId<AgentId>(agentId))?.seat ?? {}) === own) &&
        (queueId === undefined || tenantOf(model.queue(asId<QueueId>(queueId)) ?? {}) === own),
    };
  };
