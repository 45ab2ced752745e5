/** Who may call: carriers by their address, agents by proof. Strangers get no dialog. */
import type { Logger } from '../../base/log';
import type { CallOrigin } from '../ports';
import type { Registrar } from '../registrar/registrar';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { Trunks } from '../trunks/trunks';
import { partyOf } from './party';
import { sourceOf } from './source';

export interface AdmissionDependencies {
  readonly trunks: Trunks;
  readonly registrar: Registrar;
  readonly log: Logger;
}

/**
 * Decides about an INVITE in this order: a connection by which a browser has registered, credentials, the place of a
 * registered phone, which is asked for credentials, a trunk's address.
 * Whoever is none of these is challenged if a browser or a known phone, else refused with 403.
 * @returns the origin, or undefined when the INVITE has been answered.
 */
export const admit = (deps: AdmissionDependencies, req: SrfRequest, res: SrfResponse): CallOrigin | undefined => {
  const { trunks, registrar } = deps;
  const source = sourceOf(req);
  const registered = registrar.userOfConnection(source);
  if (registered !== undefined) return agentOrRefusal(deps, { req, res, userName: registered });
  const identity = registrar.authenticator.check(req);
  if (identity.outcome === 'ok') return agentOrRefusal(deps, { req, res, userName: identity.userName });
  const trunk = registrar.knowsPhone(source) ? undefined : trunks.identify(source);
  if (trunk) return { kind: 'trunk', trunkId: trunk.trunkId };
  const isBrowser = source.protocol === 'ws' || source.protocol === 'wss';
  if (isBrowser || registrar.knows(source)) {
    registrar.authenticator.challenge({ req, res }, identity.stale);
    return undefined;
  }
  return refuse(deps, { req, res, reason: 'carrier not on the list' });
};

/** An agent or a phone calls in the own name only. */
const agentOrRefusal = (
  deps: AdmissionDependencies,
  call: { readonly req: SrfRequest; readonly res: SrfResponse; readonly userName: string },
): CallOrigin | undefined => {
  const { req, res, userName } = call;
  const claimed = partyOf(req.get('From')).number;
  if (claimed === userName) return { kind: deps.registrar.isPhone(userName) ? 'phone' : 'agent', userName };
  return refuse(deps, { req, res, reason: `${userName} may not call as ${claimed}` });
};

const refuse = (
  { log }: AdmissionDependencies,
  call: { readonly req: SrfRequest; readonly res: SrfResponse; readonly reason: string },
): undefined => {
  const { req, res, reason } = call;
  const from = partyOf(req.get('From')).number;
  log.warn({ reason, ...sourceOf(req), from, uri: req.uri }, `an INVITE from ${req.source_address} was refused`);
  res.send(403);
  return undefined;
};
