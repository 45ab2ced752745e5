/**
 * The app's side of the socket: {@link MediaPort} over a {@link MediaLink}. When the process is lost, each endpoint is
 * reported lost, once.
 */
import { TypedEmitter } from '../base/emitter';
import type { EndpointId } from '../base/ids';
import type { Result } from '../base/result';
import { ok } from '../base/result';
import { MediaLink } from './client-link';
import type { MediaLinkOptions, ProcessChange } from './client-link';
import type { ClaimPage, KeepingMethod, KeepingPort } from './keeping/terms';
import type { MediaEvent, MediaPort, RecordingRequest } from './ports';
import type { MediaMethod } from './protocol';

export interface MediaClientOptions extends MediaLinkOptions {
  /** What is asked for in the place of each recording, such as the same with a seal. */
  readonly prepareRecording?: ((request: RecordingRequest) => RecordingRequest) | undefined;
}

export class MediaClient implements MediaPort {
  private readonly events: TypedEmitter<{ event: [MediaEvent]; ready: []; change: [ProcessChange] }>;
  private readonly endpoints = new Set<EndpointId>();
  private readonly link: MediaLink;

  readonly acceptAnswer = this.asking('acceptAnswer');
  readonly answerReoffer = this.asking('answerReoffer');
  readonly reoffer = this.asking('reoffer');
  readonly bridge = this.asking('bridge');
  readonly tap = this.asking('tap');
  readonly unbridge = this.asking('unbridge');
  readonly joinMix = this.asking('joinMix');
  readonly leaveMix = this.asking('leaveMix');
  readonly closeMix = this.asking('closeMix');
  readonly play = this.asking('play');
  readonly stopPlay = this.asking('stopPlay');
  readonly controlPlay = this.asking('controlPlay');
  readonly startTake = this.asking('startTake');
  readonly stopTake = this.asking('stopTake');
  readonly dropTake = this.asking('dropTake');
  readonly sendDigit = this.asking('sendDigit');
  readonly hideDigits = this.asking('hideDigits');
  readonly detect = this.asking('detect');
  readonly attachRecording = this.asking('attachRecording');
  readonly alsoRecord = this.asking('alsoRecord');
  readonly detachRecording = this.asking('detachRecording');
  readonly attachMix = this.asking('attachMix');
  readonly maskRecording = this.asking('maskRecording');
  readonly unmaskRecording = this.asking('unmaskRecording');
  readonly stopRecording = this.asking('stopRecording');
  readonly stats = this.asking('stats');
  readonly statsOf = this.asking('statsOf');
  readonly counts = this.asking('counts');
  readonly keepMemo = this.keeping('keepMemo');
  readonly resume = this.keeping('resume');

  constructor(private readonly options: MediaClientOptions) {
    this.events = new TypedEmitter(options.log);
    this.link = new MediaLink(options, {
      onEvent: (event) => this.heard(event),
      onChange: (change) => this.changed(change),
    });
  }

  /** Whether requests reach a media process now. */
  get ready(): boolean {
    return this.link.ready;
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

  readonly openEndpoint: MediaPort['openEndpoint'] = async (request) => {
    const { endpointId } = request;
    const known = this.endpoints.has(endpointId);
    this.endpoints.add(endpointId);
    const opened = await this.asking('openEndpoint')(request);
    if (opened.ok || known) return opened;
    this.endpoints.delete(endpointId);
    return this.undone(opened, () => this.closeEndpoint(endpointId));
  };

  readonly closeEndpoint: MediaPort['closeEndpoint'] = (endpointId) => {
    this.endpoints.delete(endpointId);
    return this.asking('closeEndpoint')(endpointId);
  };

  readonly openMix: MediaPort['openMix'] = async (request) => {
    const opened = await this.asking('openMix')(request);
    return this.undone(opened, () => this.closeMix(request.mixId));
  };

  readonly startRecording: MediaPort['startRecording'] = async (request) => {
    const { prepareRecording } = this.options;
    const started = await this.asking('startRecording')(prepareRecording ? prepareRecording(request) : request);
    return this.undone(started, () => this.stopRecording(request.recordingId));
  };

  /** Whether what is open outlives this app's process. */
  get keeps(): boolean {
    return this.options.app !== undefined;
  }

  /**
   * What the app's earlier lives left open here, which is this one's from now on; events of it wait for
   * {@link MediaClient.resume}. Fails with `unavailable` when the process is or gets lost.
   */
  async claim(): Promise<Result<ClaimPage>> {
    const claimed = await this.keeping('claim')();
    if (!claimed.ok) return claimed;
    const pages: ClaimPage[] = [];
    for (let page = 0; page < claimed.value.pages; page += 1) {
      const read = await this.keeping('claimed')(page);
      if (!read.ok) return read;
      pages.push(read.value);
    }
    const inherited: ClaimPage = {
      endpoints: pages.flatMap(({ endpoints }) => endpoints),
      recordings: pages.flatMap(({ recordings }) => recordings),
      mixes: pages.flatMap(({ mixes }) => mixes),
      takes: pages.flatMap(({ takes }) => takes),
      memos: pages.flatMap(({ memos }) => memos),
    };
    for (const endpointId of inherited.endpoints) this.endpoints.add(endpointId);
    return ok(inherited);
  }

  /**
   * The process is to take no more calls, and to end when it carries none, or after `withinMs`. Fails with `unavailable`
   * when it cannot be reached.
   */
  drain(withinMs?: number): Result<void> {
    return this.link.drain(withinMs);
  }

  /** Ends the connection in good order: what this app had open there is closed at once. Idempotent. */
  close(): void {
    this.link.close();
    this.events.removeAll();
  }

  /** The value's type is the port's own; both sides are built from the same file. */
  private asking<Method extends MediaMethod>(method: Method): MediaPort[Method] {
    return ((...params: unknown[]) => this.link.request(method, params)) as MediaPort[Method];
  }

  private keeping<Method extends KeepingMethod>(method: Method): KeepingPort[Method] {
    return ((...params: unknown[]) => this.link.request(method, params)) as KeepingPort[Method];
  }

  /** What was not answered in time may be done late; nobody would know of it any more. */
  private undone<Value>(result: Result<Value>, undo: () => Promise<unknown>): Result<Value> {
    if (!result.ok && result.fault.code === 'timeout') void undo();
    return result;
  }

  private heard(event: MediaEvent): void {
    if (event.type === 'endpoint-lost') this.endpoints.delete(event.endpointId);
    this.events.emit('event', event);
  }

  private changed(change: ProcessChange): void {
    if (change === 'ready') this.events.emit('ready');
    this.events.emit('change', change);
    if (change !== 'lost') return;
    const lost = [...this.endpoints];
    this.endpoints.clear();
    for (const endpointId of lost)
      this.events.emit('event', { type: 'endpoint-lost', endpointId, reason: 'process-lost' });
  }
}
