/** What a browser counts of the voice it receives (W3C WebRTC statistics), in the form of the event socket. */
import type { BrowserCounters } from '../../../api/contract/quality';

/** Those fields of `inbound-rtp` and `candidate-pair` that are read; browsers leave some out. */
interface StatsEntry {
  readonly type: string;
  readonly kind?: string;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly jitterBufferDelay?: number;
  readonly jitterBufferEmittedCount?: number;
  readonly concealedSamples?: number;
  /** Those of them that were made up while the sender paused. */
  readonly silentConcealedSamples?: number;
  readonly totalSamplesReceived?: number;
  readonly totalSamplesDuration?: number;
}

const wholeOf = (value: number | undefined): number => Math.max(0, Math.round(value ?? 0));

/** Undefined before anything has been received. */
export const browserCounters = (entries: Iterable<StatsEntry>): BrowserCounters | undefined => {
  const all = [...entries];
  const inbound = all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
  if (!inbound?.packetsReceived) return undefined;
  const roundTripS = all.find(({ type, nominated }) => type === 'candidate-pair' && nominated)?.currentRoundTripTime;
  const { concealedSamples, totalSamplesReceived, totalSamplesDuration } = inbound;
  const { jitterBufferDelay, jitterBufferEmittedCount } = inbound;
  const samplesPerS =
    totalSamplesReceived && totalSamplesDuration ? totalSamplesReceived / totalSamplesDuration : 48_000;
  return {
    packets: wholeOf(inbound.packetsReceived),
    lost: wholeOf(inbound.packetsLost),
    jitterMs: (inbound.jitter ?? 0) * 1000,
    ...(roundTripS !== undefined && { roundTripMs: roundTripS * 1000 }),
    ...(concealedSamples !== undefined && {
      concealedMs: wholeOf(((concealedSamples - (inbound.silentConcealedSamples ?? 0)) * 1000) / samplesPerS),
    }),
    ...(jitterBufferDelay !== undefined &&
      jitterBufferEmittedCount && { jitterBufferMs: (jitterBufferDelay * 1000) / jitterBufferEmittedCount }),
  };
};
