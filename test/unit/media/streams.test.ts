/** The parts of a live stream: Ogg and WAV that run, rates, and the buffer between network and ear. */
import { OpusEncoder, loadOpus } from '../../../media/codec/opus';
import { OggOpusDecoder } from '../../../media/streams/ogg-opus-decoder';
import { OggPackets } from '../../../media/streams/ogg-packets';
import { RunningResampler, isResampled } from '../../../media/streams/running-resampler';
import { STREAM_FRAME_SAMPLES, StreamBuffer } from '../../../media/streams/stream-buffer';
import { decoderFor } from '../../../media/streams/stream-decoder';
import { WavStreamDecoder } from '../../../media/streams/wav-stream-decoder';
import { SeededRandom } from '../../../base/random';
import { dominantFrequencyHz, fromPcm16, levelDbfs, toPcm16, tone } from '../../support/spectrum';
import { pcm16Wav } from '../../support/wav';

const RATE_HZ = 16_000;
const HZ = 700;

const cut = (data: Buffer, bytes: number): Buffer[] =>
  Array.from({ length: Math.ceil(data.length / bytes) }, (_, at) => data.subarray(at * bytes, (at + 1) * bytes));

/** Of packets that end in it; checksums are not looked at. */
const oggPage = (packets: readonly Buffer[], { flags = 0, serial = 7, openEnd = false } = {}): Buffer => {
  const lacing = packets.flatMap((packet, index) => {
    const full = Array<number>(Math.floor(packet.length / 255)).fill(255);
    return openEnd && index === packets.length - 1 ? full : [...full, packet.length % 255];
  });
  const head = Buffer.alloc(27);
  head.write('OggS', 0, 'latin1');
  head.writeUInt8(flags, 5);
  head.writeUInt32LE(serial, 14);
  head.writeUInt8(lacing.length, 26);
  return Buffer.concat([head, Buffer.from(lacing), ...packets]);
};

describe('Ogg', () => {
  const packet = (bytes: number, fill: number): Buffer => Buffer.alloc(bytes, fill);

  it('gives its packets, however long and however the stream is cut, and passes over what is no page', () => {
    const long = packet(510 + 300, 3);
    const stream = Buffer.concat([
      Buffer.from('no page, nor OggX'),
      oggPage([packet(10, 1)], { flags: 2 }),
      oggPage([packet(255, 2), long.subarray(0, 510)], { openEnd: true }),
      oggPage([long.subarray(510), packet(0, 0)], { flags: 1 }),
      oggPage([packet(20, 9)], { serial: 8 }),
      oggPage([packet(30, 4)]),
    ]);
    const lengths = [10, 255, 810, 0, 30];
    for (const bytes of [1, 5, 100, 10_000]) {
      const packets = new OggPackets('OpusHead');
      const found = cut(stream, bytes).flatMap((chunk) => packets.push(chunk));
      expect(found.map(({ length }) => length)).toEqual(lengths);
      expect(found[2]).toEqual(long);
    }
  });

  it('keeps no packet that is too long, and counts what is no page', () => {
    const packets = new OggPackets('OpusHead');
    packets.push(oggPage([packet(1, 1)], { flags: 2 }));
    const endless = oggPage([packet(255 * 200, 5)], { flags: 1, openEnd: true });
    for (let page = 0; page < 10; page += 1) expect(packets.push(endless)).toEqual([]);
    expect(packets.push(oggPage([packet(3, 6), packet(4, 7)], { flags: 1 }))).toEqual([packet(4, 7)]);
    packets.push(Buffer.alloc(100_000));
    expect(packets.skippedBytes).toBeGreaterThan(99_000);
  });

  it('follows the wanted stream of those that begin together, and the next one when that is over', () => {
    const head = (fill: number): Buffer => Buffer.concat([Buffer.from('OpusHead'), packet(11, fill)]);
    const stream = Buffer.concat([
      oggPage([packet(64, 1)], { flags: 2, serial: 1 }),
      oggPage([head(2)], { flags: 2, serial: 2 }),
      oggPage([head(3)], { flags: 2, serial: 3 }),
      ...[1, 2, 3].map((serial) => oggPage([packet(10 * serial, serial)], { serial })),
      oggPage([packet(25, 2)], { serial: 2, flags: 4 }),
      oggPage([head(4)], { flags: 2, serial: 4 }),
      oggPage([packet(40, 4)], { serial: 4 }),
    ]);
    const found = new OggPackets('OpusHead').push(stream).filter(({ length }) => length % 5 === 0);
    expect(found.map(({ length }) => length)).toEqual([20, 25, 40]);
  });

  it('with Opus of several streams in a packet, or of a later version, is no sound', async () => {
    await loadOpus();
    const head = (version: number, family: number, streams: number): Buffer =>
      Buffer.concat([Buffer.from('OpusHead'), Buffer.from([version, 6, 0, 0, 0, 0, 0, 0, 0, 0, family, streams])]);
    const strangeOf = (begin: Buffer): number => {
      const decoder = new OggOpusDecoder();
      const stream = [oggPage([begin], { flags: 2 }), oggPage([packet(500, 0xfc)])];
      expect(stream.flatMap((page) => [...decoder.decode(page)])).toEqual([]);
      decoder.close();
      return decoder.skippedBytes;
    };
    expect(strangeOf(head(1, 1, 4))).toBeGreaterThan(500);
    expect(strangeOf(head(16, 0, 1))).toBeGreaterThan(500);
    expect([head(1, 1, 1), head(1, 0, 0), head(15, 0, 0)].map(strangeOf)).toEqual([0, 0, 0]);
  });

  it('with Opus in it sounds as it was encoded', async () => {
    await loadOpus();
    const encoder = new OpusEncoder(RATE_HZ);
    const decoder = new OggOpusDecoder();
    await new Promise(setImmediate);
    const samples = toPcm16(tone({ frequencyHz: HZ, durationMs: 2000, sampleRateHz: RATE_HZ, amplitude: 0.125 }));
    const opus = Array.from({ length: 100 }, (_, at) => encoder.encode(samples.subarray(at * 320, (at + 1) * 320)));
    const stream = Buffer.concat([
      // 6 dB more than was encoded.
      oggPage([Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 1, 0, 0, 0, 0, 0, 0, 0, 6, 0])])], { flags: 2 }),
      oggPage([Buffer.from('OpusTags')]),
      ...Array.from({ length: 10 }, (_, at) => oggPage(opus.slice(at * 10, (at + 1) * 10))),
    ]);
    const pieces = cut(stream, 300).flatMap((chunk) => [...decoder.decode(chunk)]);
    const heard = Float64Array.from(pieces.flatMap((piece) => [...fromPcm16(piece.samples)]));
    expect(heard.length).toBeGreaterThan(1.9 * RATE_HZ);
    const middle = heard.subarray(8000, 24_000);
    expect(dominantFrequencyHz(middle, { sampleRateHz: RATE_HZ })).toBe(HZ);
    expect(levelDbfs(middle)).toBeCloseTo(-15, 0);
    encoder.close();
    decoder.close();
  });
});

it('WAV that runs sounds as it is, however it is cut, and strange bytes are counted', () => {
  const samples = toPcm16(tone({ frequencyHz: HZ, durationMs: 500, sampleRateHz: RATE_HZ }));
  for (const bytes of [3, 100, 100_000]) {
    const decoder = new WavStreamDecoder();
    const pieces = cut(pcm16Wav(samples, { sampleRateHz: RATE_HZ }), bytes).flatMap((chunk) => [
      ...decoder.decode(chunk),
    ]);
    expect(Int16Array.from(pieces.flatMap((piece) => [...piece.samples]))).toEqual(samples);
  }
  const stranger = new WavStreamDecoder();
  expect([...stranger.decode(Buffer.alloc(200_000))]).toEqual([]);
  expect(stranger.skippedBytes).toBe(200_000);
  for (let chunk = 0; chunk < 40; chunk += 1) stranger.decode(Buffer.alloc(16_000)).next();
  expect(stranger.skippedBytes).toBe(840_000);
});

it.each([44_100, 48_000, 22_050, 11_025, 8000])('sound of %i Hz goes on at 16 kHz without edges', (fromHz) => {
  expect(isResampled(fromHz)).toBe(true);
  const samples = toPcm16(tone({ frequencyHz: HZ, durationMs: 2000, sampleRateHz: fromHz, amplitude: 0.25 }));
  const resampler = new RunningResampler(fromHz, RATE_HZ);
  const random = new SeededRandom(3);
  const made: number[] = [];
  for (let at = 0; at < samples.length;) {
    const part = samples.subarray(at, (at += 1 + random.int(2000)));
    for (const block of resampler.process(part)) made.push(...fromPcm16(block));
  }
  const heard = Float64Array.from(made).subarray(1600);
  expect(heard.length).toBeGreaterThan(1.8 * RATE_HZ - 1600);
  expect(dominantFrequencyHz(heard, { sampleRateHz: RATE_HZ })).toBe(HZ);
  // Edges would be heard in the frames in which blocks meet.
  for (let at = 0; at + 320 <= heard.length; at += 320)
    expect(levelDbfs(heard.subarray(at, at + 320))).toBeCloseTo(-15.1, 0);
});

it('the buffer gives when it is filled, waits when it is full, and fills anew when it has run dry', async () => {
  const buffer = new StreamBuffer();
  const second = (): Int16Array => new Int16Array(RATE_HZ).fill(5);
  await buffer.push(second().subarray(1));
  expect(buffer.take()).toBeUndefined();
  await buffer.push(second().subarray(0, 1));
  expect(buffer.take()).toEqual(new Int16Array(STREAM_FRAME_SAMPLES).fill(5));
  for (let pushed = 0; pushed < 4; pushed += 1) await buffer.push(second());
  let hasRoom = false;
  const waiting = buffer.push(new Int16Array(2 * RATE_HZ)).then(() => (hasRoom = true));
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  for (let taken = 0; taken < 100; taken += 1) buffer.take();
  await waiting;
  while (buffer.take());
  await buffer.push(second().subarray(0, 800));
  expect([buffer.isFlowing, buffer.take()]).toEqual([false, undefined]);
});

it('kinds that are not read are refused by name', async () => {
  expect(await decoderFor('audio/aacp')).toMatchObject({ ok: false, fault: { code: 'unsupported' } });
  expect(await decoderFor(null)).toMatchObject({ ok: false });
  const wav = await decoderFor('Audio/X-WAV; rate=8000');
  if (wav.ok) wav.value.close();
  expect(wav.ok).toBe(true);
});
