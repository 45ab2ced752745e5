/** What is heard of a voice in Opus when packets of it are lost: measured as sound, behind the jitter buffer. */
import { SimulatedClock } from '../../../../base/clock';
import { createDecoder, createEncoder } from '../../../../media/codec/codecs';
import type { AudioDecoder } from '../../../../media/codec/audio-codec';
import { loadOpus } from '../../../../media/codec/opus';
import { JitterBuffer } from '../../../../media/mixer/jitter-buffer';
import { fromPcm16, levelDbfs, toneLevelDbfs } from '../../../support/spectrum';
import { pause } from '../../../support/wait';

const RATE_HZ = 16_000;
const FRAME = 320;
const FRAMES = 300;
const PITCH_HZ = 150;
/** What the codec and the buffer need to get going. */
const WARM_UP = 50;

beforeAll(loadOpus);

/** A sung vowel: ten harmonics, of which the lower ones are louder. */
const vowel = Int16Array.from({ length: FRAMES * FRAME }, (_, at) => {
  const turn = (2 * Math.PI * PITCH_HZ * at) / RATE_HZ;
  return 5000 * Array.from({ length: 10 }, (_none, n) => Math.sin((n + 1) * turn) / (n + 1)).reduce((a, b) => a + b);
});

/** Sends the vowel without the packets that are lost, and hears it beat by beat. */
const heardWithout = async (
  isLost: (frame: number) => boolean,
  hiding: (decoder: AudioDecoder) => AudioDecoder = (decoder) => decoder,
): Promise<Float64Array> => {
  const clock = new SimulatedClock();
  const [encoder, decoder] = [createEncoder('OPUS'), createDecoder('OPUS')];
  await pause(0);
  const buffer = new JitterBuffer({ clock, decoder: hiding(decoder), clockRateHz: 48_000 });
  const heard: number[] = [];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const payload = encoder.encode(vowel.subarray(frame * FRAME, (frame + 1) * FRAME));
    clock.advance(20);
    if (!isLost(frame)) buffer.put({ sourceId: 1, timestamp: frame * 960, payload });
    heard.push(...fromPcm16(buffer.pull(FRAME)));
  }
  encoder.close();
  decoder.close();
  return Float64Array.from(heard.slice(WARM_UP * FRAME));
};

/** The quietest 10 ms against all of it, in dB. */
const deepestHoleDb = (heard: Float64Array): number => {
  const levels: number[] = [];
  for (let at = 0; at + 160 <= heard.length; at += 160) levels.push(levelDbfs(heard.subarray(at, at + 160)));
  return Math.min(...levels) - levelDbfs(heard);
};

const LOSSES: [string, (frame: number) => boolean][] = [
  ['every tenth packet', (frame) => frame % 10 === 5],
  ['two packets in a row, every half second', (frame) => frame % 25 === 5 || frame % 25 === 6],
];

it.each(LOSSES)('without %s the voice has no hole, and keeps its pitch and its level', async (_, isLost) => {
  const [whole, lossy] = [await heardWithout(() => false), await heardWithout(isLost)];
  expect(deepestHoleDb(lossy)).toBeGreaterThan(-9);
  expect(Math.abs(levelDbfs(lossy) - levelDbfs(whole))).toBeLessThan(1);
  for (const hz of [PITCH_HZ, 2 * PITCH_HZ])
    expect(Math.abs(toneLevelDbfs(lossy, hz, RATE_HZ) - toneLevelDbfs(whole, hz, RATE_HZ))).toBeLessThan(3);
});

it.each(LOSSES)('the same without %s has holes where nothing hides the losses', async (_, isLost) => {
  const silence = (decoder: AudioDecoder): AudioDecoder => ({
    sampleRateHz: decoder.sampleRateHz,
    decode: (payload) => decoder.decode(payload),
    conceal: (count) => new Int16Array(count),
    close: () => decoder.close(),
  });
  expect(deepestHoleDb(await heardWithout(isLost, silence))).toBeLessThan(-25);
});
