/** Calls that outlive the edge's process, with an unchanged drachtio-srf in the gateway. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../base/clock';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import type { Edge } from '../../../signaling/edge/server';
import { startEdge } from '../../../signaling/edge/server';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { DialogEnd, IncomingInvite, SipDialog } from '../../../signaling/ports';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ha1sOf, register } from './credentials';
import { ANSWER, OFFER, SipPeer } from './sip-peer';
import type { PeerTransport } from './sip-peer';
import { describeEdge, until } from './server-under-test';

const log = silentLogger();
const SECRET = 'test-secret';
const REALM = 'switchroom.test';
const ACCOUNT = { user: 'agent1', realm: REALM, password: 'correct horse' };

let dir: string;
let edge: Edge;
let gateway: Gateway;
let peer: SipPeer;
const invites: IncomingInvite[] = [];
const others: { close(): Promise<void> }[] = [];

const start = async (ports: Partial<EdgeOptions> = {}): Promise<void> => {
  edge = await startEdge({
    bindAddress: '127.0.0.1',
    sipPort: 0,
    wsPort: 0,
    controlPort: 0,
    secret: SECRET,
    clock: systemClock,
    log,
    journalDir: join(dir, 'journal'),
    ...ports,
  });
};

/** What kill -9 leaves: the journal as it is in this moment, and nobody who has heard a word. */
const kill = async (): Promise<void> => {
  cpSync(join(dir, 'journal'), join(dir, 'left'), { recursive: true });
  await edge.close();
  rmSync(join(dir, 'journal'), { recursive: true });
  cpSync(join(dir, 'left'), join(dir, 'journal'), { recursive: true });
  rmSync(join(dir, 'left'), { recursive: true });
};

const restart = async (options: Partial<EdgeOptions> = {}): Promise<void> => {
  const { sip, ws, control } = edge.ports;
  await kill();
  await start({ sipPort: sip, wsPort: ws, controlPort: control, ...options });
};

/** The system's clock, after so much more time has passed. */
const later = (ms: number): Clock => ({ ...systemClock, nowMs: () => systemClock.nowMs() + ms });

const connect = async (appName = 'app'): Promise<Gateway> => {
  const made = createGateway({
    server: { host: '127.0.0.1', port: edge.ports.control, secret: SECRET },
    clock: systemClock,
    log,
    trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'], proxy: undefined }],
    registrar: { realm: REALM, credentialsFor: (user) => (user === ACCOUNT.user ? ha1sOf(ACCOUNT) : undefined) },
    appName,
    serverGraceMs: 3_000,
  });
  made.onIncoming((invite) => invites.push(invite));
  expect(await made.ready).toMatchObject({ ok: true });
  made.adoptionDone();
  others.push(made);
  return made;
};

const openPeer = async (transport: PeerTransport, listens = false): Promise<SipPeer> => {
  const port = transport === 'ws' ? edge.ports.ws : edge.ports.sip;
  const made = await SipPeer.open({ transport, address: '127.0.0.1', port, listens });
  others.push(made);
  return made;
};

const valueOf = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
};

interface Call {
  readonly dialog: SipDialog;
  readonly invite: SipRequest;
  readonly ok: SipResponse;
  readonly ends: DialogEnd[];
}

/** The peer calls, and the app has heard of it. @param headers of the INVITE. */
const invited = async (headers: Record<string, string> = {}): Promise<SipRequest> => {
  const invite = peer.invite(`sip:4000@127.0.0.1:${edge.ports.sip}`, OFFER, headers);
  peer.send(invite);
  await until(() => invites.length > 0);
  return invite;
};

/** The app hangs up, and the peer answers its BYE. */
const hangUp = async (dialog: SipDialog): Promise<void> => {
  const over = dialog.hangup();
  peer.send(peer.response(await peer.nextRequest('BYE'), 200));
  await over;
};

/** A call from the peer, answered by the app. @param headers of the INVITE. */
const callIn = async (headers: Record<string, string> = {}): Promise<Call> => {
  const invite = await invited(headers);
  const answering = invites.pop()?.answer(ANSWER);
  const okResponse = await peer.nextResponse(200);
  peer.send(peer.within(invite, okResponse, 'ACK'));
  const dialog = valueOf((await answering) as Result<SipDialog>);
  const ends: DialogEnd[] = [];
  dialog.onEnd((end) => ends.push(end));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { dialog, invite, ok: okResponse, ends };
};

/** A call from the app, answered by the peer. @param headers of the answer. */
const callOut = async (headers: [string, string][] = []): Promise<Call> => {
  const uri = peer.contact.slice(1, -1);
  const placed = gateway.placeCall({
    target: { kind: 'contact', uri },
    from: { number: '4711' },
    sdp: OFFER,
    ringTimeoutMs: 5_000,
  });
  const invite = await peer.nextRequest('INVITE');
  const okResponse = peer.response(invite, 200, ANSWER, headers);
  peer.send(okResponse);
  await peer.nextRequest('ACK');
  const dialog = valueOf(await placed.answered);
  const ends: DialogEnd[] = [];
  dialog.onEnd((end) => ends.push(end));
  return { dialog, invite, ok: okResponse, ends };
};

const isBack = async (): Promise<void> => {
  await until(() => gateway.connected);
  await new Promise((resolve) => setTimeout(resolve, 100));
};

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'edge-'));
  invites.length = 0;
  await start();
  gateway = await connect();
});

afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await edge.close();
  rmSync(dir, { recursive: true, force: true });
});

describeEdge('after a kill of the edge, over UDP,', () => {
  beforeEach(async () => (peer = await openPeer('udp')));

  it('a call that came in is hung up by its caller', async () => {
    const { invite, ok, ends } = await callIn();
    await restart();
    await isBack();
    expect(ends).toEqual([]);
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ by: 'remote', reason: undefined }]);
    await until(() => edge.counts().dialogs === 0);
  });

  it('a call that came in is changed and hung up by the app, with rising CSeq', async () => {
    const { dialog } = await callIn();
    const before = dialog.modify(OFFER);
    const first = await peer.nextRequest('INVITE');
    peer.send(peer.response(first, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(await before).toEqual({ ok: true, value: ANSWER });
    await restart();
    await isBack();
    const change = dialog.modify(OFFER);
    const reinvite = await peer.nextRequest('INVITE');
    expect(reinvite.cseq.number).toBe(first.cseq.number + 1);
    peer.send(peer.response(reinvite, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(await change).toEqual({ ok: true, value: ANSWER });
    const over = dialog.hangup();
    const bye = await peer.nextRequest('BYE');
    expect(bye.cseq.number).toBe(reinvite.cseq.number + 1);
    peer.send(peer.response(bye, 200));
    await over;
    await until(() => edge.counts().dialogs === 0);
  });

  it('a call that went out goes on from both sides, even twice', async () => {
    const { dialog, invite, ok, ends } = await callOut();
    await restart();
    await isBack();
    await restart();
    await isBack();
    dialog.onReinvite(() => Promise.resolve({ ok: true, value: ANSWER }));
    const change = peer.withinTheirs(invite, ok, { method: 'INVITE', cseq: 7 });
    change.set('Contact', peer.contact);
    change.set('Content-Type', 'application/sdp');
    change.body = Buffer.from(OFFER);
    peer.send(change);
    const answered = await peer.nextResponse(200);
    expect(answered.body.toString()).toBe(ANSWER);
    const ack = peer.withinTheirs(invite, ok, { method: 'ACK', cseq: 7 });
    peer.send(ack);
    await hangUp(dialog);
    expect(ends).toEqual([{ by: 'local' }]);
    await until(() => edge.counts().dialogs === 0);
  });

  it('a hang-up and a change of the time without an edge are performed after it', async () => {
    const first = await callIn();
    const second = await callIn();
    const { sip, ws, control } = edge.ports;
    await kill();
    await until(() => !gateway.connected);
    const over = first.dialog.hangup('SIP;cause=200;text="meanwhile"');
    const change = second.dialog.modify(OFFER);
    await start({ sipPort: sip, wsPort: ws, controlPort: control });
    const bye = await peer.nextRequest('BYE');
    expect(bye.get('Reason')).toContain('meanwhile');
    expect(bye.callId).toBe(first.invite.callId);
    peer.send(peer.response(bye, 200));
    await over;
    const reinvite = await peer.nextRequest('INVITE');
    peer.send(peer.response(reinvite, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(await change).toEqual({ ok: true, value: ANSWER });
  });

  it('a BYE that comes before the app is back reaches it', async () => {
    const { invite, ok, ends } = await callIn();
    const { sip, ws, control } = edge.ports;
    await kill();
    await start({ sipPort: sip, wsPort: ws, controlPort: control });
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ by: 'remote', reason: undefined }]);
  });

  it('an answer that nobody has acknowledged yet is repeated until it is', async () => {
    const invite = await invited();
    const answering = invites.pop()?.answer(ANSWER);
    const answer = await peer.nextResponse(200);
    const dialog = valueOf((await answering) as Result<SipDialog>);
    await restart();
    await isBack();
    const again = await peer.nextResponse(200);
    expect(again.toBuffer().toString()).toBe(answer.toBuffer().toString());
    peer.send(peer.within(invite, again, 'ACK'));
    await hangUp(dialog);
  });

  it('an INVITE that nobody had answered is a new call', async () => {
    peer.send(peer.invite(`sip:4000@127.0.0.1:${edge.ports.sip}`));
    await until(() => invites.length > 0);
    const lost: string[] = [];
    invites.pop()?.onCancelled((reason) => lost.push(reason));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await restart();
    await until(() => invites.length > 0);
    expect(lost).toEqual(['connection_lost']);
    const answering = invites.pop()?.answer(ANSWER);
    const answer = await peer.nextResponse(200);
    peer.send(peer.within(peer.invite('sip:x@x'), answer, 'ACK'));
    expect(valueOf((await answering) as Result<SipDialog>).callId).toBe(answer.callId);
  });

  it('an INVITE of ours that rings is cancelled, and ended if it is answered all the same', async () => {
    const placed = gateway.placeCall({
      target: { kind: 'contact', uri: peer.contact.slice(1, -1) },
      from: { number: '4711' },
      sdp: OFFER,
      ringTimeoutMs: 5_000,
    });
    const invite = await peer.nextRequest('INVITE');
    peer.send(peer.response(invite, 180));
    await restart();
    expect(await placed.answered).toMatchObject({ fault: { code: 'unavailable' } });
    const cancel = await peer.nextRequest('CANCEL');
    expect(cancel.topVia.toString()).toBe(invite.topVia.toString());
    peer.send(peer.response(invite, 200, ANSWER));
    await peer.nextRequest('ACK');
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
  });

  it('a new INVITE is served while the app comes back', async () => {
    const { sip, ws, control } = edge.ports;
    await kill();
    await start({ sipPort: sip, wsPort: ws, controlPort: control });
    const startedAt = performance.now();
    peer.send(peer.invite(`sip:4000@127.0.0.1:${sip}`));
    await until(() => invites.length > 0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(peer.pending.every((message) => message.kind === 'response' && message.status === 100)).toBe(true);
  });

  it('a REGISTER is answered when the app comes back', async () => {
    const { sip, ws, control } = edge.ports;
    await kill();
    await start({ sipPort: sip, wsPort: ws, controlPort: control });
    const browser = await openPeer('ws');
    browser.send(browser.request('REGISTER', 'sip:switchroom.test'));
    await browser.nextResponse(401);
    expect(gateway.connected).toBe(true);
    await until(() => edge.counts().pendingRequests === 0);
  });

  it('calls of an app that does not come back are ended after its grace, those of another go on', async () => {
    await gateway.close();
    await edge.close();
    await start({ limits: { appReturnGraceMs: 1_500 } });
    peer = await openPeer('udp');
    gateway = await connect('first');
    const call = await callIn();
    const second = await connect('second');
    await gateway.close();
    const gone = await peer.nextRequest('BYE');
    expect(gone.callId).toBe(call.invite.callId);
    expect(gone.get('Reason')).toContain('Application lost');
    peer.send(peer.response(gone, 200));
    expect(second.connected).toBe(true);
  });

  it('a restarted app ends what it does not know', async () => {
    const call = await callIn();
    await gateway.close();
    gateway = await connect();
    const bye = await peer.nextRequest('BYE');
    expect(bye.callId).toBe(call.invite.callId);
    expect(bye.get('Reason')).toContain('Application restarted');
    peer.send(peer.response(bye, 200));
    await until(() => edge.counts().dialogs === 0);
  });

  it('a restarted app ends what it has answered only after the ACK (RFC 3261, 15)', async () => {
    const invite = await invited();
    void invites.pop()?.answer(ANSWER);
    const answer = await peer.nextResponse(200);
    await gateway.close();
    gateway = await connect();
    expect(peer.pending.filter(({ kind }) => kind === 'request')).toEqual([]);
    peer.send(peer.within(invite, answer, 'ACK'));
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await until(() => edge.counts().dialogs === 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(peer.pending.filter(({ kind }) => kind === 'request')).toEqual([]);
  });

  it('calls end when the edge does not come back in time', async () => {
    const { ends } = await callIn();
    await kill();
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ by: 'connection_lost' }]);
    await start();
  });

  it('a session is refreshed in time', async () => {
    const { dialog } = await callOut([
      ['Session-Expires', '120;refresher=uac'],
      ['Allow', 'INVITE, ACK, BYE, UPDATE'],
    ]);
    await restart();
    await isBack();
    await restart({ clock: later(60_000) });
    const update = await peer.nextRequest('UPDATE');
    expect(update.get('Session-Expires')).toBe('120;refresher=uac');
    peer.send(peer.response(update, 200, undefined, [['Session-Expires', '120;refresher=uac']]));
    await isBack();
    await hangUp(dialog);
  });

  it('a session that the other side does not refresh ends', async () => {
    const { ends } = await callOut([['Session-Expires', '120;refresher=uas']]);
    await restart({ clock: later(87_000) });
    await isBack();
    expect(ends).toEqual([]);
    await restart({ clock: later(90_000) });
    const bye = await peer.nextRequest('BYE');
    expect(bye.get('Reason')).toContain('Session timer expired');
    peer.send(peer.response(bye, 200));
    await until(() => edge.counts().dialogs === 0);
    await until(() => ends.length > 0);
  });

  it('an orderly end leaves no calls behind', async () => {
    const { invite, ok } = await callIn();
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await until(() => edge.counts().dialogs === 0);
    await gateway.close();
    await edge.close();
    await start();
    expect(edge.counts()).toMatchObject({ dialogs: 0, waiting: 0 });
  });
});

describeEdge('after a kill of the edge, over TCP,', () => {
  it('a call that went out is hung up by the app, over a connection that the edge opens', async () => {
    peer = await openPeer('tcp', true);
    const { dialog } = await callOut();
    await restart();
    await isBack();
    await hangUp(dialog);
  });

  it('a call that went out is hung up by its peer, over a connection that the peer opens', async () => {
    peer = await openPeer('tcp', true);
    const { invite, ok, ends } = await callOut();
    await restart();
    await isBack();
    const again = await openPeer('tcp');
    again.send(again.withinTheirs(invite, ok, { method: 'BYE', cseq: 1 }));
    await again.nextResponse(200);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ by: 'remote', reason: undefined }]);
  });

  it('a call that came in is hung up by its caller, over another connection', async () => {
    peer = await openPeer('tcp');
    const { invite, ok, ends } = await callIn();
    await restart();
    await isBack();
    const again = await openPeer('tcp');
    again.send(peer.within(invite, ok, 'BYE'));
    await again.nextResponse(200);
    await until(() => ends.length > 0);
  });

  it('a call that came in is hung up by the app, where the caller listens', async () => {
    const door = await openPeer('tcp', true);
    peer = await openPeer('tcp');
    const { dialog, ends } = await callIn({ Contact: door.contact });
    await restart();
    await isBack();
    const over = dialog.hangup();
    door.send(door.response(await door.nextRequest('BYE'), 200));
    await over;
    expect(ends).toEqual([{ by: 'local' }]);
    await until(() => edge.counts().dialogs === 0);
  });
});

describeEdge('after a kill of the edge, over WebSocket,', () => {
  it('a browser that has registered again is hung up by the app, and may hang up itself', async () => {
    peer = await openPeer('ws');
    await register(peer, ACCOUNT);
    const first = await callOut();
    const second = await callOut();
    await restart();
    await isBack();
    const page = await openPeer('ws');
    // A page that comes back registers by the Contact that it had.
    await register(page, ACCOUNT, { Contact: peer.contact });
    const over = first.dialog.hangup();
    const bye = await page.nextRequest('BYE');
    expect(bye.callId).toBe(first.invite.callId);
    page.send(page.response(bye, 200));
    await over;
    page.send(page.withinTheirs(second.invite, second.ok, { method: 'BYE', cseq: 1 }));
    await page.nextResponse(200);
    await until(() => second.ends.length > 0);
    expect(second.ends).toEqual([{ by: 'remote', reason: undefined }]);
    await until(() => edge.counts().dialogs === 0);
  });
});
