/** How trunks are doing, and what a number's way out would be. */
import { z } from 'zod';
import { trunkBodySchema, routeBodySchema } from './trunks';

const trunkStateSchema = z.enum(['up', 'unknown', 'degraded', 'down', 'admin-down', 'inbound-only']);

const trunkStatusSchema = z.object({
  state: trunkStateSchema,
  callsIn: z.number(),
  callsOut: z.number(),
  /** Since the product was started. */
  counts: z.object({
    inbound: z.number(),
    outbound: z.number(),
    outboundAnswered: z.number(),
    outboundFailed: z.number(),
    refusedByLimit: z.number(),
  }),
  proxies: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['up', 'unknown', 'down']),
      sinceMs: z.number(),
      why: z.string().optional(),
      lastProbe: z.object({ atMs: z.number(), status: z.number().optional(), roundTripMs: z.number() }).optional(),
    }),
  ),
  registration: z
    .object({
      state: z.enum(['idle', 'registering', 'registered', 'waiting', 'stopped']),
      registeredUntilMs: z.number().optional(),
      retryAtMs: z.number().optional(),
      why: z.string().optional(),
    })
    .optional(),
});
export type TrunkStatus = z.infer<typeof trunkStatusSchema>;

/** Where a trunk or route is kept: those of the file can only be changed there. */
const sourceSchema = z.enum(['file', 'store']);

/** Without its passwords. */
export const trunkViewSchema = z.object({
  id: z.string(),
  source: sourceSchema,
  settings: trunkBodySchema.omit({ account: true, credentials: true }).extend({
    account: z.object({ username: z.string() }).optional(),
    credentials: z.object({ username: z.string() }).optional(),
  }),
  status: trunkStatusSchema,
});
export type TrunkView = z.infer<typeof trunkViewSchema>;
export const trunkListSchema = z.object({ items: z.array(trunkViewSchema) });

export const routeViewSchema = z.object({ id: z.string(), source: sourceSchema, settings: routeBodySchema });
export type RouteView = z.infer<typeof routeViewSchema>;
export const routeListSchema = z.object({ items: z.array(routeViewSchema) });

const passwordOptional = z.strictObject({
  username: z.string().min(1).max(128),
  /** Left out: the one before stays. */
  password: z.string().min(1).max(256).optional(),
});

/** What a `PUT` takes. */
export const trunkChangeSchema = trunkBodySchema.extend({
  account: passwordOptional.optional(),
  credentials: passwordOptional.optional(),
});
export type TrunkChange = z.infer<typeof trunkChangeSchema>;

export const trunkSwitchSchema = z.strictObject({ enabled: z.boolean() });

export const routeTestSchema = z.strictObject({ number: z.string().min(1).max(64) });

export const routeExplanationSchema = z.object({
  number: z.string(),
  /** As the route table sees it. */
  normalised: z.string(),
  routes: z.array(z.object({ routeId: z.string(), chosen: z.boolean(), reason: z.string() })),
  attempts: z.array(
    z.object({
      trunkId: z.string(),
      routeId: z.string().optional(),
      costPerMinute: z.number(),
      uri: z.string(),
      reason: z.string(),
    }),
  ),
  passedOver: z.array(z.object({ trunkId: z.string(), proxy: z.string().optional(), reason: z.string() })),
});
export type RouteExplanationView = z.infer<typeof routeExplanationSchema>;
