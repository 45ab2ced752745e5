/** What the benchmark and the load's process say to each other. */
import type { AudioCodec } from '../../../../media/ports';

export interface LegPlan {
  /** A browser's kind of leg, which speaks through a WebRTC transport of the load's. */
  readonly browser?: boolean;
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

/** What the product offers to the leg with this number. */
export interface BrowserOffer {
  readonly index: number;
  readonly offer: string;
}

export interface BrowserAnswer {
  readonly answer: string;
  /** Where the leg is to send. */
  readonly port: number;
}
