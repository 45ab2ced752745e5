/** SUBSCRIBE of phones, on drachtio-srf (RFC 6665, 4.2.1). */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Lasting } from '../../base/lasting';
import type { Logger } from '../../base/log';
import type { Registrar } from '../registrar/registrar';
import { parseExpires } from '../sip/headers/contact';
import { parseUri } from '../sip/uri';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { EventPackage } from '../subscriptions/event-packages';
import { ALLOW_EVENTS, packageOf } from '../subscriptions/event-packages';
import type { StateSource } from '../subscriptions/extension-state';
import type { KeptSubscription, Subscription, SubscriptionRecords } from '../subscriptions/notifier';
import { Notifier } from '../subscriptions/notifier';
import { partyOf } from './party';
import { sourceOf } from './source';
import type { SubscriptionDialogDeps } from './subscription-dialog';
import { ServerSubscriptionDialog } from './subscription-dialog';

const MIN_EXPIRES_S = 60;
const MAX_EXPIRES_S = 3_600;
/** Until there is somebody who knows the extensions. */
const STARTING_RETRY_S = '5';

/** RFC 3261, section 12.2.2: a request with a tag in To is within a dialog. */
const TO_TAG = /;\s*tag\s*=/i;

export interface SubscriptionDoorDeps extends SubscriptionDialogDeps {
  readonly registrar: Registrar;
  readonly clock: Clock;
  readonly log: Logger;
  readonly records: SubscriptionRecords | undefined;
}

/** A subscription that another process has left. */
interface Found {
  readonly kept: Lasting<KeptSubscription>;
  /** Whether the SIP server has said that it has the dialog. */
  isBack: boolean;
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

/**
 * drachtio-srf only makes the dialogs; after that they are known by their ids, here, so that those of another process
 * are like our own.
 */
export class SubscriptionDoor {
  private serving: { readonly notifier: Notifier; readonly source: StateSource } | undefined;
  /** By their dialogs. */
  private readonly active = new Map<string, Subscription>();
  private readonly found: Map<string, Found>;

  constructor(private readonly deps: SubscriptionDoorDeps) {
    const found = deps.records?.takeFound() ?? [];
    this.found = new Map(found.map((kept) => [kept.id, { kept, isBack: false }]));
  }

  /** From now on subscriptions are taken. @returns what tells subscribers of changes. */
  open(source: StateSource): Notifier {
    const { clock, log, records } = this.deps;
    const notifier = new Notifier({ clock, log, source, records });
    this.serving = { notifier, source };
    this.resumeFound();
    return notifier;
  }

  /** The SIP server has these dialogs. @returns those that are no subscriptions of ours. */
  takeBack(ids: readonly string[]): readonly string[] {
    const strange: string[] = [];
    const back = new Set(ids);
    for (const id of back) {
      const found = this.found.get(id);
      if (found) found.isBack = true;
      else if (!this.active.has(id)) strange.push(id);
    }
    for (const id of this.found.keys()) {
      if (back.has(id)) continue;
      this.found.delete(id);
      this.deps.records?.remove(id);
    }
    this.resumeFound();
    return strange;
  }

  close(): void {
    this.serving?.notifier.close();
    this.serving = undefined;
  }

  /** Answers a SUBSCRIBE. */
  handle(req: SrfRequest, res: SrfResponse): void {
    if (TO_TAG.test(req.get('To') ?? '')) this.refresh({ req, res });
    else this.begin({ req, res });
  }

  private begin(asked: Asked): void {
    const { req, res } = asked;
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
    const { srf } = this.deps.connection;
    const headers = { Expires: String(wanted.expiresS) };
    srf.createUAS(req, res, { headers }, (error, dialog) => {
      if (!dialog) return this.deps.log.warn({ reason: messageOf(error) }, 'a subscription could not be accepted');
      srf.removeDialog(dialog);
      const { serving } = this;
      if (!serving) return;
      const { pack, userName, extension, host, expiresS } = wanted;
      const event = req.get('Event') ?? pack.name;
      const own = new ServerSubscriptionDialog(dialog.id, dialog.local.contact, this.deps);
      const request = { pack, event, userName, watched: { extension, host }, dialog: own, expiresS };
      this.follow(own, (onOver) => serving.notifier.add(request, onOver));
    });
  }

  /** RFC 6665, section 4.2.1.2: another SUBSCRIBE in the dialog; 0 ends the subscription. */
  private refresh({ req, res }: Asked): void {
    if (!this.serving) return res.send(503, { headers: { 'Retry-After': STARTING_RETRY_S } });
    const dialogId = req.stackDialogId ?? '';
    const found = this.found.get(dialogId);
    // The SIP server may hand this over a moment before it has said which dialogs it has.
    if (found) {
      found.isBack = true;
      this.resumeFound();
    }
    const subscription = this.active.get(dialogId);
    const pack = packageOf(req.get('Event'));
    if (!subscription || !pack) return res.send(481);
    const expiresS = this.grantedS({ req, res }, pack);
    if (expiresS === undefined) return;
    const { contact } = subscription;
    res.send(200, { headers: { Expires: String(expiresS), ...(contact === undefined ? {} : { Contact: contact }) } });
    subscription.refresh(expiresS);
  }

  private resumeFound(): void {
    const { serving } = this;
    if (!serving) return;
    for (const { kept, isBack } of this.found.values()) {
      if (!isBack) continue;
      this.found.delete(kept.id);
      this.resume(kept, serving.notifier);
    }
  }

  private resume({ id, value, expiresAtMs }: Lasting<KeptSubscription>, notifier: Notifier): void {
    const pack = packageOf(value.event);
    const expiresS = (expiresAtMs - this.deps.clock.nowMs()) / 1_000;
    if (!pack || expiresS <= 0) return this.deps.records?.remove(id);
    const dialog = new ServerSubscriptionDialog(id, value.contact, this.deps);
    this.follow(dialog, (onOver) => notifier.resume({ ...value, pack, dialog, expiresS }, onOver));
  }

  private follow(dialog: ServerSubscriptionDialog, begin: (onOver: () => void) => Subscription): void {
    const { serving } = this;
    let isOver = false;
    const subscription = begin(() => {
      isOver = true;
      this.active.delete(dialog.id);
      dialog.forget();
    });
    if (isOver) return;
    this.active.set(dialog.id, subscription);
    dialog.onLost = () => subscription.stop();
    dialog.onResumed = () => serving?.notifier.tellSoon(subscription);
  }
}
