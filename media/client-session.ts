/**
 * One app process as the media process sees it: what it has opened, and whether it is connected. An app that was cut
 * off may come back within a grace, and then misses nothing: neither events nor answers. What belongs to one that was
 * killed is kept for the app's next life, which may claim it for some time; afterwards everything of its is closed.
 *
 *   connected ──silent──► cut off ──grace over──► ended
 *       │ └──its process is gone──► kept ──time over──► ended
 *       │                            └──claimed by a later life──► superseded
 *       └──bye──► ended
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
import { KeptMedia } from './keeping/kept-media';
import type { NumberedEvent } from './keeping/kept-media';
import { KEEPING_PARAMS, isKeepingMethod } from './keeping/terms';
import type { AppLife, ClaimPage, KeepingMethod, KeepingPort, Subject } from './keeping/terms';
import type { MediaEvent, MediaPort } from './ports';
import { METHOD_PARAMS } from './protocol';
import type { MediaMethod } from './protocol';

const OPENING_METHODS: readonly MediaMethod[] = ['openEndpoint', 'startRecording', 'openMix'];
const CLOSING_METHODS: readonly MediaMethod[] = ['closeEndpoint', 'stopRecording', 'closeMix'];

/** See `media/protocol.ts`. */
export interface AppRequest {
  readonly id: number;
  readonly oldest: number;
  readonly method: MediaMethod | KeepingMethod;
  readonly params: unknown[];
}

/** `silent`: nothing was heard for a while, as when a network fails; `broken`: the other side's system says so. */
export type Disconnection = 'silent' | 'broken';

export interface ClientSessionOptions {
  readonly engine: MediaPort;
  readonly clock: Clock;
  readonly log: Logger;
  /** Without it nothing outlives the app process for longer than the grace. */
  readonly app: AppLife | undefined;
  readonly graceMs: number;
  /** How long an app that was killed may take to start again. */
  readonly keepMs: number;
  readonly onEnded: () => void;
  /** Cuts off earlier lives of the app, and gives what they had. */
  readonly takeOver: () => readonly KeptMedia[];
  /** What has to be closed before anything is done for this one. */
  readonly after: Promise<unknown> | undefined;
}

export class ClientSession implements KeepingPort {
  readonly sessionId = newToken();
  private readonly kept = new KeptMedia();
  /** Answers that the app may not have received, by the ids of its requests, which grow. */
  private readonly answers = new Map<number, Promise<Result<unknown>>>();
  private pages: readonly ClaimPage[] = [];
  private socket: Socket | undefined;
  private patience: Timer | undefined;
  private ended: Promise<void> | undefined;

  constructor(private readonly options: ClientSessionOptions) {}

  get app(): AppLife | undefined {
    return this.options.app;
  }

  /** Nothing of its is open. */
  get isIdle(): boolean {
    return this.kept.isEmpty;
  }

  /** A connection of this app; one that was there before is replaced. */
  connected(socket: Socket): void {
    this.patience?.cancel();
    const previous = this.socket;
    this.socket = socket;
    previous?.destroy();
    for (const numbered of this.kept.notYetSeen()) this.send(numbered);
  }

  disconnected(socket: Socket, how: Disconnection): void {
    if (this.socket !== socket || this.ended) return;
    this.socket = undefined;
    const { app, clock, log, graceMs, keepMs } = this.options;
    const isKept = app !== undefined && how === 'broken';
    if (isKept && !this.isIdle) log.warn({ keepMs }, 'an app is gone; what it had open is kept for its next start');
    this.patience = clock.after(isKept ? keepMs : graceMs, () => void this.end());
  }

  /** Sends the app what concerns its own endpoints and recordings. */
  onEvent(event: MediaEvent): void {
    if (this.kept.owns(event)) this.send(this.kept.admit(event));
  }

  /** The app has done what it does about these events; before, they may have got lost on their way, or with the app. */
  seen(upTo: number): void {
    this.kept.seen(upTo);
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

  async keepMemo(subject: Subject, memo: unknown): Promise<Result<void>> {
    return this.kept.remember(subject, memo) ? ok(undefined) : fail('overloaded', 'too much is to be remembered');
  }

  async claim(): Promise<Result<{ readonly pages: number }>> {
    if (!this.app) return fail('forbidden', 'an app without an id has nothing to claim');
    for (const kept of this.options.takeOver()) this.kept.absorb(kept);
    this.pages = this.kept.pages();
    return ok({ pages: this.pages.length });
  }

  async claimed(page: number): Promise<Result<ClaimPage>> {
    const found = this.pages[page];
    return found ? ok(found) : fail('not_found', `there is no page ${page}`);
  }

  async resume(): Promise<Result<void>> {
    this.pages = [];
    for (const numbered of this.kept.resume()) this.send(numbered);
    return ok(undefined);
  }

  /** A later life of the app has claimed what this one had, which is given away; the app is told `reason`. */
  supersede(reason: string): KeptMedia {
    this.ended = Promise.resolve();
    this.patience?.cancel();
    this.options.onEnded();
    if (this.socket) {
      writeFrame(this.socket, { type: 'refused', reason, superseded: true });
      this.socket.destroySoon();
    }
    return this.kept;
  }

  /** Closes what the app had open. Idempotent. */
  end(): Promise<void> {
    this.ended ??= this.closeEverything();
    return this.ended;
  }

  private send(numbered: NumberedEvent | undefined): void {
    if (this.socket && numbered) writeFrame(this.socket, { type: 'event', ...numbered });
  }

  private async perform(method: MediaMethod | KeepingMethod, params: unknown[]): Promise<Result<unknown>> {
    if (this.options.after) await this.options.after;
    if (!isKeepingMethod(method)) return this.ask(method, params);
    const parsed = KEEPING_PARAMS[method].safeParse(params);
    if (!parsed.success) return fail('bad_input', `${method}: wrong parameters`);
    const keep = this[method] as (...args: unknown[]) => Promise<Result<unknown>>;
    return keep.apply(this, parsed.data);
  }

  /** Checks the parameters and asks the engine. Fails with `bad_input` for parameters that are wrong. */
  private async ask(method: MediaMethod, params: unknown[]): Promise<Result<unknown>> {
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

  private async closeEverything(): Promise<void> {
    this.patience?.cancel();
    this.options.onEnded();
    const counts = { endpoints: this.kept.endpoints.size, recordings: this.kept.recordings.size };
    if (counts.endpoints + counts.recordings > 0)
      this.options.log.warn(counts, 'an app is gone; what it had open is closed');
    await this.closeOwn();
  }

  private async closeOwn(): Promise<void> {
    const { engine } = this.options;
    const { recordings, mixes, endpoints, takes } = this.kept;
    await Promise.all([...recordings].map((recordingId) => engine.stopRecording(recordingId)));
    await Promise.all([...mixes].map((mixId) => engine.closeMix(mixId)));
    await Promise.all([...endpoints].map((endpointId) => engine.closeEndpoint(endpointId)));
    await Promise.all([...takes].map((takeId) => engine.dropTake(takeId)));
  }

  /** The schema of each method yields just the parameters that it takes (see METHOD_PARAMS), which no type can say. */
  private call(method: MediaMethod, params: unknown[]): Promise<Result<unknown>> {
    const { engine } = this.options;
    const perform = engine[method] as (...args: unknown[]) => Promise<Result<unknown>>;
    return perform.apply(engine, params);
  }

  /** Before the engine is asked, since events may come before its answer; returns what takes it back. */
  private own(method: MediaMethod, subject: unknown): () => void {
    const { endpoints, recordings, mixes, takes } = this.kept;
    if (method === 'openEndpoint') return addTo(endpoints, (subject as { endpointId: EndpointId }).endpointId);
    if (method === 'startRecording') return addTo(recordings, (subject as { recordingId: RecordingId }).recordingId);
    if (method === 'openMix') return addTo(mixes, (subject as { mixId: MixId }).mixId);
    if (method === 'startTake') return addTo(takes, (subject as { takeId: string }).takeId);
    return () => undefined;
  }

  /** After the engine has answered: events on the way there were still this app's. */
  private async disown(method: MediaMethod, subject: unknown): Promise<void> {
    if (CLOSING_METHODS.includes(method)) this.kept.closed(asId(String(subject)));
    if (method === 'dropTake') this.kept.takes.delete(String(subject));
    // What was opened while the app was being given up has nobody else to close it.
    if (this.ended && OPENING_METHODS.includes(method)) await this.closeOwn();
  }
}

/** Returns what removes the member again, unless it was there before. */
function addTo<Member>(set: Set<Member>, member: Member): () => void {
  if (set.has(member)) return () => undefined;
  set.add(member);
  return () => void set.delete(member);
}
