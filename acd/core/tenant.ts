/** The wall between tenants: contacts of a tenant's queues are for that tenant's agents, whoever wants it otherwise. */
import type { AcdState, Contact } from './model';

/** Whose a queue or an agent is where nothing is said. */
export const MAIN_TENANT = 'main';

export interface Tenanted {
  readonly tenant?: string | undefined;
}

export const tenantOf = ({ tenant }: Tenanted): string => tenant ?? MAIN_TENANT;

export const isSameTenant = (a: Tenanted, b: Tenanted): boolean => tenantOf(a) === tenantOf(b);

/** Whose a contact is: its queue's, or that of the agent who began it. */
export const ownerOf = ({ queues, agents }: AcdState, { queueId, status }: Contact): Tenanted => {
  const queue = queueId === undefined ? undefined : queues.get(queueId);
  const agent = status.kind === 'connected' ? agents.get(status.agentId) : undefined;
  return queue ?? agent ?? {};
};

/** Under what a customer is known to a tenant, who knows nothing of the customers of others. */
export const customerKey = (of: Tenanted, customer: string): string => {
  const tenant = tenantOf(of);
  return tenant === MAIN_TENANT ? customer : JSON.stringify([tenant, customer]);
};
