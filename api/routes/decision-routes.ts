/** The ACD accounts for its decisions. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { ContactId } from '../../base/ids';
import { decisionListSchema } from '../contract/decisions';
import type { ContactDecision } from '../../calls/decisions';
import type { Route } from '../http/route';
import { jsonReply, sessionRoute } from '../http/route';
import type { DecisionReader } from '../ports';
import { visibleTo } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import { LEADERS } from './roles';

interface DecisionRoutesOptions extends WithTenants {
  readonly decisions: DecisionReader;
}

export const decisionRoutes = (options: DecisionRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/contacts/{contactId}/decisions',
    summary: 'Why a contact was offered to whom: the latest 20 decisions, recomputed from the journal.',
    roles: LEADERS,
    params: z.object({ contactId: z.string().min(1).max(64) }),
    replies: { 200: { description: 'In the order in which they were taken.', schema: decisionListSchema } },
    handle: async ({ params, auth }) => {
      const found = visibleTo(options, auth, await options.decisions.of(asId<ContactId>(params.contactId)));
      const isConfined = options.acdSettings.viewOf(auth.session.user) !== undefined;
      return jsonReply({ items: isConfined ? found.map(withinTenant) : found });
    },
  }),
];

/** Without the candidates behind the wall. */
const withinTenant = (decision: ContactDecision): ContactDecision => {
  const { explanation } = decision;
  if (!explanation) return decision;
  const { agents, contacts } = explanation;
  return { ...decision, explanation: { ...explanation, agents: ownOf(agents), contacts: ownOf(contacts) } };
};

type Candidates = NonNullable<ContactDecision['explanation']>['agents'];

const ownOf = ({ total, items }: Candidates): Candidates => {
  const own = items.filter(({ verdict }) => verdict.kind !== 'other-tenant');
  return { total: total - (items.length - own.length), items: own };
};
