/**
 * Signaling and media as the tests of `calls` steer them: every answer takes a random moment of simulated time, so that
 * a seed decides which of two things that happen at once comes first. Both keep count of what is open, for the
 * invariants. The real parts are proved in test/contract and test/e2e.
 */
import type { Clock } from '../../../../base/clock';
import { sleep } from '../../../../base/clock';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../../../base/ids';
import { fail, ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import type { SeededRandom } from '../../../../base/random';
import type { Detection } from '../../../../media/detection/terms';
import { hears } from '../../../../media/mixer/reach';
import type {
  MediaEvent,
  MediaPort,
  MixMember,
  OpenEndpoint,
  OpenMix,
  PlayPosition,
  PlayRequest,
  RecordingRequest,
  TakeRequest,
} from '../../../../media/ports';
import type {
  CallOrigin,
  CancelReason,
  IncomingInvite,
  OutgoingCall,
  OutgoingEvents,
  OutgoingRequest,
  SignalingPort,
  SipDialog,
  TrunkTraits,
} from '../../../../signaling/ports';
import type { DialogRecord, InviteRecord } from '../../../../signaling/records';
import { DialogDouble } from './dialog-double';

const MAX_DELAY_MS = 30;

/** What is not the same of all calls that arrive. */
export type Arrival = Partial<Pick<IncomingInvite, 'to' | 'origin' | 'traits' | 'replaces' | 'sdp' | 'arrivedAtMs'>>;

export class InviteDouble implements IncomingInvite {
  readonly to: { readonly number: string };
  readonly uri = 'sip:4000@here';
  readonly source = { address: '127.0.0.1', port: 5060, protocol: 'udp' } as const;
  readonly origin: CallOrigin;
  readonly traits: TrunkTraits | undefined;
  readonly replaces: IncomingInvite['replaces'];
  readonly arrivedAtMs: number | undefined;
  readonly sdp: string;
  readonly headers = {};
  readonly from: { number: string };
  final: 'none' | 'answered' | 'refused' | 'cancelled' = 'none';
  dialog: DialogDouble | undefined;
  answeredWith: string | undefined;
  /** With which status it was refused. */
  status: number | undefined;
  private cancelled: ((reason: CancelReason) => void) | undefined;

  constructor(
    readonly callId: string,
    private readonly delay: () => Promise<void>,
    arrival: Arrival = {},
  ) {
    this.from = { number: callId };
    this.to = arrival.to ?? { number: '4000' };
    this.origin = arrival.origin ?? { kind: 'trunk', trunkId: 'local' };
    this.traits = arrival.traits;
    this.replaces = arrival.replaces;
    this.arrivedAtMs = arrival.arrivedAtMs;
    this.sdp = arrival.sdp ?? 'offer';
  }

  get record(): InviteRecord {
    const { callId, origin } = this;
    return { version: 1, id: callId, callId, origin };
  }

  onCancelled(handler: (reason: CancelReason) => void): void {
    this.cancelled = handler;
    if (this.final === 'cancelled') handler('caller_cancelled');
  }

  /** The last provisional answer. */
  rung: { readonly status: number; readonly sdp: string | undefined } | undefined;

  ring(status = 180, sdp?: string): void {
    this.rung = { status, sdp };
    this.isBegun = true;
  }

  /** The dialog that an answer makes; where it is known, calls are written down before they are answered. */
  ahead: DialogRecord | undefined;
  /** What an app has not rung itself tells it of no dialog. */
  private isBegun = false;

  dialogAhead(): Promise<DialogRecord | undefined> {
    return Promise.resolve(this.isBegun ? this.ahead : undefined);
  }

  /** The answer is out; whether the app hears of that. */
  confirmed: Promise<void> | undefined;

  async answer(sdp?: string): Promise<Result<SipDialog>> {
    await this.delay();
    this.answeredWith = sdp;
    if (this.final !== 'none') return fail('closed', 'too late');
    this.final = 'answered';
    this.dialog = new DialogDouble(this.callId);
    await this.confirmed;
    return ok(this.dialog);
  }

  reject(status?: number): void {
    if (this.final !== 'none') return;
    this.final = 'refused';
    this.status = status;
  }

  cancel(): void {
    if (this.final !== 'none') return;
    this.final = 'cancelled';
    this.cancelled?.('caller_cancelled');
  }

  /** Whoever was told of the caller's end is no more. */
  forgetApp(): void {
    this.cancelled = undefined;
    this.isBegun = false;
  }

  /** The caller gives up, whatever it takes. */
  leave(): void {
    if (this.final === 'none') this.cancel();
    else this.dialog?.end({ by: 'remote', reason: undefined });
  }
}

let dialogs = 0;

export class OutgoingDouble implements OutgoingCall {
  readonly answered: Promise<Result<SipDialog>>;
  state: 'ringing' | 'answered' | 'over' = 'ringing';
  dialog: DialogDouble | undefined;
  private settle: (result: Result<SipDialog>) => void = () => undefined;

  constructor(
    readonly request: OutgoingRequest,
    private readonly events: OutgoingEvents,
  ) {
    this.answered = new Promise((resolve) => (this.settle = resolve));
  }

  cancel(): void {
    this.refuse('closed');
  }

  progress(): void {
    if (this.state === 'ringing') this.events.onProgress?.(183, 'answer');
  }

  /** The call goes on to this trunk; the value is the offer that it gets. */
  async tries(trunk: { readonly trunkId: string; readonly traits: TrunkTraits }): Promise<Result<string>> {
    const { sdp, offerFor } = this.request;
    const offer = offerFor ? await offerFor(trunk) : ok(sdp);
    if (offer.ok) this.events.onAttempt?.({ ...trunk, routeId: undefined });
    return offer;
  }

  /** A telephone says that it rings. @returns its dialog's id. */
  ring(): string {
    const name = { callId: `call ${(dialogs += 1)}`, localTag: 'ours', remoteTag: 'theirs' };
    this.events.onRinging?.({ id: `early ${name.callId}`, name });
    return `early ${name.callId}`;
  }

  answer(): void {
    if (this.state !== 'ringing') return;
    this.state = 'answered';
    this.dialog = new DialogDouble(`called ${(dialogs += 1)}`);
    this.settle(ok(this.dialog));
  }

  refuse(code: 'closed' | 'busy' | 'declined' | 'no_answer' | 'not_found' | 'unavailable'): void {
    if (this.state !== 'ringing') return;
    this.state = 'over';
    this.settle(fail(code, code));
  }
}

export class SignalingDouble implements SignalingPort {
  readonly connected = true;
  readonly invites: InviteDouble[] = [];
  readonly outgoing: OutgoingDouble[] = [];
  private incoming: (invite: IncomingInvite) => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: SeededRandom,
  ) {}

  onIncoming(handler: (invite: IncomingInvite) => void): void {
    this.incoming = handler;
  }

  onConnection = () => () => undefined;
  close = (): Promise<void> => Promise.resolve();
  adopt: SignalingPort['adopt'] = () => Promise.resolve(fail('not_found', 'nothing is kept'));
  adoptInvite: SignalingPort['adoptInvite'] = () => Promise.resolve(fail('not_found', 'nothing is kept'));
  adoptionDone = (): void => undefined;

  placeCall(request: OutgoingRequest, events: OutgoingEvents = {}): OutgoingCall {
    const call = new OutgoingDouble(request, events);
    this.outgoing.push(call);
    events.onCallId?.(`outgoing-${this.outgoing.length}`);
    return call;
  }

  arrive(callId: string, arrival?: Arrival): InviteDouble {
    const invite = new InviteDouble(callId, () => sleep(this.clock, this.random.int(MAX_DELAY_MS)), arrival);
    this.invites.push(invite);
    this.incoming(invite);
    return invite;
  }

  /** Dialogs and INVITEs that nobody has ended. */
  get open(): string[] {
    return [
      ...this.invites
        .filter(({ final, dialog }) => final === 'none' || (dialog && !dialog.ended))
        .map((one) => one.callId),
      ...this.outgoing
        .filter(({ state, dialog }) => state === 'ringing' || (dialog && !dialog.ended))
        .map(() => 'agent'),
    ];
  }
}

export class MediaDouble implements MediaPort {
  readonly endpoints = new Map<EndpointId, OpenEndpoint>();
  readonly bridged = new Map<EndpointId, EndpointId>();
  readonly plays = new Map<PlayId, PlayRequest>();
  readonly recordings = new Map<RecordingId, RecordingRequest>();
  readonly masked = new Set<RecordingId>();
  /** Whose keys reach nobody. */
  readonly hushed = new Set<EndpointId>();
  readonly mixes = new Map<MixId, Map<EndpointId, MixMember>>();
  readonly takes = new Map<string, TakeRequest>();
  private listener: (event: MediaEvent) => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: SeededRandom,
  ) {}

  onEvent(listener: (event: MediaEvent) => void): () => void {
    this.listener = listener;
    return () => undefined;
  }

  emit(event: MediaEvent): void {
    this.listener(event);
  }

  /** The endpoint breaks, as when its worker dies. */
  lose(endpointId: EndpointId, reason: Extract<MediaEvent, { type: 'endpoint-lost' }>['reason']): void {
    this.forget(endpointId);
    this.emit({ type: 'endpoint-lost', endpointId, reason });
  }

  async openEndpoint(request: OpenEndpoint) {
    await this.moment();
    this.endpoints.set(request.endpointId, request);
    return ok({ sdp: `sdp of ${request.endpointId}`, codec: 'PCMA' as const });
  }

  /** Browsers whose media come to nothing: no ICE, no DTLS. */
  browsersAreMute = false;

  async acceptAnswer(endpointId: EndpointId) {
    const accepted = await this.on(endpointId, () => ({ sdp: 'sdp', codec: 'PCMA' as const }));
    const isBrowser = this.endpoints.get(endpointId)?.kind === 'webrtc';
    if (isBrowser && !this.browsersAreMute) this.emit({ type: 'connected', endpointId });
    return accepted;
  }

  answerReoffer = (endpointId: EndpointId, offer: string) =>
    this.on(endpointId, () => ({ sdp: offer.replace('sendonly', 'recvonly'), codec: 'PCMA' as const }));

  reoffer = (endpointId: EndpointId) => this.on(endpointId, () => ({ sdp: 'sdp' }));

  async closeEndpoint(endpointId: EndpointId) {
    await this.moment();
    this.forget(endpointId);
    return ok(undefined);
  }

  async bridge(a: EndpointId, b: EndpointId) {
    await this.moment();
    if (!this.endpoints.has(a) || !this.endpoints.has(b)) return fail('not_found', 'no such endpoint');
    for (const one of [a, b]) {
      this.part(one);
      this.silence(one);
    }
    this.bridged.set(a, b).set(b, a);
    return ok(undefined);
  }

  unbridge = (endpointId: EndpointId) => this.on(endpointId, () => this.part(endpointId));

  private part(endpointId: EndpointId): void {
    const other = this.bridged.get(endpointId);
    this.bridged.delete(endpointId);
    if (other !== undefined) this.bridged.delete(other);
    for (const mix of this.mixes.values()) mix.delete(endpointId);
  }

  /** Who joins others hears them instead of what was played. */
  private silence(endpointId: EndpointId): void {
    for (const play of [...this.plays.values()]) if (play.endpointId === endpointId) this.plays.delete(play.playId);
  }

  play = (request: PlayRequest) =>
    this.on(request.endpointId, () => {
      this.silence(request.endpointId);
      this.plays.set(request.playId, request);
    });

  async stopPlay(playId: PlayId) {
    await this.moment();
    this.endPlay(playId, 'stopped');
    return ok(undefined);
  }

  endPlay(playId: PlayId, reason: 'finished' | 'stopped'): void {
    const play = this.plays.get(playId);
    if (!play) return;
    this.plays.delete(playId);
    this.emit({ type: 'play-ended', playId, endpointId: play.endpointId, reason });
  }

  readonly sentDigits: { readonly endpointId: EndpointId; readonly digit: string }[] = [];
  /** What each sent key comes to. */
  digitsAnswered: () => Promise<Result<void>> = () => Promise.resolve(ok(undefined));

  async sendDigit(endpointId: EndpointId, digit: string) {
    this.sentDigits.push({ endpointId, digit });
    const there = await this.on(endpointId, () => undefined);
    return there.ok ? this.digitsAnswered() : there;
  }
  controlPlay = () => Promise.resolve(this.playPosition);
  /** Where each play is that is controlled; nowhere, since the double plays nothing aloud. */
  playPosition: Result<PlayPosition> = fail('unsupported', 'the double plays nothing aloud');
  startTake = (request: TakeRequest) => this.on(request.endpointId, () => void this.takes.set(request.takeId, request));
  stopTake = (takeId: string) => Promise.resolve(ok({ path: `takes/${takeId}.wav`, durationMs: 2000 }));
  dropTake = (takeId: string) => Promise.resolve(ok(void this.takes.delete(takeId)));

  /** No recording can begin. */
  diskIsFull = false;

  async startRecording(request: RecordingRequest) {
    await this.moment();
    if (this.diskIsFull) return fail('overloaded', 'the disk of the recordings is full');
    this.recordings.set(request.recordingId, request);
    this.sides.set(request.recordingId, [[], []]);
    return ok(undefined);
  }

  /** Whom each recording holds, by channel. */
  readonly sides = new Map<RecordingId, [EndpointId[], EndpointId[]]>();

  attachRecording = (recordingId: RecordingId, channel: 0 | 1, endpointId: EndpointId) =>
    this.on(endpointId, () => this.hold(recordingId, channel, [endpointId]));

  alsoRecord = (recordingId: RecordingId, channel: 0 | 1, endpointId: EndpointId) =>
    this.on(endpointId, () =>
      this.hold(recordingId, channel, [...(this.sides.get(recordingId)?.[channel] ?? []), endpointId]),
    );

  detachRecording = async (recordingId: RecordingId, channel: 0 | 1) => {
    await this.moment();
    this.hold(recordingId, channel, []);
    return ok(undefined);
  };

  private hold(recordingId: RecordingId, channel: 0 | 1, endpointIds: EndpointId[]): void {
    const sides = this.sides.get(recordingId);
    if (sides) sides[channel] = endpointIds;
  }

  async stopRecording(recordingId: RecordingId) {
    await this.moment();
    const recording = this.recordings.get(recordingId);
    if (!recording) return fail('not_found', 'no such recording');
    this.recordings.delete(recordingId);
    this.sides.delete(recordingId);
    this.masked.delete(recordingId);
    return ok({ recordingId, path: recording.path, startedAtMs: 0, durationMs: 1000, sizeBytes: 16_000 });
  }

  async openMix({ mixId }: OpenMix) {
    await this.moment();
    this.mixes.set(mixId, new Map());
    return ok(undefined);
  }

  async joinMix(mixId: MixId, members: readonly MixMember[]) {
    await this.moment();
    const mix = this.mixes.get(mixId);
    if (!mix || members.some(({ endpointId }) => !this.endpoints.has(endpointId)))
      return fail('not_found', 'not there');
    for (const member of members) {
      if (!mix.has(member.endpointId)) {
        this.part(member.endpointId);
        this.silence(member.endpointId);
      }
      mix.set(member.endpointId, member);
    }
    return ok(undefined);
  }

  leaveMix = (endpointId: EndpointId) => this.on(endpointId, () => this.part(endpointId));

  async closeMix(mixId: MixId) {
    await this.moment();
    this.mixes.delete(mixId);
    return ok(undefined);
  }

  /** Who hears whom at the moment, in bridges and mixes. */
  get hearing(): (readonly [listener: EndpointId, speaker: EndpointId])[] {
    const mixed = [...this.mixes.values()].flatMap((mix) =>
      [...mix.values()].flatMap((listener) =>
        [...mix.values()]
          .filter((speaker) => !speaker.muted && hears(listener, speaker))
          .map((speaker) => [listener.endpointId, speaker.endpointId] as const),
      ),
    );
    return [...this.bridged, ...mixed].filter(([listener]) => !this.isPlayingTo(listener));
  }

  private isPlayingTo(listener: EndpointId): boolean {
    return [...this.plays.values()].some(({ endpointId }) => endpointId === listener);
  }

  attachMix = (recordingId: RecordingId) =>
    Promise.resolve(this.recordings.has(recordingId) ? ok(undefined) : fail('not_found', recordingId));

  async maskRecording(recordingId: RecordingId) {
    await this.moment();
    this.masked.add(recordingId);
    return ok(undefined);
  }

  async unmaskRecording(recordingId: RecordingId) {
    await this.moment();
    this.masked.delete(recordingId);
    return ok(undefined);
  }

  hideDigits = (endpointId: EndpointId, hidden: boolean) =>
    this.on(endpointId, () => void (hidden ? this.hushed.add(endpointId) : this.hushed.delete(endpointId)));

  /** What is listened for now, by leg. */
  readonly detections = new Map<EndpointId, Detection>();
  detect = (endpointId: EndpointId, detection: Detection) =>
    this.on(endpointId, () => void this.detections.set(endpointId, detection));

  tap = () => Promise.resolve(fail('unsupported', 'the double has one process'));
  /** Whose packets have come. */
  readonly sounding = new Set<EndpointId>();
  stats = (endpointId: EndpointId) =>
    this.on(endpointId, () => ({
      packetsReceived: this.sounding.has(endpointId) ? 50 : 0,
      ...{ packetsSent: 0, packetsLost: 0, jitterMs: 0 },
    }));
  statsOf: MediaPort['statsOf'] = () => Promise.resolve(ok([]));
  counts = () => Promise.resolve(fail('unsupported', 'the double counts by its maps'));

  private forget(endpointId: EndpointId): void {
    this.endpoints.delete(endpointId);
    this.hushed.delete(endpointId);
    for (const sides of this.sides.values())
      for (const channel of [0, 1] as const) sides[channel] = sides[channel].filter((one) => one !== endpointId);
    this.part(endpointId);
    this.silence(endpointId);
  }

  private async on<Value>(endpointId: EndpointId, work: () => Value): Promise<Result<Value>> {
    await this.moment();
    return this.endpoints.has(endpointId) ? ok(work()) : fail('not_found', 'no such endpoint');
  }

  private moment(): Promise<void> {
    return sleep(this.clock, this.random.int(MAX_DELAY_MS));
  }
}
