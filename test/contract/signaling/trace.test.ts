/** A call's messages, as the app gets them from the running edge. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { createGateway } from '../../../signaling/gateway';
import type { IncomingInvite } from '../../../signaling/ports';
import { ANSWER } from './sip-peer';
import type { PeerTransport } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

edgeOnly.each<PeerTransport>(['udp', 'tcp', 'ws'])(
  'has every message of a call by %s, in order, without credentials',
  async (transport) => {
    const server = await ServerUnderTest.start();
    const invites: IncomingInvite[] = [];
    const gateway = createGateway({
      server: { host: server.host, port: server.controlPort, secret: server.secret },
      clock: systemClock,
      log: silentLogger(),
      trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'] }],
      registrar: { realm: 'switchroom.test', credentialsFor: () => undefined },
    });
    try {
      gateway.onIncoming((invite) => invites.push(invite));
      expect(await gateway.trace(['x'])).toMatchObject({ fault: { code: 'unavailable' } });
      await gateway.ready;
      const peer = await server.peer(transport);
      const invite = peer.invite(server.uri('4000'), undefined, { 'X-Note': 'kept' });
      const credentials = { Authorization: 'Digest username="a", response="topsecret"' };
      for (const [name, value] of Object.entries(credentials)) invite.append(name, value);
      peer.send(invite);
      if (transport === 'ws') {
        const refused = await peer.nextResponse(401);
        peer.send(peer.ackOf(invite, refused));
      } else {
        await until(() => invites.length === 1);
        const answered = invites[0]?.answer(ANSWER);
        const ok = await peer.nextResponse(200);
        peer.send(peer.within(invite, ok, 'ACK'));
        await answered;
        peer.send(peer.within(invite, ok, 'BYE'));
        await peer.nextResponse(200);
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
      const trace = await gateway.trace([invite.callId]);
      if (!trace.ok) throw new Error(trace.fault.message);
      const shown = trace.value.map(({ direction, text }) => `${direction} ${/^(?:SIP\/2\.0 )?(\w+)/.exec(text)?.[1]}`);
      expect(shown).toEqual(
        transport === 'ws'
          ? ['in INVITE', 'out 100', 'out 401', 'in ACK']
          : ['in INVITE', 'out 100', 'out 200', 'in ACK', 'in BYE', 'out 200'],
      );
      expect(trace.value[0]).toMatchObject({ protocol: transport, local: { address: '127.0.0.1' } });
      expect(trace.value[0]?.text).toContain('X-Note: kept');
      expect(JSON.stringify(trace.value)).not.toContain('topsecret');
    } finally {
      await gateway.close();
      await server.close();
    }
  },
);
