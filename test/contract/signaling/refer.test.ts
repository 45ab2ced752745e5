/** REFER, Replaces, glare and offers asked for, through the gateway, drachtio-srf and the edge (RFC 3515, 3891, 3261). */
import { ok } from '../../../base/result';
import type { EarlyDialog, ReferProgress, ReferRequest, SipDialog } from '../../../signaling/ports';
import type { SipRequest } from '../../../signaling/sip/message';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';
import { GatewayBench, valueOf } from './gateway-bench';
import type { Conversation } from './gateway-bench';
import { until } from './server-under-test';

let bench: GatewayBench;
let peer: SipPeer;

beforeEach(async () => {
  bench = await GatewayBench.start();
  ({ peer } = bench);
});
afterEach(() => bench.close());

const callIn = (): Promise<Conversation> => bench.callIn();

const referOf = ({ invite, answer }: Conversation, to: string, headers: Record<string, string> = {}): SipRequest => {
  const refer = peer.within(invite, answer, 'REFER', 2);
  refer.append('Refer-To', to);
  for (const [name, value] of Object.entries(headers)) refer.append(name, value);
  return refer;
};

describe('a REFER in a dialog', () => {
  const accepting = (dialog: SipDialog): { refers: ReferRequest[]; progress: ReferProgress[] } => {
    const seen = { refers: [] as ReferRequest[], progress: [] as ReferProgress[] };
    dialog.onRefer((refer) => {
      seen.refers.push(refer);
      seen.progress.push(refer.accept());
    });
    return seen;
  };

  it('is told with its target and who asked, and hears by NOTIFY how it goes', async () => {
    const talk = await callIn();
    const seen = accepting(talk.dialog);
    peer.send(referOf(talk, '<sip:+4930555@127.0.0.1>', { 'Referred-By': '<sip:pbx@127.0.0.1>' }));
    await peer.nextResponse(202);
    expect(seen.refers[0]).toMatchObject({
      target: { number: '+4930555', replaces: undefined },
      referredBy: '<sip:pbx@127.0.0.1>',
    });
    const notified = async (): Promise<SipRequest> => {
      const notify = await peer.nextRequest('NOTIFY');
      peer.send(peer.response(notify, 200));
      return notify;
    };
    const first = await notified();
    expect(first.get('Event')).toBe('refer;id=2');
    expect(first.get('Subscription-State')).toMatch(/^active/);
    expect(first.get('Content-Type')).toContain('message/sipfrag');
    expect(first.body.toString()).toBe('SIP/2.0 100 Trying\r\n');
    seen.progress[0]?.report(180);
    expect((await notified()).body.toString()).toContain('180');
    seen.progress[0]?.report(486);
    const last = await notified();
    expect(last.body.toString()).toContain('486 Busy Here');
    expect(last.get('Subscription-State')).toMatch(/^terminated/);
    seen.progress[0]?.report(200);
    expect(talk.dialog.ended).toBeUndefined();
  });

  it('that wants no subscription gets none', async () => {
    const talk = await callIn();
    const seen = accepting(talk.dialog);
    peer.send(referOf(talk, '<sip:1@127.0.0.1>', { 'Refer-Sub': 'false' }));
    expect((await peer.nextResponse(200)).get('Refer-Sub')).toBe('false');
    seen.progress[0]?.report(200);
    const hungUp = talk.dialog.hangup();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await hungUp;
  });

  it('names the dialog that it wants to be joined with', async () => {
    const talk = await callIn();
    const seen = accepting(talk.dialog);
    peer.send(referOf(talk, '<sip:2@127.0.0.1?Replaces=abc%40host%3Bto-tag%3Done%3Bfrom-tag%3Dtwo>'));
    await peer.nextResponse(202);
    expect(seen.refers[0]?.target.replaces).toEqual({
      callId: 'abc@host',
      toTag: 'one',
      fromTag: 'two',
      earlyOnly: false,
    });
    expect(seen.refers[0]?.replaced).toEqual({ kind: 'unknown' });
  });

  it('knows whether the dialog that it wants to be joined with is one of ours', async () => {
    const talk = await callIn();
    const other = await callIn();
    const seen = accepting(talk.dialog);
    const { invite, answer, dialog } = other;
    const named = `<sip:2@127.0.0.1?Replaces=${encodeURIComponent(invite.callId)}%3Bto-tag%3D${answer.to.tag}%3Bfrom-tag%3D${invite.from.tag}>`;
    const asked = async (cseq: number): Promise<unknown> => {
      const refer = peer.within(talk.invite, talk.answer, 'REFER', cseq);
      refer.append('Refer-To', named);
      refer.append('Refer-Sub', 'false');
      peer.send(refer);
      await peer.nextResponse(200);
      return seen.refers.at(-1)?.replaced;
    };
    expect(await asked(2)).toEqual({ kind: 'running', dialogId: dialog.id });
    const hungUp = dialog.hangup();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await hungUp;
    expect(await asked(3)).toEqual({ kind: 'over' });
  });

  it.each([
    ['nowhere', 'nonsense', 400],
    ['for something else than a call', '<sip:1@127.0.0.1;method=SUBSCRIBE>', 400],
    ['that nobody listens to', '<sip:1@127.0.0.1>', 603],
  ])('%s is refused', async (_name, to, status) => {
    const talk = await callIn();
    peer.send(referOf(talk, to));
    await peer.nextResponse(status);
  });
});

it('a NOTIFY that nobody asked for is told so', async () => {
  const talk = await callIn();
  const notify = peer.within(talk.invite, talk.answer, 'NOTIFY', 2);
  notify.append('Event', 'refer');
  notify.append('Subscription-State', 'terminated');
  peer.send(notify);
  await peer.nextResponse(481);
});

describe('an INVITE with Replaces', () => {
  const replacing = (header: string): SipRequest => peer.invite(bench.server.uri('4000'), OFFER, { Replaces: header });
  const nameOf = ({ invite, answer }: Conversation, more = ''): string =>
    `${invite.callId};to-tag=${answer.to.tag};from-tag=${invite.from.tag}${more}`;
  const refused = async (header: string, status: number): Promise<void> => {
    const place = bench.invites.length;
    const invite = replacing(header);
    peer.send(invite);
    peer.send(peer.ackOf(invite, await peer.nextResponse(status)));
    expect(bench.invites).toHaveLength(place);
  };

  it('says which dialog it wants to take the place of', async () => {
    const talk = await callIn();
    peer.send(replacing(nameOf(talk)));
    await until(() => bench.invites.length === 2);
    expect(bench.invites[1]?.replaces).toEqual({ dialogId: talk.dialog.id });
    bench.invites[1]?.reject(486);
  });

  it('of none that we have is refused with 481, of nonsense with 400, of one that is answered by early-only with 486', async () => {
    const talk = await callIn();
    await refused('nobody;to-tag=1;from-tag=2', 481);
    await refused('no tags at all', 400);
    await refused(nameOf(talk, ';early-only'), 486);
  });

  it('of one that has ended is refused with 603', async () => {
    const talk = await callIn();
    const hungUp = talk.dialog.hangup();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await hungUp;
    await refused(nameOf(talk), 603);
  });
});

describe('an INVITE with Replaces of a dialog that rings', () => {
  it('says which one it wants to pick up, as long as it rings', async () => {
    const ringing: EarlyDialog[] = [];
    const call = bench.gateway.placeCall(
      {
        target: { kind: 'contact', uri: peer.contact.replace(/[<>]/g, '') },
        from: { number: '1001' },
        sdp: OFFER,
        ringTimeoutMs: 10_000,
      },
      { onRinging: (dialog) => ringing.push(dialog) },
    );
    const theirs = await peer.nextRequest('INVITE');
    peer.send(peer.response(theirs, 180));
    await until(() => ringing.length === 1);
    const { callId, localTag, remoteTag } = ringing[0]!.name;
    expect([callId, localTag]).toEqual([theirs.callId, theirs.from.tag]);
    const header = `${callId};to-tag=${localTag};from-tag=${remoteTag};early-only`;
    const picking = peer.invite(bench.server.uri('1001'), OFFER, { Replaces: header });
    peer.send(picking);
    await until(() => bench.invites.length === 1);
    expect(bench.invites[0]?.replaces).toEqual({ dialogId: ringing[0]?.id, isRinging: true });
    bench.invites[0]?.reject(486);
    await peer.nextResponse(486);
    call.cancel();
    const cancel = await peer.nextRequest('CANCEL');
    peer.send(peer.response(cancel, 200));
    peer.send(peer.response(theirs, 487));
    await call.answered;
    peer.send(peer.invite(bench.server.uri('1001'), OFFER, { Replaces: header }));
    await peer.nextResponse(481);
    expect(bench.invites).toHaveLength(1);
  });
});

describe('changes from both sides at once', () => {
  it('theirs is refused with 491 while ours is under way, and ours is tried again after theirs', async () => {
    const { invite, answer, dialog } = await callIn();
    const changed = dialog.modify(OFFER);
    const ours = await peer.nextRequest('INVITE');
    const theirs = peer.within(invite, answer, 'INVITE', 2);
    theirs.append('Content-Type', 'application/sdp');
    theirs.body = Buffer.from(OFFER);
    peer.send(theirs);
    peer.send(peer.ackOf(theirs, await peer.nextResponse(491)));
    peer.send(peer.response(ours, 491));
    const again = await peer.nextRequest('INVITE');
    peer.send(peer.response(again, 200, ANSWER));
    expect(valueOf(await changed)).toBe(ANSWER);
  }, 10_000);
});

describe('a re-INVITE without an offer', () => {
  it('gets a fresh one, whose answer comes with the ACK', async () => {
    const { invite, answer, dialog } = await callIn();
    const fresh = OFFER.replace('40000', '51000');
    const heard = new Promise<string>((resolve) => {
      dialog.onLateOffer({ offer: () => Promise.resolve(ok(fresh)), answered: resolve });
    });
    peer.send(peer.within(invite, answer, 'INVITE', 2));
    expect((await peer.nextResponse(200)).body.toString()).toBe(fresh);
    const ack = peer.within(invite, answer, 'ACK');
    ack.set('CSeq', '2 ACK');
    ack.append('Content-Type', 'application/sdp');
    ack.body = Buffer.from(ANSWER);
    peer.send(ack);
    expect(await heard).toBe(ANSWER);
    expect(dialog.remoteSdp).toBe(ANSWER);
  });

  it('and an UPDATE without one only refresh the session where nobody makes offers', async () => {
    const { invite, answer } = await callIn();
    peer.send(peer.within(invite, answer, 'UPDATE', 2));
    expect((await peer.nextResponse(200)).body.toString()).toBe('');
    peer.send(peer.within(invite, answer, 'INVITE', 3));
    expect((await peer.nextResponse(200)).body.toString()).toBe(ANSWER);
  });
});
