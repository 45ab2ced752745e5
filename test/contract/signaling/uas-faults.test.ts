/** The answering side when things go wrong or differently. */
import type Srf from 'drachtio-srf';
import { connect } from 'node:net';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';
import { disconnect, edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
const FAST = { timers: { t1Ms: 20, t2Ms: 80 } };
const start = async (options: Parameters<typeof ServerUnderTest.start>[0] = {}): Promise<void> => {
  server = await ServerUnderTest.start(options);
};
afterEach(() => server.close());

const idle = async (): Promise<void> => {
  if (server.edge) await until(() => server.edge?.counts().dialogs === 0 && server.edge.counts().pendingRequests === 0);
};

/** An app that answers every call, and the dialogs it has. */
const answeringApp = async (): Promise<{ srf: Srf; dialogs: Srf.Dialog[] }> => {
  const dialogs: Srf.Dialog[] = [];
  const srf = await server.app((app) => {
    app.invite((req, res) => {
      app.createUAS(req, res, { localSdp: ANSWER }).then(
        (dialog) => dialogs.push(dialog),
        () => undefined,
      );
    });
  });
  return { srf, dialogs };
};

const establish = async (peer: SipPeer) => {
  const invite = peer.invite(server.uri('4000'));
  const ok = await peer.connect(invite);
  return { invite, ok };
};

it('passes a refusal of the app on, and stops at the ACK', async () => {
  await start();
  await server.app((srf) => srf.invite((_req, res) => res.send(486, 'Busy Bee', {})));
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  peer.send(invite);
  const refused = await peer.nextResponse(486);
  expect(refused.reason).toBe('Busy Bee');
  peer.send(peer.ackOf(invite, refused));
  await idle();
});

it('answers a CANCEL with 200 and the INVITE with 487, and tells the app', async () => {
  await start();
  const cancelled: string[] = [];
  await server.app((srf) => {
    srf.invite((req, res) => {
      req.on('cancel', () => void cancelled.push(req.get('Call-ID')));
      res.send(180);
    });
  });
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  peer.send(invite);
  const ringing = await peer.nextResponse(180);
  peer.send(peer.cancelOf(invite));
  expect((await peer.nextResponse(200)).cseq.method).toBe('CANCEL');
  const terminated = await peer.nextResponse(487);
  expect(terminated.to.tag).toBe(ringing.to.tag);
  peer.send(peer.ackOf(invite, terminated));
  await until(() => cancelled.length === 1);
  expect(cancelled).toEqual([invite.callId]);
  await idle();
});

it('carries re-INVITE, INFO and UPDATE of the caller to the app, each in its dialog', async () => {
  await start();
  const { dialogs } = await answeringApp();
  const peer = await server.peer('udp');
  const { invite, ok } = await establish(peer);
  const again = peer.within(invite, ok, 'INVITE', 2);
  again.append('Content-Type', 'application/sdp');
  again.body = Buffer.from(OFFER.replace('sendrecv', 'sendonly'));
  peer.send(again);
  const answered = await peer.nextResponse(200);
  expect(answered.cseq).toEqual({ number: 2, method: 'INVITE' });
  const ack = peer.within(invite, ok, 'ACK');
  ack.set('CSeq', '2 ACK');
  peer.send(ack);
  peer.send(peer.within(invite, ok, 'INFO', 3));
  expect((await peer.nextResponse(200)).cseq.method).toBe('INFO');
  peer.send(peer.within(invite, ok, 'UPDATE', 4));
  expect((await peer.nextResponse(200)).cseq.method).toBe('UPDATE');
  expect(dialogs).toHaveLength(1);
  peer.send(peer.within(invite, ok, 'BYE', 5));
  await peer.nextResponse(200);
  await idle();
});

it('refuses requests of dialogs that do not exist with 481', async () => {
  await start();
  const { dialogs } = await answeringApp();
  const peer = await server.peer('udp');
  const { invite, ok } = await establish(peer);
  const stray = peer.within(invite, ok, 'BYE', 2);
  stray.set('To', `${invite.get('To')};tag=other`);
  peer.send(stray);
  await peer.nextResponse(481);
  expect(dialogs).toHaveLength(1);
});

edgeOnly('refuses a request that is out of order with 500', async () => {
  await start();
  await answeringApp();
  const peer = await server.peer('udp');
  const { invite, ok } = await establish(peer);
  peer.send(peer.within(invite, ok, 'INFO', 5));
  await peer.nextResponse(200);
  peer.send(peer.within(invite, ok, 'INFO', 4));
  await peer.nextResponse(500);
});

edgeOnly('repeats a 2xx until the ACK comes', async () => {
  await start(FAST);
  await answeringApp();
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  peer.send(invite);
  const first = await peer.nextResponse(200);
  const second = await peer.nextResponse(200);
  expect(second.toBuffer()).toEqual(first.toBuffer());
  peer.send(peer.within(invite, first, 'ACK'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const late = peer.pending.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(peer.pending.length).toBe(late);
});

edgeOnly('ends a dialog whose answer nobody acknowledges, and tells both sides', async () => {
  await start(FAST);
  const { dialogs } = await answeringApp();
  const peer = await server.peer('udp');
  peer.send(peer.invite(server.uri('4000')));
  await until(() => dialogs.length === 1);
  const reason = await new Promise<string>((resolve) => {
    dialogs[0]!.on('destroy', ((_bye: unknown, text: string) => resolve(text)) as never);
  });
  expect(reason).toBe('ACK timeout');
  peer.send(peer.response(await peer.nextRequest('BYE'), 200));
  await idle();
});

edgeOnly('ends the calls of an app that has gone, after a short grace', async () => {
  await start({ limits: { appLossGraceMs: 50 } });
  const { srf } = await answeringApp();
  const peer = await server.peer('udp');
  await establish(peer);
  const ringing = await server.peer('udp');
  await until(() => server.edge?.counts().dialogs === 1);
  disconnect(srf);
  const bye = await peer.nextRequest('BYE');
  expect(bye.get('Reason')).toContain('Application lost');
  peer.send(peer.response(bye, 200));
  ringing.send(ringing.invite(server.uri('4000')));
  const refused = await ringing.nextResponse(503);
  expect(refused.get('Retry-After')).toBe('5');
  await idle();
});

edgeOnly('refuses calls that an app left without an answer', async () => {
  await start({ limits: { appLossGraceMs: 20 } });
  const srf = await server.app((app) => app.invite((_req, res) => res.send(180)));
  const peer = await server.peer('udp');
  peer.send(peer.invite(server.uri('4000')));
  await peer.nextResponse(180);
  disconnect(srf);
  await peer.nextResponse(503);
  await idle();
});

describe('without an app for it', () => {
  edgeOnly('refuses methods that no app takes with 405, and answers OPTIONS', async () => {
    await start();
    await server.app();
    const peer = await server.peer('udp');
    peer.send(peer.invite(server.uri('1')));
    expect((await peer.nextResponse(405)).get('Allow')).toBeTruthy();
    peer.send(peer.request('OPTIONS', server.uri('1')));
    expect((await peer.nextResponse(200)).getAll('Allow')).toContain('INVITE');
    await idle();
  });

  it.each([
    ['an exhausted Max-Forwards', 483, { 'Max-Forwards': '0' }],
    ['an extension that nobody has', 420, { Require: 'time-travel' }],
  ])('refuses %s', async (_what, status, headers) => {
    await start();
    await answeringApp();
    const peer = await server.peer('udp');
    peer.send(peer.invite(server.uri('1'), OFFER, headers));
    await peer.nextResponse(status);
  });
});

describe('malformed input', () => {
  edgeOnly('answers 400 where it can, drops the rest, and goes on', async () => {
    await start();
    await answeringApp();
    const udp = await server.peer('udp');
    udp.sendRaw('this is no SIP message at all, whatever it may be\r\n\r\n');
    udp.sendRaw(udp.invite(server.uri('1')).toBuffer().toString().replace('Max-Forwards: 70', 'Max-Forwards: many'));
    await udp.nextResponse(400);
    await establish(udp);
    const tcp = await server.peer('tcp');
    await establish(tcp);
    tcp.sendRaw('GARBAGE '.repeat(20_000));
    const after = await server.peer('tcp');
    await establish(after);
    const ws = await server.peer('ws');
    ws.sendRaw('nonsense');
    await establish(ws);
  });

  edgeOnly('closes control connections that do not speak the protocol, and keeps the others', async () => {
    await start({ limits: { control: { maxMessageBytes: 4096, maxUnsentBytes: 1e6, authenticateTimeoutMs: 200 } } });
    const { srf } = await answeringApp();
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '99999#x', '0#', '5#abcde', '-3#abc', '12#id|route|bye\r\n', '']) {
      await new Promise<void>((resolve) => {
        const socket = connect(server.controlPort, '127.0.0.1', () => void socket.write(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    }
    expect(srf).toBeTruthy();
    await establish(await server.peer('udp'));
  });

  edgeOnly('refuses an app with the wrong secret', async () => {
    await start();
    const { default: SrfClass } = await import('drachtio-srf');
    const srf = new SrfClass();
    srf.on('error', () => undefined);
    const refused = await new Promise<Error | null>((resolve) => {
      srf.on('connect', (error) => resolve(error));
      void srf.connect({ host: server.host, port: server.controlPort, secret: 'guess' });
    });
    disconnect(srf);
    expect(refused?.message).toContain('authenticate');
  });
});

edgeOnly('leaves no socket and no timer behind', async () => {
  await start();
  await answeringApp();
  await establish(await server.peer('udp'));
  await establish(await server.peer('tcp'));
  await establish(await server.peer('ws'));
  await server.close();
  await server.edge?.close();
  expect(server.edge?.counts()).toEqual({
    apps: 0,
    waiting: 0,
    dialogs: 0,
    pendingRequests: 0,
    sentRequests: 0,
    transactions: 0,
    connections: 0,
  });
});
