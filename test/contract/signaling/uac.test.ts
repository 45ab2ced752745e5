/** drachtio-srf as the calling side, and between two sides, against the embedded edge or drachtio-server. */
import type Srf from 'drachtio-srf';
import { ANSWER, OFFER } from './sip-peer';
import type { PeerTransport } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

type UacOptions = Record<string, unknown>;

/** createUAC with the callbacks that drachtio-srf's own types leave out. */
const call = (srf: Srf, uri: string, options: UacOptions = {}, provisional: number[] = []) => {
  let request: Srf.SrfRequest | undefined;
  const dialog = srf.createUAC(
    uri,
    { localSdp: OFFER, ...options },
    {
      cbRequest: ((_error: unknown, sent: Srf.SrfRequest) => (request = sent)) as never,
      cbProvisional: (response) => void provisional.push(response.status),
    },
  );
  dialog.catch(() => undefined);
  return { dialog, cancel: () => request?.cancel(() => undefined), sent: () => request !== undefined };
};

const uriOf = (contact: string): string => contact.slice(1, -1);

describe.each<PeerTransport>(['udp', 'tcp'])('createUAC over %s', (transport) => {
  it('sends a complete INVITE, acknowledges the answer, and ends by BYE of either side', async () => {
    const srf = await server.app();
    const peer = await server.peer(transport, { listens: true });
    const provisional: number[] = [];
    const placed = call(srf, uriOf(peer.contact), { callingNumber: '4711', callingName: 'Ann' }, provisional);
    const invite = await peer.nextRequest('INVITE');
    expect(invite.maxForwards).toBe(70);
    expect(invite.from.uri.user).toBe('4711');
    expect(invite.from.uri.host).not.toBe('localhost');
    expect(invite.from.displayName).toBe('Ann');
    expect(invite.from.tag).toBeTruthy();
    expect(invite.contacts[0]?.uri.port).toBe(server.sipPort);
    expect(invite.get('Content-Type')).toBe('application/sdp');
    expect(invite.body.toString()).toBe(OFFER);
    peer.send(peer.response(invite, 180));
    const ok = peer.response(invite, 200, ANSWER);
    peer.send(ok);
    const ack = await peer.nextRequest('ACK');
    expect(ack.cseq.number).toBe(invite.cseq.number);
    expect(ack.to.tag).toBe(ok.to.tag);
    const dialog = await placed.dialog;
    expect(dialog.remote.sdp).toBe(ANSWER);
    expect(provisional).toContain(180);
    const ended = new Promise((resolve) => dialog.on('destroy', resolve));
    peer.send(peer.withinTheirs(invite, ok, { method: 'BYE', cseq: 1 }));
    await peer.nextResponse(200);
    await ended;
    if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
  });

  it('hears of a refusal with its status', async () => {
    const srf = await server.app();
    const peer = await server.peer(transport, { listens: true });
    const placed = call(srf, uriOf(peer.contact));
    const invite = await peer.nextRequest('INVITE');
    peer.send(peer.response(invite, 486));
    await peer.nextRequest('ACK');
    await expect(placed.dialog).rejects.toMatchObject({ status: 486 });
    if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
  });

  it('cancels a call that rings', async () => {
    const srf = await server.app();
    const peer = await server.peer(transport, { listens: true });
    const placed = call(srf, uriOf(peer.contact));
    const invite = await peer.nextRequest('INVITE');
    peer.send(peer.response(invite, 180));
    await until(placed.sent);
    placed.cancel();
    const cancel = await peer.takeCancel(invite);
    expect(cancel.topVia.branch).toBe(invite.topVia.branch);
    await peer.nextRequest('ACK');
    await expect(placed.dialog).rejects.toMatchObject({ status: 487 });
  });

  it('sends and takes re-INVITEs and INFO', async () => {
    const srf = await server.app();
    const peer = await server.peer(transport, { listens: true });
    const placed = call(srf, uriOf(peer.contact));
    const invite = await peer.nextRequest('INVITE');
    const ok = peer.response(invite, 200, ANSWER);
    peer.send(ok);
    await peer.nextRequest('ACK');
    const dialog = await placed.dialog;
    const held = dialog.modify(OFFER.replace('sendrecv', 'sendonly'));
    const again = await peer.nextRequest('INVITE');
    expect(again.cseq.number).toBe(invite.cseq.number + 1);
    expect(again.to.tag).toBe(ok.to.tag);
    peer.send(peer.response(again, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(await held).toBe(ANSWER);
    dialog.on('modify', (_req, res) => res.send(200, { body: OFFER, headers: { 'Content-Type': 'application/sdp' } }));
    const theirs = peer.withinTheirs(invite, ok, { method: 'INVITE', cseq: 1 });
    theirs.append('Content-Type', 'application/sdp');
    theirs.body = Buffer.from(ANSWER.replace('1 1 IN', '1 2 IN'));
    peer.send(theirs);
    const answered = await peer.nextResponse(200);
    expect(answered.cseq).toEqual({ number: 1, method: 'INVITE' });
    peer.send(peer.withinTheirs(invite, ok, { method: 'ACK', cseq: 1 }));
    const informed = new Promise<Srf.SrfRequest>((resolve) =>
      dialog.on('info', (req, res) => {
        res.send(200);
        resolve(req);
      }),
    );
    const info = peer.withinTheirs(invite, ok, { method: 'INFO', cseq: 2 });
    info.append('Content-Type', 'application/dtmf-relay');
    info.body = Buffer.from('Signal=5\r\nDuration=160\r\n');
    peer.send(info);
    expect((await informed).body).toContain('Signal=5');
    const destroyed = dialog.destroy();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await destroyed;
  });
});

it('acknowledges again when the 2xx comes again, because its ACK was lost', async () => {
  const srf = await server.app();
  const peer = await server.peer('udp');
  const placed = call(srf, uriOf(peer.contact));
  const invite = await peer.nextRequest('INVITE');
  const ok = peer.response(invite, 200, ANSWER);
  peer.send(ok);
  const first = await peer.nextRequest('ACK');
  peer.send(ok);
  const second = await peer.nextRequest('ACK');
  expect(second.cseq).toEqual(first.cseq);
  await placed.dialog;
});

edgeOnly('acknowledges and ends the second branch of a forked call', async () => {
  const srf = await server.app();
  const peer = await server.peer('udp');
  const placed = call(srf, uriOf(peer.contact));
  const invite = await peer.nextRequest('INVITE');
  peer.send(peer.response(invite, 200, ANSWER));
  await peer.nextRequest('ACK');
  await placed.dialog;
  const fork = peer.response(invite, 200, ANSWER);
  peer.send(fork);
  const ack = await peer.nextRequest('ACK');
  expect(ack.to.tag).toBe(fork.to.tag);
  const bye = await peer.nextRequest('BYE');
  expect(bye.to.tag).toBe(fork.to.tag);
  peer.send(peer.response(bye, 200));
});

it('follows the route set of the answer', async () => {
  const srf = await server.app();
  const peer = await server.peer('udp');
  const proxy = await server.peer('udp');
  const placed = call(srf, uriOf(peer.contact));
  const invite = await peer.nextRequest('INVITE');
  const ok = peer.response(invite, 200, ANSWER);
  ok.append('Record-Route', `<sip:${proxy.self};lr>`);
  peer.send(ok);
  const ack = await proxy.nextRequest('ACK');
  expect(ack.uri).toBe(uriOf(peer.contact));
  expect(ack.get('Route')).toBe(`<sip:${proxy.self};lr>`);
  const destroyed = (await placed.dialog).destroy();
  proxy.send(proxy.response(await proxy.nextRequest('BYE'), 200));
  await destroyed;
});

it('answers a carrier’s challenge with the credentials given', async () => {
  const srf = await server.app();
  const peer = await server.peer('udp');
  const auth = { username: 'acme', password: 'secret' };
  const placed = call(srf, uriOf(peer.contact), { auth });
  const first = await peer.nextRequest('INVITE');
  const challenge: [string, string] = ['Proxy-Authenticate', 'Digest realm="carrier", nonce="abc", qop="auth"'];
  peer.send(peer.response(first, 407, undefined, [challenge]));
  const second = await peer.nextRequest('INVITE');
  expect(second.cseq.number).toBe(first.cseq.number + 1);
  expect(second.callId).toBe(first.callId);
  expect(second.get('Proxy-Authorization')).toContain('username="acme"');
  peer.send(peer.response(second, 200, ANSWER));
  await placed.dialog;
});

it('joins two calls as a back-to-back user agent, and passes the caller’s CANCEL on', async () => {
  const callee = await server.peer('udp');
  await server.app((srf) => {
    srf.invite((req, res) => {
      srf.createB2BUA(req, res, uriOf(callee.contact), {}).then(
        ({ uac, uas }) => {
          uac.on('destroy', () => uas.destroy());
          uas.on('destroy', () => uac.destroy());
        },
        () => undefined,
      );
    });
  });
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  expect(legB.callId).not.toBe(invite.callId);
  callee.send(callee.response(legB, 180));
  await caller.nextResponse(180);
  callee.send(callee.response(legB, 200, ANSWER));
  const ok = await caller.nextResponse(200);
  expect(ok.body.toString()).toBe(ANSWER);
  caller.send(caller.within(invite, ok, 'ACK'));
  await callee.nextRequest('ACK');
  caller.send(caller.within(invite, ok, 'BYE'));
  await caller.nextResponse(200);
  callee.send(callee.response(await callee.nextRequest('BYE'), 200));

  const second = caller.invite(server.uri('200'));
  caller.send(second);
  const ringing = await callee.nextRequest('INVITE');
  callee.send(callee.response(ringing, 180));
  await caller.nextResponse(180);
  caller.send(caller.cancelOf(second));
  await caller.nextResponse(487);
  await callee.takeCancel(ringing);
  if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
});

it('carries a late offer: the answer travels in the ACK', async () => {
  const srf = await server.app();
  const peer = await server.peer('udp');
  const pending = srf.createUAC(uriOf(peer.contact), { noAck: true }) as unknown as Promise<{
    sdp: string;
    ack: (sdp: string) => Promise<Srf.Dialog>;
  }>;
  const invite = await peer.nextRequest('INVITE');
  expect(invite.body).toHaveLength(0);
  peer.send(peer.response(invite, 200, OFFER));
  const offered = await pending;
  expect(offered.sdp).toBe(OFFER);
  expect(peer.pending).toHaveLength(0);
  await offered.ack(ANSWER);
  const ack = await peer.nextRequest('ACK');
  expect(ack.body.toString()).toBe(ANSWER);
  expect(ack.get('Content-Type')).toBe('application/sdp');
});

edgeOnly('refuses a host that has no address, and a transport it does not have', async () => {
  const srf = await server.app();
  await expect(call(srf, 'sip:1@nowhere.invalid').dialog).rejects.toThrow(/not open/);
  await expect(call(srf, 'sip:1@127.0.0.1;transport=sctp').dialog).rejects.toThrow(/sctp/);
});
