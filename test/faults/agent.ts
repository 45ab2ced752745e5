/** An agent of the run: takes every call, comes back as pages do, and is ready again whatever happens. */
import { framesOf } from '../soak/seat/browser-telephone';
import type { BrowserTelephone, BrowserTelephones } from '../soak/seat/browser-telephone';
import { DeskSocket } from '../soak/seat/desk-socket';
import { SipSocket } from '../soak/seat/sip-socket';
import type { SipSocketCall } from '../soak/seat/sip-socket';
import { Ear } from '../soak/sound/ear';
import type { Product } from '../support/product';
import { pause } from '../support/wait';

const VOICE_HZ = 440;
const LOOK_MS = 250;
const BYE_AGAIN_MS = 500;
const DESK_LOOK_MS = 20;

/** What rings at an agent, until it is over. */
export interface AgentLeg {
  readonly id: string;
  /** The caller's number. */
  readonly from: string;
  readonly ended: Promise<void>;
  accept(): void;
  /** Resolves when the desk shows that both talk with each other; false when the leg is over before. */
  talking(): Promise<boolean>;
  /** BYE, again and again until it is answered: the center may be away. */
  hangUp(): Promise<void>;
}

export interface AgentOptions {
  readonly product: Product;
  readonly telephones: BrowserTelephones;
  readonly userName: string;
  readonly onRing: (leg: AgentLeg) => void;
}

export class Agent {
  private readonly frames = framesOf(VOICE_HZ);
  private closed = false;
  private readonly open = new Set<BrowserTelephone>();
  /** What rang last: what rang before it has been taken back, even if that is still on its way. */
  private newest: string | undefined;
  private sip: SipSocket | undefined;
  private keepingReady: Promise<void> | undefined;

  private constructor(
    private readonly options: AgentOptions,
    private readonly desk: DeskSocket,
  ) {}

  static async open(options: AgentOptions): Promise<Agent> {
    const { product, userName } = options;
    const { token, sip } = await product.signIn(userName);
    if (!sip) throw new Error(`${userName} has no SIP account`);
    const base = product.url.replace('http', 'ws');
    const events = `${base}/api/v1/events?token=${token}&window=${userName}`;
    const agent = new Agent(options, await DeskSocket.open(events, () => undefined, true));
    const account = { url: `${base}${sip.webSocketPath}`, token, comesBack: true } as const;
    agent.sip = await SipSocket.open(
      { ...account, userName: sip.userName, password: sip.password, aor: sip.uri },
      { onInvite: (call) => void agent.ring(call) },
    );
    agent.keepingReady = agent.keepReady();
    return agent;
  }

  get userName(): string {
    return this.options.userName;
  }

  get state(): string {
    return this.desk.agent?.state ?? 'unknown';
  }

  /** Calls that the desk shows. */
  get calls(): number {
    return this.desk.calls.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.keepingReady;
    this.sip?.close();
    this.desk.close();
    for (const telephone of this.open) telephone.close();
  }

  private async keepReady(): Promise<void> {
    while (!this.closed) {
      // Whoever is away refuses, and is asked again.
      await this.beReady().catch(() => undefined);
      await pause(LOOK_MS);
    }
  }

  private async beReady(): Promise<void> {
    const { state, desk } = this;
    if (state === 'not-ready') await desk.order({ command: 'ready' });
    const [call] = desk.calls.values();
    if (state === 'wrap-up' && call) await desk.order({ command: 'wrap-up-done', callId: call.callId, note: 'faults' });
  }

  private drop(telephone: BrowserTelephone): void {
    telephone.close();
    this.open.delete(telephone);
  }

  private async ring(call: SipSocketCall): Promise<void> {
    const { telephones, onRing } = this.options;
    this.newest = call.id;
    let telephone: BrowserTelephone | undefined;
    const open = async (offer: string): Promise<string> => {
      const former = telephone;
      telephone = await telephones.open({ offer, frames: this.frames, ear: new Ear() });
      this.open.add(telephone);
      telephone.muted = false;
      if (former) this.drop(former);
      return telephone.answer;
    };
    const first = await open(call.offer);
    // A media process that has died has its legs opened anew; an offer that says nothing new gets the same answer.
    let offered = ufragOf(call.offer);
    call.onReoffer = async (offer) => {
      if (ufragOf(offer) === offered) return telephone?.answer ?? first;
      offered = ufragOf(offer);
      return open(offer);
    };
    call.prepare(first);
    void call.ended.then(() => telephone && this.drop(telephone));
    let over = false;
    void call.ended.then(() => (over = true));
    const from = call.invite.request.from.uri.userDecoded ?? '';
    const isTalking = (): boolean =>
      this.newest === call.id &&
      [...this.desk.calls.values()].some(({ number, state }) => number === from && state === 'connected');
    onRing({
      ...{ id: call.id, from, ended: call.ended },
      accept: () => call.accept(),
      talking: async () => {
        while (!over && !this.closed && !isTalking()) await pause(DESK_LOOK_MS);
        return !over && !this.closed;
      },
      hangUp: async () => {
        while (!over && !this.closed) await call.hangUp().catch(() => pause(BYE_AGAIN_MS));
      },
    });
  }
}

const ufragOf = (sdp: string): string | undefined => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
