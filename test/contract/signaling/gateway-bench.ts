/** The gateway behind a server with one trunk, `carrier`, which any peer of the tests is; and calls that come by it. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import { createGateway } from '../../../signaling/gateway';
import type { Gateway, GatewayOptions } from '../../../signaling/gateway';
import type { IncomingInvite, SipDialog } from '../../../signaling/ports';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ServerUnderTest, until } from './server-under-test';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';

/** A server has learnt of an app's handlers a moment after it has let the app in. */
const SETTLE_MS = 30;

export type TrunkOptions = Partial<GatewayOptions['trunks'][number]>;

/** A call that was answered. */
export interface Conversation {
  readonly invite: SipRequest;
  readonly answer: SipResponse;
  readonly dialog: SipDialog;
}

export const valueOf = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
};

export class GatewayBench {
  readonly invites: IncomingInvite[] = [];

  private constructor(
    readonly server: ServerUnderTest,
    readonly gateway: Gateway,
    readonly peer: SipPeer,
  ) {
    gateway.onIncoming((invite) => this.invites.push(invite));
  }

  static async start(trunk: TrunkOptions = {}): Promise<GatewayBench> {
    const server = await ServerUnderTest.start();
    const gateway = createGateway({
      server: { host: server.host, port: server.controlPort, secret: server.secret },
      clock: systemClock,
      log: silentLogger(),
      trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'], ...trunk }],
      registrar: { realm: 'switchroom.test', credentialsFor: () => undefined },
    });
    await gateway.ready;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return new GatewayBench(server, gateway, await server.peer('udp'));
  }

  /** The peer calls 4000 and is answered. */
  async callIn(headers: Record<string, string> = {}): Promise<Conversation> {
    const { invites, peer } = this;
    const invite = peer.invite(this.server.uri('4000'), OFFER, headers);
    const place = invites.length;
    peer.send(invite);
    await until(() => invites.length > place);
    const answering = invites[place]!.answer(ANSWER);
    const answer = await peer.nextResponse(200);
    peer.send(peer.within(invite, answer, 'ACK'));
    return { invite, answer, dialog: valueOf(await answering) };
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.server.close();
  }
}
