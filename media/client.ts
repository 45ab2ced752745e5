/**
 * The app's side of the socket: {@link MediaPort} over a connection that is made again when it breaks. A media process
 * that answers as the same instance within the grace has lost nothing. One that is gone, or new, has lost everything:
 * each endpoint is reported lost, once.
 */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock';
import { TypedEmitter } from '../base/emitter';
import { newToken } from '../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../base/ids';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { FrameReader, writeFrame } from './framing';
import type {
  EndpointReading,
  EndpointStats,
  MediaCounts,
  MediaEvent,
  MediaPort,
  MixMember,
  OpenEndpoint,
  OpenMix,
  OpenedEndpoint,
  PlayControl,
  PlayPosition,
  PlayRequest,
  RecordingChannel,
  RecordingRequest,
  RecordingSummary,
  TakeRequest,
  TakeSummary,
} from './ports';
import { PROTOCOL_VERSION, serverMessageSchema } from './protocol';
import type { MediaMethod } from './protocol';
import { connectToMedia } from './connection';
import type { MediaAddress } from './connection';

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 2000;
const REQUEST_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 500;
/** Heartbeats without a word; with the grace they are what the loss of a whole machine takes to be noticed. */
const SILENT_BEATS = 3;
/** Less than the server's, so that the app never holds an endpoint for alive that is closed there. */
const DEFAULT_GRACE_MS = 2000;

export interface MediaClientOptions {
  readonly address: MediaAddress;
  readonly secret: string;
  readonly graceMs?: number;
  /** What is asked for in the place of each recording, such as the same with a seal. */
  readonly prepareRecording?: ((request: RecordingRequest) => RecordingRequest) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Pending {
  readonly settle: (result: Result<unknown>) => void;
  readonly timeout: Timer;
}

type Connection =
  | { readonly name: 'connecting'; readonly socket?: Socket; readonly retry?: Timer }
  | { readonly name: 'ready'; readonly socket: Socket }
  | { readonly name: 'closed' };

/** What becomes of the process: it can be asked, takes no more calls, or all that was open there is gone. */
export type ProcessChange = 'ready' | 'draining' | 'lost';

export class MediaClient implements MediaPort {
  private clientId = newToken();
  private readonly events: TypedEmitter<{ event: [MediaEvent]; ready: []; change: [ProcessChange] }>;
  private readonly pending = new Map<number, Pending>();
  private readonly endpoints = new Set<EndpointId>();
  private connection: Connection = { name: 'connecting' };
  private instanceId: string | undefined;
  private lastRequest = 0;
  /** Since the last welcome, or ever. */
  private isLost = true;
  private hasComplained = false;
  private retryMs = FIRST_RETRY_MS;
  private grace: Timer | undefined;
  private heartbeat: Timer | undefined;
  private silentBeats = 0;

  constructor(private readonly options: MediaClientOptions) {
    this.events = new TypedEmitter(options.log);
    // On one machine the system tells of an end at once; a network may say nothing.
    if (!('socketPath' in options.address))
      this.heartbeat = options.clock.every(HEARTBEAT_MS, () => this.checkHeartbeat());
    this.connect();
  }

  /** Whether requests reach a media process now. */
  get ready(): boolean {
    return this.connection.name === 'ready';
  }

  /** Resolves with the next connection, at once when there is one. */
  whenReady(): Promise<void> {
    if (this.ready) return Promise.resolve();
    return new Promise((resolve) => void this.events.once('ready', resolve));
  }

  onEvent(listener: (event: MediaEvent) => void): () => void {
    return this.events.on('event', listener);
  }

  /** Told before endpoints are reported lost. */
  onChange(listener: (change: ProcessChange) => void): () => void {
    return this.events.on('change', listener);
  }

  async openEndpoint(request: OpenEndpoint): Promise<Result<OpenedEndpoint>> {
    const { endpointId } = request;
    const known = this.endpoints.has(endpointId);
    this.endpoints.add(endpointId);
    const result = await this.request<OpenedEndpoint>('openEndpoint', [request]);
    if (!result.ok && !known) this.endpoints.delete(endpointId);
    return result;
  }

  acceptAnswer(endpointId: EndpointId, sdp: string): Promise<Result<OpenedEndpoint>> {
    return this.request('acceptAnswer', [endpointId, sdp]);
  }

  answerReoffer(endpointId: EndpointId, offer: string): Promise<Result<OpenedEndpoint>> {
    return this.request('answerReoffer', [endpointId, offer]);
  }

  reoffer(endpointId: EndpointId): Promise<Result<OpenedEndpoint>> {
    return this.request('reoffer', [endpointId]);
  }

  closeEndpoint(endpointId: EndpointId): Promise<Result<void>> {
    this.endpoints.delete(endpointId);
    return this.request('closeEndpoint', [endpointId]);
  }

  bridge(a: EndpointId, b: EndpointId): Promise<Result<void>> {
    return this.request('bridge', [a, b]);
  }

  tap(from: EndpointId, to: EndpointId): Promise<Result<void>> {
    return this.request('tap', [from, to]);
  }

  unbridge(endpointId: EndpointId): Promise<Result<void>> {
    return this.request('unbridge', [endpointId]);
  }

  openMix(request: OpenMix): Promise<Result<void>> {
    return this.request('openMix', [request]);
  }

  joinMix(mixId: MixId, members: readonly MixMember[]): Promise<Result<void>> {
    return this.request('joinMix', [mixId, members]);
  }

  leaveMix(endpointId: EndpointId): Promise<Result<void>> {
    return this.request('leaveMix', [endpointId]);
  }

  closeMix(mixId: MixId): Promise<Result<void>> {
    return this.request('closeMix', [mixId]);
  }

  play(request: PlayRequest): Promise<Result<void>> {
    return this.request('play', [request]);
  }

  stopPlay(playId: PlayId): Promise<Result<void>> {
    return this.request('stopPlay', [playId]);
  }

  controlPlay(playId: PlayId, control: PlayControl): Promise<Result<PlayPosition>> {
    return this.request('controlPlay', [playId, control]);
  }

  startTake(request: TakeRequest): Promise<Result<void>> {
    return this.request('startTake', [request]);
  }

  stopTake(takeId: string): Promise<Result<TakeSummary>> {
    return this.request('stopTake', [takeId]);
  }

  dropTake(takeId: string): Promise<Result<void>> {
    return this.request('dropTake', [takeId]);
  }

  sendDigit(endpointId: EndpointId, digit: string, durationMs: number): Promise<Result<void>> {
    return this.request('sendDigit', [endpointId, digit, durationMs]);
  }

  hideDigits(endpointId: EndpointId, hidden: boolean): Promise<Result<void>> {
    return this.request('hideDigits', [endpointId, hidden]);
  }

  startRecording(request: RecordingRequest): Promise<Result<void>> {
    const { prepareRecording } = this.options;
    return this.request('startRecording', [prepareRecording ? prepareRecording(request) : request]);
  }

  attachRecording(recordingId: RecordingId, channel: RecordingChannel, endpointId: EndpointId): Promise<Result<void>> {
    return this.request('attachRecording', [recordingId, channel, endpointId]);
  }

  alsoRecord(recordingId: RecordingId, channel: RecordingChannel, endpointId: EndpointId): Promise<Result<void>> {
    return this.request('alsoRecord', [recordingId, channel, endpointId]);
  }

  detachRecording(recordingId: RecordingId, channel: RecordingChannel): Promise<Result<void>> {
    return this.request('detachRecording', [recordingId, channel]);
  }

  attachMix(recordingId: RecordingId, channel: RecordingChannel, mixId: MixId): Promise<Result<void>> {
    return this.request('attachMix', [recordingId, channel, mixId]);
  }

  maskRecording(recordingId: RecordingId, maxMs: number): Promise<Result<void>> {
    return this.request('maskRecording', [recordingId, maxMs]);
  }

  unmaskRecording(recordingId: RecordingId): Promise<Result<void>> {
    return this.request('unmaskRecording', [recordingId]);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<RecordingSummary>> {
    return this.request('stopRecording', [recordingId]);
  }

  stats(endpointId: EndpointId): Promise<Result<EndpointStats>> {
    return this.request('stats', [endpointId]);
  }

  statsOf(endpointIds: readonly EndpointId[]): Promise<Result<readonly EndpointReading[]>> {
    return this.request('statsOf', [endpointIds]);
  }

  counts(): Promise<Result<MediaCounts>> {
    return this.request('counts', []);
  }

  /**
   * The process is to take no more calls, and to end when it carries none, or after `withinMs`. Fails with `unavailable`
   * when it cannot be reached.
   */
  drain(withinMs?: number): Result<void> {
    const { connection } = this;
    const order = { type: 'drain', ...(withinMs !== undefined && { withinMs }) } as const;
    if (connection.name === 'ready' && writeFrame(connection.socket, order)) return ok(undefined);
    return fail('unavailable', 'the media process cannot be reached at the moment');
  }

  /** Ends the connection; what this app had open there is closed after the server's grace. Idempotent. */
  close(): void {
    const { connection } = this;
    if (connection.name === 'closed') return;
    this.connection = { name: 'closed' };
    this.grace?.cancel();
    this.heartbeat?.cancel();
    if (connection.name === 'connecting') connection.retry?.cancel();
    connection.socket?.destroy();
    this.failPending('the connection to the media process was closed');
    this.events.removeAll();
  }

  /** The value's type is the port's own; both sides are built from the same file. */
  private request<Value>(method: MediaMethod, params: unknown[]): Promise<Result<Value>> {
    const { connection } = this;
    if (connection.name !== 'ready')
      return Promise.resolve(fail('unavailable', 'the media process cannot be reached at the moment'));
    const id = (this.lastRequest += 1);
    return new Promise((resolve) => {
      const timeout = this.options.clock.after(REQUEST_TIMEOUT_MS, () =>
        this.settle(id, fail('timeout', `the media process did not answer ${method} in ${REQUEST_TIMEOUT_MS} ms`)),
      );
      this.pending.set(id, { settle: (result) => resolve(result as Result<Value>), timeout });
      if (!writeFrame(connection.socket, { type: 'request', id, method, params }))
        this.settle(id, fail('unavailable', `${method} could not be sent to the media process`));
    });
  }

  private settle(id: number, result: Result<unknown>): void {
    const pending = this.pending.get(id);
    if (!pending) return;
    this.pending.delete(id);
    pending.timeout.cancel();
    pending.settle(result);
  }

  private failPending(message: string): void {
    for (const id of [...this.pending.keys()]) this.settle(id, fail('unavailable', message));
  }

  private connect(): void {
    const { address, secret } = this.options;
    const socket = connectToMedia(address, () =>
      writeFrame(socket, { type: 'hello', version: PROTOCOL_VERSION, secret, clientId: this.clientId }),
    );
    this.connection = { name: 'connecting', socket };
    const reader = new FrameReader();
    let refused = false;
    socket.setNoDelay(true);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
      this.complain(error);
    });
    socket.on('close', () => this.onClosed(refused));
    socket.on('data', (chunk) => {
      this.silentBeats = 0;
      const messages = reader.push(chunk);
      if (!messages.ok) return void socket.destroy();
      for (const message of messages.value) this.onMessage(socket, message);
    });
  }

  /** Once until it is there again: a certificate that is not taken is found in the log, and does not fill it. */
  private complain(err: Error): void {
    this.options.log[this.hasComplained ? 'debug' : 'warn']({ err }, 'the media process cannot be reached');
    this.hasComplained = true;
  }

  private onMessage(socket: Socket, message: unknown): void {
    const parsed = serverMessageSchema.safeParse(message);
    if (!parsed.success || this.connection.name === 'closed') return void socket.destroy();
    switch (parsed.data.type) {
      case 'welcome':
        return this.onWelcome(socket, parsed.data.instanceId);
      case 'refused':
        this.options.log.error({ reason: parsed.data.reason }, 'the media process refused the connection');
        return void socket.destroy();
      case 'response':
        return this.settle(parsed.data.id, parsed.data.result as Result<unknown>);
      case 'draining':
        return this.events.emit('change', 'draining');
      case 'event':
        return this.onMediaEvent(parsed.data.event as MediaEvent);
    }
  }

  private onWelcome(socket: Socket, instanceId: string): void {
    this.grace?.cancel();
    this.grace = undefined;
    this.retryMs = FIRST_RETRY_MS;
    if (this.instanceId !== undefined && this.instanceId !== instanceId) this.reportAllLost();
    this.instanceId = instanceId;
    this.isLost = false;
    this.hasComplained = false;
    this.connection = { name: 'ready', socket };
    this.events.emit('ready');
    this.events.emit('change', 'ready');
  }

  private onMediaEvent(event: MediaEvent): void {
    if (event.type === 'endpoint-lost') this.endpoints.delete(event.endpointId);
    this.events.emit('event', event);
  }

  /** A process that answers no question any more is as good as cut off. */
  private checkHeartbeat(): void {
    const { connection } = this;
    if (connection.name !== 'ready') return;
    // Counted, not timed: an app that was busy for so long has not listened either.
    if (this.silentBeats >= SILENT_BEATS) return void connection.socket.destroy();
    this.silentBeats += 1;
    void this.counts();
  }

  /** @param refused nobody listens there: the process is gone, and no grace brings its endpoints back. */
  private onClosed(refused: boolean): void {
    const { connection, options } = this;
    if (connection.name === 'closed') return;
    if (connection.name === 'ready') {
      options.log.warn('the connection to the media process is lost');
      this.failPending('the connection to the media process was lost');
      this.grace = options.clock.after(options.graceMs ?? DEFAULT_GRACE_MS, () => this.giveUp());
    }
    if (refused) this.giveUp();
    const retry = options.clock.after(this.retryMs, () => this.connect());
    this.retryMs = Math.min(MAX_RETRY_MS, this.retryMs * 2);
    this.connection = { name: 'connecting', retry };
  }

  /** From here on we come as somebody new: what the process still holds of ours closes there after its own grace. */
  private giveUp(): void {
    this.clientId = newToken();
    this.instanceId = undefined;
    if (this.connection.name === 'connecting') this.connection.socket?.destroy();
    this.reportAllLost();
  }

  private reportAllLost(): void {
    // Nothing can be lost twice.
    if (this.isLost) return;
    this.isLost = true;
    this.grace?.cancel();
    this.grace = undefined;
    const lost = [...this.endpoints];
    this.endpoints.clear();
    this.events.emit('change', 'lost');
    for (const endpointId of lost)
      this.events.emit('event', { type: 'endpoint-lost', endpointId, reason: 'process-lost' });
  }
}
