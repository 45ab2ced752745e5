/** A media process that only remembers what it was asked for, and dies and comes back when told to. */
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { ProcessChange } from '../../media/client-link';
import type { ProcessPort } from '../../media/pool/member';
import type { MediaEvent, OpenEndpoint } from '../../media/ports';

export class ProcessDouble {
  readonly opened: OpenEndpoint[] = [];
  /** Every other request, as its name and its parameters in JSON. */
  readonly asked: string[] = [];
  /** With which fault it opens nothing. */
  full = false;
  private isReady = true;
  private onEvent: (event: MediaEvent) => void = () => undefined;
  private onChange: (change: ProcessChange) => void = () => undefined;

  constructor(readonly name: string) {}

  /** As the pool sees it: methods that this double does not know do as they are told, and remember it. */
  get port(): ProcessPort {
    const known: Record<string, unknown> = {
      onEvent: (listener: (event: MediaEvent) => void) => ((this.onEvent = listener), () => undefined),
      onChange: (listener: (change: ProcessChange) => void) => ((this.onChange = listener), () => undefined),
      openEndpoint: (request: OpenEndpoint) => Promise.resolve(this.open(request)),
      acceptAnswer: (endpointId: EndpointId) => this.agree('acceptAnswer', endpointId),
      drain: () => ok(this.change('draining')),
      close: () => undefined,
    };
    return new Proxy({} as ProcessPort, {
      get: (_target, name: string) => {
        if (name === 'ready') return this.isReady;
        if (name === 'keeps') return false;
        return known[name] ?? ((...params: unknown[]) => Promise.resolve(this.remember(name, params)));
      },
    });
  }

  emit(event: MediaEvent): void {
    this.onEvent(event);
  }

  change(change: ProcessChange): void {
    this.onChange(change);
  }

  /** It is gone, and everything that was open in it. */
  die(): void {
    this.isReady = false;
    this.opened.length = 0;
    this.asked.length = 0;
    this.change('lost');
  }

  comeBack(): void {
    this.isReady = true;
    this.change('ready');
  }

  private open(request: OpenEndpoint): Result<{ sdp: string; codec?: 'PCMA' }> {
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
    this.asked.push(`${name} ${params.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ')}`);
    return ok(undefined);
  }
}
