/** A signed-in agent with a telephone of a browser's kind, who says when it rings at the desk and at the telephone. */
import type { Product } from '../../../support/product';
import { until } from '../../../soak/patience';
import { framesOf } from '../../../soak/seat/browser-telephone';
import type { BrowserTelephone, BrowserTelephones } from '../../../soak/seat/browser-telephone';
import { DeskSocket } from '../../../soak/seat/desk-socket';
import { SipSocket } from '../../../soak/seat/sip-socket';
import type { SipSocketCall } from '../../../soak/seat/sip-socket';
import { Ear } from '../../../soak/sound/ear';

const TIMEOUT_MS = 15_000;
const TONE_HZ = 1_000;

export interface AgentOptions {
  readonly product: Product;
  readonly telephones: BrowserTelephones;
  readonly userName: string;
}

/** From the moment at which the agent said that there is time for a call. */
export interface RingTimes {
  readonly freedFrom: 'not-ready' | 'wrap-up';
  /** The desk was told of the ringing call. */
  readonly readyToRingMs: number;
  /** The INVITE had come to the telephone. */
  readonly readyToInviteMs: number;
}

export class OfferedAgent {
  private readonly frames = framesOf(TONE_HZ);
  private readonly ear = new Ear();
  private sip: SipSocket | undefined;
  private ringing: SipSocketCall | undefined;
  private line: { readonly call: SipSocketCall; readonly telephone: BrowserTelephone } | undefined;
  private marks: { deskMs?: number; inviteMs?: number } = {};

  private constructor(
    private readonly options: AgentOptions,
    private readonly desk: DeskSocket,
  ) {
    desk.onCall = ({ state }) => {
      if (state === 'ringing') this.marks.deskMs ??= performance.now();
    };
  }

  /** Signs in and registers; the agent is not ready. @throws Error when it is not so within 15 s. */
  static async open(options: AgentOptions): Promise<OfferedAgent> {
    const { product, userName } = options;
    const { token, sip } = await product.signIn(userName);
    if (!sip) throw new Error(`${userName} has no SIP account`);
    const webSocket = product.url.replace('http', 'ws');
    const desk = await DeskSocket.open(`${webSocket}/api/v1/events?token=${token}`, () => undefined);
    const agent = new OfferedAgent(options, desk);
    const url = `${webSocket}${sip.webSocketPath}`;
    const account = { url, token, userName: sip.userName, password: sip.password, aor: sip.uri };
    agent.sip = await SipSocket.open(account, { onInvite: (call) => agent.ring(call) });
    await until(`${userName} to be registered`, () => desk.agent?.deviceRegistered, TIMEOUT_MS);
    if (desk.agent?.state !== 'not-ready') await desk.order({ command: 'not-ready', reason: 'break' });
    return agent;
  }

  get isTalking(): boolean {
    return this.line !== undefined;
  }

  /** Becomes ready, or ends the wrap-up, and waits for the ring. @throws Error without one within 15 s. */
  async becomeFree(): Promise<RingTimes> {
    const { desk } = this;
    const wrappedUp = [...desk.calls.values()].find(({ state }) => state === 'wrap-up');
    this.marks = {};
    const sentMs = performance.now();
    if (wrappedUp) await desk.order({ command: 'wrap-up-done', callId: wrappedUp.callId, note: '' });
    else await desk.order({ command: 'ready' });
    const { userName } = this.options;
    const { deskMs, inviteMs } = await until(`${userName} to be rung`, () => this.rung, TIMEOUT_MS);
    return {
      freedFrom: wrappedUp ? 'wrap-up' : 'not-ready',
      readyToRingMs: deskMs - sentMs,
      readyToInviteMs: inviteMs - sentMs,
    };
  }

  /** Takes the call that rings. @throws Error when it is not connected within 15 s. */
  async answer(): Promise<void> {
    const call = this.ringing;
    const { userName, telephones } = this.options;
    if (!call) throw new Error(`nothing rings at ${userName}`);
    this.ringing = undefined;
    const telephone = await telephones.open({ offer: call.offer, frames: this.frames, ear: this.ear });
    telephone.muted = false;
    this.line = { call, telephone };
    call.prepare(telephone.answer);
    call.accept();
    await this.untilCallIs('connected');
  }

  /** Hangs up at the telephone, and is to write a note. @throws Error when it is not so within 15 s. */
  async hangUp(): Promise<void> {
    const { line } = this;
    try {
      await line?.call.hangUp();
      await this.untilCallIs('wrap-up');
    } finally {
      line?.telephone.close();
      this.line = undefined;
    }
  }

  close(): void {
    this.line?.telephone.close();
    this.line = undefined;
    this.sip?.close();
    this.desk.close();
  }

  private ring(call: SipSocketCall): void {
    this.marks.inviteMs ??= performance.now();
    this.ringing = call;
  }

  private get rung(): { deskMs: number; inviteMs: number } | undefined {
    const { deskMs, inviteMs } = this.marks;
    return deskMs === undefined || inviteMs === undefined ? undefined : { deskMs, inviteMs };
  }

  private untilCallIs(state: 'connected' | 'wrap-up'): Promise<unknown> {
    const is = (): boolean => [...this.desk.calls.values()].some((call) => call.state === state);
    return until(`the call of ${this.options.userName} to be ${state}`, is, TIMEOUT_MS);
  }
}
