/**
 * One app process as the media process sees it: what it has opened, and whether it is connected. An app that was cut
 * off may come back within a grace, and then misses nothing: neither events nor answers; afterwards everything of its is
 * closed.
 */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock';
import { messageOf } from '../base/errors';
import { asId, newToken } from '../base/ids';
import type { EndpointId, MixId, RecordingId } from '../base/ids';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { writeFrame } from './framing';
import type { MediaEvent, MediaPort } from './ports';
import { METHOD_PARAMS } from './protocol';
import type { MediaMethod } from './protocol';

/** Events kept for an app that is cut off; one that has more to come is not worth waiting for. */
const MAX_KEPT_EVENTS = 1000;

const OPENING_METHODS: readonly MediaMethod[] = ['openEndpoint', 'startRecording', 'openMix'];

/** See `media/protocol.ts`. */
export interface AppRequest {
  readonly id: number;
  readonly oldest: number;
  readonly method: MediaMethod;
  readonly params: unknown[];
}

export interface ClientSessionOptions {
  readonly engine: MediaPort;
  readonly clock: Clock;
  readonly log: Logger;
  readonly graceMs: number;
  readonly onEnded: () => void;
}

export class ClientSession {
  readonly sessionId = newToken();
  private readonly endpoints = new Set<EndpointId>();
  private readonly recordings = new Set<RecordingId>();
  private readonly mixes = new Set<MixId>();
  private readonly keptEvents: MediaEvent[] = [];
  /** Answers that the app may not have received, by the ids of its requests, which grow. */
  private readonly answers = new Map<number, Promise<Result<unknown>>>();
  private socket: Socket | undefined;
  private grace: Timer | undefined;
  private ended: Promise<void> | undefined;

  constructor(private readonly options: ClientSessionOptions) {}

  /** Nothing of its is open. */
  get isIdle(): boolean {
    return this.endpoints.size === 0 && this.recordings.size === 0 && this.mixes.size === 0;
  }

  /** A connection of this app; one that was there before is replaced. */
  connected(socket: Socket): void {
    this.grace?.cancel();
    const previous = this.socket;
    this.socket = socket;
    previous?.destroy();
    for (const event of this.keptEvents.splice(0)) writeFrame(socket, { type: 'event', event });
  }

  disconnected(socket: Socket): void {
    if (this.socket !== socket || this.ended) return;
    this.socket = undefined;
    this.grace = this.options.clock.after(this.options.graceMs, () => void this.end());
  }

  /** Sends the app what concerns its own endpoints and recordings. */
  onEvent(event: MediaEvent): void {
    if (!this.isOwn(event)) return;
    if (event.type === 'endpoint-lost') this.endpoints.delete(event.endpointId);
    if (event.type === 'recording-failed') this.recordings.delete(event.recordingId);
    if (this.socket) writeFrame(this.socket, { type: 'event', event });
    else if (this.keptEvents.length < MAX_KEPT_EVENTS) this.keptEvents.push(event);
  }

  /** Does what is asked for once, however often it is asked under the same id. */
  answer({ id, oldest, method, params }: AppRequest): Promise<Result<unknown>> {
    for (const known of this.answers.keys()) {
      if (known >= oldest) break;
      this.answers.delete(known);
    }
    const answer = this.answers.get(id) ?? this.perform(method, params);
    this.answers.set(id, answer);
    return answer;
  }

  /** Checks the parameters and asks the engine. Fails with `bad_input` for parameters that are wrong. */
  private async perform(method: MediaMethod, params: unknown[]): Promise<Result<unknown>> {
    const parsed = METHOD_PARAMS[method].safeParse(params);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return fail('bad_input', `${method}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'wrong parameters'}`);
    }
    const forgetIfFailed = this.own(method, params[0]);
    try {
      const result = await this.call(method, parsed.data);
      if (!result.ok) forgetIfFailed();
      await this.disown(method, params[0]);
      return result.ok ? ok(result.value) : fail(result.fault.code, result.fault.message);
    } catch (error) {
      forgetIfFailed();
      this.options.log.error({ err: error, method }, 'a request to the media engine threw');
      return fail('internal', `${method} failed: ${messageOf(error)}`);
    }
  }

  /** Closes what the app had open. Idempotent. */
  end(): Promise<void> {
    this.ended ??= this.closeEverything();
    return this.ended;
  }

  private async closeEverything(): Promise<void> {
    this.grace?.cancel();
    this.options.onEnded();
    const counts = { endpoints: this.endpoints.size, recordings: this.recordings.size };
    if (counts.endpoints + counts.recordings > 0)
      this.options.log.warn(counts, 'an app is gone; what it had open is closed');
    await this.closeOwn();
  }

  private async closeOwn(): Promise<void> {
    const { engine } = this.options;
    await Promise.all([...this.recordings].map((recordingId) => engine.stopRecording(recordingId)));
    await Promise.all([...this.mixes].map((mixId) => engine.closeMix(mixId)));
    await Promise.all([...this.endpoints].map((endpointId) => engine.closeEndpoint(endpointId)));
  }

  /** The schema of each method yields just the parameters that it takes (see METHOD_PARAMS), which no type can say. */
  private call(method: MediaMethod, params: unknown[]): Promise<Result<unknown>> {
    const { engine } = this.options;
    const perform = engine[method] as (...args: unknown[]) => Promise<Result<unknown>>;
    return perform.apply(engine, params);
  }

  /** Before the engine is asked, since events may come before its answer; returns what takes it back. */
  private own(method: MediaMethod, subject: unknown): () => void {
    if (method === 'openEndpoint') return addTo(this.endpoints, (subject as { endpointId: EndpointId }).endpointId);
    if (method === 'startRecording')
      return addTo(this.recordings, (subject as { recordingId: RecordingId }).recordingId);
    if (method === 'openMix') return addTo(this.mixes, (subject as { mixId: MixId }).mixId);
    return () => undefined;
  }

  /** After the engine has answered: events on the way there were still this app's. */
  private async disown(method: MediaMethod, subject: unknown): Promise<void> {
    if (method === 'closeEndpoint') this.endpoints.delete(asId(String(subject)));
    if (method === 'closeMix') this.mixes.delete(asId(String(subject)));
    if (method === 'stopRecording') this.recordings.delete(asId(String(subject)));
    // What was opened while the app was being given up has nobody else to close it.
    if (this.ended && OPENING_METHODS.includes(method)) await this.closeOwn();
  }

  private isOwn(event: MediaEvent): boolean {
    // A stream is nobody's own: whoever uses the process is to know.
    if (event.type === 'stream-changed') return true;
    if ('recordingId' in event) return this.recordings.has(event.recordingId);
    return this.endpoints.has(event.endpointId);
  }
}

/** Returns what removes the member again, unless it was there before. */
function addTo<Member>(set: Set<Member>, member: Member): () => void {
  if (set.has(member)) return () => undefined;
  set.add(member);
  return () => void set.delete(member);
}
