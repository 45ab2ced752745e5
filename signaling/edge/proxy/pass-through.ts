/**
 * Requests of dialogs in whose way we have remained (RFC 3261, 16), and requests to user agents whose REGISTER we have
 * passed on (RFC 5626, 5.3): they carry the Route that we recorded, and go on without an app being asked.
 */
import type { Connection } from '../../sip/connection';
import type { Result } from '../../../base/result';
import { ok } from '../../../base/result';
import { SipResponse } from '../../sip/message';
import type { SipRequest } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';
import type { Flow } from './flow-token';
import { addVia, copyForHop, hopOf, recordRoute, suitStrictRouter } from './forwarded-request';
import { ProxyBranch } from './proxy-branch';
import { responseUp } from './response-up';

/** What the Routes on top of a request that are ours mean. */
export const flowOf = (core: EdgeCore, request: SipRequest): Flow =>
  core.flows.of(request, (uri) => core.routeStamp.isOurs(uri, request.callId));

/** Whether a request is to go on without an app: it follows a route that we wrote. */
export const leadsOn = (core: EdgeCore, request: SipRequest): boolean => {
  const first = request.routes[0];
  return first !== undefined && (core.routeStamp.leads(request) || core.flows.owns(first.uri));
};

/** The way on: by the flow if it stands. A dialog whose flow has gone is tried by its URI. */
const hopFor = async (
  core: EdgeCore,
  flow: Flow,
  { received, copy }: { readonly received: SipRequest; readonly copy: SipRequest },
): Promise<Result<Connection>> => {
  if (flow.kind === 'open' && copy.routes.length === 0) return ok(flow.connection);
  return core.hops.toUri(hopOf(copy, received.uri));
};

export const passThrough = async (core: EdgeCore, transaction: ServerTransaction): Promise<void> => {
  const { request: received, connection: arrivedBy } = transaction;
  if (received.maxForwards === 0) return void transaction.respond(SipResponse.from(received, 483));
  const copy = copyForHop(core, received, arrivedBy);
  const flow = flowOf(core, received);
  if (flow.kind === 'forged') return void transaction.respond(SipResponse.from(received, 403));
  // RFC 5626, section 5.3.1: 430 makes the registrar try the next flow of that user agent.
  if (flow.kind === 'gone' && !core.routeStamp.leads(received)) {
    return void transaction.respond(SipResponse.from(received, 430));
  }
  const hop = await hopFor(core, flow, { received, copy });
  if (!hop.ok) {
    core.refusals.note(hop.fault.message, arrivedBy, { method: received.method, callId: received.callId });
    return void transaction.respond(SipResponse.from(received, 404));
  }
  recordRoute(core, copy, { arrivedBy, leavesBy: hop.value });
  suitStrictRouter(copy);
  addVia(core, copy, { received, leavesBy: hop.value });
  if (copy.method === 'BYE') core.cdr.stop('network', 'normal-release', received);
  transaction.leaveCancelToUser();
  const passUp = (response: SipResponse): void => void transaction.respond(responseUp(response, received));
  const branch = new ProxyBranch({
    core,
    request: copy,
    connection: hop.value,
    provisionalTimeoutMs: undefined,
    finalTimeoutMs: undefined,
    onProvisional: passUp,
    onFinal: passUp,
  });
  transaction.on('cancelled', (cancel) => branch.cancel(cancel));
  transaction.on('terminated', () => branch.stopTimers());
};

/** An ACK to a 2xx opens no transaction; it is sent on (16.11), or dropped when there is no way. */
export const passAckThrough = async (core: EdgeCore, ack: SipRequest, arrivedBy: Connection): Promise<void> => {
  if (ack.maxForwards === 0) return;
  const copy = copyForHop(core, ack, arrivedBy);
  const hop = await hopFor(core, flowOf(core, ack), { received: ack, copy });
  if (!hop.ok) return core.refusals.note(hop.fault.message, arrivedBy, { method: 'ACK', callId: ack.callId });
  suitStrictRouter(copy);
  await core.layer.sendAck(copy, hop.value);
};
