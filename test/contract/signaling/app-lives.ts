/** An app that is gone in the midst of calls, and the next one that goes on with them. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { createGateway } from '../../../signaling/gateway';
import type { Gateway } from '../../../signaling/gateway';
import type { IncomingInvite, SipDialog } from '../../../signaling/ports';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ha1sOf } from './credentials';
import { valueOf } from './gateway-bench';
import type { JournaledEdge } from './journaled-edge';
import { SECRET } from './journaled-edge';
import { until } from './server-under-test';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';

export const REALM = 'switchroom.test';
/** Of a browser that may register. */
export const ACCOUNT = { user: 'agent1', realm: REALM, password: 'correct horse' };

interface Life {
  readonly appName?: string;
  /** How many calls its trunk may have; as many as come when absent. */
  readonly calls?: number;
  /** Takes the calls that come; nobody does when absent. */
  readonly invites?: IncomingInvite[];
  /** Where it finds the edge; at the edge's own port when absent. */
  readonly port?: number;
}

export const openLife = (edge: JournaledEdge, { appName, calls, invites, port }: Life): Gateway => {
  const limits = calls === undefined ? {} : { limits: { calls } };
  const gateway = createGateway({
    server: { host: '127.0.0.1', port: port ?? edge.edge.ports.control, secret: SECRET },
    clock: systemClock,
    log: silentLogger(),
    trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'], ...limits }],
    registrar: { realm: REALM, credentialsFor: (user) => (user === ACCOUNT.user ? ha1sOf(ACCOUNT) : undefined) },
    ...(appName !== undefined && { appName }),
  });
  if (invites) gateway.onIncoming((invite) => invites.push(invite));
  return gateway;
};

/** All that it has told the edge at the start has come there. */
export const settled = async (gateway: Gateway): Promise<void> => {
  expect(await gateway.ready).toMatchObject({ ok: true });
  await gateway.trace([]); // Its routes came before this.
};

/** It is gone, without a word to anybody. */
export const endLife = async (edge: JournaledEdge, gateway: Gateway): Promise<void> => {
  await gateway.close();
  await until(() => edge.edge.counts().apps === 0);
};

export interface Call {
  readonly peer: SipPeer;
  readonly invite: SipRequest;
  readonly ok: SipResponse;
  readonly dialog: SipDialog;
}

/** A call from the peer, answered by the app whose these invites are. */
export const callFrom = async (
  peer: SipPeer,
  { edge, invites, headers }: { edge: JournaledEdge; invites: IncomingInvite[]; headers: Record<string, string> },
): Promise<Call> => {
  const invite = peer.invite(edge.uri('4000'), OFFER, headers);
  peer.send(invite);
  await peer.nextResponse(100);
  await until(() => invites.length > 0);
  const answering = invites.pop()!.answer(ANSWER);
  const ok = await peer.nextResponse(200);
  peer.send(peer.within(invite, ok, 'ACK'));
  return { peer, invite, ok, dialog: valueOf(await answering) };
};

/** What the next life finds in the store. */
export const written = ({ dialog }: Call): unknown => JSON.parse(JSON.stringify(dialog.record));
