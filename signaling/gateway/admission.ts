/** Who may call: carriers by their address, agents by proof. Strangers get no dialog. */
import type { Logger } from '../../base/log';
import type { CallOrigin } from '../ports';
import type { Registrar } from '../registrar/registrar';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { TrunkLine } from '../trunks/trunk-line';
import type { Trunks } from '../trunks/trunks';
import { partyOf } from './party';
import { sourceOf } from './source';

export interface AdmissionDependencies {
  readonly trunks: Trunks;
  readonly registrar: Registrar;
  readonly log: Logger;
}

/** Who calls, and by which trunk. */
export interface Admitted {
  readonly origin: CallOrigin;
  /** Of a carrier's call. */
  readonly line: TrunkLine | undefined;
}

/**
 * Decides about an INVITE in this order: a connection by which a browser has registered, credentials, the place of a
 * registered phone, which is asked for credentials, a trunk's address.
 * Whoever is none of these is challenged if a browser, a known phone or, where trunks have accounts, anybody; else
 * refused with 403.
 * @returns undefined when the INVITE has been answered.
 */
export const admit = (deps: AdmissionDependencies, req: SrfRequest, res: SrfResponse): Admitted | undefined => {
  const { trunks, registrar } = deps;
  const source = sourceOf(req);
  const registered = registrar.userOfConnection(source);
  if (registered !== undefined) return userOrRefusal(deps, { req, res, userName: registered });
  const identity = registrar.authenticator.check(req);
  if (identity.outcome === 'ok') return userOrRefusal(deps, { req, res, userName: identity.userName });
  const line = registrar.knowsPhone(source) ? undefined : trunks.identify(source);
  if (line) return byTrunk(line);
  const isBrowser = source.protocol === 'ws' || source.protocol === 'wss';
  if (isBrowser || registrar.knows(source) || trunks.anyAccount) {
    registrar.authenticator.challenge({ req, res }, identity.stale);
    return undefined;
  }
  return refuse(deps, { req, res, reason: 'carrier not on the list' });
};

const byTrunk = (line: TrunkLine): Admitted => ({
  origin: { kind: 'trunk', trunkId: line.trunk.settings.trunkId },
  line,
});

/** A trunk's account calls in anybody's name, an agent or a phone in the own name only. */
const userOrRefusal = (
  deps: AdmissionDependencies,
  call: { readonly req: SrfRequest; readonly res: SrfResponse; readonly userName: string },
): Admitted | undefined => {
  const { req, res, userName } = call;
  const line = deps.trunks.ofAccount(userName, sourceOf(req));
  if (line) return byTrunk(line);
  const claimed = partyOf(req.get('From')).number;
  if (claimed === userName) {
    return { origin: { kind: deps.registrar.isPhone(userName) ? 'phone' : 'agent', userName }, line: undefined };
  }
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
