/** MP3: frames out of a running stream, whatever comes between them, and their sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '../../../base/random';
import { MAX_FRAME_BYTES, Mp3FrameSplitter } from '../../../media/mp3/frame-splitter';
import { Mp3Decoder } from '../../../media/mp3/mp3-decoder';
import { readSound } from '../../../media/wav/read-sound';
import { dominantFrequencyHz, fromPcm16, hearsTone, levelDbfs } from '../../support/spectrum';

const FILE = readFileSync(join(__dirname, '../../fixtures/music/tone-700.mp3'));

const framesOf = (chunks: readonly Buffer[]): Buffer[] => {
  const splitter = new Mp3FrameSplitter();
  return chunks.flatMap((chunk) => splitter.push(chunk));
};

const cut = (data: Buffer, bytes: number): Buffer[] =>
  Array.from({ length: Math.ceil(data.length / bytes) }, (_, at) => data.subarray(at * bytes, (at + 1) * bytes));

const soundOf = async (chunks: readonly Buffer[]): Promise<Float64Array> => {
  const decoder = await Mp3Decoder.open();
  const pieces = chunks.flatMap((chunk) => [...decoder.decode(chunk)]);
  decoder.close();
  return Float64Array.from(pieces.flatMap(({ samples }) => [...fromPcm16(samples)]));
};

it('frames are the same however the stream is cut, and all of it but the last', () => {
  const whole = framesOf([FILE]);
  expect(whole.length).toBeGreaterThan(38);
  expect(Buffer.concat(whole)).toEqual(FILE.subarray(0, Buffer.concat(whole).length));
  for (const bytes of [1, 7, 200, 4096]) expect(framesOf(cut(FILE, bytes))).toEqual(whole);
});

it('a tag, the rest of a frame and other bytes between frames are left out', () => {
  const [first = Buffer.alloc(0), ...others] = framesOf([FILE]);
  const strange = Buffer.concat([Buffer.from('ID3'), Buffer.from([0xff, 0xfb, 0x00, 0x12]), first.subarray(100)]);
  const stream = Buffer.concat([strange, first, ...others.slice(0, 9), strange, ...others.slice(9)]);
  expect(framesOf([stream]).length).toBeGreaterThanOrEqual(others.length);
  expect(framesOf([stream])).toEqual(framesOf(cut(stream, 13)));
});

it('sounds as it was encoded', async () => {
  const heard = await soundOf(cut(FILE, 1000));
  expect(heard.length).toBeGreaterThan(44_000);
  expect(dominantFrequencyHz(heard.subarray(4410, 22_050), { sampleRateHz: 44_100 })).toBe(700);
  expect(levelDbfs(heard.subarray(4410, 40_000))).toBeCloseTo(-15, 0);
});

it('a file becomes one sound at the wanted rate', async () => {
  const sound = await readSound(FILE, () => 16_000);
  if (!sound.ok) throw new Error(sound.fault.message);
  expect(sound.value.sampleRateHz).toBe(16_000);
  expect(sound.value.samples.length / 16_000).toBeCloseTo(1.03, 1);
  const half = Float64Array.from(fromPcm16(sound.value.samples).filter((_, index) => index % 2 === 0));
  expect(hearsTone(half.subarray(800, 7000), 700)).toBe(true);
});

it('what is no sound is refused or passed over, in bounded time', async () => {
  const random = new SeededRandom(7);
  const complain = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const decoder = await Mp3Decoder.open();
  for (let round = 0; round < 25; round += 1) {
    const broken = Buffer.from(FILE);
    for (let hits = 1 + random.int(400); hits > 0; hits -= 1) broken[random.int(broken.length)] = random.int(256);
    for (const chunk of cut(broken, 500 + random.int(3000)))
      for (const { samples } of decoder.decode(chunk)) expect(samples.length).toBeLessThanOrEqual(2304);
  }
  const after = [...decoder.decode(FILE)].flatMap(({ samples }) => [...fromPcm16(samples)]);
  expect(dominantFrequencyHz(after.slice(8000, 16_000), { sampleRateHz: 44_100 })).toBe(700);
  decoder.close();
  complain.mockRestore();
  const noise = Buffer.from(Array.from({ length: 200_000 }, () => random.int(256)));
  for (const frame of framesOf([noise])) expect(frame.length).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  expect((await readSound(noise, (hz) => hz)).ok).toBe(false);
}, 30_000);
