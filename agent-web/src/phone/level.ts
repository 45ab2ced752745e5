/** Loudness of a stream, for the meters. */

const FLOOR_DB = -60;
const CEILING_DB = -6;

/** Loudness of a block of samples (-1 to 1) on a scale from 0 (silence) to 1 (loud), even to the ear. */
export const levelOf = (samples: ArrayLike<number>): number => {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  const rms = Math.sqrt(sum / samples.length);
  if (rms === 0) return 0;
  const decibels = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
};

/** Measures one stream; `read` gives its present level from 0 to 1. */
export interface LevelProbe {
  read(): number;
  close(): void;
}

export const probeLevel = (context: AudioContext, stream: MediaStream): LevelProbe => {
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      return levelOf(samples);
    },
    close() {
      source.disconnect();
      analyser.disconnect();
    },
  };
};
