/** {@link SipDialog} on a dialog of drachtio-srf. */
import { randomInt } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { sleep, within } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { CallParty, DialogEnd, DialogName, InfoDigit, LateOffer, ReferRequest, SipDialog } from '../ports';
import type { DialogRecord, TrunkPlace } from '../records';
import { isSocketGone } from '../srf/srf-client';
import type { SrfDialog, SrfRequest, SrfResponse } from '../srf/srf-types';
import { codeOfStatus, statusOfCode } from '../status-codes';
import { answerInfo } from './answer-info';
import { answerRefer } from './answer-refer';
import type { DialogBook } from './dialog-book';
import type { DigestSession } from '../trunks/digest-session';
import { DialogRequests } from './dialog-requests';
import type { DialogKeeper, KeptDialog } from './dialog-keeper';
import { InfoSender } from './send-info';
import type { ServerConnection } from './server-connection';
import { SessionInterval } from './session-interval';

export interface DialogDependencies {
  readonly connection: ServerConnection;
  readonly keeper: DialogKeeper;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where INVITEs with Replaces find the dialog. */
  readonly book: DialogBook;
}

/** Whom a dialog is with, and what answers the challenges of the trunk between. */
export interface FarEnd {
  readonly party: CallParty;
  readonly digest?: DigestSession | undefined;
  /** What our answer has agreed on. Left out: the dialog is made by the other side's answer, which says it. */
  readonly session?: SessionInterval;
  /** Which place in which trunk the call holds. */
  readonly place?: TrunkPlace | undefined;
  /** It is one of another life of the app: what arrives waits until somebody follows it. */
  readonly isAdopted?: boolean;
  /** Called once, when the dialog is over. */
  readonly onOver?: (() => void) | undefined;
}

/** How long a hang-up waits for the other side's ACK: a BYE that overtakes it confuses many agents. */
const ACK_PATIENCE_MS = 4_000;

/** How long after its answer a dialog is left alone before its first change. */
const SETTLING_MS = 300;

/** The request was lost with the connection to the server: the next one can take it. */
const LOST = 'lost';

/** drachtio-srf may notice that a connection has closed a moment before it says so. */
const LOSS_NOTICE_MS = 50;

export class GatewayDialog implements SipDialog, KeptDialog {
  private readonly answeredAtMs: number;
  private end: DialogEnd | undefined;
  private ourSdp: string;
  private theirSdp: string;
  private readonly endHandlers: ((end: DialogEnd) => void)[] = [];
  private readonly changeHandlers: (() => void)[] = [];
  private reinviteHandler: ((offerSdp: string) => Promise<Result<string>>) | undefined;
  private lateOffer: LateOffer | undefined;
  /** The CSeq of a re-INVITE without an offer, which ours was sent for: its ACK brings the answer. */
  private offeredFor: number | undefined;
  private referHandler: ((refer: ReferRequest) => void) | undefined;
  readonly remote: CallParty;
  private readonly requests: DialogRequests;
  private readonly session: SessionInterval;
  private readonly infos: InfoSender;
  private infoHandler: ((digit: InfoDigit) => void) | undefined;
  private readonly modifications = new KeyedSerialQueue<'dialog'>();
  private readonly forget: () => void;
  private hangingUp: Promise<void> | undefined;
  private isPaused: boolean;
  /** Resolves when the other side has acknowledged our answer, or the dialog is over. */
  private readonly acknowledged: Promise<void>;
  private settleAcknowledged: () => void = () => undefined;

  constructor(
    private readonly srf: SrfDialog,
    private readonly far: FarEnd,
    private readonly deps: DialogDependencies,
  ) {
    this.remote = far.party;
    this.acknowledged = new Promise((resolve) => (this.settleAcknowledged = resolve));
    this.answeredAtMs = deps.clock.monotonicMs();
    this.ourSdp = srf.local.sdp;
    this.theirSdp = srf.remote.sdp ?? '';
    this.session = far.session ?? new SessionInterval();
    if (!far.session) this.session.learn(srf.res);
    this.isPaused = far.isAdopted ?? false;
    // Of one that is adopted the other side's description says that it has been confirmed.
    if (srf.type === 'uac' || (far.isAdopted && this.theirSdp !== '')) this.settleAcknowledged();
    this.requests = new DialogRequests(srf, far.digest);
    this.infos = new InfoSender(this.requests, deps.connection);
    this.forget = deps.keeper.add(this);
    srf.on('ack', (ack) => this.onAck(ack));
    srf.on('destroy', (bye, reason) => this.onBye(bye, reason));
    srf.on('modify', (req, res) => void this.onOffer(req, res));
    srf.on('update', (req, res) => void this.onOffer(req, res));
    srf.on('info', (req, res) => answerInfo(req, res, this.infoHandler));
    srf.on('refer', (req, res) => this.onReferRequest(req, res));
    // RFC 6665, section 4.1.3: for what we have not subscribed to.
    srf.on('notify', (_req, res) => res.send(481));
    deps.book.add(srf.sip, srf.id);
  }

  /** The server is back and has this dialog. */
  resumed(): void {
    // An ACK that came in between would have told nobody.
    if (this.theirSdp !== '') this.settleAcknowledged();
  }

  /** The server has this dialog no more. */
  lost(end: DialogEnd = { by: 'connection_lost' }): void {
    this.finish(end);
    this.deps.connection.srf.removeDialog(this.srf);
  }

  get id(): string {
    return this.srf.id;
  }

  get callId(): string {
    return this.srf.sip.callId;
  }

  get name(): DialogName {
    return this.srf.sip;
  }

  get remoteSdp(): string {
    return this.theirSdp;
  }

  get ended(): DialogEnd | undefined {
    return this.end;
  }

  get record(): DialogRecord {
    const { srf, far, ourSdp, theirSdp } = this;
    const { contact } = srf.local;
    const session = this.session.current;
    return {
      version: 1,
      id: srf.id,
      role: srf.type,
      name: srf.sip,
      party: far.party,
      localSdp: ourSdp,
      remoteSdp: theirSdp,
      target: srf.remote.uri,
      ...(contact !== undefined && { contact }),
      ...(session && { session }),
      ...(far.place && { place: far.place }),
    };
  }

  onChanged(handler: () => void): void {
    this.changeHandlers.push(handler);
  }

  /** What has arrived for an adopted dialog waits no longer. Idempotent. */
  release(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.srf.queueRequests = false;
  }

  /** Resolves when the offer of an answer without one has been answered in the ACK, or the dialog is over. */
  get confirmed(): Promise<void> {
    return this.acknowledged;
  }

  onEnd(handler: (end: DialogEnd) => void): void {
    if (this.end) return handler(this.end);
    this.endHandlers.push(handler);
    // Whoever follows this dialog sets the other handlers in the same turn.
    if (this.isPaused) setImmediate(() => this.release());
  }

  onReinvite(handler: (offerSdp: string) => Promise<Result<string>>): void {
    this.reinviteHandler = handler;
  }

  onLateOffer(lateOffer: LateOffer): void {
    this.lateOffer = lateOffer;
  }

  onInfo(handler: (digit: InfoDigit) => void): void {
    this.infoHandler = handler;
  }

  async sendDigit(digit: InfoDigit): Promise<Result<void>> {
    if (this.end) return fail('closed', 'the call is over');
    await this.acknowledged;
    return this.infos.send(digit);
  }

  onRefer(handler: (refer: ReferRequest) => void): void {
    this.referHandler = handler;
  }

  modify(sdp: string): Promise<Result<string>> {
    return this.modifications.run('dialog', async () => {
      await this.acknowledged;
      const { clock } = this.deps;
      // RFC 5407, section 3.1.3: an INVITE that comes before the ACK has been digested is refused by many agents.
      const sinceAnswerMs = clock.monotonicMs() - this.answeredAtMs;
      if (sinceAnswerMs < SETTLING_MS) await sleep(clock, SETTLING_MS - sinceAnswerMs);
      const first = await this.reinvite(sdp);
      if (first.ok || first.fault.code !== 'conflict') return first;
      // RFC 3261, section 14.1: after 491 the owner of the Call-ID waits 2.1 to 4 s, the other side up to 2 s.
      const [fromMs, toMs] = this.srf.type === 'uac' ? [2_100, 4_000] : [10, 2_000];
      await sleep(clock, randomInt(fromMs, toMs));
      return this.reinvite(sdp);
    });
  }

  hangup(reasonHeader?: string): Promise<void> {
    this.hangingUp ??= this.sendBye(reasonHeader);
    return this.hangingUp;
  }

  private async sendBye(reasonHeader: string | undefined): Promise<void> {
    const { clock, keeper } = this.deps;
    if (!this.end) await within(clock, ACK_PATIENCE_MS, this.acknowledged);
    if (this.ended) return;
    this.finish({ by: 'local' });
    const headers: Record<string, string> = reasonHeader === undefined ? {} : { Reason: reasonHeader };
    // While the server is away the BYE waits for it.
    while ((await keeper.whenUp(this.id)) && (await this.tryBye(headers)) === LOST) await sleep(clock, LOSS_NOTICE_MS);
    this.forget();
  }

  private tryBye(headers: Record<string, string>): Promise<typeof LOST | void> {
    return new Promise((resolve) => {
      const forgetLoss = this.deps.connection.onLost(() => resolve(LOST));
      const over = (outcome: typeof LOST | void): void => {
        forgetLoss();
        if (outcome !== LOST) this.deps.connection.srf.removeDialog(this.srf);
        resolve(outcome);
      };
      const request = { method: 'BYE', headers } as const;
      this.requests.send(request, {
        failed: (error) => over(isSocketGone(error) ? LOST : undefined),
        response: (response) => {
          if (response.status >= 200) over();
        },
      });
    });
  }

  private async reinvite(sdp: string): Promise<Result<string>> {
    const { keeper, clock } = this.deps;
    while (!this.end && (await keeper.whenUp(this.id))) {
      const outcome = await this.tryReinvite(sdp);
      if (outcome !== LOST) return outcome;
      await sleep(clock, LOSS_NOTICE_MS);
    }
    return fail('closed', 'the call is over');
  }

  private tryReinvite(sdp: string): Promise<Result<string> | typeof LOST> {
    const headers = { ...this.requests.contactHeader, ...this.session.request() };
    const request = { method: 'INVITE', body: sdp, headers } as const;
    return new Promise((settle) => {
      const forgetLoss = this.deps.connection.onLost(() => settle(LOST));
      const resolve = (outcome: Result<string> | typeof LOST): void => {
        forgetLoss();
        settle(outcome);
      };
      this.onEnd(() => resolve(fail('closed', 'the call ended during the change')));
      this.requests.send(request, {
        failed: (error) => {
          if (isSocketGone(error)) return resolve(LOST);
          resolve(fail('conflict', `the change was refused: ${messageOf(error)}`, error));
        },
        response: (response, ack) => {
          if (response.status < 200) return;
          if (response.status < 300) ack();
          resolve(this.onReinviteAnswered(sdp, response));
        },
      });
    });
  }

  private onReinviteAnswered(sdp: string, response: SrfResponse): Result<string> {
    const { status, reason, body } = response;
    if (status < 300) {
      if (!body) return fail('not_acceptable_media', 'the other side answered the change without a description');
      this.session.learn(response);
      this.ourSdp = sdp;
      this.theirSdp = body;
      this.changed();
      return ok(body);
    }
    // RFC 3261, section 14.1 with 12.2.1.2: after 481 or 408 the UAC SHOULD terminate the dialog.
    if (status === 481 || status === 408) void this.hangup('SIP;cause=481');
    // RFC 3261, section 14.2: a 500 with Retry-After is the other side's way to say that it is busy with another change.
    const passes = status === 500 && response.get('Retry-After') !== undefined;
    return fail(passes ? 'conflict' : codeOfStatus(status), `the other side refused the change: ${status} ${reason}`);
  }

  private onAck(ack: SrfRequest): void {
    if (ack.body) {
      this.theirSdp = ack.body;
      this.changed();
    }
    this.settleAcknowledged();
    if (this.offeredFor === undefined || this.offeredFor !== numberOf(ack)) return;
    this.offeredFor = undefined;
    if (ack.body) this.lateOffer?.answered(ack.body);
  }

  private onBye(bye: SrfRequest, reason: string | undefined): void {
    if (bye.source === 'application') this.finish({ by: 'failure', reason: reason ?? 'ended by the SIP server' });
    else this.finish({ by: 'remote', reason: bye.get('Reason') });
  }

  private async onOffer(req: SrfRequest, res: SrfResponse): Promise<void> {
    const { contact } = this.srf.local;
    const headers = { 'Content-Type': 'application/sdp', ...(contact === undefined ? {} : { Contact: contact }) };
    const offer = req.body ?? '';
    if (offer === '') {
      // An INVITE without offer asks for one (RFC 3261, 14.2); an UPDATE without only refreshes the session.
      if (req.method === 'INVITE') return this.offerAnew(req, { res, headers });
      res.send(200, { headers: this.session.answer(req) });
      return this.changed();
    }
    const answer = await this.answerTo(offer);
    if (this.end) return;
    if (!answer.ok) return res.send(statusOfCode(answer.fault.code));
    this.ourSdp = answer.value;
    this.theirSdp = offer;
    res.send(200, { body: answer.value, headers: { ...headers, ...this.session.answer(req) } });
    this.changed();
  }

  private async offerAnew(
    req: SrfRequest,
    reply: { readonly res: SrfResponse; readonly headers: Record<string, string> },
  ): Promise<void> {
    const { res, headers } = reply;
    const made = this.lateOffer ? await this.lateOffer.offer() : ok(this.ourSdp);
    if (this.end) return;
    if (!made.ok) return res.send(statusOfCode(made.fault.code));
    this.offeredFor = numberOf(req);
    this.ourSdp = made.value;
    res.send(200, { body: made.value, headers: { ...headers, ...this.session.answer(req) } });
    this.changed();
  }

  private onReferRequest(req: SrfRequest, res: SrfResponse): void {
    const { requests, id, referHandler: handler } = this;
    const { book, log } = this.deps;
    answerRefer(req, res, { id, requests, book, log, handler });
  }

  private async answerTo(offer: string): Promise<Result<string>> {
    if (!this.reinviteHandler) return fail('not_acceptable_media', 'nobody answers offers of this call');
    try {
      return await this.reinviteHandler(offer);
    } catch (error) {
      this.deps.log.error({ err: error, dialog: this.id }, 'the handler of an offer threw');
      return fail('internal', messageOf(error), error);
    }
  }

  private finish(end: DialogEnd): void {
    if (this.end) return;
    this.end = end;
    // One that we have ended has its BYE before it.
    if (end.by !== 'local') this.forget();
    this.settleAcknowledged();
    this.deps.book.remove(this.srf.sip);
    this.infos.close();
    this.far.onOver?.();
    for (const handler of this.endHandlers.splice(0)) this.contained(() => handler(end));
  }

  private changed(): void {
    if (!this.end) for (const handler of this.changeHandlers) this.contained(handler);
  }

  private contained(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      this.deps.log.error({ err: error, dialog: this.id }, 'the handler of a call threw');
    }
  }
}

const numberOf = (request: SrfRequest): number => Number.parseInt(request.get('CSeq') ?? '', 10);
