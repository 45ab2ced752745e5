/** The kinds of WAV data that are read and written here, and their numbers in a `fmt ` chunk. */

export type WavEncoding = 'pcm16' | 'alaw' | 'mulaw';

export const FORMAT_TAGS: Readonly<Record<WavEncoding, number>> = { pcm16: 1, alaw: 6, mulaw: 7 };

export const BYTES_PER_SAMPLE: Readonly<Record<WavEncoding, number>> = { pcm16: 2, alaw: 1, mulaw: 1 };

export interface WavFormat {
  readonly encoding: WavEncoding;
  readonly channels: number;
  readonly sampleRateHz: number;
}
