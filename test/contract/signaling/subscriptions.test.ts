/** Subscriptions (RFC 6665) of drachtio-srf apps, as notifier and as subscriber. */
import { randomUUID } from 'node:crypto';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import type { SipPeer } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';
import type { App, Dialog, Received } from './srf-app';
import { appOf, deferred } from './srf-app';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

const idle = (): Promise<void> => until(() => server.edge === undefined || server.edge.counts().dialogs === 0);

const subscribe = (peer: SipPeer, extra: Record<string, string> = {}): SipRequest =>
  peer.request('SUBSCRIBE', server.uri('4000'), {
    Event: 'presence',
    Expires: '600',
    Contact: peer.contact,
    ...extra,
  });

describe('an app that notifies', () => {
  const notifying = async (): Promise<{ dialog: Dialog; peer: SipPeer; request: SipRequest; ok: SipResponse }> => {
    const established = deferred<Dialog>();
    await server.app((srf) => {
      const app = appOf(srf);
      app.subscribe((req, res) => {
        void app.createUAS(req, res, { headers: { Expires: '300' } }).then(established.resolve);
      });
    });
    const peer = await server.peer('udp');
    const request = subscribe(peer);
    peer.send(request);
    const ok = await peer.nextResponse(202);
    return { dialog: await established.promise, peer, request, ok };
  };

  it('accepts, notifies, and ends the subscription', async () => {
    const { dialog, peer, request, ok } = await notifying();
    expect(ok.get('Expires')).toBe('300');
    expect(ok.contacts[0]?.uri.port).toBe(server.sipPort);
    const told = dialog.request({
      method: 'NOTIFY',
      headers: {
        Event: 'presence',
        'Subscription-State': 'active;expires=300',
        'Content-Type': 'application/pidf+xml',
      },
      body: '<presence/>',
    });
    const notify = await peer.nextRequest('NOTIFY');
    expect(notify.body.toString()).toBe('<presence/>');
    expect(notify.to.tag).toBe(request.from.tag);
    expect(notify.from.tag).toBe(ok.to.tag);
    expect(notify.contacts).toHaveLength(1);
    peer.send(peer.response(notify, 200));
    expect((await told).status).toBe(200);
    void dialog.destroy();
    const last = await peer.nextRequest('NOTIFY');
    expect(last.get('Subscription-State')).toContain('terminated');
    expect(last.get('Event')).toBe('presence');
    peer.send(peer.response(last, 200));
    await idle();
  });

  it('hears of refreshes and of the end, in the same dialog', async () => {
    const { dialog, peer, request, ok } = await notifying();
    const refreshed = deferred<Received>();
    dialog.on('subscribe', (req, res) => {
      res.send(200, { headers: { Expires: '300' } });
      refreshed.resolve(req);
    });
    const ended = deferred<Received>();
    dialog.on('unsubscribe', (req) => ended.resolve(req));
    const again = peer.within(request, ok, 'SUBSCRIBE', 2);
    for (const [name, value] of [
      ['Event', 'presence'],
      ['Expires', '600'],
      ['Contact', peer.contact],
    ] as const) {
      again.append(name, value);
    }
    peer.send(again);
    const accepted = await peer.nextResponse(200);
    expect(accepted.cseq).toEqual({ number: 2, method: 'SUBSCRIBE' });
    expect((await refreshed.promise).get('Expires')).toBe('600');
    const over = peer.within(request, ok, 'SUBSCRIBE', 3);
    for (const [name, value] of [
      ['Event', 'presence'],
      ['Expires', '0'],
      ['Contact', peer.contact],
    ] as const) {
      over.append(name, value);
    }
    peer.send(over);
    await peer.nextResponse(202);
    await ended.promise;
    void dialog.destroy();
    const last = await peer.nextRequest('NOTIFY');
    expect(last.get('Subscription-State')).toContain('terminated');
    peer.send(peer.response(last, 200));
    await idle();
  });

  it('refuses an event that it does not know with 489', async () => {
    await server.app((srf) => {
      appOf(srf).subscribe((_req, res) => res.send(489, { headers: { 'Allow-Events': 'presence' } }));
    });
    const peer = await server.peer('udp');
    peer.send(subscribe(peer, { Event: 'weather' }));
    expect((await peer.nextResponse(489)).get('Allow-Events')).toBe('presence');
    await idle();
  });

  it('ends the dialog of a subscriber who is gone', async () => {
    const { dialog, peer } = await notifying();
    const told = dialog.request({
      method: 'NOTIFY',
      headers: { Event: 'presence', 'Subscription-State': 'active' },
    });
    peer.send(peer.response(await peer.nextRequest('NOTIFY'), 481));
    expect((await told).status).toBe(481);
    if (server.edge) await idle();
  });
});

describe('an app that subscribes', () => {
  interface Subscribed {
    readonly app: App;
    readonly dialog: Promise<Dialog>;
    readonly peer: SipPeer;
    readonly request: SipRequest;
  }

  const subscribing = async (expires = '600'): Promise<Subscribed> => {
    const app = appOf(await server.app());
    const peer = await server.peer('udp');
    const dialog = app.createUAC(`sip:${peer.user}@${peer.self}`, {
      method: 'SUBSCRIBE',
      headers: {
        Event: 'dialog',
        Expires: expires,
        // drachtio-srf finds a subscription by the name that both sides call it.
        From: `<sip:${peer.user}@127.0.0.1>`,
      },
    });
    dialog.catch(() => undefined);
    return { app, dialog, peer, request: await peer.nextRequest('SUBSCRIBE') };
  };

  const notifyOf = (
    { peer, request }: Subscribed,
    response: SipResponse,
    { state, cseq }: { state: string; cseq: number },
  ): SipRequest => {
    const notify = peer.withinTheirs(request, response, { method: 'NOTIFY', cseq });
    notify.append('Event', 'dialog');
    notify.append('Subscription-State', state);
    notify.append('Contact', peer.contact);
    return notify;
  };

  it('gets the NOTIFYs of its subscription, the last of which ends the dialog', async () => {
    const subscribed = await subscribing();
    const { peer, request } = subscribed;
    expect(request.contacts[0]?.uri.port).toBe(server.sipPort);
    const ok = peer.response(request, 200, undefined, [
      ['Expires', '600'],
      ['Contact', peer.contact],
    ]);
    peer.send(ok);
    const dialog = await subscribed.dialog;
    const states: string[] = [];
    dialog.on('notify', (req, res) => {
      states.push(req.get('Subscription-State'));
      res.send(200);
    });
    const destroyed = deferred<Received>();
    dialog.on('destroy', destroyed.resolve);
    peer.send(notifyOf(subscribed, ok, { state: 'active;expires=600', cseq: 1 }));
    await peer.nextResponse(200);
    peer.send(notifyOf(subscribed, ok, { state: 'terminated;reason=noresource', cseq: 2 }));
    await peer.nextResponse(200);
    await destroyed.promise;
    expect(states).toEqual(['active;expires=600', 'terminated;reason=noresource']);
    await idle();
  });

  it('refreshes and ends its subscription', async () => {
    const subscribed = await subscribing();
    const { peer, request } = subscribed;
    const ok = peer.response(request, 200, undefined, [
      ['Expires', '600'],
      ['Contact', peer.contact],
    ]);
    peer.send(ok);
    const dialog = await subscribed.dialog;
    const refreshed = dialog.request({ method: 'SUBSCRIBE', headers: { Event: 'dialog', Expires: '0' } });
    const again = await peer.nextRequest('SUBSCRIBE');
    expect(again.cseq.number).toBe(request.cseq.number + 1);
    expect(again.to.tag).toBe(ok.to.tag);
    peer.send(
      peer.response(again, 200, undefined, [
        ['Expires', '0'],
        ['Contact', peer.contact],
      ]),
    );
    expect((await refreshed).status).toBe(200);
    peer.send(notifyOf(subscribed, ok, { state: 'terminated;reason=timeout', cseq: 1 }));
    await peer.nextResponse(200);
    await idle();
  });

  edgeOnly('forgets a subscription that is over without a last NOTIFY, once one might have come', async () => {
    await server.close();
    server = await ServerUnderTest.start({ timers: { t1Ms: 10, t2Ms: 40 } });
    const subscribed = await subscribing('60');
    const { peer, request } = subscribed;
    const ok = peer.response(request, 200, undefined, [
      ['Expires', '60'],
      ['Contact', peer.contact],
    ]);
    peer.send(ok);
    await subscribed.dialog;
    peer.send(notifyOf(subscribed, ok, { state: 'active;expires=0', cseq: 1 }));
    await peer.nextResponse(200);
    expect(server.edge?.counts().dialogs).toBe(1);
    await idle();
  });

  it('hears of a refusal', async () => {
    const { peer, request, dialog } = await subscribing();
    peer.send(peer.response(request, 489));
    await expect(dialog).rejects.toMatchObject({ status: 489 });
    await idle();
  });

  // RFC 6665, 4.1.2.4: the NOTIFY may come before the 2xx, and makes the dialog.
  edgeOnly('gets a NOTIFY that overtakes the 2xx after it', async () => {
    const seen: string[] = [];
    const app = appOf(
      await server.app((srf) =>
        appOf(srf).notify((req, res) => {
          seen.push(req.get('Event'));
          res.send(200);
        }),
      ),
    );
    const peer = await server.peer('udp');
    const headers = { Event: 'dialog', Expires: '600', From: `<sip:${peer.user}@127.0.0.1>` };
    const dialog = app.createUAC(`sip:${peer.user}@${peer.self}`, { method: 'SUBSCRIBE', headers });
    const request = await peer.nextRequest('SUBSCRIBE');
    const ok = peer.response(request, 200, undefined, [
      ['Expires', '600'],
      ['Contact', peer.contact],
    ]);
    const notify = notifyOf({ app, dialog, peer, request }, ok, { state: 'active;expires=600', cseq: 1 });
    peer.send(notify);
    const accepted = await peer.nextResponse(200);
    expect(accepted.cseq.method).toBe('NOTIFY');
    expect(seen).toEqual(['dialog']);
    peer.send(ok);
    const established = await dialog;
    expect(established.sip.remoteTag).toBe(ok.to.tag);
    peer.send(notifyOf({ app, dialog, peer, request }, ok, { state: 'terminated', cseq: 2 }));
    await peer.nextResponse(200);
    await idle();
  });
});

it('hands a PUBLISH to the app, and refuses a NOTIFY of no subscription', async () => {
  await server.app((srf) => {
    const app = appOf(srf);
    app.publish((_req, res) => res.send(200, { headers: { 'SIP-ETag': 'e1', Expires: '60' } }));
  });
  const peer = await server.peer('udp');
  peer.send(peer.request('PUBLISH', server.uri('4000'), { Event: 'presence', Expires: '60' }));
  expect((await peer.nextResponse(200)).get('SIP-ETag')).toBe('e1');
  const stray = peer.request('NOTIFY', server.uri('4000'), { Event: 'presence', 'Subscription-State': 'active' });
  stray.set('To', `<${server.uri('4000')}>;tag=${randomUUID()}`);
  peer.send(stray);
  await peer.nextResponse(481);
});
