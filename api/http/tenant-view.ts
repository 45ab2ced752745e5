/** What a user sees who belongs to a tenant: nothing of the queues and agents of others. */
import type { AcdSettingsPorts } from '../ports';
import type { Authenticated, Reply } from './route';
import { faultReply } from './route';

export interface WithTenants {
  readonly acdSettings: Pick<AcdSettingsPorts, 'viewOf'>;
}

/** What may name a queue, an agent, or both. */
interface Naming {
  readonly queueId?: string | undefined;
  readonly agentId?: string | undefined;
}

/** Those that the user may see. */
export const visibleTo = <Item extends Naming>(
  { acdSettings }: WithTenants,
  { session }: Authenticated,
  items: readonly Item[],
): Item[] => {
  const view = acdSettings.viewOf(session.user);
  return view ? items.filter((item) => view.sees(item)) : [...items];
};

/** What is another tenant's is not there. @returns the refusal; undefined for what the user may see. */
export const hiddenFrom = (tenants: WithTenants, auth: Authenticated, named: Naming): Reply | undefined => {
  if (visibleTo(tenants, auth, [named]).length > 0) return undefined;
  const { agentId, queueId } = named;
  const what = agentId === undefined ? `queue ${queueId}` : `agent ${agentId}`;
  return faultReply({ code: 'not_found', message: `There is no ${what}.` });
};
