/**
 * Legs that are listened to for fax tones, silence and machines. Only these are decoded: each has a jitter buffer of its
 * own, from which a frame is taken with every beat, whether packets come or not.
 */
import type { Clock } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { SAMPLE_RATE_HZ } from '../codec/g711';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import { MixInput } from '../mixer/mix-input';
import type { AudioCodec, MediaEvent } from '../ports';
import { LegDetection } from './leg-detection';
import { faultIn } from './terms';
import type { Detection } from './terms';

export interface DetectionDeskOptions {
  readonly clock: Clock;
  readonly ticker: FrameTicker;
  readonly onFound: (event: MediaEvent) => void;
}

interface Listening {
  readonly endpoint: MediaEndpoint;
  readonly detection: LegDetection;
  /** Absent until the codec is agreed on; made anew when another one is. */
  ear: { readonly codec: AudioCodec; readonly input: MixInput } | undefined;
}

export class DetectionDesk {
  private readonly legs = new Map<EndpointId, Listening>();
  private unsubscribe: (() => void) | undefined;

  constructor(private readonly options: DetectionDeskOptions) {}

  get size(): number {
    return this.legs.size;
  }

  /** Replaces what was asked for before; what both have goes on. Fails with `bad_input`. */
  detect(endpoint: MediaEndpoint, wanted: Detection): Result<void> {
    const fault = faultIn(wanted);
    if (fault !== undefined) return fail('bad_input', fault);
    const known = this.legs.get(endpoint.id);
    const detection = known?.detection ?? new LegDetection();
    detection.want(wanted);
    if (detection.isOver) this.forget(endpoint.id);
    else if (!known) this.begin({ endpoint, detection, ear: undefined });
    return ok(undefined);
  }

  /** Idempotent. */
  forget(endpointId: EndpointId): void {
    this.legs.get(endpointId)?.ear?.input.close();
    this.legs.delete(endpointId);
    if (this.legs.size > 0) return;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private begin(leg: Listening): void {
    this.legs.set(leg.endpoint.id, leg);
    this.unsubscribe ??= this.options.ticker.subscribe(() => this.beat());
  }

  private beat(): void {
    for (const leg of [...this.legs.values()]) this.listen(leg);
  }

  private listen(leg: Listening): void {
    const { endpoint, detection } = leg;
    const input = this.earOf(leg);
    if (!input) return;
    for (const finding of detection.accept(input.pull(SAMPLE_RATE_HZ, 1)))
      this.options.onFound({ ...finding, endpointId: endpoint.id });
    if (detection.isOver) this.forget(endpoint.id);
  }

  private earOf(leg: Listening): MixInput | undefined {
    const { endpoint } = leg;
    const { codec } = endpoint;
    if (leg.ear && leg.ear.codec === codec) return leg.ear.input;
    leg.ear?.input.close();
    leg.ear = codec && {
      codec,
      input: new MixInput({
        endpoint,
        codec,
        // Nothing above is looked for.
        ceilingHz: SAMPLE_RATE_HZ,
        clock: this.options.clock,
        // Keys are no sound: they take its place.
        onEvent: () => undefined,
      }),
    };
    return leg.ear?.input;
  }
}
