/** A BYE that the edge had and the app had not when the edge was killed. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { createGateway } from '../../../signaling/gateway';
import type { DialogEnd, IncomingInvite } from '../../../signaling/ports';
import { openControlRelay } from './control-relay';
import { valueOf } from './gateway-bench';
import { JournaledEdge, SECRET } from './journaled-edge';
import { describeEdge, until } from './server-under-test';
import { ANSWER, OFFER } from './sip-peer';

describeEdge('a kill of the edge', () => {
  it('does not keep from the app that the other side has hung up', async () => {
    const server = await JournaledEdge.start();
    const relay = await openControlRelay(server.edge.ports.control);
    const gateway = createGateway({
      server: { host: '127.0.0.1', port: relay.port, secret: SECRET },
      clock: systemClock,
      log: silentLogger(),
      trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'], proxy: undefined }],
      registrar: { realm: 'switchroom.test', credentialsFor: () => undefined },
      serverGraceMs: 5_000,
    });
    const invites: IncomingInvite[] = [];
    gateway.onIncoming((invite) => invites.push(invite));
    try {
      expect(await gateway.ready).toMatchObject({ ok: true });
      const peer = await server.peer('udp');
      const invite = peer.invite(server.uri('4000'), OFFER);
      peer.send(invite);
      await until(() => invites.length > 0);
      const answering = invites[0]?.answer(ANSWER);
      const answer = await peer.nextResponse(200);
      peer.send(peer.within(invite, answer, 'ACK'));
      const ends: DialogEnd[] = [];
      valueOf((await answering)!).onEnd((end) => ends.push(end));

      relay.deafen();
      const bye = peer.within(invite, answer, 'BYE');
      bye.set('Reason', 'Q.850;cause=16');
      peer.send(bye);
      await until(() => server.edge.counts().dialogs === 0);
      await server.restart();
      await until(() => ends.length > 0);
      expect(ends).toEqual([{ by: 'remote', reason: 'Q.850;cause=16' }]);
    } finally {
      await gateway.close();
      await relay.close();
      await server.close();
    }
  });
});
