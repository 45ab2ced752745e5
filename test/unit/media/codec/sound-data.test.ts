import { decodeG711, encodeG711, transcodeG711 } from '../../../../media/codec/g711';
import { resample } from '../../../../media/wav/resample';
import { pcm16Bytes, wavHeader, writeWav, WAV_HEADER_BYTES } from '../../../../media/wav/wav-header';
import { channelSamples, monoSamples, readWav } from '../../../../media/wav/wav-reader';
import { dominantFrequencyHz, fromPcm16, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../../../support/spectrum';

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe.each(['PCMA', 'PCMU'] as const)('G.711 %s', (codec) => {
  it('every byte comes back from its sample', () => {
    const back = encodeG711(codec, decodeG711(codec, ALL_BYTES));
    const same = [...back].filter((byte, index) => byte === index).length;
    // µ-law has two bytes for zero.
    expect(same).toBe(codec === 'PCMA' ? 256 : 255);
  });

  it('keeps a tone far above its noise', () => {
    const original = toPcm16(tone({ frequencyHz: 1000, durationMs: 200 }));
    const back = decodeG711(codec, encodeG711(codec, original));
    const noise = fromPcm16(back.map((sample, index) => sample - (original[index] ?? 0)));
    expect(levelDbfs(fromPcm16(original)) - levelDbfs(noise)).toBeGreaterThan(33);
  });
});

it('G.711 agrees with the values of the recommendation', () => {
  expect([...decodeG711('PCMA', Buffer.from([0xd5, 0x55, 0xaa, 0x2a, 0x80]))]).toEqual([8, -8, 32_256, -32_256, 5504]);
  expect([...decodeG711('PCMU', Buffer.from([0xff, 0x7f, 0x80, 0x00, 0xf0]))]).toEqual([0, 0, 32_124, -32_124, 120]);
  expect([...encodeG711('PCMA', Int16Array.of(0, -1, 32_767, -32_768))]).toEqual([0xd5, 0x55, 0xaa, 0x2a]);
  expect([...encodeG711('PCMU', Int16Array.of(0, 32_767, -32_768))]).toEqual([0xff, 0x80, 0x00]);
});

it('one law becomes the other sample by sample', () => {
  const a = encodeG711('PCMA', toPcm16(tone({ frequencyHz: 700, durationMs: 500 })));
  const u = transcodeG711('PCMA', 'PCMU', a);
  expect(dominantFrequencyHz(fromPcm16(decodeG711('PCMU', u)))).toBe(700);
  expect(transcodeG711('PCMA', 'PCMA', a)).toBe(a);
});

describe('WAV', () => {
  const format = { encoding: 'pcm16', channels: 2, sampleRateHz: 16_000 } as const;
  const data = pcm16Bytes(Int16Array.of(1, -1, 2, -2, 300, -300));

  it('reads what it writes', () => {
    const wav = readWav(writeWav(format, data));
    if (!wav.ok) throw new Error(wav.fault.message);
    expect(wav.value).toMatchObject(format);
    expect([...channelSamples(wav.value, 1)]).toEqual([-1, -2, -300]);
    expect([...monoSamples(wav.value)].map(Math.abs)).toEqual([0, 0, 0]);
  });

  it('skips chunks it does not know and cuts data that claims more than there is', () => {
    const file = writeWav({ encoding: 'alaw', channels: 1, sampleRateHz: 8000 }, Buffer.alloc(5, 0xd5));
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')]);
    const wav = readWav(Buffer.concat([file.subarray(0, 12), list, file.subarray(12, file.length - 3)]));
    expect(wav.ok && wav.value.data).toHaveLength(3);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'bad_input'],
    ['an MP3', Buffer.from('ID3\x03\x00\x00\x00\x00\x00\x21TIT2'), 'bad_input'],
    ['no data', wavHeader(format, 0).subarray(0, 38), 'bad_input'],
    ['ADPCM', Buffer.from(writeWav(format, data)).fill(2, 20, 21), 'unsupported'],
    ['no channel', Buffer.from(writeWav(format, data)).fill(0, 22, 24), 'unsupported'],
  ])('refuses %s', (_what, file, code) => {
    expect(readWav(file)).toMatchObject({ ok: false, fault: { code } });
  });

  it('its header counts the samples', () => {
    const header = wavHeader({ encoding: 'mulaw', channels: 2, sampleRateHz: 8000 }, 1600);
    expect([header.length, header.readUInt32LE(4), header.readUInt32LE(46), header.readUInt32LE(54)]).toEqual([
      WAV_HEADER_BYTES,
      WAV_HEADER_BYTES - 8 + 1600,
      800,
      1600,
    ]);
  });
});

describe('resampling', () => {
  it.each([16_000, 44_100, 48_000, 6000])('a tone at %d Hz keeps its pitch, level and length', (rate) => {
    const original = toPcm16(tone({ frequencyHz: 1000, durationMs: 500, sampleRateHz: rate }));
    const result = fromPcm16(resample(original, rate, 8000)).subarray(400, 3600);
    expect(dominantFrequencyHz(result)).toBe(1000);
    expect(toneLevelDbfs(result, 1000)).toBeCloseTo(-9, 0);
  });

  it('what 8 kHz cannot carry is filtered out instead of folded back', () => {
    const original = toPcm16(tone({ frequencyHz: 5000, durationMs: 500, sampleRateHz: 16_000 }));
    expect(levelDbfs(fromPcm16(resample(original, 16_000, 8000)).subarray(400, 3600))).toBeLessThan(-60);
  });
});
