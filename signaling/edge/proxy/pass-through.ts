/**
 * Requests of dialogs in whose way we have remained (RFC 3261, 16): they carry the Route that we recorded, and go on
 * without an app being asked.
 */
import type { Connection } from '../../sip/connection';
import { SipResponse } from '../../sip/message';
import type { SipRequest } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';
import { addVia, copyForHop, hopOf, recordRoute, suitStrictRouter } from './forwarded-request';
import { ProxyBranch } from './proxy-branch';

export const passThrough = async (core: EdgeCore, transaction: ServerTransaction): Promise<void> => {
  const { request: received, connection: arrivedBy } = transaction;
  if (received.maxForwards === 0) return void transaction.respond(SipResponse.from(received, 483));
  const copy = copyForHop(core, received, arrivedBy);
  const hop = await core.hops.toUri(hopOf(copy, received.uri));
  if (!hop.ok) {
    core.refusals.note(hop.fault.message, arrivedBy, { method: received.method, callId: received.callId });
    return void transaction.respond(SipResponse.from(received, 404));
  }
  recordRoute(core, copy, { arrivedBy, leavesBy: hop.value });
  suitStrictRouter(copy);
  addVia(core, copy, { received, leavesBy: hop.value });
  if (copy.method === 'BYE') core.cdr.stop('network', 'normal-release', received);
  transaction.leaveCancelToUser();
  const passUp = (response: SipResponse): void => {
    const up = response.clone();
    if (up.vias.length > received.vias.length) up.removeFirst('Via');
    transaction.respond(up);
  };
  const branch = new ProxyBranch({
    core,
    request: copy,
    connection: hop.value,
    provisionalTimeoutMs: undefined,
    finalTimeoutMs: undefined,
    onProvisional: passUp,
    onFinal: passUp,
  });
  transaction.on('cancelled', () => branch.cancel());
  transaction.on('terminated', () => branch.stopTimers());
};

/** An ACK to a 2xx opens no transaction; it is sent on (16.11), or dropped when there is no way. */
export const passAckThrough = async (core: EdgeCore, ack: SipRequest, arrivedBy: Connection): Promise<void> => {
  if (ack.maxForwards === 0) return;
  const copy = copyForHop(core, ack, arrivedBy);
  const hop = await core.hops.toUri(hopOf(copy, ack.uri));
  if (!hop.ok) return core.refusals.note(hop.fault.message, arrivedBy, { method: 'ACK', callId: ack.callId });
  suitStrictRouter(copy);
  await core.layer.sendAck(copy, hop.value);
};
