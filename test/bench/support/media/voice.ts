/**
 * What the load says. Where packets pass as they are, each bears the time of its sending in its first eight bytes;
 * where they are decoded, a tone of 100 ms every two seconds shows when the sound arrives.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createEncoder, CODEC_FACTS } from '../../../../media/codec/codecs';
import { decodeG711 } from '../../../../media/codec/g711';
import type { AudioCodec } from '../../../../media/ports';

const FRAME_MS = 20;
const PERIOD_FRAMES = 100;
const BURST_FRAMES = 5;
const TONE_HZ = 1_000;
const AMPLITUDE = 12_000;
const LOUD = 2_000;

export interface Voice {
  readonly kind: 'stamped' | 'bursts';
  readonly payloadType: number;
  /** Of RTP timestamps, a frame. */
  readonly timestampStep: number;
  /** Said one after the other, again and again. */
  readonly frames: readonly Buffer[];
  /** The frame with which the burst begins. */
  readonly burstStart: number;
}

/** @param talks false: silence alone. */
export const voiceOf = async (
  kind: Voice['kind'],
  codec: AudioCodec,
  options: { payloadType: number; talks: boolean },
): Promise<Voice> => {
  const { clockRateHz } = CODEC_FACTS[codec];
  const common = { kind, payloadType: options.payloadType, timestampStep: (clockRateHz * FRAME_MS) / 1_000 };
  const burstStart = PERIOD_FRAMES - BURST_FRAMES;
  const encoder = createEncoder(codec);
  // Opus is ready one turn after it was made.
  await nextTurn();
  const samples = (encoder.sampleRateHz * FRAME_MS) / 1_000;
  const frames = Array.from({ length: PERIOD_FRAMES }, (_, frame) => {
    const amplitude = options.talks && frame >= burstStart ? AMPLITUDE : 0;
    const pcm = Int16Array.from({ length: samples }, (_value, index) =>
      Math.round(amplitude * Math.sin((2 * Math.PI * TONE_HZ * (frame * samples + index)) / encoder.sampleRateHz)),
    );
    return Buffer.from(encoder.encode(pcm));
  });
  encoder.close();
  return { ...common, frames, burstStart };
};

/** Whether an A-law frame holds the burst. */
export const isLoud = (payload: Buffer): boolean =>
  decodeG711('PCMA', payload).some((sample) => Math.abs(sample) > LOUD);
