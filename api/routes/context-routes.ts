/** What other switches ask: where a call would go, and what is known about a call that is handed over. */
import { z } from 'zod';
import {
  contextSchema,
  newContextSchema,
  reservationSchema,
  routeQuestionSchema,
  routeTargetSchema,
} from '../contract/contexts';
import type { Route } from '../http/route';
import { faultReply, jsonReply, keyRoute } from '../http/route';
import type { RoutingPorts } from '../ports';

const tokenParams = z.strictObject({
  token: z.string().regex(/^[0-9a-fA-F]{32}$/, 'a token is 32 hexadecimal digits'),
});

export const contextRoutes = ({ routing }: { readonly routing: RoutingPorts }): Route[] => [
  keyRoute({
    method: 'post',
    path: '/routing/lookup',
    summary: 'Where a call would go if it came now, from the state of this moment.',
    scope: 'routing',
    body: routeQuestionSchema,
    replies: { 200: { description: 'The target.', schema: routeTargetSchema } },
    handle: ({ body }) => Promise.resolve(jsonReply(routing.preRoute(body))),
  }),
  keyRoute({
    method: 'post',
    path: '/contexts',
    summary: 'Keeps what is known about a call that is about to arrive; lends a temporary number when asked to.',
    scope: 'contexts',
    body: newContextSchema,
    replies: {
      200: { description: 'How the call is to name its context.', schema: reservationSchema },
      429: { description: 'Too many contexts, or no temporary number is free.' },
    },
    handle: async ({ body }) => {
      const { ttlMs, forNumber, ...context } = body;
      const reserved = await routing.reserveContext(context, { ttlMs, forNumber });
      return reserved.ok ? jsonReply(reserved.value) : faultReply(reserved.fault);
    },
  }),
  keyRoute({
    method: 'get',
    path: '/contexts/{token}',
    summary: 'The context of a call that is handed over, once.',
    scope: 'contexts',
    params: tokenParams,
    replies: {
      200: { description: 'What is known about the call.', schema: contextSchema },
      404: { description: 'There is none: used, expired, or never made.' },
    },
    handle: ({ params }) => {
      const context = routing.takeContext(params.token);
      const gone = { code: 'not_found', message: 'This context has been used, has expired, or never was.' } as const;
      return Promise.resolve(context ? jsonReply(context) : faultReply(gone));
    },
  }),
];
