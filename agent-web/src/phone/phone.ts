/** The agent's telephone: SIP registration, microphone, speaker and the calls that ring or run in this browser. */
import type { Invitation, Session } from 'sip.js';
import type { IceSettings, SipAccount } from '../../../api/contract/rest';
import type { Clock } from '../../../base/clock';
import { Observable } from '../api/observable';
import { BrowserLeg } from './browser-leg';
import { DialGuard } from './dial-guard';
import type { LegView } from './leg';
import { IceServers } from './ice-settings';
import { Microphone } from './microphone';
import { SipAgent } from './sip-agent';
import type { SipStatus } from './sip-agent';
import { Speaker } from './speaker';

interface PhoneOptions {
  readonly account: SipAccount;
  /** New credentials for the TURN servers. */
  readonly refreshIce: () => Promise<IceSettings | undefined>;
  readonly displayName: string;
  readonly clock: Clock;
  readonly microphoneId: string;
  readonly speakerId: string;
}

const AUTO_ANSWER_HEADER = 'X-Switchroom-Auto-Answer';
/** How long a click on answer waits for an INVITE that the event socket announced first. */
const EARLY_ANSWER_MS = 5_000;

export class Phone {
  readonly status = new Observable<SipStatus>({ kind: 'connecting', again: false });
  readonly legs = new Observable<readonly LegView[]>([]);
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  private readonly agent: SipAgent;
  private readonly iceServers: IceServers;
  private readonly dialGuard = new DialGuard();
  private readonly live = new Map<string, BrowserLeg>();
  private readonly tracks = new Map<Session, MediaStreamTrack>();
  private readonly earlyAnswers = new Map<string, number>();

  constructor(private readonly options: PhoneOptions) {
    this.microphone = new Microphone(options.microphoneId);
    this.speaker = new Speaker(options.speakerId);
    const { account, refreshIce, clock } = options;
    this.iceServers = new IceServers({ initial: account.ice, refresh: refreshIce, clock });
    this.agent = new SipAgent({
      account: options.account,
      displayName: options.displayName,
      clock: options.clock,
      chance: Math.random,
      trackFor: (session) => this.tracks.get(session),
      iceConfiguration: () => this.iceServers.configuration,
      onInvitation: (invitation) => void this.invited(invitation),
      onStatus: (status) => this.status.set(status),
    });
  }

  connect(): void {
    this.agent.connect();
  }

  reconnectNow(): void {
    this.agent.connectNow();
  }

  /** Ends every call, takes the registration back, closes the microphone. Idempotent. */
  async close(): Promise<void> {
    for (const leg of this.live.values()) void leg.hangUp().catch(() => undefined);
    this.iceServers.close();
    await this.agent.close();
    this.microphone.close();
  }

  /** Answers a call; one whose INVITE is still on its way is answered as it arrives. */
  answer(callId: string): void {
    const leg = this.live.get(callId);
    if (leg) void leg.answer().catch(() => undefined);
    else this.earlyAnswers.set(callId, this.options.clock.nowMs() + EARLY_ANSWER_MS);
  }

  /** Ends the browser's part of a call. False when this browser has none. */
  hangUp(callId: string): boolean {
    const leg = this.live.get(callId);
    if (leg) void leg.hangUp().catch(() => undefined);
    return leg !== undefined;
  }

  /** Ends a call that the server has no more; it cannot be relied on to answer. */
  discard(callId: string): void {
    void this.live
      .get(callId)
      ?.discard()
      .catch(() => undefined);
  }

  setMuted(callId: string, muted: boolean): void {
    this.live.get(callId)?.setMuted(muted);
  }

  setHeld(callId: string, held: boolean): void {
    this.live.get(callId)?.setHeld(held);
  }

  /** Sends keys in the audio (RFC 4733); false when they must go another way. */
  sendKeys(callId: string, keys: string): boolean {
    return this.live.get(callId)?.sendKeys(keys) ?? false;
  }

  /** The streams of a call, for the meters. */
  streamsOf(callId: string): { local: MediaStream; remote: MediaStream | undefined } | undefined {
    const leg = this.live.get(callId);
    return leg && { local: leg.localStream, remote: leg.remoteStream };
  }

  /** What the browser has counted of a call's streams; undefined when it has no such call. */
  statsOf(callId: string): Promise<RTCStats[]> | undefined {
    return this.live.get(callId)?.stats();
  }

  /** The next INVITE that asks for an automatic answer is the agent's own dial. */
  expectDial(): void {
    this.dialGuard.expect(this.options.clock.nowMs());
  }

  forgetDial(): void {
    this.dialGuard.forget();
  }

  /** Another microphone, for running calls too. False when it cannot be opened. */
  async chooseMicrophone(deviceId: string): Promise<boolean> {
    if (!(await this.microphone.choose(deviceId))) return false;
    for (const leg of this.live.values()) {
      const track = this.microphone.trackForCall();
      if (track) await leg.replaceTrack(track);
    }
    return true;
  }

  private async invited(invitation: Invitation): Promise<void> {
    // Read at once: the guard's window must not depend on how long a microphone takes to open.
    const automatic =
      invitation.request.getHeader(AUTO_ANSWER_HEADER)?.toLowerCase() === 'yes' &&
      this.dialGuard.take(this.options.clock.nowMs());
    const track = (await this.microphone.open()) ? this.microphone.trackForCall() : undefined;
    if (!track) {
      // Nobody could hear this agent: the server offers the call to another at once.
      await invitation.reject({ statusCode: 480, reasonPhrase: 'No microphone' }).catch(() => undefined);
      return;
    }
    this.tracks.set(invitation, track);
    const leg = new BrowserLeg({
      invitation,
      track,
      clock: this.options.clock,
      onChange: (changed) => this.changed(changed, invitation),
    });
    this.live.set(leg.callId, leg);
    this.publish();
    if (automatic || this.takeEarlyAnswer(leg.callId)) void leg.answer().catch(() => undefined);
    await leg.prepare().catch(() => leg.hangUp().catch(() => undefined));
  }

  private takeEarlyAnswer(callId: string): boolean {
    const untilMs = this.earlyAnswers.get(callId) ?? 0;
    this.earlyAnswers.delete(callId);
    return untilMs >= this.options.clock.nowMs();
  }

  private changed(leg: BrowserLeg, invitation: Invitation): void {
    const stream = leg.remoteStream;
    if (leg.ended) {
      if (stream) this.speaker.release(stream);
      this.tracks.delete(invitation);
      // The same call may ring again before the former leg has ended.
      if (this.live.get(leg.callId) === leg) this.live.delete(leg.callId);
    } else if (stream) {
      if (leg.taken) this.speaker.listen(stream);
      else this.speaker.prepare(stream);
    }
    this.publish();
  }

  private publish(): void {
    this.legs.set([...this.live.values()].map((leg) => leg.view));
  }
}
