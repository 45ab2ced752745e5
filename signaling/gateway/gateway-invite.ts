/** {@link IncomingInvite} on a request and response of drachtio-srf. */
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type {
  CallOrigin,
  CallParty,
  CancelReason,
  IdentityVerdict,
  IncomingInvite,
  SignalingSource,
  SipDialog,
  TrunkTraits,
} from '../ports';
import type { DialogRecord, InviteRecord, TrunkPlace } from '../records';
import { parseContact } from '../sip/headers/contact';
import { rebuildDialog } from '../srf/rebuild-dialog';
import { isServerGone } from '../srf/srf-client';
import type { SrfRequest, SrfResponse, SrfSendOptions } from '../srf/srf-types';
import type { DigestSession } from '../trunks/digest-session';
import { parseReplaces } from '../sip/headers/replaces';
import type { DialogBook } from './dialog-book';
import type { DialogDependencies } from './gateway-dialog';
import { GatewayDialog } from './gateway-dialog';
import type { InviteView } from './invite-view';
import { SessionInterval } from './session-interval';
import { arrivalTimeMs } from './arrival-time';
import { sourceOf } from './source';

/**
 * ```
 * offered --answer--> answered
 *    |--reject--> refused      (both final)
 *    |--CANCEL, loss of the server--> cancelled
 * ```
 */
type InviteState =
  | { readonly name: 'offered' }
  | { readonly name: 'answered' }
  | { readonly name: 'refused' }
  | { readonly name: 'cancelled'; readonly reason: CancelReason };

interface InviteRequest {
  readonly req: SrfRequest;
  readonly res: SrfResponse;
  readonly view: InviteView;
  /** Called once, when the call is over: refused, cancelled, or its dialog has ended. */
  readonly onOver?: (() => void) | undefined;
  readonly replaces?: IncomingInvite['replaces'];
  /** Of the trunk it came by: answers challenges within the dialog. */
  readonly digest?: DigestSession | undefined;
  /** Which place in which trunk the call holds. */
  readonly place?: TrunkPlace | undefined;
}

/** The dialog that an INVITE is to replace, or the status that refuses it (RFC 3891, section 3). */
export const replacedBy = (req: SrfRequest, book: DialogBook): IncomingInvite['replaces'] | number => {
  const header = req.get('Replaces');
  if (header === undefined) return undefined;
  const replaces = parseReplaces(header);
  if (!replaces.ok) return 400;
  const found = book.find(replaces.value);
  if (found.outcome === 'refused') return found.status;
  const { dialogId } = found;
  return found.outcome === 'ringing' ? { dialogId, isRinging: true } : { dialogId };
};

interface BegunDialog {
  readonly id: string;
  readonly localTag: string;
}

const SERVER_LOST = 'the SIP server was lost before the answer was sent';

const tagIn = (header: string | undefined): string | undefined => /;\s*tag=([^;\s]+)/i.exec(header ?? '')?.[1];

export class GatewayInvite implements IncomingInvite {
  readonly from: CallParty;
  readonly to: CallParty;
  readonly withheld: boolean;
  readonly traits: TrunkTraits | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly source: SignalingSource;
  readonly arrivedAtMs: number | undefined;
  identity: IdentityVerdict | undefined;
  private state: InviteState = { name: 'offered' };
  private cancelHandler: ((reason: CancelReason) => void) | undefined;
  private readonly forgetLoss: () => void;
  /** What our first response has begun. */
  private begun: Promise<BegunDialog | undefined> | undefined;

  constructor(
    private readonly request: InviteRequest,
    readonly origin: CallOrigin,
    private readonly deps: DialogDependencies,
  ) {
    const { req, view } = request;
    this.from = view.from;
    this.to = view.to;
    this.withheld = view.withheld;
    this.traits = view.traits;
    this.headers = view.headers;
    this.source = sourceOf(req);
    this.arrivedAtMs = arrivalTimeMs(req.stackTime, deps.clock.nowMs());
    this.forgetLoss = deps.connection.onLost(() => this.onCancel('connection_lost'));
    req.on('cancel', () => this.onCancel('caller_cancelled'));
  }

  get replaces(): IncomingInvite['replaces'] {
    return this.request.replaces;
  }

  get callId(): string {
    return this.request.req.get('Call-ID') ?? '';
  }

  get uri(): string {
    return this.request.req.uri;
  }

  get sdp(): string | undefined {
    const { body } = this.request.req;
    return body === undefined || body === '' ? undefined : body;
  }

  get record(): InviteRecord {
    const { callId, origin, replaces, identity } = this;
    return {
      version: 1,
      id: this.request.req.stackTxnId,
      callId,
      origin,
      ...(replaces && { replaces }),
      ...(identity && { identity }),
    };
  }

  onCancelled(handler: (reason: CancelReason) => void): void {
    this.cancelHandler = handler;
    if (this.state.name === 'cancelled') handler(this.state.reason);
  }

  ring(status: 180 | 181 | 182 | 183 = 180, sdp?: string): void {
    if (this.state.name !== 'offered') return;
    const withBody = sdp === undefined ? {} : { body: sdp, headers: { 'Content-Type': 'application/sdp' } };
    if (this.begun) this.request.res.send(status, withBody);
    else this.begun = this.begin(status, withBody);
  }

  async dialogAhead(sdp: string): Promise<DialogRecord | undefined> {
    const { sdp: remoteSdp, callId, from: party } = this;
    const { req, place } = this.request;
    const begun = await this.begun;
    const remoteTag = tagIn(req.get('From'));
    const contact = parseContact(req.get('Contact') ?? '');
    if (!begun || remoteSdp === undefined || remoteTag === undefined || !contact.ok) return undefined;
    if (!this.deps.connection.extended) return undefined;
    const interval = new SessionInterval();
    interval.answer(req);
    const session = interval.current;
    return {
      ...{ version: 1, id: begun.id, role: 'uas', party, localSdp: sdp, remoteSdp },
      name: { callId, localTag: begun.localTag, remoteTag },
      target: contact.value.uri.toString(),
      ...(session && { session }),
      ...(place && { place }),
    };
  }

  async answer(sdp: string): Promise<Result<SipDialog>> {
    const { state } = this;
    if (state.name === 'cancelled' && state.reason === 'connection_lost') return fail('unavailable', SERVER_LOST);
    if (state.name !== 'offered') return fail('closed', `the call is ${state.name} already`);
    this.state = { name: 'answered' };
    const lateOffer = this.sdp === undefined;
    const ahead = await this.dialogAhead(sdp);
    const answered = await this.createDialog(sdp, ahead);
    this.forgetLoss();
    if (answered.ok) answered.value.onEnd(() => this.request.onOver?.());
    else this.request.onOver?.();
    if (!answered.ok || !lateOffer) return answered;
    await answered.value.confirmed;
    if (answered.value.ended) return fail('closed', 'the call ended before it was acknowledged');
    if (answered.value.remoteSdp !== '') return answered;
    void answered.value.hangup('SIP;cause=488');
    return fail('not_acceptable_media', 'the caller acknowledged our offer without an answer');
  }

  reject(status: number, reason?: string, headers?: Readonly<Record<string, string>>): void {
    if (this.state.name !== 'offered') return;
    this.state = { name: 'refused' };
    this.forgetLoss();
    this.request.res.send(status, reason, headers && { headers: { ...headers } });
    this.request.onOver?.();
  }

  /** Sends the first response, and waits for the server to say what dialog it has begun. */
  private begin(status: number, withBody: SrfSendOptions): Promise<BegunDialog | undefined> {
    const { res } = this.request;
    return new Promise((resolve) => {
      const forget = this.deps.connection.onLost(() => resolve(undefined));
      res.send(status, withBody, (_error, sent) => {
        forget();
        const id = res.meta?.dialogId;
        const localTag = tagIn(sent?.get('To'));
        resolve(id === undefined || localTag === undefined ? undefined : { id, localTag });
      });
    });
  }

  /** @param ahead the dialog, as far as it is known before the server confirms it. */
  private createDialog(sdp: string, ahead: DialogRecord | undefined): Promise<Result<GatewayDialog>> {
    const { req, res, digest, place } = this.request;
    const { connection } = this.deps;
    if (!connection.connected) return Promise.resolve(fail('unavailable', SERVER_LOST));
    return new Promise((resolve) => {
      const forget = connection.onLost(() => this.awaitServer(ahead, resolve));
      const session = new SessionInterval();
      const options = { localSdp: sdp, headers: session.answer(req) };
      connection.srf.createUAS(req, res, options, (error, dialog) => {
        // Whether the server has sent it is seen when it is back.
        if (!dialog && isServerGone(error)) return;
        forget();
        // The dialog's listeners must be there before the next message is read, hence no promise in between.
        if (dialog) resolve(ok(new GatewayDialog(dialog, { party: this.from, digest, session, place }, this.deps)));
        else resolve(fail('closed', `the call could not be answered: ${messageOf(error)}`, error));
      });
    });
  }

  /** The server was lost with our answer: it has sent it, or not, which it says when it is back. */
  private awaitServer(ahead: DialogRecord | undefined, settle: (answered: Result<GatewayDialog>) => void): void {
    const { keeper, connection } = this.deps;
    const lost = (): void => settle(fail('unavailable', SERVER_LOST));
    if (!ahead) return lost();
    const resumed = (): void => {
      const srf = rebuildDialog(connection.srf, ahead);
      if (!srf) return lost();
      const { digest, place } = this.request;
      const session = new SessionInterval(ahead.session);
      settle(ok(new GatewayDialog(srf, { party: this.from, digest, session, place, isAdopted: true }, this.deps)));
    };
    keeper.add({ id: ahead.id, resumed, lost });
  }

  private onCancel(reason: CancelReason): void {
    if (this.state.name !== 'offered') return;
    this.state = { name: 'cancelled', reason };
    this.forgetLoss();
    this.request.onOver?.();
    this.cancelHandler?.(reason);
  }
}
