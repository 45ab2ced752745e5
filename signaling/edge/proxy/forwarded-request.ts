/** The copy of a request that a proxy passes on (RFC 3261, 16.6). */
import type { Connection } from '../../sip/connection';
import { Via } from '../../sip/headers/via';
import type { SipRequest } from '../../sip/message';
import { makeVia } from '../../sip/via-stamp';
import type { AppRequest } from '../control/app-message';
import type { EdgeCore } from '../core';

/** Headers that tie the request to its dialog and its way; an app cannot change them. */
const FIXED = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'content-length',
  'max-forwards',
  'record-route',
  'route',
]);

/** A copy without our Routes, with one hop less to go (steps 1 and 3). */
export const copyForHop = (core: EdgeCore, received: SipRequest, arrivedBy: Connection): SipRequest => {
  const copy = received.clone();
  core.routeStamp.strip(copy, arrivedBy);
  for (let first = copy.routes[0]; first !== undefined && core.flows.owns(first.uri); first = copy.routes[0]) {
    copy.removeFirst('Route');
    core.routeStamp.strip(copy, arrivedBy);
  }
  copy.set('Max-Forwards', String((received.maxForwards ?? 71) - 1));
  return copy;
};

/** The URI that says where the copy goes: its first Route, else the given target (step 7). */
export const hopOf = (copy: SipRequest, target: string): string => copy.routes[0]?.uri.toString() ?? target;

/** Step 6: a next hop without `lr` is a strict router, which wants itself in the Request-URI. */
export const suitStrictRouter = (copy: SipRequest): void => {
  const first = copy.routes[0];
  if (first === undefined || first.uri.params.has('lr')) return;
  copy.removeFirst('Route');
  copy.append('Route', `<${copy.uri}>`);
  copy.uri = first.uri.toString();
};

/** Replaces the headers that the app gave. */
export const addAppHeaders = (copy: SipRequest, app: AppRequest): void => {
  for (const { name, key, value } of app.headers) if (!FIXED.has(key)) copy.set(name, value);
};

/** Methods whose Record-Route matters (RFC 3261, 12.1; RFC 6665; RFC 3515). */
const MAKES_DIALOG = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY']);

/**
 * Step 4: keeps us in the way of the dialog. Between two transports both of our addresses are recorded, each for the
 * side that can reach it (RFC 5658, 3.3).
 */
export const recordRoute = (
  core: EdgeCore,
  copy: SipRequest,
  way: { readonly arrivedBy: Connection; readonly leavesBy: Connection },
): void => {
  if (!MAKES_DIALOG.has(copy.method)) return;
  const { arrivedBy, leavesBy } = way;
  const inward = core.routeStamp.make(copy.callId, arrivedBy, tokenFor(core, arrivedBy));
  const outward = core.routeStamp.make(copy.callId, leavesBy, tokenFor(core, leavesBy));
  if (inward !== outward) copy.prepend('Record-Route', inward);
  copy.prepend('Record-Route', outward);
};

/** Whoever is behind a stream may be reached by that alone (RFC 5626, 5.3). */
const tokenFor = (core: EdgeCore, connection: Connection): string | undefined =>
  connection.reliable ? core.flows.make(connection) : undefined;

/** RFC 3327, 5.2, and RFC 5626, 5.1: what the registrar sends to this user agent comes by the flow of its REGISTER. */
export const addPath = (
  core: EdgeCore,
  copy: SipRequest,
  way: { readonly arrivedBy: Connection; readonly leavesBy: Connection },
): void => {
  if (copy.method !== 'REGISTER') return;
  const isOutbound = copy.contacts[0]?.params.has('reg-id') ?? false;
  copy.prepend('Path', core.flows.path(way.arrivedBy, way.leavesBy, isOutbound));
};

/** Step 8: our Via on top, in whose branch a loop is recognised. */
export const addVia = (core: EdgeCore, copy: SipRequest, way: { received: SipRequest; leavesBy: Connection }): void => {
  const { transport, host, port, params } = makeVia(way.leavesBy);
  const branch = core.loops.branchFor(way.received);
  copy.prepend('Via', new Via({ transport, host, port, params }).withParams({ branch }).toString());
};
