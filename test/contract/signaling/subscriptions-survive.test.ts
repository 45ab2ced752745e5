/** Subscriptions that outlive the edge's process, and the app's. */
import type { Clock } from '../../../base/clock';
import { systemClock } from '../../../base/clock';
import { LastingRecords } from '../../../base/lasting';
import { silentLogger } from '../../../base/log';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import type { ExtensionCall, StateSource } from '../../../signaling/subscriptions/extension-state';
import type { KeptSubscription, Notifier } from '../../../signaling/subscriptions/notifier';
import { MemoryLastingStore } from '../../support/memory-lasting';
import { challenged, ha1sOf } from './credentials';
import { JournaledEdge, SECRET } from './journaled-edge';
import { describeEdge, until } from './server-under-test';
import type { SipPeer } from './sip-peer';

const REALM = 'switchroom.test';
const PASSWORD = 'correct horse';
const PHONES = new Set(['2001', '2002']);

interface App {
  readonly gateway: Gateway;
  readonly notifier: Notifier;
  readonly records: LastingRecords<KeptSubscription>;
}

let server: JournaledEdge;
let store: MemoryLastingStore<KeptSubscription>;
let app: App;
let phone: SipPeer;
let calls: ExtensionCall[];

const SOURCE: StateSource = {
  stateOf: (extension) =>
    PHONES.has(extension) ? { reachable: true, calls: extension === '2002' ? calls : [] } : undefined,
  messagesOf: () => undefined,
};

const RINGING: ExtensionCall = { id: 'c1', direction: 'recipient', state: 'early', remote: { number: '+49301' } };

const credentialsFor = (user: string, realm: string) =>
  PHONES.has(user) ? ha1sOf({ user, realm, password: PASSWORD }) : undefined;

const startApp = async (): Promise<App> => {
  const log = silentLogger();
  const clock = systemClock;
  const records = await LastingRecords.load<KeptSubscription>({ store, clock, log, name: 'test', maxRecords: 100 });
  const gateway = createGateway({
    server: { host: '127.0.0.1', port: server.edge.ports.control, secret: SECRET },
    clock,
    log,
    trunks: [],
    registrar: { realm: REALM, credentialsFor, isPhone: (user) => PHONES.has(user) },
    subscriptionRecords: records,
    serverGraceMs: 3_000,
  });
  const notifier = gateway.serveSubscriptions(SOURCE);
  gateway.adoptionDone();
  await gateway.ready;
  return { gateway, notifier, records };
};

/** What kill -9 does: all that was written is there, and the connection ends without a word. */
const killApp = async ({ gateway, records }: App): Promise<void> => {
  await records.close();
  (gateway as unknown as { readonly connection: { close(): void } }).connection.close();
  await gateway.close();
};

/** Sends the request, and again with credentials. */
const proved = async (request: SipRequest): Promise<SipRequest> => {
  const again = await challenged(phone, request, PASSWORD);
  phone.send(again);
  return again;
};

/** The next NOTIFY, answered. */
const notified = async (): Promise<SipRequest> => {
  const notify = await phone.nextRequest('NOTIFY');
  phone.send(phone.response(notify, 200));
  return notify;
};

interface Subscribed {
  readonly request: SipRequest;
  readonly accepted: SipResponse;
  readonly first: SipRequest;
}

const subscribe = async (): Promise<Subscribed> => {
  const address = `sip:2001@${REALM}`;
  await proved(
    phone.request('REGISTER', `sip:${REALM}`, {
      From: `<${address}>;tag=r`,
      To: `<${address}>`,
      Expires: '600',
    }),
  );
  await phone.nextResponse(200);
  const wanted = { Event: 'dialog;id=7', Expires: '300', Contact: phone.contact, From: `<${address}>;tag=s` };
  const request = await proved(phone.request('SUBSCRIBE', `sip:2002@${REALM}`, wanted));
  const accepted = await phone.nextResponse(202);
  return { request, accepted, first: await notified() };
};

const refresh = ({ request, accepted }: Subscribed, headers: Record<string, string> = {}): void => {
  const again = phone.within(request, accepted, 'SUBSCRIBE', 10);
  const wanted = { Event: 'dialog;id=7', Expires: '120', Contact: phone.contact, ...headers };
  for (const [name, value] of Object.entries(wanted)) again.set(name, value);
  phone.send(again);
};

const versionOf = (notify: SipRequest): number => Number(/version="(\d+)"/.exec(notify.body.toString())?.[1]);

/** In the same dialog, later, with all that is known. */
const goesOnFrom = (before: SipRequest, now: SipRequest): void => {
  expect(now.callId).toBe(before.callId);
  expect([now.from.tag, now.to.tag]).toEqual([before.from.tag, before.to.tag]);
  expect(now.cseq.number).toBeGreaterThan(before.cseq.number);
  expect(now.get('Event')).toBe('dialog;id=7');
  expect(now.get('Subscription-State')).toMatch(/^active;expires=\d+$/);
  expect(now.body.toString()).toContain('state="full" entity="sip:2002@switchroom.test"');
  expect(versionOf(now)).toBeGreaterThan(versionOf(before));
};

describeEdge('a subscription', () => {
  beforeEach(async () => {
    calls = [];
    store = new MemoryLastingStore();
    server = await JournaledEdge.start();
    app = await startApp();
    phone = await server.peer('udp');
  });

  afterEach(async () => {
    await app.gateway.close();
    await app.records.close();
    await server.close();
  });

  it('outlives the edge: the phone is told the whole state at once, later changes, and can refresh', async () => {
    const subscribed = await subscribe();
    calls = [RINGING];
    await server.restart();
    const again = await notified();
    goesOnFrom(subscribed.first, again);
    expect(again.body.toString()).toContain('<state>early</state>');
    calls = [];
    app.notifier.changed();
    const changed = await notified();
    goesOnFrom(again, changed);
    expect(changed.body.toString()).not.toContain('<state>');
    refresh(subscribed);
    expect((await phone.nextResponse(200)).get('Expires')).toBe('120');
    goesOnFrom(changed, await notified());
    expect(app.notifier.size).toBe(1);
  }, 20_000);

  it('takes a change while the edge is away to the phone when it is back', async () => {
    const { first } = await subscribe();
    const restarted = server.restart();
    await until(() => !app.gateway.connected);
    calls = [RINGING];
    app.notifier.changed();
    await restarted;
    const again = await notified();
    goesOnFrom(first, again);
    expect(again.body.toString()).toContain('<state>early</state>');
  }, 20_000);

  it('is forgotten by the edge when nobody refreshes it, also over a restart', async () => {
    await subscribe();
    await killApp(app);
    const later: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 299_000 };
    await server.restart({ clock: later });
    expect(server.edge.counts().dialogs).toBe(1);
    const afterwards: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 340_000 };
    await server.restart({ clock: afterwards });
    await until(() => server.edge.counts().dialogs === 0);
  }, 20_000);

  it('outlives the app: its successor tells the phone the whole state, and takes its refresh', async () => {
    const subscribed = await subscribe();
    await killApp(app);
    calls = [RINGING];
    app = await startApp();
    const again = await notified();
    goesOnFrom(subscribed.first, again);
    expect(again.body.toString()).toContain('<state>early</state>');
    expect(again.contacts[0]?.uri.port).toBe(server.edge.ports.sip);
    refresh(subscribed);
    await phone.nextResponse(200);
    goesOnFrom(again, await notified());
    refresh(subscribed, { CSeq: '11 SUBSCRIBE', Expires: '0' });
    await phone.nextResponse(200);
    expect((await notified()).get('Subscription-State')).toBe('terminated;reason=timeout');
    await until(() => server.edge.counts().dialogs === 0);
    await app.records.settled();
    expect(store.records.size).toBe(0);
  }, 20_000);

  it('is refreshed while the app is away: the refresh waits for it', async () => {
    const subscribed = await subscribe();
    await killApp(app);
    refresh(subscribed);
    app = await startApp();
    expect((await phone.nextResponse(200)).get('Expires')).toBe('120');
    goesOnFrom(subscribed.first, await notified());
  }, 20_000);

  it('goes with the target to another Contact of the phone', async () => {
    const subscribed = await subscribe();
    const moved = await server.peer('udp');
    refresh(subscribed, { Contact: moved.contact });
    await phone.nextResponse(200);
    const notify = await moved.nextRequest('NOTIFY');
    expect(notify.callId).toBe(subscribed.first.callId);
    moved.send(moved.response(notify, 200));
  });

  it('that the next app knows nothing of is ended, so that the phone subscribes again at once', async () => {
    const { first } = await subscribe();
    await killApp(app);
    store = new MemoryLastingStore();
    app = await startApp();
    const last = await notified();
    expect(last.callId).toBe(first.callId);
    expect(last.get('Event')).toBe('dialog;id=7');
    expect(last.get('Subscription-State')).toBe('terminated;reason=deactivated');
    expect(last.contacts).toHaveLength(1);
    expect(server.edge.counts().dialogs).toBe(0);
  }, 20_000);

  it('that the edge has lost is forgotten by the app', async () => {
    await subscribe();
    await killApp(app);
    await server.edge.close();
    await server.close();
    server = await JournaledEdge.start();
    app = await startApp();
    await until(() => app.notifier.size === 0);
    await app.records.settled();
    expect(store.records.size).toBe(0);
  }, 20_000);

  it('of the extension of somebody who has left ends with noresource', async () => {
    await subscribe();
    await killApp(app);
    PHONES.delete('2002');
    try {
      app = await startApp();
      expect((await notified()).get('Subscription-State')).toBe('terminated;reason=noresource');
    } finally {
      PHONES.add('2002');
    }
  }, 20_000);
});
