/** What the benchmark and the load's process say to each other. */
import type { AudioCodec } from '../../../../media/ports';

export interface LegPlan {
  readonly kind: 'stamped' | 'bursts';
  readonly codec: AudioCodec;
  readonly payloadType: number;
  readonly talks: boolean;
  /** The leg whose bursts this one is to hear. */
  readonly hears?: number;
}

export interface LoadReport {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  /** Absent when nothing was heard whose time is known. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number; readonly max: number };
}
