/** A dialog: what two user agents remember about each other between requests (RFC 3261, 12). */
import type { Timer } from '../../../base/clock';
import { invariant } from '../../../base/errors';
import type { Connection } from '../../sip/connection';
import type { NameAddr } from '../../sip/headers/name-addr';
import { parseNameAddr } from '../../sip/headers/name-addr';
import { SipRequest } from '../../sip/message';
import type { SipResponse } from '../../sip/message';
import { parseUri } from '../../sip/uri';
import type { AppOwner } from '../apps/app-owner';
import type { ReliableResponses } from '../incoming/reliable-responses';
import type { AwaitedAck } from './awaited-ack';
import type { SessionTimer } from './session-timer';

/**
 * ```
 * early --2xx--> confirmed --BYE--> terminated
 *   |-------- failure, CANCEL ----------^
 * ```
 */
export type DialogState = 'early' | 'confirmed' | 'terminated';

const MOVES: Readonly<Record<DialogState, readonly DialogState[]>> = {
  early: ['confirmed', 'terminated'],
  confirmed: ['terminated'],
  terminated: [],
};

/** What a dialog is made of, in words that can be written down. */
export interface DialogSnapshot {
  readonly role: 'uas' | 'uac';
  readonly method: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly local: string;
  readonly remote: string;
  readonly routes: readonly string[];
  readonly target: string;
  readonly localCseq: number;
  readonly remoteCseq: number | undefined;
  readonly answeredCseq: number | undefined;
  readonly ackedCseq: number | undefined;
  readonly peerAllowsUpdate: boolean;
  /** One character a byte. */
  readonly localSdp: string | undefined;
  readonly event?: string | undefined;
  readonly expiresAtMs?: number | undefined;
}

interface DialogParts {
  readonly role: 'uas' | 'uac';
  readonly method: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly owner: AppOwner;
  readonly connection: Connection;
  readonly localCseq: number;
  readonly remoteCseq: number | undefined;
  readonly routeSet: readonly string[];
  readonly remoteTarget: string;
}

export class Dialog {
  /** As drachtio names dialogs: drachtio-srf builds this name itself to find a dialog by Call-ID and tag. */
  readonly id: string;
  readonly role: 'uas' | 'uac';
  /** The method that made it: INVITE or SUBSCRIBE. */
  readonly method: string;
  readonly callId: string;
  /** Another one when an app says its name only after it has made the dialog. */
  owner: AppOwner;
  /** The connection by which the other side was heard last. */
  connection: Connection;
  remoteTarget: string;
  /** Which side has an INVITE under way; two at once are not allowed (RFC 3261, 14). */
  pendingInvite: 'none' | 'ours' | 'theirs';
  /** Our 2xx that the other side has not acknowledged yet. */
  awaitedAck: AwaitedAck | undefined;
  /** Our provisional responses that want a PRACK, while the INVITE that made this dialog has no final response. */
  reliable: ReliableResponses | undefined;
  /** The RSeq of the last reliable response that we have taken, as a caller (RFC 3262, 4). */
  lastRSeq: number | undefined;
  /** The CSeq of our latest INVITE that was answered with 2xx: the one an ACK belongs to. */
  answeredCseq: number | undefined;
  sessionTimer: SessionTimer | undefined;
  /** Our BYE was challenged, and waits for credentials. */
  isByeChallenged = false;
  /** The end of a subscription that nobody refreshes, or of the wait for a BYE with credentials. */
  expiry: Timer | undefined;
  /** When that is, in milliseconds since 1970. */
  expiresAtMs: number | undefined;
  /** The Event header of the SUBSCRIBE that made it, with its `id`. */
  event: string | undefined;
  /** The session description that we sent last. */
  localSdp: Buffer | undefined;
  /** Whether the other side lists UPDATE in Allow (RFC 3311). */
  peerAllowsUpdate = false;
  /** Whether it is in the table of dialogs, where requests find it. */
  isListed = false;
  /** Our latest ACK, to be repeated for repeated 2xx. */
  lastAck: SipRequest | undefined;
  /** The CSeq of our latest INVITE whose 2xx we have acknowledged. */
  ackedCseq: number | undefined;
  private current: DialogState = 'early';
  private local: NameAddr;
  private remote: NameAddr;
  private routeSet: readonly string[];
  private localCseq: number;
  private remoteCseq: number | undefined;

  private constructor(parts: DialogParts) {
    this.id = `${parts.callId};from-tag=${parts.fromTag}`;
    this.role = parts.role;
    this.method = parts.method;
    this.callId = parts.callId;
    this.owner = parts.owner;
    this.connection = parts.connection;
    this.remoteTarget = parts.remoteTarget;
    this.pendingInvite = parts.method !== 'INVITE' ? 'none' : parts.role === 'uac' ? 'ours' : 'theirs';
    this.local = parts.local;
    this.remote = parts.remote;
    this.routeSet = parts.routeSet;
    this.localCseq = parts.localCseq;
    this.remoteCseq = parts.remoteCseq;
  }

  /** The dialog that our response to this request makes (RFC 3261, 12.1.1). */
  static ofIncoming(request: SipRequest, parts: { localTag: string; owner: AppOwner; connection: Connection }): Dialog {
    const dialog = new Dialog({
      role: 'uas',
      method: request.method,
      callId: request.callId,
      fromTag: request.from.tag ?? '',
      local: request.to.withTag(parts.localTag),
      remote: request.from,
      owner: parts.owner,
      connection: parts.connection,
      localCseq: 0,
      remoteCseq: request.cseq.number,
      routeSet: request.getAll('Record-Route'),
      remoteTarget: request.contacts[0]?.uri.toString() ?? request.from.uri.toString(),
    });
    if (request.method === 'SUBSCRIBE') dialog.event = request.get('Event');
    return dialog;
  }

  /** Another dialog that the same request of ours has made, because it was forked on its way. */
  fork(response: SipResponse): Dialog {
    const fork = new Dialog({
      role: 'uac',
      method: this.method,
      callId: this.callId,
      fromTag: this.localTag,
      local: this.local,
      remote: response.to,
      owner: this.owner,
      connection: this.connection,
      localCseq: response.cseq.number,
      remoteCseq: undefined,
      routeSet: [],
      remoteTarget: this.remoteTarget,
    });
    fork.learn(response);
    fork.moveTo('confirmed');
    return fork;
  }

  /** The dialog that a response to our request may make; {@link Dialog.learn} takes in that response. */
  static ofOutgoing(request: SipRequest, parts: { owner: AppOwner; connection: Connection }): Dialog {
    return new Dialog({
      role: 'uac',
      method: request.method,
      callId: request.callId,
      fromTag: request.from.tag ?? '',
      local: request.from,
      remote: request.to,
      owner: parts.owner,
      connection: parts.connection,
      localCseq: request.cseq.number,
      remoteCseq: undefined,
      routeSet: [],
      remoteTarget: request.uri,
    });
  }

  /** A dialog as it was when {@link Dialog.snapshot} was taken, by a process that has gone. @throws for other text. */
  static restore(snapshot: DialogSnapshot, parts: { owner: AppOwner; connection: Connection }): Dialog {
    const { localSdp, remoteCseq, routes, target, ...rest } = snapshot;
    const dialog = new Dialog({
      ...rest,
      ...parts,
      local: addressIn(snapshot.local),
      remote: addressIn(snapshot.remote),
      remoteCseq,
      routeSet: routes,
      remoteTarget: target,
    });
    dialog.pendingInvite = 'none';
    dialog.answeredCseq = snapshot.answeredCseq;
    dialog.ackedCseq = snapshot.ackedCseq;
    dialog.peerAllowsUpdate = snapshot.peerAllowsUpdate;
    dialog.localSdp = localSdp === undefined ? undefined : Buffer.from(localSdp, 'latin1');
    dialog.event = snapshot.event;
    dialog.moveTo('confirmed');
    return dialog;
  }

  /** Everything that is needed to go on with it in another process; JSON. */
  snapshot(): DialogSnapshot {
    return {
      role: this.role,
      method: this.method,
      callId: this.callId,
      fromTag: this.role === 'uas' ? (this.remoteTag ?? '') : this.localTag,
      local: this.local.toString(),
      remote: this.remote.toString(),
      routes: this.routeSet,
      target: this.remoteTarget,
      localCseq: this.localCseq,
      remoteCseq: this.remoteCseq,
      answeredCseq: this.answeredCseq,
      ackedCseq: this.ackedCseq,
      peerAllowsUpdate: this.peerAllowsUpdate,
      localSdp: this.localSdp?.toString('latin1'),
      event: this.event,
      expiresAtMs: this.expiresAtMs,
    };
  }

  /** Whether there is a 2xx of the other side that neither the app nor we have acknowledged. */
  get owesAck(): boolean {
    return this.answeredCseq !== undefined && this.ackedCseq !== this.answeredCseq;
  }

  /** Remembers our ACK as it went out. */
  noteAck(ack: SipRequest): void {
    this.lastAck = ack;
    this.ackedCseq = ack.cseq.number;
  }

  get state(): DialogState {
    return this.current;
  }

  get localTag(): string {
    return this.local.tag ?? '';
  }

  get remoteTag(): string | undefined {
    return this.remote.tag;
  }

  /** The URI that decides where the next request goes: the first route, else the remote target. */
  get nextHop(): string {
    const first = this.routeSet[0];
    return first === undefined ? this.remoteTarget : uriInside(first);
  }

  get hasRoutes(): boolean {
    return this.routeSet.length > 0;
  }

  /** Takes tag, routes and target from a response to the request that makes the dialog (RFC 3261, 12.1.2). */
  learn(response: SipResponse): void {
    this.remote = response.to;
    this.routeSet = response.getAll('Record-Route').reverse();
    this.refreshTarget(response);
  }

  /** A target refresh: the other side's new Contact (RFC 3261, 12.2). */
  refreshTarget(message: SipRequest | SipResponse): void {
    const contact = message.contacts[0];
    if (contact) this.remoteTarget = contact.uri.toString();
  }

  /** Remembers what a session refresh will need: what we sent, and what the other side allows. */
  noteSession(ours: SipRequest | SipResponse | undefined, theirs: SipRequest | SipResponse | undefined): void {
    if (ours !== undefined && ours.body.length > 0 && /^application\/sdp/i.test(ours.get('Content-Type') ?? '')) {
      this.localSdp = ours.body;
    }
    if (theirs?.has('Allow')) this.peerAllowsUpdate = theirs.getAll('Allow').includes('UPDATE');
  }

  moveTo(next: DialogState): void {
    invariant(MOVES[this.current].includes(next), `a dialog cannot go from ${this.current} to ${next}`);
    this.current = next;
  }

  /**
   * RFC 3261, section 12.2.2: a request with a lower CSeq than the last one is out of order and MUST be refused.
   * Returns whether this one is in order, and remembers it then.
   */
  takeCseq(request: SipRequest): boolean {
    if (this.remoteCseq !== undefined && request.cseq.number <= this.remoteCseq) return false;
    this.remoteCseq = request.cseq.number;
    return true;
  }

  /** A request of ours within the dialog, with the next CSeq (RFC 3261, 12.2.1.1). */
  newRequest(method: string): SipRequest {
    this.localCseq += 1;
    return this.build(method, this.localCseq);
  }

  /** The ACK to a 2xx: its CSeq is the INVITE's (RFC 3261, 13.2.2.4). */
  newAck(inviteCseq: number): SipRequest {
    return this.build('ACK', inviteCseq);
  }

  private build(method: string, cseq: number): SipRequest {
    const [first, ...rest] = this.routeSet;
    // A first hop without `lr` is a strict router: it wants itself as Request-URI and the target as last Route.
    const strict = first !== undefined && !isLooseRouter(first);
    const request = new SipRequest({ method, uri: strict ? uriInside(first) : this.remoteTarget });
    const routes = strict ? [...rest, `<${this.remoteTarget}>`] : this.routeSet;
    for (const route of routes) request.append('Route', route);
    request.append('Max-Forwards', '70');
    request.append('From', this.local.toString());
    request.append('To', this.remote.toString());
    request.append('Call-ID', this.callId);
    request.append('CSeq', `${cseq} ${method}`);
    return request;
  }
}

const addressIn = (text: string): NameAddr => {
  const parsed = parseNameAddr(text);
  invariant(parsed.ok, `a dialog was written down with the address ${text}`);
  return parsed.value;
};

const uriInside = (route: string): string => /<([^>]*)>/.exec(route)?.[1] ?? route;

const isLooseRouter = (route: string): boolean => {
  const uri = parseUri(uriInside(route));
  return uri.ok && uri.value.params.has('lr');
};
