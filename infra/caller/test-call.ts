/**
 * A call placed by the project's own SIP user agent, for people without a telephone, for end-to-end tests and for
 * benchmarks.
 *
 * ```
 * inviting ──2xx──► answered ──BYE of either side──► ended
 *    │ └──hangup(): CANCEL──► cancelling ──487 or any refusal──► ended
 *    │                            └──2xx that crossed it: ACK, BYE──► ended
 *    └──300 to 699, timeout, line lost──► ended
 * ```
 */
import type { Clock } from '../../base/clock';
import { systemClock } from '../../base/clock';
import { InvariantError, SwitchroomError } from '../../base/errors';
import type { Logger } from '../../base/log';
import { silentLogger } from '../../base/log';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { eventOfDigit } from '../../media/dtmf/telephone-event';
import type { DigitForm, G711Codec } from '../../media/ports';
import { parseInfoDigit } from '../../signaling/gateway/info-digit';
import type { SipRequest, SipResponse } from '../../signaling/sip/message';
import { SipResponse as Response } from '../../signaling/sip/message';
import { TransactionLayer } from '../../signaling/sip/transaction/transaction-layer';
import type { ClientTransaction, ServerTransaction } from '../../signaling/sip/transaction/types';
import { AcceptedReinvite } from './accepted-reinvite';
import type { TestCallEnd, TestCallEvent, TestCallHappening } from './call-events';
import { ALLOW, CallerDialog } from './caller-dialog';
import { CallerMedia, DIGIT_MS } from './caller-media';
import { nobodyAnswers, reasonText } from './call-options';
import type { TestCallOptions } from './call-options';
import type { SipLine } from './sip-line';
import { openSipLine } from './sip-line';

export type { TestCallEnd, TestCallEvent } from './call-events';
export type { TestCallOptions } from './call-options';

type State =
  | { readonly name: 'inviting' | 'cancelling'; readonly invite: ClientTransaction }
  | { readonly name: 'answered' }
  | { readonly name: 'ended'; readonly end: TestCallEnd };

const DEFAULT_CODECS: readonly G711Codec[] = ['PCMA', 'PCMU'];
/** How long the far end has to answer our BYE before the line is closed anyway. */
const BYE_PATIENCE_MS = 2_000;
/** Timer F (RFC 3261, 17.1.2.2): after that nobody answers any more. */
const PATIENT_BYE_MS = 33_000;

/** What a call is made of. */
interface CallParts {
  readonly line: SipLine;
  readonly media: CallerMedia;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options: TestCallOptions;
}

export class TestCall {
  /** Everything that has happened, in order. */
  readonly events: TestCallEvent[] = [];
  /** Resolves with the codec when the call is answered, fails when it never was. Never rejects. */
  readonly answered: Promise<Result<G711Codec>>;
  /** Resolves when the call is over and its sockets are closed. Never rejects. */
  readonly ended: Promise<TestCallEnd>;
  private readonly dialog: CallerDialog;
  private readonly layer: TransactionLayer;
  private readonly startedMs: number;
  private state: State;
  private reinvite: AcceptedReinvite | undefined;
  private settleAnswer: (result: Result<G711Codec>) => void = () => undefined;
  private settleEnd: (end: TestCallEnd) => void = () => undefined;

  private constructor(private readonly parts: CallParts) {
    const { line, media, clock, log, options } = parts;
    this.startedMs = clock.monotonicMs();
    this.answered = new Promise((resolve) => (this.settleAnswer = resolve));
    this.ended = new Promise((resolve) => (this.settleEnd = resolve));
    this.dialog = new CallerDialog({
      connection: line.connection,
      number: options.number,
      from: options.from ?? '+4930123456',
    });
    this.layer = new TransactionLayer({
      clock,
      log,
      onRequest: (transaction, request) => void this.onRequest(transaction, request),
      onAck: () => this.reinvite?.stop(),
      // A 2xx that comes again after its transaction: the ACK was lost.
      onStrayResponse: (response) => this.onStrayResponse(response),
    });
    this.tell({ type: 'inviting', uri: this.dialog.called, transport: options.transport ?? 'udp' });
    this.state = { name: 'inviting', invite: this.sendInvite(media.offer) };
  }

  /** Sends the INVITE. Fails with `unavailable` when there is no line, and when no RTP port is free. */
  static async place(options: TestCallOptions): Promise<Result<TestCall>> {
    const { host = '127.0.0.1', port = 5060, transport = 'udp', clock = systemClock, log = silentLogger() } = options;
    const placed: { call?: TestCall } = {};
    const line = await openSipLine({
      transport,
      remote: { address: host, port },
      isPatient: options.isPatient ?? false,
      clock,
      onMessage: (message, connection) => placed.call?.layer.receive(message, connection),
      onMalformed: (reason) => placed.call?.tell({ type: 'note', text: `received what is no SIP message: ${reason}` }),
      onLost: (reason) => placed.call?.onLineLost(reason),
    });
    if (!line.ok) return fail('unavailable', nobodyAnswers({ host, port }), line.fault);
    const media = await CallerMedia.open({
      address: line.value.connection.local.address,
      codecs: options.codecs ?? DEFAULT_CODECS,
      dtmf: options.dtmf,
      voice: options.voice,
      onAudio: options.onAudio,
      keepsSound: options.keepsSound,
      onSpoken: options.onSpoken,
      clock,
      log,
      onFirstSound: () => placed.call?.tell({ type: 'hearing' }),
      onDigit: (digit, form) => placed.call?.tell({ type: 'heard-digit', digit, form }),
      onLost: () => placed.call?.onMediaLost(),
    });
    if (!media.ok) {
      line.value.close();
      return media;
    }
    placed.call = new TestCall({ line: line.value, media: media.value, clock, log, options });
    return ok(placed.call);
  }

  /** What the caller has heard so far, 8 kHz. */
  get heard(): Int16Array {
    return this.parts.media.heard.pcm;
  }

  /** The level of what was heard last, in dB of full scale. */
  heardLevelDbfs(lastMs = 500): number {
    return this.parts.media.heard.recentLevelDbfs(lastMs);
  }

  get heardMs(): number {
    return this.parts.media.heard.durationMs;
  }

  /** RTP packets sent and received, losses and jitter. */
  get mediaStats(): CallerMedia['stats'] {
    return this.parts.media.stats;
  }

  /** Since the INVITE was sent. */
  get elapsedMs(): number {
    return this.parts.clock.monotonicMs() - this.startedMs;
  }

  get isAnswered(): boolean {
    return this.state.name === 'answered';
  }

  get callId(): string {
    return this.dialog.callId;
  }

  /**
   * Presses keys one after the other; resolves when the last is released. Does nothing when the call is not answered.
   * @param form as the far end has agreed to when absent.
   * @throws InvariantError for what is no key.
   */
  async press(digits: string, form: DigitForm = this.parts.media.digitForm): Promise<void> {
    for (const digit of digits) {
      if (eventOfDigit(digit) === undefined) throw new InvariantError(`"${digit}" is no DTMF digit`);
      if (!this.isAnswered) return;
      this.tell({ type: 'digit', digit });
      await (form === 'info' ? this.sendInfo(digit) : this.parts.media.press(digit, form));
    }
  }

  /**
   * CANCEL before the answer, BYE after it; resolves when the call is over. Idempotent.
   * @param reason of the BYE, as a Reason header has it (RFC 3326).
   */
  async hangup(reason?: string): Promise<TestCallEnd> {
    const { state } = this;
    if (state.name === 'inviting') {
      this.state = { name: 'cancelling', invite: state.invite };
      state.invite.cancel();
    } else if (state.name === 'answered') {
      await this.sendBye(reason);
      this.end({ by: 'caller' });
    }
    return this.ended;
  }

  private sendInvite(sdp: string): ClientTransaction {
    const { host = '127.0.0.1', port = 5060 } = this.parts.options;
    const nobody = (): void => {
      const reason = nobodyAnswers({ host, port });
      this.end(this.state.name === 'cancelling' ? { by: 'cancel' } : { by: 'refusal', status: undefined, reason });
    };
    return this.layer.request(this.dialog.invite(sdp), this.parts.line.connection, {
      onProvisional: ({ status, reason }) => this.tell({ type: 'provisional', status, reason }),
      onFinal: (response) => void this.onFinal(response),
      onTimeout: nobody,
      onTransportError: nobody,
    });
  }

  private async onFinal(response: SipResponse): Promise<void> {
    const { state } = this;
    if (!response.isSuccess) {
      const { status, reason } = response;
      if (state.name === 'cancelling') this.end({ by: 'cancel' });
      else if (state.name === 'inviting') this.end({ by: 'refusal', status, reason });
      return;
    }
    if (state.name === 'inviting' || state.name === 'cancelling') this.dialog.confirm(response);
    this.sendAck();
    if (state.name === 'cancelling') {
      await this.sendBye();
      this.end({ by: 'cancel' });
    } else if (state.name === 'inviting') {
      this.state = { name: 'answered' };
      await this.onAnswered(response);
    }
  }

  private async onAnswered(response: SipResponse): Promise<void> {
    const { media } = this.parts;
    const begun = await media.begin(response.body.toString('utf8'));
    if (!begun.ok || !media.codec) {
      const reason = begun.ok ? 'no codec was agreed' : begun.fault.message;
      await this.sendBye();
      this.end({ by: 'loss', reason: `the answer's SDP cannot be used: ${reason}` });
      return;
    }
    this.tell({ type: 'answered', codec: media.codec });
    this.settleAnswer(ok(media.codec));
  }

  private onStrayResponse(response: SipResponse): void {
    if (response.isSuccess && response.cseq.method === 'INVITE' && this.isAnswered) this.sendAck();
  }

  private sendAck(): void {
    void this.layer.sendAck(this.dialog.ack(), this.parts.line.connection);
  }

  /** Resolves with the answer, or when there will be none. */
  private sendInfo(digit: string): Promise<void> {
    const info = this.dialog.info(digit, DIGIT_MS);
    return new Promise((done) => {
      const onFinal = ({ status, reason }: SipResponse): void => {
        if (status >= 300)
          this.tell({ type: 'note', text: `the far end refused the key ${digit}: ${status} ${reason}` });
        done();
      };
      this.layer.request(info, this.parts.line.connection, {
        onFinal,
        onTimeout: () => done(),
        onTransportError: () => done(),
      });
    });
  }

  /** Resolves when the BYE is answered, or will not be. */
  private sendBye(reason?: string): Promise<void> {
    const { clock, line, options } = this.parts;
    return new Promise((resolve) => {
      const impatience = clock.after(options.isPatient ? PATIENT_BYE_MS : BYE_PATIENCE_MS, resolve);
      const done = (): void => {
        impatience.cancel();
        resolve();
      };
      this.layer.request(this.dialog.bye(reason), line.connection, {
        onFinal: done,
        onTimeout: done,
        onTransportError: done,
      });
    });
  }

  private async onRequest(transaction: ServerTransaction, request: SipRequest): Promise<void> {
    if (request.callId !== this.dialog.callId || this.state.name !== 'answered') {
      this.answer(transaction, request.method === 'OPTIONS' ? 200 : 481);
      return;
    }
    switch (request.method) {
      case 'BYE':
        this.answer(transaction, 200);
        this.end({ by: 'far-end', reason: reasonText(request.get('Reason')) });
        return;
      case 'INVITE':
      case 'UPDATE':
        await this.onReoffer(transaction, request);
        return;
      case 'INFO':
        this.onInfo(transaction, request);
        return;
      case 'OPTIONS':
        this.answer(transaction, 200);
        return;
      default:
        transaction.respond(Response.from(request, 405, { toTag: transaction.toTag, headers: [['Allow', ALLOW]] }));
    }
  }

  private onInfo(transaction: ServerTransaction, request: SipRequest): void {
    const { digit } = parseInfoDigit(request.get('Content-Type'), request.body.toString('utf8')) ?? {};
    if (digit !== undefined) this.tell({ type: 'heard-digit', digit, form: 'info' });
    this.answer(transaction, 200);
  }

  private async onReoffer(transaction: ServerTransaction, request: SipRequest): Promise<void> {
    const answer = await this.parts.media.answerReoffer(request.body.toString('utf8'));
    if (!answer.ok) {
      this.answer(transaction, 488);
      return;
    }
    this.dialog.refreshTarget(request);
    const response = Response.from(request, 200, {
      toTag: transaction.toTag,
      headers: [
        ['Contact', this.dialog.contact],
        ['Content-Type', 'application/sdp'],
      ],
      body: Buffer.from(answer.value),
    });
    this.reinvite?.stop();
    if (request.method === 'UPDATE') transaction.respond(response);
    else this.reinvite = new AcceptedReinvite(this.parts.clock, transaction, response);
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(answer.value)?.[1] ?? 'sendrecv';
    this.tell({ type: 'reinvited', direction });
  }

  private answer(transaction: ServerTransaction, status: number): void {
    transaction.respond(Response.from(transaction.request, status, { toTag: transaction.toTag }));
  }

  private onLineLost(reason: string): void {
    if (this.state.name === 'answered') this.end({ by: 'loss', reason });
    else if (this.state.name !== 'ended') {
      const { host = '127.0.0.1', port = 5060 } = this.parts.options;
      this.end({ by: 'refusal', status: undefined, reason: nobodyAnswers({ host, port }) });
    }
  }

  private onMediaLost(): void {
    if (this.state.name !== 'answered') return;
    void this.sendBye().then(() => this.end({ by: 'loss', reason: 'nothing was heard for a minute' }));
  }

  private end(end: TestCallEnd): void {
    if (this.state.name === 'ended') return;
    this.state = { name: 'ended', end };
    this.reinvite?.stop();
    this.parts.media.close();
    this.tell({ type: 'ended', end });
    const reason = end.by === 'refusal' ? end.reason : `the call ended before it was answered (${end.by})`;
    this.settleAnswer(fail('no_answer', reason));
    // What was sent last, such as the 200 to a BYE, leaves the socket before it is closed.
    setImmediate(() => {
      this.layer.close();
      this.parts.line.close();
      this.settleEnd(end);
    });
  }

  private tell(happening: TestCallHappening): void {
    const event: TestCallEvent = { ...happening, atMs: this.elapsedMs };
    this.events.push(event);
    this.parts.options.onEvent?.(event);
  }
}

/**
 * Places a call; resolves as soon as the INVITE is sent.
 * @throws SwitchroomError `unavailable` or `overloaded` when it cannot be sent at all.
 */
export const placeTestCall = async (options: TestCallOptions): Promise<TestCall> => {
  const placed = await TestCall.place(options);
  if (!placed.ok) throw new SwitchroomError(placed.fault.code, placed.fault.message, { cause: placed.fault.cause });
  return placed.value;
};
