/** Callers who have heard 100 and nothing else when the edge is killed: whoever has heard that does not call again. */
import fs from 'node:fs';
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '../../../signaling/gateway';
import type { IncomingInvite } from '../../../signaling/ports';
import type { SipRequest } from '../../../signaling/sip/message';
import { endLife, openLife, settled } from './app-lives';
import { JournaledEdge } from './journaled-edge';
import { describeEdge, until } from './server-under-test';
import type { SipPeer } from './sip-peer';

let edge: JournaledEdge;
const open: Gateway[] = [];
const invites: IncomingInvite[] = [];

const startApp = async (): Promise<Gateway> => {
  const made = openLife(edge, { invites });
  open.push(made);
  await settled(made);
  return made;
};

/** The app has been there, is expected back, and is not there. */
const appIsAway = async (): Promise<void> => endLife(edge, await startApp());

const call = async (peer: SipPeer): Promise<SipRequest> => {
  const invite = peer.invite(edge.uri('4000'));
  peer.send(invite);
  await peer.nextResponse(100);
  return invite;
};

/** The app has this call and no other, and its answer arrives. */
const isServed = async (peer: SipPeer, { callId }: SipRequest): Promise<void> => {
  await until(() => invites.length > 0);
  expect(invites.map((invite) => invite.callId)).toEqual([callId]);
  invites.pop()?.reject(486);
  await peer.nextResponse(486);
};

beforeEach(() => void (invites.length = 0));

afterEach(async () => {
  jest.restoreAllMocks();
  for (const one of open.splice(0)) await one.close();
  await edge.close();
});

describeEdge('a caller who has heard that the call has arrived', () => {
  it('was written down before, over TCP too', async () => {
    edge = await JournaledEdge.start();
    await startApp();
    const peer = await edge.peer('tcp');
    const order: string[] = [];
    const { writeSync } = fs;
    const { write } = Socket.prototype;
    jest.spyOn(fs, 'writeSync').mockImplementation((...args: Parameters<typeof fs.writeSync>) => {
      if (String(args[1]).includes('["arrived/')) order.push('written');
      return writeSync(...args);
    });
    jest.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args) {
      if (String(args[0]).startsWith('SIP/2.0 100')) order.push('told');
      return write.apply(this, args);
    });
    await call(peer);
    expect(order).toEqual(['written', 'told']);
  });

  it('is served when both are back, app and edge, that were away one after the other', async () => {
    edge = await JournaledEdge.start();
    await appIsAway();
    const peer = await edge.peer('udp');
    const invite = await call(peer);
    await edge.restart();
    await startApp();
    await isServed(peer, invite);
    await until(() => edge.edge.counts().pendingRequests === 0);
    // And once: nothing of it is left.
    await edge.restart();
    await until(() => edge.edge.counts().apps === 1);
    const next = await edge.peer('udp');
    await isServed(next, await call(next));
  });

  it('hears what the web server says that is asked again, when the edge was killed while it asked', async () => {
    let asked = 0;
    const web = createServer((_, response) => {
      asked += 1;
      if (asked > 1) response.end(JSON.stringify({ action: 'reject', data: { status: 486 } }));
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    const requestHandlers = [{ method: 'INVITE', url }];
    try {
      edge = await JournaledEdge.start({ requestHandlers });
      const peer = await edge.peer('udp');
      await call(peer);
      await until(() => asked === 1);
      await edge.restart({ requestHandlers });
      await peer.nextResponse(486);
    } finally {
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
    }
  });

  it('and has given up while the disk was full is no caller any more', async () => {
    edge = await JournaledEdge.start();
    await startApp();
    const peer = await edge.peer('udp');
    const invite = await call(peer);
    await until(() => invites.length > 0);
    const { writeSync } = fs;
    const full = jest.spyOn(fs, 'writeSync').mockImplementation(((file: number, bytes: Buffer, ...where: number[]) => {
      const [offset, length, position] = where as [number, number, number];
      const room = fs.fstatSync(file).size - position;
      if (room < length) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return writeSync(file, bytes, offset, length, position);
    }) as typeof writeSync);
    peer.send(peer.cancelOf(invite));
    await peer.nextResponse(487);
    await until(() => full.mock.results.some(({ type }) => type === 'throw'));
    full.mockRestore();
    invites.length = 0;
    await edge.restart();
    await until(() => edge.edge.counts().apps === 1);
    const next = await edge.peer('udp');
    await isServed(next, await call(next));
  });

  it.each<[string, number]>([
    ['has given up', 487],
    ['was refused', 503],
  ])('and %s before the edge was killed is no caller any more', async (_, status) => {
    edge = await JournaledEdge.start({ limits: { callerPatienceMs: status === 503 ? 100 : 20_000 } });
    await appIsAway();
    const peer = await edge.peer('udp');
    const invite = await call(peer);
    if (status === 487) peer.send(peer.cancelOf(invite));
    await peer.nextResponse(status);
    await edge.restart();
    await startApp();
    const next = await edge.peer('udp');
    await isServed(next, await call(next));
  });
});
