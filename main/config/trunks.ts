/** The file's trunks and routes: the shapes of the API, each with its id, and what they must not contradict. */
import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { routeBodySchema, trunkBodySchema } from '../../api/contract/trunks';
import type { RouteBody, TrunkBody } from '../../api/contract/trunks';
import type { RouteSettings, TrunkSettings } from '../../signaling/trunks/settings';
import { compilePlan } from '../../signaling/trunks/trunks';

/** Stands for every address of this machine, in a trunk's addresses. */
const SELF = 'self';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens');

export const trunkSchema = z.strictObject({ id, ...trunkBodySchema.shape });
export const routeSchema = z.strictObject({ id, ...routeBodySchema.shape });

export type TrunkConfig = z.infer<typeof trunkSchema>;
export type RouteConfig = z.infer<typeof routeSchema>;

/** Lets callers on this machine in; what a configuration without trunks has. */
export const DEFAULT_TRUNKS: z.input<typeof trunkSchema>[] = [{ id: 'local', name: 'This machine', addresses: [SELF] }];

export const trunkSettingsOf = (trunkId: string, body: TrunkBody): TrunkSettings => ({
  ...body,
  trunkId,
  addresses: body.addresses.flatMap(resolveSelf),
});

export const routeSettingsOf = (routeId: string, body: RouteBody): RouteSettings => ({ ...body, routeId });

/** A sentence that names the trunk or route and what is wrong with it; undefined when all can be used. */
export const contradictionOfTrunks = (config: {
  readonly trunks: readonly TrunkConfig[];
  readonly routes: readonly RouteConfig[];
  readonly tls: { readonly certificate?: string | undefined };
}): string | undefined => {
  const { trunks, routes, tls } = config;
  const usesTls = trunks.some(
    ({ transport, proxies }) => transport === 'tls' || proxies.some((proxy) => proxy.transport === 'tls'),
  );
  if (tls.certificate === undefined && usesTls) {
    return 'A trunk has the transport tls, for which tls.certificate and tls.key are needed.';
  }
  const ids = trunks.map((trunk) => trunk.id);
  const twice = ids.find((one, index) => ids.indexOf(one) !== index);
  if (twice !== undefined) return `trunks: the id "${twice}" is used twice.`;
  const plan = compilePlan({
    trunks: trunks.map(({ id: trunkId, ...body }) => trunkSettingsOf(trunkId, body)),
    routes: routes.map(({ id: routeId, ...body }) => routeSettingsOf(routeId, body)),
  });
  return plan.ok ? undefined : `${plan.fault.message}.`;
};

const resolveSelf = (address: string): string[] => {
  if (address !== SELF) return [address];
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return ['127.0.0.0/8', '::1', ...own.filter(({ internal }) => !internal).map((one) => one.address)];
};
