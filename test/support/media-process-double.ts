/** A media process that only remembers what it was asked for, and dies and comes back when told to. */
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { ProcessChange } from '../../media/client-link';
import type { ClaimPage, Subject } from '../../media/keeping/terms';
import type { ProcessPort } from '../../media/pool/member';
import type { MediaEvent, OpenEndpoint } from '../../media/ports';

export class ProcessDouble {
  readonly opened: OpenEndpoint[] = [];
  /** Every other request, as its name and its parameters in JSON. */
  readonly asked: string[] = [];
  /** With which fault it opens nothing. */
  full = false;
  /** Whether it keeps what is open for the next life of the app, and what it was told of it. */
  keeps = false;
  readonly memos = new Map<Subject, unknown>();
  private readonly recordings = new Set<RecordingId>();
  private readonly mixes = new Set<MixId>();
  private readonly waiting: MediaEvent[] = [];
  private isReady = true;
  private onEvent: (event: MediaEvent) => void = () => undefined;
  private onChange: (change: ProcessChange) => void = () => undefined;

  constructor(readonly name: string) {}

  /** As the pool sees it: methods that this double does not know do as they are told, and remember it. */
  get port(): ProcessPort {
    const known: Record<string, unknown> = {
      onEvent: (listener: (event: MediaEvent) => void) => ((this.onEvent = listener), () => undefined),
      onChange: (listener: (change: ProcessChange) => void) => ((this.onChange = listener), () => undefined),
      openEndpoint: (request: OpenEndpoint) => Promise.resolve(this.openOne(request)),
      acceptAnswer: (endpointId: EndpointId) => this.agree('acceptAnswer', endpointId),
      drain: () => ok(this.change('draining')),
      keepMemo: (subject: Subject, memo: unknown) => Promise.resolve(this.keep(subject, memo)),
      claim: () => Promise.resolve(ok({ ...this.open(), takes: [], memos: [...this.memos] })),
      resume: () => Promise.resolve(ok(this.waiting.splice(0).forEach((event) => this.onEvent(event)))),
      close: () => undefined,
    };
    return new Proxy({} as ProcessPort, {
      get: (_target, name: string) => {
        if (name === 'ready') return this.isReady;
        if (name === 'keeps') return this.keeps;
        return known[name] ?? ((...params: unknown[]) => Promise.resolve(this.remember(name, params)));
      },
    });
  }

  emit(event: MediaEvent): void {
    this.onEvent(event);
  }

  /** What happens while the app is away. */
  emitLater(event: MediaEvent): void {
    if (event.type === 'endpoint-lost') this.forget(event.endpointId);
    this.waiting.push(event);
  }

  /** The connection of an app that starts while this one cannot be reached. */
  goAway(): void {
    this.isReady = false;
  }

  change(change: ProcessChange): void {
    this.onChange(change);
  }

  /** It is gone, and everything that was open in it. */
  die(): void {
    this.isReady = false;
    this.opened.length = 0;
    this.asked.length = 0;
    for (const kept of [this.memos, this.recordings, this.mixes]) kept.clear();
    this.change('lost');
  }

  comeBack(): void {
    this.isReady = true;
    this.change('ready');
  }

  private openOne(request: OpenEndpoint): Result<{ sdp: string; codec?: 'PCMA' }> {
    if (!this.isReady) return fail('unavailable', 'gone');
    if (this.full) return fail('overloaded', 'full');
    this.opened.push(request);
    const sdp = `v=0\r\no=- 7 ${this.opened.length} IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 8\r\n`;
    return ok({ sdp, ...(request.offer !== undefined && { codec: 'PCMA' as const }) });
  }

  private agree(name: string, endpointId: EndpointId): Promise<Result<unknown>> {
    const remembered = this.remember(name, [endpointId]);
    return Promise.resolve(
      remembered.ok ? ok({ sdp: 'v=0\r\no=- 7 9 IN IP4 192.0.2.1\r\n', codec: 'PCMA' }) : remembered,
    );
  }

  private remember(name: string, params: unknown[]): Result<void> {
    if (!this.isReady) return fail('unavailable', 'gone');
    this.follow(name, params[0]);
    this.asked.push(`${name} ${params.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ')}`);
    return ok(undefined);
  }

  private keep(subject: Subject, memo: unknown): Result<void> {
    if (!this.isReady) return fail('unavailable', 'gone');
    if (memo === null) this.memos.delete(subject);
    else this.memos.set(subject, JSON.parse(JSON.stringify(memo)));
    return ok(undefined);
  }

  /** What nobody has closed. */
  open(): Pick<ClaimPage, 'endpoints' | 'recordings' | 'mixes'> {
    const endpoints = this.opened.map(({ endpointId }) => endpointId);
    return { endpoints, recordings: [...this.recordings], mixes: [...this.mixes] };
  }

  private follow(name: string, subject: unknown): void {
    if (name === 'closeEndpoint') this.forget(subject as EndpointId);
    if (name === 'startRecording') this.recordings.add((subject as { recordingId: RecordingId }).recordingId);
    if (name === 'stopRecording') this.recordings.delete(subject as RecordingId);
    if (name === 'openMix') this.mixes.add((subject as { mixId: MixId }).mixId);
    if (name === 'closeMix') this.mixes.delete(subject as MixId);
  }

  private forget(endpointId: EndpointId): void {
    const at = this.opened.findIndex((one) => one.endpointId === endpointId);
    if (at >= 0) this.opened.splice(at, 1);
  }
}
