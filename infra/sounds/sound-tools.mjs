/** Samples (floats from -1 to 1 at 8 kHz) in and out of programs and files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const SAMPLE_RATE_HZ = 8000;

/** Below this a 10 ms frame counts as silence. */
const SILENCE_DBFS = -42;
const FRAME = SAMPLE_RATE_HZ / 100;

/**
 * Runs a speech synthesizer that writes a WAV file, and reads that at 8 kHz.
 * @param {(wavPath: string) => [string, ...string[]]} commandFor the command line that writes this file
 */
export function synthesized(commandFor) {
  const folder = mkdtempSync(join(tmpdir(), 'make-sounds-'));
  try {
    const wav = join(folder, 'speech.wav');
    const [program, ...args] = commandFor(wav);
    execFileSync(program, args);
    // What lies below 150 Hz costs level on a telephone line and is not heard.
    const toRaw = [
      '-r',
      '8000',
      '-c',
      '1',
      '-e',
      'signed',
      '-b',
      '16',
      '-t',
      'raw',
      '-',
      'rate',
      '-v',
      '8000',
      'highpass',
      '150',
    ];
    const raw = execFileSync('sox', ['-G', wav, ...toRaw], { maxBuffer: 64 * 1024 * 1024 });
    return Float64Array.from({ length: raw.length / 2 }, (_, index) => raw.readInt16LE(index * 2) / 32_768);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {ArrayLike<number>} samples */
const levelDbfs = (samples) => {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += samples[index] ** 2;
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
};

/** Cuts silence off both ends, but leaves a breath. @param {Float64Array} samples */
export function trimmed(samples) {
  const frames = Math.floor(samples.length / FRAME);
  const loud = Array.from({ length: frames }, (_, frame) => frame).filter(
    (frame) => levelDbfs(samples.subarray(frame * FRAME, (frame + 1) * FRAME)) > SILENCE_DBFS,
  );
  const first = Math.max(0, (loud[0] ?? 0) - 5);
  const last = Math.min(frames, (loud.at(-1) ?? frames) + 12);
  return samples.slice(first * FRAME, last * FRAME);
}

/** Brings the whole to this level (RMS); peaks are bent, not cut, below -1 dBFS. @param {Float64Array} samples */
export function levelled(samples, targetDbfs) {
  let result = samples;
  // Bending the peaks lowers the level a little: a few rounds find the gain that reaches it.
  let gainDb = 0;
  for (let round = 0; round < 5; round += 1) {
    gainDb += targetDbfs - levelDbfs(result);
    const gain = 10 ** (gainDb / 20);
    result = samples.map((sample) => softLimit(sample * gain));
  }
  return result;
}

const KNEE = 0.6;
const CEILING = 0.89;

const softLimit = (value) => {
  const size = Math.abs(value);
  if (size <= KNEE) return value;
  return Math.sign(value) * (KNEE + (CEILING - KNEE) * Math.tanh((size - KNEE) / (CEILING - KNEE)));
};

/** @param {readonly Float64Array[]} parts */
export function joined(parts) {
  const result = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

export const silence = (durationMs) => new Float64Array((durationMs * SAMPLE_RATE_HZ) / 1000);

/** Writes a mono WAV of 16 bits at 8 kHz. @param {string} path @param {Float64Array} samples */
export function writeWav(path, samples) {
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  wav.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => wav.writeInt16LE(Math.round(sample * 32_767), 44 + index * 2));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wav);
  console.log(`${path}: ${(samples.length / SAMPLE_RATE_HZ).toFixed(1)} s, ${levelDbfs(samples).toFixed(1)} dBFS`);
}
