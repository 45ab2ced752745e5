/** SUBSCRIBE of phones, on drachtio-srf (RFC 6665, 4.2.1). */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { Registrar } from '../registrar/registrar';
import { parseExpires } from '../sip/headers/contact';
import { parseUri } from '../sip/uri';
import type { SrfClient, SrfDialog, SrfRequest, SrfResponse } from '../srf/srf-types';
import type { EventPackage } from '../subscriptions/event-packages';
import { ALLOW_EVENTS, packageOf } from '../subscriptions/event-packages';
import type { StateSource } from '../subscriptions/extension-state';
import type { Subscription, SubscriptionDialog } from '../subscriptions/notifier';
import { Notifier } from '../subscriptions/notifier';
import { partyOf } from './party';
import { sourceOf } from './source';

const MIN_EXPIRES_S = 60;
const MAX_EXPIRES_S = 3_600;
/** Until there is somebody who knows the extensions. */
const STARTING_RETRY_S = '5';

export interface SubscriptionDoorDeps {
  readonly registrar: Registrar;
  readonly srf: SrfClient;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Asked {
  readonly req: SrfRequest;
  readonly res: SrfResponse;
}

interface Wanted {
  readonly pack: EventPackage;
  readonly userName: string;
  readonly extension: string;
  readonly host: string;
  readonly expiresS: number;
}

export class SubscriptionDoor {
  private serving: { readonly notifier: Notifier; readonly source: StateSource } | undefined;

  constructor(private readonly deps: SubscriptionDoorDeps) {}

  /** From now on subscriptions are taken. @returns what tells subscribers of changes. */
  open(source: StateSource): Notifier {
    const { clock, log } = this.deps;
    const notifier = new Notifier({ clock, log, source });
    this.serving = { notifier, source };
    return notifier;
  }

  serverLost(): void {
    this.serving?.notifier.serverLost();
  }

  close(): void {
    this.serving?.notifier.close();
    this.serving = undefined;
  }

  /** Answers a SUBSCRIBE outside of dialogs. */
  handle(req: SrfRequest, res: SrfResponse): void {
    const asked = { req, res };
    const userName = this.subscriberOf(asked);
    if (userName === undefined) return;
    const pack = packageOf(req.get('Event'));
    if (!pack) return res.send(489, { headers: { 'Allow-Events': ALLOW_EVENTS } });
    const { serving } = this;
    if (!serving) return res.send(503, { headers: { 'Retry-After': STARTING_RETRY_S } });
    const expiresS = this.grantedS(asked, pack);
    if (expiresS === undefined) return;
    const uri = parseUri(req.uri);
    const extension = uri.ok ? (uri.value.userDecoded ?? '') : '';
    const refusal = this.refusalOf({ asked, pack, userName, extension });
    if (refusal !== undefined) return res.send(refusal);
    const host = uri.ok ? uri.value.host : '';
    this.accept(asked, { pack, userName, extension, host, expiresS });
  }

  /** Phones prove themselves with every subscription; strangers learn nothing. */
  private subscriberOf({ req, res }: Asked): string | undefined {
    const { registrar, log } = this.deps;
    const source = sourceOf(req);
    const identity = registrar.authenticator.check(req);
    if (identity.outcome === 'ok' && partyOf(req.get('From')).number === identity.userName) return identity.userName;
    if (identity.outcome !== 'ok' && registrar.knows(source)) {
      registrar.authenticator.challenge({ req, res }, identity.stale);
      return undefined;
    }
    log.info({ ...source, uri: req.uri }, 'a SUBSCRIBE was refused');
    res.send(403);
    return undefined;
  }

  /** The time that is granted; undefined when the wish was too short and has been refused. */
  private grantedS({ req, res }: Asked, pack: EventPackage): number | undefined {
    const wanted = parseExpires(req.get('Expires') ?? '');
    const wantedS = wanted.ok ? wanted.value : pack.defaultExpiresS;
    if (wantedS > 0 && wantedS < MIN_EXPIRES_S) {
      res.send(423, { headers: { 'Min-Expires': String(MIN_EXPIRES_S) } });
      return undefined;
    }
    return Math.min(wantedS, MAX_EXPIRES_S);
  }

  private refusalOf(of: { asked: Asked; pack: EventPackage; userName: string; extension: string }): number | undefined {
    const { asked, pack, userName, extension } = of;
    const accept = asked.req.get('Accept');
    if (accept !== undefined && !accept.includes(pack.contentType) && !accept.includes('*/*')) return 406;
    // Whose messages wait is nobody else's business.
    if (pack.name === 'message-summary' && extension !== userName) return 403;
    const { serving } = this;
    if (!serving || pack.fingerprint(serving.source, extension) === undefined) return 404;
    return serving.notifier.hasRoom(userName) ? undefined : 503;
  }

  private accept({ req, res }: Asked, wanted: Wanted): void {
    const { srf, log } = this.deps;
    const headers = { Expires: String(wanted.expiresS) };
    srf.createUAS(req, res, { headers }, (error, dialog) => {
      if (!dialog) return log.warn({ reason: messageOf(error) }, 'a subscription could not be accepted');
      const { serving } = this;
      if (!serving) return srf.removeDialog(dialog);
      const { pack, userName, extension, host, expiresS } = wanted;
      const event = req.get('Event') ?? pack.name;
      const subscription = serving.notifier.add({
        pack,
        event,
        userName,
        watched: { extension, host },
        dialog: dialogOf(srf, dialog),
        expiresS,
      });
      this.listen(dialog, pack, subscription);
    });
  }

  private listen(dialog: SrfDialog, pack: EventPackage, subscription: Subscription): void {
    dialog.on('subscribe', (req, res) => {
      const expiresS = this.grantedS({ req, res }, pack);
      if (expiresS === undefined) return;
      const { contact } = dialog.local;
      const headers = { Expires: String(expiresS), ...(contact === undefined ? {} : { Contact: contact }) };
      res.send(200, { headers });
      subscription.refresh(expiresS);
    });
    // drachtio-srf has answered it.
    dialog.on('unsubscribe', () => subscription.refresh(0));
  }
}

const dialogOf = (srf: SrfClient, dialog: SrfDialog): SubscriptionDialog => ({
  notify: (headers, body) =>
    new Promise((resolve) => {
      const { contact } = dialog.local;
      const withContact = contact === undefined ? headers : { ...headers, Contact: contact };
      dialog.request({ method: 'NOTIFY', headers: { ...withContact }, body }, (error, response) =>
        resolve(error || !response ? 408 : response.status),
      );
    }),
  forget: () => srf.removeDialog(dialog),
});
