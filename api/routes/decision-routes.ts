/** The ACD accounts for its decisions. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { ContactId } from '../../base/ids';
import { decisionListSchema } from '../contract/decisions';
import type { Route } from '../http/route';
import { jsonReply, sessionRoute } from '../http/route';
import type { DecisionReader } from '../ports';
import { LEADERS } from './roles';

export const decisionRoutes = ({ decisions }: { readonly decisions: DecisionReader }): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/contacts/{contactId}/decisions',
    summary: 'Why a contact was offered to whom: the latest 20 decisions, recomputed from the journal.',
    roles: LEADERS,
    params: z.object({ contactId: z.string().min(1).max(64) }),
    replies: { 200: { description: 'In the order in which they were taken.', schema: decisionListSchema } },
    handle: async ({ params }) => jsonReply({ items: await decisions.of(asId<ContactId>(params.contactId)) }),
  }),
];
