/** What apps on drachtio-srf do with the calls of SIPp's scenarios. */
import { systemClock } from '../../../base/clock';
import { Authenticator } from '../../../signaling/registrar/authenticator';
import { computeHa1 } from '../../../signaling/sip/digest';
import type { App, Dialog } from '../../contract/signaling/srf-app';
import { ANSWER, OFFER } from '../../contract/signaling/sip-peer';

const REALM = 'sip.example';
const NEW_OFFER = OFFER.replace('40000', '41000');

/** Keeps what the app has seen. */
export type Tell = (what: string) => void;

/** Sets an app up; `uri` is where SIPp waits for a call, if it does. */
export type Behaviour = (app: App, tell: Tell, uri: string) => void;

const ended = (dialog: Dialog, tell: Tell): Dialog => dialog.on('destroy', () => tell('ended'));

/** Answers calls; `then` goes on with the dialog. */
export const answering =
  (then: (dialog: Dialog, tell: Tell) => void = () => undefined): Behaviour =>
  (app, tell) =>
    app.invite((req, res) => {
      app.createUAS(req, res, { localSdp: ANSWER }).then(
        (dialog) => {
          tell('answered');
          then(ended(dialog, tell), tell);
        },
        (error: Error) => tell(error.message),
      );
    });

/** Lets in who answers a challenge. */
export const challenging: Behaviour = (app, tell) => {
  const ha1 = { MD5: computeHa1({ algorithm: 'MD5', user: 'ann', realm: REALM, password: 'secret' }), 'SHA-256': '' };
  const door = new Authenticator({
    realm: REALM,
    clock: systemClock,
    credentialsFor: (user) => (user === 'ann' ? ha1 : undefined),
  });
  app.invite((req, res) => {
    const verdict = door.check(req as never);
    tell(verdict.outcome === 'ok' ? verdict.userName : verdict.why);
    if (verdict.outcome === 'refused') return door.challenge({ req: req as never, res: res as never }, verdict.stale);
    void app.createUAS(req, res, { localSdp: ANSWER }).then((dialog) => ended(dialog, tell));
  });
};

export const ringingReliably: Behaviour = (app, tell) =>
  app.invite((req, res) => {
    const early = { headers: { Require: '100rel' }, body: ANSWER };
    res.send(
      183,
      early,
      () => undefined,
      (prack) => {
        tell(`PRACK ${prack.get('RAck').split(' ').slice(1).join(' ')}`);
        void app.createUAS(req, res, { localSdp: ANSWER }).then((dialog) => ended(dialog, tell));
      },
    );
  });

export const callingReliably: Behaviour = (app, tell, uri) => {
  const cbProvisional = (res: { status: number }): void => tell(String(res.status));
  const options = { localSdp: OFFER, headers: { Supported: '100rel' } };
  void app.createUAC(uri, options, { cbProvisional }).then(async (dialog) => {
    tell('answered');
    await dialog.destroy();
  });
};

export const updating = answering((dialog, tell) => {
  dialog.on('update', (req, res) => {
    tell(`UPDATE with ${req.body.length > 0 ? 'an' : 'no'} offer`);
    res.send(200, { body: ANSWER, headers: { 'Content-Type': 'application/sdp' } });
    const headers = { 'Content-Type': 'application/sdp', Contact: dialog.local.contact };
    void dialog.request({ method: 'UPDATE', body: NEW_OFFER, headers }).then(({ status }) => tell(String(status)));
  });
});

const notifying = async (dialog: Dialog, state: string, body: string): Promise<number> => {
  const headers = { Event: 'refer', 'Subscription-State': state, 'Content-Type': 'message/sipfrag;version=2.0' };
  return (await dialog.request({ method: 'NOTIFY', headers, body })).status;
};

export const transferring = answering((dialog, tell) => {
  dialog.on('refer', (req, res) => {
    tell(`REFER to ${/sip:(\d+)@/.exec(req.get('Refer-To'))?.[1]}`);
    res.send(202);
    void (async () => {
      tell(String(await notifying(dialog, 'active;expires=60', 'SIP/2.0 100 Trying\r\n')));
      tell(String(await notifying(dialog, 'terminated;reason=noresource', 'SIP/2.0 200 OK\r\n')));
      await dialog.destroy();
    })();
  });
});

export const referring: Behaviour = (app, tell, uri) =>
  void app.createUAC(uri, { localSdp: OFFER }).then(async (dialog) => {
    dialog.on('notify', (req, res) => {
      res.send(200);
      tell(req.body.trim());
      if (/^terminated/.test(req.get('Subscription-State'))) void dialog.destroy();
    });
    const { status } = await dialog.request({ method: 'REFER', headers: { 'Refer-To': uri.replace('4000', '4001') } });
    tell(String(status));
  });

/** Offers again as soon as the call stands, and once more when the other side's offer has been answered. */
export const offering = answering((dialog, tell) => {
  const offer = async (): Promise<void> => {
    const headers = { Contact: dialog.local.contact, 'Content-Type': 'application/sdp' };
    const { status } = await dialog.request({ method: 'INVITE', body: NEW_OFFER, headers });
    tell(`our offer: ${status}`);
  };
  dialog.once('ack', () => void offer());
  dialog.on('modify', (_req, res) => {
    tell('their offer');
    res.send(200, { body: NEW_OFFER, headers: { Contact: dialog.local.contact, 'Content-Type': 'application/sdp' } });
    void offer();
  });
});

/** Answers a re-INVITE only when an INFO has come. */
export const hesitating = answering((dialog, tell) => {
  dialog.on('modify', (_offer, later) => {
    tell('their offer');
    dialog.on('info', (_info, res) => {
      res.send(200);
      later.send(200, { body: ANSWER, headers: { Contact: dialog.local.contact, 'Content-Type': 'application/sdp' } });
    });
  });
});

export const ringingOn: Behaviour = (app, tell) => app.invite((req) => req.on('cancel', () => tell('cancelled')));

/** Cancels the call that it places: as soon as that is sent, or when it rings. */
export const cancelling =
  (when: 'sent' | 'ringing'): Behaviour =>
  (app, tell, uri) => {
    let request: { cancel(callback: () => void): void } | undefined;
    const cancel = (): void => request?.cancel(() => tell('cancelled'));
    const progress = {
      cbRequest: (_error: unknown, sent: typeof request) => {
        request = sent;
        if (when === 'sent') cancel();
      },
      cbProvisional: (res: { status: number }) => {
        tell(String(res.status));
        if (when === 'ringing') cancel();
      },
    };
    app.createUAC(uri, { localSdp: OFFER }, progress).then(
      (dialog) => {
        tell('answered all the same');
        void dialog.destroy();
      },
      (error: { status: number }) => tell(`failed: ${error.status}`),
    );
  };
