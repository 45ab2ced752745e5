/** Whom calls ask and what they lend: other sites, look-ups, temporary numbers. Secrets are written, never read. */
import { lookUpBodySchema, siteBodySchema, temporaryNumbersBodySchema } from '../contract/contexts';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import type { RoutingPorts } from '../ports';
import { LEADERS } from './roles';
import { settingsRoutes } from './settings-routes';

const MAX_SITES = 1_000;
const MAX_LOOK_UPS = 100;
const MAX_RANGES = 100;
/** What a list shows in the place of a secret. */
const HIDDEN = '***';

export const siteRoutes = (options: AuditTrail & { readonly routing: RoutingPorts }): Route[] => [
  ...settingsRoutes(options, {
    name: 'sites',
    noun: 'site',
    body: siteBodySchema,
    editor: options.routing.sites,
    limit: MAX_SITES,
    readers: LEADERS,
    shown: (site) => ({ ...site, ...(site.key !== undefined && { key: HIDDEN }) }),
  }),
  ...settingsRoutes(options, {
    name: 'look-ups',
    noun: 'look-up',
    body: lookUpBodySchema,
    editor: options.routing.lookUps,
    limit: MAX_LOOK_UPS,
    shown: ({ headers, ...lookUp }) => ({
      ...lookUp,
      headers: Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN])),
    }),
  }),
  ...settingsRoutes(options, {
    name: 'temporary-numbers',
    noun: 'range of temporary numbers',
    body: temporaryNumbersBodySchema,
    editor: options.routing.temporaryNumbers,
    limit: MAX_RANGES,
  }),
];
