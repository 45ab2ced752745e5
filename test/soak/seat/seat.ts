/** A signed-in user with a telephone of a browser's kind: what an agent or a supervisor of the soak sits at. */
import type { Product } from '../../support/product';
import { pause } from '../../support/wait';
import { until } from '../patience';
import { Ear } from '../sound/ear';
import { framesOf } from './browser-telephone';
import type { BrowserTelephone, BrowserTelephones } from './browser-telephone';
import { DeskSocket } from './desk-socket';
import type { Order } from './desk-socket';
import { SipSocket } from './sip-socket';
import type { SipSocketCall } from './sip-socket';

const STATE_TIMEOUT_MS = 15_000;

export interface SeatOptions {
  readonly product: Product;
  readonly telephones: BrowserTelephones;
  readonly userName: string;
  readonly toneHz: number;
  /** How long it rings. */
  readonly answerAfterMs: () => number;
}

interface Line {
  readonly call: SipSocketCall;
  /** As the last offer named it: of another process, after the one that it was in has died. */
  way: { readonly telephone: BrowserTelephone; readonly offeredUfrag: string | undefined };
  answered: boolean;
}

export class Seat {
  readonly ear = new Ear();
  private line: Line | undefined;
  private isMuted = false;
  private sip: SipSocket | undefined;

  private constructor(
    private readonly options: SeatOptions,
    private readonly desk: DeskSocket,
    private readonly token: string,
    private readonly frames: readonly Buffer[],
  ) {}

  /** Signs in and registers. */
  static async open(options: SeatOptions): Promise<Seat> {
    const { product, userName, toneHz } = options;
    const { token, sip } = await product.signIn(userName);
    if (!sip) throw new Error(`${userName} has no SIP account`);
    const webSocket = product.url.replace('http', 'ws');
    const gone: { reason?: string } = {};
    const desk = await DeskSocket.open(`${webSocket}/api/v1/events?token=${token}`, (reason) => (gone.reason = reason));
    const seat = new Seat(options, desk, token, framesOf(toneHz));
    const url = `${webSocket}${sip.webSocketPath}`;
    const account = { url, token, userName: sip.userName, password: sip.password, aor: sip.uri };
    seat.sip = await SipSocket.open(account, { onInvite: (call) => void seat.take(call) });
    await until(`${userName} to be registered`, () => desk.agent?.deviceRegistered, STATE_TIMEOUT_MS);
    return seat;
  }

  get userName(): string {
    return this.options.userName;
  }

  get state(): string {
    return this.desk.agent?.state ?? 'unknown';
  }

  /** Has answered a call that is not over. */
  get isTalking(): boolean {
    return this.line?.answered === true;
  }

  /** The one call at the desk. */
  get callId(): string | undefined {
    return [...this.desk.calls.keys()][0];
  }

  get call(): ReturnType<DeskSocket['calls']['get']> {
    return [...this.desk.calls.values()][0];
  }

  get supervision(): DeskSocket['supervision'] {
    return this.desk.supervision;
  }

  order(order: Order): Promise<void> {
    return this.desk.order(order);
  }

  /** As a page does: the microphone is silent, and the server is told. */
  async mute(muted: boolean, callId: string): Promise<void> {
    this.isMuted = muted;
    if (this.line) this.line.way.telephone.muted = muted;
    await this.order({ command: muted ? 'mute' : 'unmute', callId });
  }

  /** Hangs up at the telephone. */
  async hangUp(): Promise<void> {
    await this.line?.call.hangUp();
  }

  untilState(...states: readonly string[]): Promise<unknown> {
    const what = `${this.userName} to be ${states.join(' or ')} (is ${this.state})`;
    return until(what, () => states.includes(this.state), STATE_TIMEOUT_MS);
  }

  untilTalking(): Promise<unknown> {
    return until(`${this.userName} to have answered`, () => this.isTalking, STATE_TIMEOUT_MS);
  }

  untilFree(): Promise<unknown> {
    return until(`${this.userName} to have hung up`, () => !this.line, STATE_TIMEOUT_MS);
  }

  /** Ends the wrap-up that a call has left, and is ready again. */
  async beReady(): Promise<void> {
    await this.untilFree();
    await this.untilState('wrap-up', 'ready', 'not-ready');
    const { call } = this;
    if (this.state === 'wrap-up' && call)
      await this.order({ command: 'wrap-up-done', callId: call.callId, note: 'soak' });
    await this.untilState('ready', 'not-ready');
    if (this.state === 'not-ready') await this.order({ command: 'ready' });
    await this.untilState('ready');
  }

  /** What the user asks of the API. @throws Error with the status when it is refused. */
  async ask<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.options.product.withKey(this.token)<Reply>(method, path, body);
  }

  close(): void {
    this.drop();
    this.sip?.close();
    this.desk.close();
  }

  private async take(call: SipSocketCall): Promise<void> {
    this.isMuted = false;
    this.drop();
    const line: Line = { call, way: await this.wayTo(call.offer), answered: false };
    this.line = line;
    call.onReoffer = (offer) => this.goOver(line, offer);
    void call.ended.then(() => this.over(line));
    call.prepare(line.way.telephone.answer);
    await pause(this.options.answerAfterMs());
    if (this.line !== line) return;
    call.accept();
    // The microphone opens at the click.
    line.way.telephone.muted = this.isMuted;
    line.answered = true;
  }

  private async wayTo(offer: string): Promise<Line['way']> {
    const telephone = await this.options.telephones.open({ offer, frames: this.frames, ear: this.ear });
    return { telephone, offeredUfrag: ufragOf(offer) };
  }

  /** As a browser does with new ICE and DTLS in an offer; one that says nothing new gets the same answer. */
  private async goOver(line: Line, offer: string): Promise<string> {
    const former = line.way;
    if (ufragOf(offer) === former.offeredUfrag) return former.telephone.answer;
    line.way = await this.wayTo(offer);
    line.way.telephone.muted = former.telephone.muted;
    former.telephone.close();
    return line.way.telephone.answer;
  }

  private over(line: Line): void {
    line.way.telephone.close();
    if (this.line === line) this.line = undefined;
  }

  private drop(): void {
    if (this.line) this.over(this.line);
  }
}

const ufragOf = (sdp: string): string | undefined => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
