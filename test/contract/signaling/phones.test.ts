/** Desk phones at the gateway: several contacts of one phone, and subscriptions, by SIP peers on sockets. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import type { Gateway } from '../../../signaling/gateway';
import type { OutgoingEvents } from '../../../signaling/ports';
import { createGateway } from '../../../signaling/gateway';
import type { SipRequest } from '../../../signaling/sip/message';
import type { ExtensionCall, StateSource } from '../../../signaling/subscriptions/extension-state';
import type { Notifier } from '../../../signaling/subscriptions/notifier';
import { ServerUnderTest, until } from './server-under-test';
import { challenged, ha1sOf, register } from './credentials';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';

const REALM = 'switchroom.test';
const PASSWORD = 'correct horse';
const PHONES = new Set(['2001', '2002']);

let server: ServerUnderTest;
let gateway: Gateway;
let notifier: Notifier;
let calls: ExtensionCall[];
let newMessages: number;

const SOURCE: StateSource = {
  stateOf: (extension) =>
    PHONES.has(extension) ? { reachable: true, calls: extension === '2002' ? calls : [] } : undefined,
  messagesOf: (extension) =>
    PHONES.has(extension) ? { newMessages, oldMessages: 2, newUrgentMessages: 0, oldUrgentMessages: 0 } : undefined,
};

const accountOf = (user: string) => ({ user, realm: REALM, password: PASSWORD });

beforeEach(async () => {
  calls = [];
  newMessages = 0;
  server = await ServerUnderTest.start();
  gateway = createGateway({
    server: { host: server.host, port: server.controlPort, secret: server.secret },
    clock: systemClock,
    log: silentLogger(),
    trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'] }],
    registrar: {
      realm: REALM,
      credentialsFor: (user) => (PHONES.has(user) ? ha1sOf(accountOf(user)) : undefined),
      isPhone: (user) => PHONES.has(user),
    },
  });
  notifier = gateway.serveSubscriptions(SOURCE);
  await gateway.ready;
});

afterEach(async () => {
  await gateway.close();
  await server.close();
});

const valueOf = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
};

const call = (events: OutgoingEvents = {}) =>
  gateway.placeCall(
    {
      target: { kind: 'phone', userName: '2001' },
      from: { number: '1001' },
      sdp: OFFER,
      ringTimeoutMs: 5_000,
    },
    events,
  );

describe('a phone with several contacts', () => {
  it('rings at all that it prefers alike; the first answer wins and the others are cancelled', async () => {
    const [desk, door] = [await server.peer('udp'), await server.peer('udp')];
    await register(desk, accountOf('2001'));
    await register(door, accountOf('2001'));
    const callIds: string[] = [];
    const placed = call({ onCallId: (callId) => callIds.push(callId) });
    const [atDesk, atDoor] = [await desk.nextRequest('INVITE'), await door.nextRequest('INVITE')];
    desk.send(desk.response(atDesk, 180));
    door.send(door.response(atDoor, 200, ANSWER));
    const dialog = valueOf(await placed.answered);
    expect(callIds.sort()).toEqual([atDesk.callId, atDoor.callId].sort());
    const cancel = await desk.nextRequest('CANCEL');
    desk.send(desk.response(cancel, 200));
    desk.send(desk.response(atDesk, 487));
    await door.nextRequest('ACK');
    expect(dialog.remote.number).toBe('2001');
    const over = dialog.hangup();
    door.send(door.response(await door.nextRequest('BYE'), 200));
    await over;
  });

  it('rings where it is preferred less only when the preferred contact has failed', async () => {
    const [desk, mobile] = [await server.peer('udp'), await server.peer('udp')];
    await register(desk, accountOf('2001'), { Contact: `${desk.contact};q=0.8` });
    await register(mobile, accountOf('2001'), { Contact: `${mobile.contact};q=0.2` });
    const placed = call();
    const atDesk = await desk.nextRequest('INVITE');
    expect(mobile.pending).toEqual([]);
    desk.send(desk.response(atDesk, 486));
    const onMobile = await mobile.nextRequest('INVITE');
    mobile.send(mobile.response(onMobile, 486));
    const answered = await placed.answered;
    expect(answered).toMatchObject({ ok: false, fault: { code: 'busy' } });
  });

  it('does not ring elsewhere after somebody has declined', async () => {
    const [desk, mobile] = [await server.peer('udp'), await server.peer('udp')];
    await register(desk, accountOf('2001'), { Contact: `${desk.contact};q=0.8` });
    await register(mobile, accountOf('2001'), { Contact: `${mobile.contact};q=0.2` });
    const placed = call();
    desk.send(desk.response(await desk.nextRequest('INVITE'), 603));
    expect(await placed.answered).toMatchObject({ ok: false, fault: { code: 'declined' } });
    expect(mobile.pending.filter((message) => message.kind === 'request')).toEqual([]);
  });

  it('is reached through the proxies of its Path, which the registrar confirms', async () => {
    const phone = await server.peer('udp');
    const path = `<sip:${phone.self};lr>`;
    const ok = await register(phone, accountOf('2001'), { Path: path, Supported: 'path' });
    expect(ok.get('Path')).toBe(path);
    const placed = call();
    const invite = await phone.nextRequest('INVITE');
    expect(invite.get('Route')).toBe(path);
    phone.send(phone.response(invite, 486));
    await placed.answered;
  });

  it('proves itself with every call, though its address is a trunk’s', async () => {
    const phone = await server.peer('udp');
    await register(phone, accountOf('2001'));
    const origins: unknown[] = [];
    gateway.onIncoming((invite) => {
      origins.push(invite.origin);
      invite.reject(480);
    });
    const dial = phone.invite(server.uri('1001'), OFFER, { From: `<sip:2001@${REALM}>;tag=a` });
    phone.send(dial);
    phone.send(phone.ackOf(dial, await phone.nextResponse(401)));
    expect(origins).toEqual([]);
  });

  it('asks for no less than a minute', async () => {
    const phone = await server.peer('udp');
    const request = phone.request('REGISTER', `sip:${REALM}`, {
      From: `<sip:2001@${REALM}>;tag=1`,
      To: `<sip:2001@${REALM}>`,
      Expires: '20',
    });
    phone.send(await challenged(phone, request, PASSWORD));
    expect((await phone.nextResponse(423)).get('Min-Expires')).toBe('60');
  });
});

const subscribeTo = (peer: SipPeer, extension: string, extra: Record<string, string>): SipRequest =>
  peer.request('SUBSCRIBE', `sip:${extension}@${REALM}`, {
    From: `<sip:2001@${REALM}>;tag=s`,
    Contact: peer.contact,
    Expires: '300',
    ...extra,
  });

/** The next NOTIFY, answered. */
const notified = async (peer: SipPeer, status = 200): Promise<SipRequest> => {
  const notify = await peer.nextRequest('NOTIFY');
  peer.send(peer.response(notify, status));
  return notify;
};

const bodyOf = (request: SipRequest): string => request.body.toString('utf8');

describe('a phone that subscribes', () => {
  let phone: SipPeer;
  beforeEach(async () => {
    phone = await server.peer('udp');
    await register(phone, accountOf('2001'));
  });

  const subscribe = async (extension: string, extra: Record<string, string>) => {
    const request = await challenged(phone, subscribeTo(phone, extension, extra), PASSWORD);
    phone.send(request);
    const accepted = await phone.nextResponse(202);
    return { request, accepted };
  };

  it('is told the dialogs of an extension at once, and each change with the next version', async () => {
    const { accepted } = await subscribe('2002', { Event: 'dialog' });
    expect(accepted.get('Expires')).toBe('300');
    const first = await notified(phone);
    expect(first.get('Event')).toBe('dialog');
    expect(first.get('Subscription-State')).toMatch(/^active;expires=(300|299)$/);
    expect(first.get('Content-Type')).toBe('application/dialog-info+xml');
    expect(bodyOf(first)).toContain('version="0" state="full" entity="sip:2002@switchroom.test"></dialog-info>');
    calls = [
      { id: 'c1', direction: 'recipient', state: 'early', remote: { number: '+49301', displayName: 'A & <B>' } },
    ];
    notifier.changed();
    const second = bodyOf(await notified(phone));
    expect(second).toContain('version="1"');
    expect(second).toContain('<dialog id="c1" direction="recipient"><state>early</state>');
    expect(second).toContain('display="A &amp; &lt;B&gt;"');
    const dialogs = ['x', 'y'].map((callId) => ({ callId, localTag: 'theirs', remoteTag: 'o"urs' }));
    calls = [{ id: 'c1', direction: 'recipient', state: 'early', remote: { number: '1' }, dialogs }];
    notifier.changed();
    const third = bodyOf(await notified(phone));
    const tags = 'local-tag="theirs" remote-tag="o&quot;urs" direction="recipient"';
    expect(third).toContain(`<dialog id="c1" call-id="x" ${tags}>`);
    expect(third).toContain(`<dialog id="c1-2" call-id="y" ${tags}>`);
    calls = [];
    notifier.changed();
    expect(bodyOf(await notified(phone))).toContain('version="3"');
  });

  it('is told whether an extension is on the phone', async () => {
    await subscribe('2002', { Event: 'presence' });
    expect(bodyOf(await notified(phone))).toContain('<basic>open</basic>');
    calls = [{ id: 'c1', direction: 'initiator', state: 'confirmed', remote: { number: '1' } }];
    notifier.changed();
    expect(bodyOf(await notified(phone))).toContain('<rpid:on-the-phone/>');
  });

  it('is told of its own messages, and of nobody else’s', async () => {
    await subscribe('2001', { Event: 'message-summary' });
    expect(bodyOf(await notified(phone))).toContain('Messages-Waiting: no');
    newMessages = 3;
    notifier.changed();
    const lamp = bodyOf(await notified(phone));
    expect(lamp).toContain('Messages-Waiting: yes');
    expect(lamp).toContain('Voice-Message: 3/2 (0/0)');
    const foreign = subscribeTo(phone, '2002', { Event: 'message-summary', From: `<sip:2001@${REALM}>;tag=f` });
    phone.send(await challenged(phone, foreign, PASSWORD));
    await phone.nextResponse(403);
  });

  it('goes on when it refreshes, and hears the last state when it leaves', async () => {
    const { request, accepted } = await subscribe('2002', { Event: 'dialog' });
    await notified(phone);
    const again = phone.within(request, accepted, 'SUBSCRIBE', 10);
    for (const [name, value] of Object.entries({ Event: 'dialog', Expires: '120', Contact: phone.contact })) {
      again.set(name, value);
    }
    phone.send(again);
    expect((await phone.nextResponse(200)).get('Expires')).toBe('120');
    expect((await notified(phone)).get('Subscription-State')).toMatch(/^active;expires=1(20|19)$/);
    const leave = again.clone();
    leave.set('Via', phone.via());
    leave.set('CSeq', '11 SUBSCRIBE');
    leave.set('Expires', '0');
    phone.send(leave);
    expect((await notified(phone)).get('Subscription-State')).toBe('terminated;reason=timeout');
    await until(() => notifier.size === 0);
  });

  it('is forgotten when it answers a notification with 481', async () => {
    await subscribe('2002', { Event: 'dialog' });
    await notified(phone, 481);
    await until(() => notifier.size === 0);
  });

  it('hears which events there are when it asks for another, and 404 for an extension that nobody has', async () => {
    phone.send(await challenged(phone, subscribeTo(phone, '2002', { Event: 'conference' }), PASSWORD));
    const allowed = (await phone.nextResponse(489)).getAll('Allow-Events').join(', ');
    expect(allowed).toBe('dialog, presence, message-summary');
    phone.send(
      await challenged(
        phone,
        subscribeTo(phone, '2999', { Event: 'dialog', From: `<sip:2001@${REALM}>;tag=g` }),
        PASSWORD,
      ),
    );
    await phone.nextResponse(404);
  });
});

it('a stranger learns nothing by SUBSCRIBE', async () => {
  const stranger = await server.peer('udp');
  stranger.send(subscribeTo(stranger, '2002', { Event: 'dialog' }));
  await stranger.nextResponse(403);
  expect(notifier.size).toBe(0);
});
