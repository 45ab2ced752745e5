/** One INVITE to this browser: prepared while it rings, answered by a click, ended by either side. */
import { SessionState, Web } from 'sip.js';
import type { Invitation } from 'sip.js';
import type { Clock } from '../../../base/clock';
import { IceRestart } from './ice-restart';
import { isTaken, mayAnswer, nextLegState } from './leg';
import type { LegInput, LegState, LegView } from './leg';

const CALL_ID_HEADER = 'X-Switchroom-Call';
const SUPERVISION_HEADER = 'X-Switchroom-Supervision';
const TONE_MS = 100;
const TONE_GAP_MS = 70;

interface BrowserLegOptions {
  readonly invitation: Invitation;
  /** A clone of the microphone's track that belongs to this leg. */
  readonly track: MediaStreamTrack;
  readonly clock: Clock;
  readonly onChange: (leg: BrowserLeg) => void;
}

export class BrowserLeg {
  readonly callId: string;
  private state: LegState = 'preparing';
  private muted = false;
  private held = false;
  private media: RTCPeerConnectionState = 'new';
  private track: MediaStreamTrack;
  private readonly invitation: Invitation;
  private readonly iceRestart: IceRestart;
  private stopWatchingNetwork: () => void = () => undefined;

  constructor(private readonly options: BrowserLegOptions) {
    this.invitation = options.invitation;
    this.track = options.track;
    this.iceRestart = new IceRestart({
      clock: options.clock,
      state: () => this.media,
      restart: () => this.restartIce(),
    });
    this.callId = this.invitation.request.getHeader(CALL_ID_HEADER) ?? this.invitation.request.callId;
    this.invitation.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) this.end();
    });
  }

  get view(): LegView {
    const identity = this.invitation.remoteIdentity;
    return {
      callId: this.callId,
      number: identity.uri.user ?? '',
      displayName: identity.displayName || undefined,
      state: this.state,
      muted: this.muted,
      trackId: this.track.id,
      ...(this.invitation.request.hasHeader(SUPERVISION_HEADER) && { supervises: true }),
      media: this.media,
    };
  }

  get taken(): boolean {
    return isTaken(this.state);
  }

  get ended(): boolean {
    return this.state === 'ended';
  }

  /** What the far end says; empty until the offer has been applied. */
  get remoteStream(): MediaStream | undefined {
    return this.description?.remoteMediaStream;
  }

  /** What the browser has counted of this leg's streams. */
  async stats(): Promise<RTCStats[]> {
    const report = await this.description?.peerConnection?.getStats();
    const entries: RTCStats[] = [];
    report?.forEach((entry: RTCStats) => entries.push(entry));
    return entries;
  }

  /** What this agent says, as it is sent. */
  get localStream(): MediaStream {
    return new MediaStream([this.track]);
  }

  /**
   * Sends 183 with the answer to the offer, so that ICE and DTLS are done before the agent answers. sip.js repeats the
   * same answer in the 200 (RFC 3261, section 13.2.1: it must be identical).
   * @throws Error when the offer cannot be answered; the INVITE has been refused then.
   */
  async prepare(): Promise<void> {
    await this.invitation.progress({ statusCode: 183 });
    if (this.ended) return;
    const connection = this.description?.peerConnection;
    connection?.addEventListener('connectionstatechange', () => {
      this.media = connection.connectionState;
      this.iceRestart.stateChanged(this.media);
      this.options.onChange(this);
    });
    this.stopWatchingNetwork = onNetworkChange(() => this.iceRestart.networkChanged());
    this.media = connection?.connectionState ?? 'new';
    this.move('prepared');
    if (this.state === 'answering') await this.accept();
  }

  /** Answers, at once or as soon as the preparation is done. Asked for twice, it does nothing. */
  async answer(): Promise<void> {
    if (!mayAnswer(this.state)) return;
    this.move('answer');
    if (this.state === 'answering') await this.accept();
  }

  /** Ends the call from this side: BYE, or a refusal before the answer. */
  async hangUp(): Promise<void> {
    if (this.invitation.state === SessionState.Established) await this.invitation.bye();
    else if (this.invitation.state === SessionState.Initial) await this.invitation.reject({ statusCode: 480 });
  }

  /** Ends the call here at once, whether or not the other side still answers. Idempotent. */
  async discard(): Promise<void> {
    this.end();
    await this.invitation.dispose();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.applySilence();
    this.options.onChange(this);
  }

  /** On hold nothing may be heard of the agent, whatever the server does with the audio. */
  setHeld(held: boolean): void {
    this.held = held;
    this.applySilence();
  }

  /** Speaks through another microphone from now on. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const former = this.track;
    this.track = track;
    this.applySilence();
    await this.sender?.replaceTrack(track);
    former.stop();
    this.options.onChange(this);
  }

  /** Sends keys as RFC 4733 events. False when the connection cannot carry them. */
  sendKeys(keys: string): boolean {
    const tones = this.sender?.dtmf;
    if (!tones?.canInsertDTMF) return false;
    tones.insertDTMF(tones.toneBuffer + keys, TONE_MS, TONE_GAP_MS);
    return true;
  }

  private get description(): Web.SessionDescriptionHandler | undefined {
    const handler = this.invitation.sessionDescriptionHandler;
    return handler instanceof Web.SessionDescriptionHandler ? handler : undefined;
  }

  private get sender(): RTCRtpSender | undefined {
    return this.description?.peerConnection?.getSenders().find((sender) => sender.track?.kind === 'audio');
  }

  private async accept(): Promise<void> {
    this.applySilence();
    await this.invitation.accept();
    if (!this.ended) this.move('accepted');
  }

  /** Before the answer there is nothing to restart: the server takes no re-INVITE then. */
  private async restartIce(): Promise<void> {
    if (this.invitation.state !== SessionState.Established) return;
    await this.invitation.invite({
      sessionDescriptionHandlerOptions: { offerOptions: { iceRestart: true } } as Web.SessionDescriptionHandlerOptions,
    });
  }

  private applySilence(): void {
    this.track.enabled = this.taken && !this.muted && !this.held;
  }

  private end(): void {
    if (this.ended) return;
    this.move('ended');
    this.iceRestart.close();
    this.stopWatchingNetwork();
    this.track.stop();
  }

  private move(input: LegInput): void {
    this.state = nextLegState(this.state, input);
    this.applySilence();
    this.options.onChange(this);
  }
}

/** Returns the function that stops it. */
const onNetworkChange = (changed: () => void): (() => void) => {
  addEventListener('online', changed);
  return () => removeEventListener('online', changed);
};
