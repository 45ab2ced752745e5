/** Calls that outlive the app: a gateway is gone in the midst of them, and another one goes on from their records. */
import type { Gateway } from '../../../signaling/gateway';
import type { DialogEnd, IncomingInvite, InfoDigit, ReferRequest } from '../../../signaling/ports';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ACCOUNT, callFrom, endLife, openLife, REALM, settled, written } from './app-lives';
import type { Call } from './app-lives';
import { register } from './credentials';
import { valueOf } from './gateway-bench';
import { JournaledEdge } from './journaled-edge';
import { ANSWER, OFFER } from './sip-peer';
import type { PeerTransport, SipPeer } from './sip-peer';
import { describeEdge, until } from './server-under-test';

/** A proxy in between, which is the peer itself. */
const routeBy = (peer: SipPeer): string => `<sip:proxy@${peer.self};lr>`;

const AGREED: [string, string][] = [
  ['Require', 'timer'],
  ['Session-Expires', '600;refresher=uas'],
];

let edge: JournaledEdge;
let gateway: Gateway;
const open: Gateway[] = [];
const invites: IncomingInvite[] = [];

const startApp = async (appName = 'app', takesCalls = true): Promise<Gateway> => {
  const made = openLife(edge, { appName, calls: 1, ...(takesCalls && { invites }) });
  open.push(made);
  await settled(made);
  return made;
};

const kill = (): Promise<void> => endLife(edge, gateway);

const callIn = (peer: SipPeer, headers: Record<string, string> = {}): Promise<Call> =>
  callFrom(peer, { edge, invites, headers });

const callOut = async (peer: SipPeer, headers: [string, string][] = []): Promise<Call> => {
  const target = { kind: 'contact', uri: peer.contact.slice(1, -1) } as const;
  const placed = gateway.placeCall({ target, from: { number: '4711' }, sdp: OFFER, ringTimeoutMs: 5_000 });
  const invite = await peer.nextRequest('INVITE');
  const ok = peer.response(invite, 200, ANSWER, headers);
  peer.send(ok);
  await peer.nextRequest('ACK');
  return { peer, invite, ok, dialog: valueOf(await placed.answered) };
};

/** A request of the peer within the call, which it has begun or not. */
const theirs = ({ peer, invite, ok, dialog }: Call, method: string, cseq: number): SipRequest =>
  dialog.record.role === 'uas'
    ? peer.within(invite, ok, method, cseq)
    : peer.withinTheirs(invite, ok, { method, cseq });

const reinvited = async (call: Call, cseq: number): Promise<SipResponse> => {
  const change = theirs(call, 'INVITE', cseq);
  change.set('Contact', call.peer.contact);
  change.set('Content-Type', 'application/sdp');
  change.body = Buffer.from(OFFER);
  call.peer.send(change);
  const answered = await call.peer.nextResponse(200);
  const ack = theirs(call, 'ACK', cseq);
  ack.set('CSeq', `${cseq} ACK`);
  call.peer.send(ack);
  return answered;
};

const pressed = (call: Call, cseq: number): void => {
  const info = theirs(call, 'INFO', cseq);
  info.set('Content-Type', 'application/dtmf-relay');
  info.body = Buffer.from('Signal=7\r\nDuration=160\r\n');
  call.peer.send(info);
};

beforeEach(async () => {
  edge = await JournaledEdge.start();
  invites.length = 0;
  gateway = await startApp();
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await edge.close();
});

type Side = 'came in' | 'went out';
const WAYS: [PeerTransport, Side][] = [
  ['udp', 'came in'],
  ['udp', 'went out'],
  ['ws', 'came in'],
  ['ws', 'went out'],
];

describeEdge('the next life of the app', () => {
  /** Behind a proxy, with a session timer. */
  const callBy = async (transport: PeerTransport, side: Side): Promise<Call> => {
    const peer = await edge.peer(transport);
    if (transport === 'ws') await register(peer, ACCOUNT);
    const route: Record<string, string> = transport === 'udp' ? { 'Record-Route': routeBy(peer) } : {};
    if (side === 'came in') {
      const from: Record<string, string> = transport === 'ws' ? { From: `<sip:${ACCOUNT.user}@${REALM}>;tag=web` } : {};
      return callIn(peer, { ...route, ...from, Supported: 'timer', 'Session-Expires': '600;refresher=uac' });
    }
    return callOut(peer, [...AGREED, ...Object.entries(route)]);
  };

  it.each(WAYS)('goes on with a call over %s that %s', async (transport, side) => {
    const call = await callBy(transport, side);
    const { peer, dialog } = call;
    const before = dialog.modify(OFFER);
    const first = await peer.nextRequest('INVITE');
    peer.send(peer.response(first, 200, ANSWER, AGREED));
    await peer.nextRequest('ACK');
    await before;
    const record = written(call);
    expect(record).toMatchObject({ localSdp: OFFER, remoteSdp: ANSWER, session: { seconds: 600, weRefresh: false } });
    await kill();

    gateway = await startApp();
    const adopted = valueOf(await gateway.adopt(record));
    const ends: DialogEnd[] = [];
    const digits: InfoDigit[] = [];
    const referred: ReferRequest[] = [];
    adopted.onReinvite(() => Promise.resolve({ ok: true, value: ANSWER }));
    adopted.onInfo((digit) => digits.push(digit));
    adopted.onRefer((refer) => referred.push(refer));
    adopted.onEnd((end) => ends.push(end));
    gateway.adoptionDone();
    expect(adopted).toMatchObject({ id: dialog.id, name: dialog.name, remote: dialog.remote, remoteSdp: ANSWER });
    expect(adopted.record).toEqual(record);

    // Ours, with the next CSeq, on the same route, as agreed before.
    const change = adopted.modify(OFFER);
    const reinvite = await peer.nextRequest('INVITE');
    expect(reinvite.cseq.number).toBe(first.cseq.number + 1);
    expect(reinvite.get('Route')).toBe(first.get('Route'));
    expect(reinvite.get('Contact')).toBe(first.get('Contact'));
    expect(reinvite.get('Session-Expires')).toBe('600;refresher=uas');
    peer.send(peer.response(reinvite, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(await change).toEqual({ ok: true, value: ANSWER });
    const key = adopted.sendDigit({ digit: '5', durationMs: 100 });
    const info = await peer.nextRequest('INFO');
    expect(info.cseq.number).toBe(reinvite.cseq.number + 1);
    peer.send(peer.response(info, 200));
    expect(await key).toEqual({ ok: true, value: undefined });

    // Theirs.
    expect((await reinvited(call, 20)).body.toString()).toBe(ANSWER);
    pressed(call, 21);
    await peer.nextResponse(200);
    await until(() => digits.length > 0);
    expect(digits).toEqual([{ digit: '7', durationMs: 160 }]);
    const refer = theirs(call, 'REFER', 22);
    refer.set('Refer-To', `<${edge.uri('4001')}>`);
    peer.send(refer);
    await until(() => referred.length > 0);
    referred[0]!.accept().report(200);
    await peer.nextResponse(202);
    for (let told = 0; told < 2; told += 1) {
      const notify = await peer.nextRequest('NOTIFY');
      expect(notify.cseq.number).toBe(info.cseq.number + 1 + told);
      peer.send(peer.response(notify, 200));
    }
    if (side === 'came in') {
      peer.send(theirs(call, 'BYE', 23));
      await peer.nextResponse(200);
      await until(() => ends.length > 0);
      expect(ends).toEqual([{ by: 'remote', reason: undefined }]);
    } else {
      const over = adopted.hangup();
      const bye = await peer.nextRequest('BYE');
      expect(bye.cseq.number).toBe(info.cseq.number + 3);
      peer.send(peer.response(bye, 200));
      await over;
    }
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  it.each<[string, string | undefined]>([
    ['without a reason', undefined],
    ['with a reason', 'Q.850;cause=16'],
  ])('learns that a caller has hung up meanwhile, %s', async (_, reason) => {
    const call = await callIn(await edge.peer('udp'));
    const record = written(call);
    await kill();
    const bye = theirs(call, 'BYE', 2);
    if (reason !== undefined) bye.set('Reason', reason);
    call.peer.send(bye);
    await call.peer.nextResponse(200);
    expect(edge.edge.counts()).toMatchObject({ dialogs: 0, pendingRequests: 0 });
    gateway = await startApp();
    const adopted = valueOf(await gateway.adopt(record));
    expect(adopted.ended).toEqual({ by: 'remote', reason });
    const ends: DialogEnd[] = [];
    adopted.onEnd((end) => ends.push(end));
    expect(ends).toEqual([{ by: 'remote', reason }]);
    await adopted.hangup();
    gateway.adoptionDone();
    // The place in the trunk is free again.
    expect(gateway.trunks.line('carrier')?.calls).toEqual({ inbound: 0, outbound: 0 });
  });

  it('answers what has come meanwhile when somebody follows the call, a BYE at once', async () => {
    const peer = await edge.peer('udp');
    const call = await callIn(peer);
    const record = written(call);
    await kill();
    const change = theirs(call, 'INVITE', 2);
    change.set('Contact', peer.contact);
    change.set('Content-Type', 'application/sdp');
    change.body = Buffer.from(OFFER);
    peer.send(change);
    await peer.nextResponse(100);
    pressed(call, 3);
    gateway = await startApp();
    const adopted = valueOf(await gateway.adopt(record));
    expect(peer.pending).toEqual([]);
    const digits: InfoDigit[] = [];
    const ends: DialogEnd[] = [];
    adopted.onEnd((end) => ends.push(end));
    adopted.onReinvite(() => Promise.resolve({ ok: true, value: ANSWER }));
    adopted.onInfo((digit) => digits.push(digit));
    const answers = [await peer.nextResponse(200), await peer.nextResponse(200)];
    expect(answers.map(({ cseq }) => cseq.method).sort()).toEqual(['INFO', 'INVITE']);
    expect(digits).toHaveLength(1);
    expect(gateway.trunks.line('carrier')?.calls).toEqual({ inbound: 1, outbound: 0 });
    peer.send(theirs(call, 'BYE', 4));
    await peer.nextResponse(200);
    await until(() => ends.length > 0);
    expect(gateway.trunks.line('carrier')?.calls).toEqual({ inbound: 0, outbound: 0 });
  });

  it('answers a BYE that comes before the call is adopted, and tells of it then', async () => {
    const call = await callIn(await edge.peer('udp'));
    const record = written(call);
    await kill();
    gateway = await startApp();
    pressed(call, 2);
    call.peer.send(theirs(call, 'BYE', 3));
    await call.peer.nextResponse(200);
    await until(() => edge.edge.counts().dialogs === 0);
    expect(valueOf(await gateway.adopt(record)).ended).toEqual({ by: 'remote', reason: undefined });
  });

  it('ends what it does not adopt, and refuses what nobody has', async () => {
    const peer = await edge.peer('udp');
    const call = await callIn(peer);
    const record = written(call) as { id: string };
    await kill();
    gateway = await startApp();
    expect(await gateway.adopt({ ...record, id: 'another' })).toMatchObject({ fault: { code: 'not_found' } });
    expect(await gateway.adopt({ ...record, name: 'none' })).toMatchObject({ fault: { code: 'bad_input' } });
    expect(await gateway.adopt({ ...record, contact: '<sip:a>\r\nX: y' })).toMatchObject({
      fault: { code: 'bad_input' },
    });
    expect(peer.pending).toEqual([]);
    gateway.adoptionDone();
    const bye = await peer.nextRequest('BYE');
    expect(bye.get('Reason')).toContain('Application restarted');
    peer.send(peer.response(bye, 200));
    await until(() => edge.edge.counts().dialogs === 0);
    expect(await gateway.adopt(record)).toMatchObject({ fault: { code: 'closed' } });
  });

  it('adopts a call once, and keeps it when the connection is lost once more', async () => {
    const call = await callIn(await edge.peer('udp'));
    const record = written(call);
    await kill();
    gateway = await startApp();
    const adopted = valueOf(await gateway.adopt(record));
    expect(await gateway.adopt(record)).toMatchObject({ fault: { code: 'not_found' } });
    gateway.adoptionDone();
    await edge.restart();
    await until(() => gateway.connected && edge.edge.counts().apps === 1);
    const ends: DialogEnd[] = [];
    adopted.onEnd((end) => ends.push(end));
    call.peer.send(theirs(call, 'BYE', 2));
    await call.peer.nextResponse(200);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ by: 'remote', reason: undefined }]);
  });

  it('has changes within its calls tried again when it is away for long', async () => {
    await edge.close();
    for (const one of open.splice(0)) await one.close();
    edge = await JournaledEdge.start({ limits: { absentAnswerTimeoutMs: 100 } });
    gateway = await startApp();
    const call = await callIn(await edge.peer('udp'));
    const record = written(call);
    await kill();
    const change = theirs(call, 'INVITE', 2);
    change.set('Contact', call.peer.contact);
    call.peer.send(change);
    const later = await call.peer.nextResponse(500);
    expect(Number(later.get('Retry-After'))).toBeGreaterThan(0);
    call.peer.send(call.peer.ackOf(change, later));
    gateway = await startApp();
    const adopted = valueOf(await gateway.adopt(record));
    let asked = 0;
    adopted.onReinvite(() => {
      asked += 1;
      return Promise.resolve({ ok: true, value: ANSWER });
    });
    adopted.onEnd(() => undefined);
    // What was answered for it, it does not hear of any more.
    await reinvited(call, 3);
    expect(asked).toBe(1);
    const over = adopted.hangup();
    call.peer.send(call.peer.response(await call.peer.nextRequest('BYE'), 200));
    await over;
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  /** Somebody calls, and the app lets the telephone ring or speaks before it answers. */
  const ringing = async (sdp?: string): Promise<{ peer: SipPeer; invite: SipRequest; record: unknown }> => {
    const peer = await edge.peer('udp');
    const invite = peer.invite(edge.uri('4000'), OFFER);
    peer.send(invite);
    await until(() => invites.length > 0);
    const arrived = invites.pop()!;
    if (sdp === undefined) arrived.ring();
    else arrived.ring(183, sdp);
    await peer.nextResponse(sdp === undefined ? 180 : 183);
    return { peer, invite, record: JSON.parse(JSON.stringify(arrived.record)) as unknown };
  };

  it('answers a caller who has heard early media of the life before, in the same dialog', async () => {
    const { peer, invite, record } = await ringing(ANSWER);
    await kill();
    gateway = await startApp();
    const adopted = valueOf(await gateway.adoptInvite(record));
    expect(adopted).toMatchObject({ callId: invite.callId, sdp: OFFER, origin: { kind: 'trunk', trunkId: 'carrier' } });
    expect(await gateway.adoptInvite(record)).toMatchObject({ fault: { code: 'not_found' } });
    gateway.adoptionDone();
    adopted.ring(183, ANSWER);
    const early = await peer.nextResponse(183);
    const ahead = await adopted.dialogAhead(ANSWER);
    const answering = adopted.answer(ANSWER);
    const answer = await peer.nextResponse(200);
    expect(answer.to.tag).toBe(early.to.tag);
    peer.send(peer.within(invite, answer, 'ACK'));
    const dialog = valueOf(await answering);
    // What is written down before an answer is what it makes, in this life as in the one before.
    expect(ahead).toMatchObject({ id: dialog.id, name: dialog.name });
    expect(gateway.trunks.line('carrier')?.calls.inbound).toBe(1);
    const over = dialog.hangup();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await over;
    expect(gateway.trunks.line('carrier')?.calls.inbound).toBe(0);
    expect(invites).toEqual([]);
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  it('refuses a caller of the life before, and hears of one who gives up', async () => {
    const first = await ringing();
    await kill();
    gateway = await startApp();
    valueOf(await gateway.adoptInvite(first.record)).reject(486);
    first.peer.send(first.peer.ackOf(first.invite, await first.peer.nextResponse(486)));
    const second = await ringing();
    await kill();
    gateway = await startApp();
    const reasons: string[] = [];
    valueOf(await gateway.adoptInvite(second.record)).onCancelled((reason) => reasons.push(reason));
    second.peer.send(second.peer.cancelOf(second.invite));
    await until(() => reasons.length > 0);
    expect(reasons).toEqual(['caller_cancelled']);
    await second.peer.nextResponse(487);
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  it('does not find a caller who has given up meanwhile', async () => {
    const { peer, invite, record } = await ringing();
    await kill();
    peer.send(peer.cancelOf(invite));
    await peer.nextResponse(487);
    gateway = await startApp();
    expect(await gateway.adoptInvite(record)).toMatchObject({ fault: { code: 'not_found' } });
    expect(await gateway.adoptInvite({ version: 1 })).toMatchObject({ fault: { code: 'bad_input' } });
    expect(edge.edge.counts()).toMatchObject({ dialogs: 0, pendingRequests: 0 });
  });

  it('serves a caller whom nobody adopts as a new one, and refuses one who has heard another voice', async () => {
    const rung = await ringing();
    await kill();
    gateway = await startApp();
    gateway.adoptionDone();
    await until(() => invites.length > 0);
    const answering = invites.pop()!.answer(ANSWER);
    const answer = await rung.peer.nextResponse(200);
    rung.peer.send(rung.peer.within(rung.invite, answer, 'ACK'));
    const over = valueOf(await answering).hangup();
    rung.peer.send(rung.peer.response(await rung.peer.nextRequest('BYE'), 200));
    await over;
    const heard = await ringing(ANSWER);
    await kill();
    gateway = await startApp();
    gateway.adoptionDone();
    const refusal = await heard.peer.nextResponse(503);
    expect(refusal.get('Retry-After')).toBe('2');
    expect(invites).toEqual([]);
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  it('refuses callers when no next life comes', async () => {
    for (const one of open.splice(0)) await one.close();
    await edge.close();
    edge = await JournaledEdge.start({ limits: { appReturnGraceMs: 300 } });
    gateway = await startApp();
    const { peer } = await ringing();
    await kill();
    await peer.nextResponse(503);
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  it('serves a caller who has come before anybody took calls, unless the caller has given up', async () => {
    await kill();
    const [patient, hasty] = [await edge.peer('udp'), await edge.peer('udp')];
    gateway = await startApp('app', false);
    const invite = patient.invite(edge.uri('4000'));
    patient.send(invite);
    await patient.nextResponse(100);
    const given = hasty.invite(edge.uri('4000'));
    hasty.send(given);
    await hasty.nextResponse(100);
    await until(() => edge.edge.counts().pendingRequests === 2);
    hasty.send(hasty.cancelOf(given));
    await hasty.nextResponse(487);
    await gateway.trace([]);
    gateway.onIncoming((arrived) => invites.push(arrived));
    expect(invites.map(({ callId }) => callId)).toEqual([invite.callId]);
    invites.pop()!.reject(486);
    await patient.nextResponse(486);
    await until(() => edge.edge.counts().pendingRequests === 0);
  });
});
