import { memorySource } from '../../../../base/byte-source';
import type { ByteSource } from '../../../../base/byte-source';
import { encodeG711 } from '../../../../media/codec/g711';
import { peaksOf, singleTrack } from '../../../../media/recording/stereo-wav';
import type { Track } from '../../../../media/recording/stereo-wav';
import { wavHeader, writeWav } from '../../../../media/wav/wav-header';
import { toneLevelDbfs } from '../../../support/spectrum';
import { readG711Wav } from '../../../support/g711-wav';

const RATE_HZ = 8000;
const format = { encoding: 'alaw', channels: 2, sampleRateHz: RATE_HZ } as const;

/** The caller at 400 Hz in the first half, the agent at 1000 Hz throughout, more softly. */
const sample = (index: number, channel: number): number => {
  const hz = channel === 0 ? 400 : 1000;
  if (channel === 0 && index >= RATE_HZ) return 0;
  return Math.round(Math.sin((2 * Math.PI * hz * index) / RATE_HZ) * (channel === 0 ? 16_000 : 4000));
};
const interleaved = encodeG711(
  'PCMA',
  Int16Array.from({ length: 4 * RATE_HZ }, (_, at) => sample(at >> 1, at & 1)),
);
const recording = writeWav(format, interleaved);

const trackOf = async (track: Track, file = recording): Promise<ByteSource> => {
  const single = await singleTrack(memorySource(file), track);
  if (!single.ok) throw new Error(single.fault.message);
  return single.value;
};

describe('one track of a recording', () => {
  it.each([
    ['mono', true, true],
    ['caller', true, false],
    ['agent', false, true],
  ] as const)('%s holds who is to be heard, and nobody else', async (track, caller, agent) => {
    const source = await trackOf(track);
    const wav = await source.read(0, source.sizeBytes);
    const { channels, sampleRateHz } = readG711Wav(wav);
    expect([channels.length, sampleRateHz, channels[0]?.length]).toEqual([1, RATE_HZ, 2 * RATE_HZ]);
    const first = (channels[0] as Float64Array).subarray(0, RATE_HZ);
    expect(toneLevelDbfs(first, 400) > -30).toBe(caller);
    expect(toneLevelDbfs(first, 1000) > -30).toBe(agent);
  });

  it('gives every range as the whole has it', async () => {
    const source = await trackOf('mono');
    const whole = await source.read(0, source.sizeBytes);
    for (const [offset, length] of [
      [0, 1],
      [57, 2],
      [58, 1],
      [3, 200],
      [1001, 333],
      [source.sizeBytes - 5, 100],
      [source.sizeBytes, 1],
    ] as const)
      expect((await source.read(offset, length)).equals(whole.subarray(offset, offset + length))).toBe(true);
  });

  it('of a recording that still runs is as long as what has been written', async () => {
    const running = Buffer.concat([wavHeader(format, 0), interleaved.subarray(0, 1001)]);
    expect((await trackOf('agent', running)).sizeBytes).toBe(58 + 500);
  });

  it.each([
    ['what is no WAV', Buffer.alloc(100)],
    ['what is too short', recording.subarray(0, 20)],
    ['one channel', writeWav({ ...format, channels: 1 }, Buffer.alloc(100))],
    ['another codec', writeWav({ ...format, encoding: 'pcm16' }, Buffer.alloc(100))],
  ])('is not made of %s', async (_, file) => {
    expect(await singleTrack(memorySource(file), 'mono')).toMatchObject({ ok: false, fault: { code: 'unsupported' } });
    expect(await peaksOf(memorySource(file), 10)).toMatchObject({ ok: false, fault: { code: 'unsupported' } });
  });
});

describe('the outline of a recording', () => {
  it('shows who was how loud when', async () => {
    const peaks = await peaksOf(memorySource(recording), 4);
    if (!peaks.ok) throw new Error(peaks.fault.message);
    expect(peaks.value.durationMs).toBe(2000);
    const [caller, agent] = peaks.value.channels as [number[], number[]];
    expect(caller.map((value) => Math.round(value * 10))).toEqual([5, 5, 0, 0]);
    expect(agent.map((value) => Math.round(value * 100))).toEqual([12, 12, 12, 12]);
  });

  it('has no more stretches than samples, and none of an empty recording', async () => {
    const short = await peaksOf(memorySource(writeWav(format, interleaved.subarray(0, 6))), 100);
    expect(short.ok && short.value.channels.map((track) => track.length)).toEqual([3, 3]);
    const empty = await peaksOf(memorySource(writeWav(format, Buffer.alloc(0))), 100);
    expect(empty).toMatchObject({ ok: true, value: { durationMs: 0, channels: [[], []] } });
  });
});
