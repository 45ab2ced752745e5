import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDecoder, createEncoder, silentFrame, unitsOf } from '../../../../media/codec/codecs';
import { loadOpus } from '../../../../media/codec/opus';
import { OPUS_SILENCE, opusDurationMs } from '../../../../media/codec/opus-packet';
import { createResampler } from '../../../../media/mixer/resampler';
import { monoSamples, readWav } from '../../../../media/wav/wav-reader';
import { fromPcm16, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../../../support/spectrum';
import { pause } from '../../../support/wait';

const RATES_HZ = [8000, 16_000] as const;

beforeAll(loadOpus);

/** The beginning of a sentence. */
async function speech(durationMs: number, rateHz: number): Promise<Int16Array> {
  const wav = readWav(await readFile(join(__dirname, '../../../../infra/sounds/speech-sample.wav')));
  if (!wav.ok) throw new Error(wav.fault.message);
  const narrow = monoSamples(wav.value).slice(0, durationMs * 8);
  return createResampler(8000, rateHz).process(narrow);
}

async function packetsOf(samples: Int16Array, rateHz: number): Promise<Buffer[]> {
  const encoder = createEncoder('OPUS', rateHz);
  await pause(0);
  const perFrame = rateHz / 50;
  const packets = Array.from({ length: Math.floor(samples.length / perFrame) }, (_, index) =>
    encoder.encode(samples.subarray(index * perFrame, (index + 1) * perFrame)),
  );
  encoder.close();
  return packets;
}

/** Loudness of what differs against that of the original, where both fit best: the codec delays by 5 to 10 ms. */
function snrDb(original: Int16Array, decoded: Int16Array, rateHz: number): number {
  const [from, until] = [rateHz / 2, original.length - rateHz / 20];
  let best = -Infinity;
  for (let shift = Math.round(rateHz / 200); shift < rateHz / 100; shift += 1) {
    let [signal, noise] = [0, 0];
    for (let index = from; index < until; index += 1) {
      const wanted = original[index] ?? 0;
      signal += wanted * wanted;
      noise += (wanted - (decoded[index + shift] ?? 0)) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(signal / noise));
  }
  return best;
}

const concat = (parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));

describe.each(RATES_HZ)('Opus at %d Hz', (rateHz) => {
  it('gives speech back with little noise', async () => {
    const samples = await speech(3000, rateHz);
    const decoder = createDecoder('OPUS', rateHz);
    const packets = await packetsOf(samples, rateHz);
    const decoded = concat(packets.map((packet) => decoder.decode(packet)));
    decoder.close();
    expect(decoded).toHaveLength(samples.length);
    expect(snrDb(samples, decoded, rateHz)).toBeGreaterThan(6);
    const bitsPerS = packets.reduce((sum, { length }) => sum + length * 8, 0) / 3;
    expect(bitsPerS).toBeLessThan(36_000);
  });

  it('keeps tones at their level', async () => {
    const frequencyHz = 1000;
    const samples = toPcm16(tone({ frequencyHz, durationMs: 1000, sampleRateHz: rateHz }));
    const decoder = createDecoder('OPUS', rateHz);
    const packets = await packetsOf(samples, rateHz);
    const heard = fromPcm16(concat(packets.map((packet) => decoder.decode(packet)))).slice(rateHz / 2);
    decoder.close();
    expect(Math.abs(toneLevelDbfs(heard, frequencyHz, rateHz) - levelDbfs(fromPcm16(samples)))).toBeLessThan(1.5);
  });
});

describe('a packet of Opus that is lost', () => {
  const rateHz = 16_000;

  /** Every eleventh packet is lost: what is in its place, by each of three means. */
  async function withLosses(hide: 'redundancy' | 'extrapolation' | 'silence'): Promise<number> {
    const samples = await speech(6000, rateHz);
    const packets = await packetsOf(samples, rateHz);
    const decoder = createDecoder('OPUS', rateHz);
    await pause(0);
    const parts = packets.map((packet, index) => {
      if (index % 11 !== 10) return decoder.decode(packet);
      if (hide === 'silence') return new Int16Array(rateHz / 50);
      return (
        decoder.conceal?.(rateHz / 50, hide === 'redundancy' ? packets[index + 1] : undefined) ?? new Int16Array(0)
      );
    });
    decoder.close();
    return snrDb(samples, concat(parts), rateHz);
  }

  it('is had from the next one: better than by extrapolation, which is better than nothing', async () => {
    const [recovered, extrapolated, silent] = [
      await withLosses('redundancy'),
      await withLosses('extrapolation'),
      await withLosses('silence'),
    ];
    expect(recovered).toBeGreaterThan(extrapolated + 0.5);
    expect(extrapolated).toBeGreaterThan(silent + 1);
  });

  it('is hidden in steps of 2.5 ms: at least as much as is asked for', async () => {
    const decoder = createDecoder('OPUS', rateHz);
    const [first = Buffer.alloc(0), second] = await packetsOf(await speech(200, rateHz), rateHz);
    decoder.decode(first);
    expect(decoder.conceal?.(1)).toHaveLength(40);
    expect(decoder.conceal?.(333)).toHaveLength(360);
    expect(decoder.conceal?.(1000, second)).toHaveLength(1000);
    decoder.close();
  });
});

describe('what is no Opus', () => {
  it.each([
    ['nothing', ''],
    ['a packet of 48 frames of 60 ms', 'fb30'],
    ['two frames of one size in an odd number of bytes', '09010203'],
    ['a frame longer than the packet', '0aff'],
  ])('%s is no sound, and the stream goes on', async (_name, hex) => {
    const decoder = createDecoder('OPUS', 8000);
    await pause(0);
    expect(decoder.decode(Buffer.from(hex, 'hex'))).toHaveLength(0);
    const [packet = Buffer.alloc(0)] = await packetsOf(await speech(100, 8000), 8000);
    expect(decoder.decode(packet)).toHaveLength(160);
    decoder.close();
    decoder.close();
    expect(decoder.decode(packet)).toHaveLength(0);
  });
});

describe('the length of a packet', () => {
  it.each([
    ['SILK, 10 ms', [0x00], 10],
    ['SILK, 60 ms, twice', [0x19], 120],
    ['hybrid, 20 ms', [0x68], 20],
    ['CELT, 2.5 ms', [0x80], 2.5],
    ['CELT, 20 ms, three frames', [0xfb, 0x03], 60],
    ['code 3 without a count', [0xfb], 0],
    ['more than 120 ms', [0x1b, 0x03], 0],
  ])('is in its first two bytes: %s', (_name, bytes, durationMs) => {
    expect(opusDurationMs(Buffer.from(bytes))).toBe(durationMs);
    expect(unitsOf('OPUS', Buffer.from(bytes))).toBe(durationMs * 48);
  });

  it('the silent frame lasts 20 ms and is silent', async () => {
    const decoder = createDecoder('OPUS');
    await pause(0);
    expect(unitsOf('OPUS', silentFrame('OPUS'))).toBe(960);
    expect([...decoder.decode(OPUS_SILENCE)].every((sample) => sample === 0)).toBe(true);
    decoder.close();
  });
});
