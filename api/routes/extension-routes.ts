/** Whom one can call inside, and who of them is free. */
import { extensionListSchema } from '../contract/extensions';
import type { Route } from '../http/route';
import { jsonReply, sessionRoute } from '../http/route';
import type { ExtensionReader } from '../ports';

export const extensionRoutes = ({ extensions }: { readonly extensions: ExtensionReader }): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/extensions',
    summary: 'The extensions of all agents and desk phones, with names and present states.',
    replies: { 200: { description: 'The extensions.', schema: extensionListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: extensions.list() })),
  }),
];
