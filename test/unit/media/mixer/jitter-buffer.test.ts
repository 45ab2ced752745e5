/** The jitter buffer against simulated networks: what comes out is compared with what was said. */
import { SimulatedClock } from '../../../../base/clock';
import { SeededRandom } from '../../../../base/random';
import { createDecoder, createEncoder } from '../../../../media/codec/codecs';
import { loadOpus } from '../../../../media/codec/opus';
import { encodeG711 } from '../../../../media/codec/g711';
import { JitterBuffer } from '../../../../media/mixer/jitter-buffer';
import { fromPcm16, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../../../support/spectrum';
import { pause } from '../../../support/wait';

const FRAME = 160;
const TONE_HZ = 437;

interface Network {
  readonly seconds: number;
  readonly lossShare?: number;
  readonly jitterMs?: number;
  /** Of the sender's clock against ours, in parts per million. */
  readonly skewPpm?: number;
  readonly seed?: number;
  /** Frames that the sender leaves out, as one that detects silence does. */
  readonly isPause?: (frame: number) => boolean;
  readonly amplitude?: (frame: number) => number;
}

interface Outcome {
  readonly heard: Float64Array;
  readonly counters: ReturnType<JitterBuffer['counters']>;
  /** The delay at each pull. */
  readonly delaysMs: readonly number[];
}

/** Sends a tone through the network into a buffer that is pulled every 20 ms. */
function run({ seconds, lossShare = 0, jitterMs = 0, skewPpm = 0, seed = 1, isPause, amplitude }: Network): Outcome {
  const clock = new SimulatedClock();
  const random = new SeededRandom(seed);
  const buffer = new JitterBuffer({ clock, decoder: createDecoder('PCMU'), clockRateHz: 8000 });
  const voice = toPcm16(tone({ frequencyHz: TONE_HZ, durationMs: seconds * 1000 }));
  const frames = Math.floor(voice.length / FRAME);
  for (let frame = 0; frame < frames; frame += 1) {
    const [lost, delayMs] = [random.next() < lossShare, random.next() * jitterMs];
    if (lost || isPause?.(frame)) continue;
    const scale = amplitude?.(frame) ?? 1;
    const samples = voice.subarray(frame * FRAME, (frame + 1) * FRAME).map((sample) => sample * scale);
    const packet = {
      sourceId: 1,
      timestamp: (0xffff_f000 + frame * FRAME) >>> 0,
      payload: encodeG711('PCMU', samples),
    };
    clock.after((frame + 1) * 20 * (1 - skewPpm / 1e6) + 40 + delayMs, () => buffer.put(packet));
  }
  const heard: number[] = [];
  const delaysMs: number[] = [];
  clock.after(47, () =>
    clock.every(20, () => {
      heard.push(...fromPcm16(buffer.pull(FRAME)));
      delaysMs.push(buffer.counters().delayMs);
    }),
  );
  clock.advance(seconds * 1000);
  return { heard: Float64Array.from(heard), counters: buffer.counters(), delaysMs };
}

/** How much of what is heard is the tone: noise and breaks count against it. */
function toneToRestDb(samples: Float64Array): number {
  const pieces = Array.from({ length: Math.floor(samples.length / 400) }, (_, index) =>
    samples.subarray(index * 400, (index + 1) * 400),
  );
  const shares = pieces.map((piece) => {
    const total = 10 ** (levelDbfs(piece) / 10);
    const of = Math.min(total, 10 ** (toneLevelDbfs(piece, TONE_HZ) / 10));
    return of / total;
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return 10 * Math.log10(mean / Math.max(1e-9, 1 - mean));
}

describe('JitterBuffer', () => {
  it('an even stream is played as it is, with less than 20 ms of delay', () => {
    const { heard, counters, delaysMs } = run({ seconds: 4 });
    expect(counters).toMatchObject({ concealedMs: 0, lostPackets: 0, latePackets: 0 });
    expect(levelDbfs(heard.subarray(8000))).toBeCloseTo(-9, 0);
    expect(toneLevelDbfs(heard.subarray(8000, 16_000), TONE_HZ)).toBeCloseTo(-9, 0);
    expect(delaysMs.at(-1)).toBeLessThan(20);
  });

  it.each([10, 30, 60])(
    '%d ms of jitter with reordering: after the first second hardly anything is made up',
    (jitterMs) => {
      const { heard, counters, delaysMs } = run({ seconds: 20, jitterMs });
      const late = run({ seconds: 1, jitterMs }).counters.concealedMs;
      expect(counters.concealedMs - late).toBeLessThan(0.01 * 20_000);
      expect(toneToRestDb(heard.subarray(8000))).toBeGreaterThan(12);
      expect(Math.max(...delaysMs.slice(100))).toBeLessThan(jitterMs + 45);
    },
  );

  it('3 % of loss is concealed for its whole time: the level stays and nothing is shifted', () => {
    const { heard, counters } = run({ seconds: 20, lossShare: 0.03, seed: 7 });
    expect(counters.lostPackets).toBeGreaterThan(15);
    expect(counters.concealedMs).toBe(counters.lostPackets * 20);
    const steady = heard.subarray(8000, 8000 * 19);
    const quietest = Math.min(
      ...Array.from({ length: Math.floor(steady.length / 160) }, (_, index) =>
        levelDbfs(steady.subarray(index * 160, index * 160 + 160)),
      ),
    );
    expect(quietest).toBeGreaterThan(-15);
    expect(toneToRestDb(steady)).toBeGreaterThan(12);
  });

  it('a burst of 100 ms is faded out and comes back without a click', () => {
    const { heard, counters } = run({ seconds: 3, isPause: (frame) => frame >= 50 && frame < 55 });
    expect(counters.lostPackets + counters.concealedMs).toBeGreaterThan(0);
    const steps = heard.subarray(4000).map((sample, index, all) => Math.abs(sample - (all[index - 1] ?? sample)));
    // The tone itself moves by 0.17 at most between two samples.
    expect(Math.max(...steps)).toBeLessThan(0.3);
  });

  it.each([-300, 300])(
    'a sender whose clock is off by %d ppm is followed: delay and sound stay as they are',
    (skewPpm) => {
      const { heard, counters, delaysMs } = run({ seconds: 120, skewPpm, jitterMs: 4 });
      expect(Math.max(...delaysMs.slice(100))).toBeLessThan(60);
      expect(counters.concealedMs).toBeLessThan(250);
      expect(counters.latePackets + counters.lostPackets).toBeLessThan(8);
      expect(toneToRestDb(heard.subarray(8000))).toBeGreaterThan(14);
    },
  );

  it('delay that an outage left behind is taken back within twelve seconds', () => {
    const clock = new SimulatedClock();
    const buffer = new JitterBuffer({ clock, decoder: createDecoder('PCMU'), clockRateHz: 8000 });
    const voice = encodeG711('PCMU', toPcm16(tone({ frequencyHz: TONE_HZ, durationMs: 20 })));
    for (let frame = 0; frame < 750; frame += 1) {
      const heldBack = frame >= 100 && frame < 110;
      clock.after(heldBack ? 110 * 20 : frame * 20, () =>
        buffer.put({ sourceId: 1, timestamp: frame * FRAME, payload: voice }),
      );
    }
    clock.after(7, () => clock.every(20, () => buffer.pull(FRAME)));
    clock.advance(2250);
    clock.advance(200);
    const afterOutage = buffer.counters().delayMs;
    expect(afterOutage).toBeGreaterThan(150);
    clock.advance(14_200 - 2450);
    expect(buffer.counters().delayMs).toBeLessThan(80);
  });

  it('a pause of the sender is no loss: background noise is heard, and the voice comes back at once', () => {
    const quiet = (frame: number): number => (frame < 50 ? 0.002 : 1);
    const { heard, counters } = run({ seconds: 6, isPause: (frame) => frame >= 50 && frame < 200, amplitude: quiet });
    expect(counters.lostPackets).toBe(0);
    expect(counters.concealedMs).toBe(0);
    const pause = levelDbfs(heard.subarray(8000 * 2, 8000 * 3));
    expect(pause).toBeGreaterThan(-80);
    expect(pause).toBeLessThan(-55);
    expect(levelDbfs(heard.subarray(8000 * 4 + 800, 8000 * 5))).toBeCloseTo(-9, 0);
  });

  it('duplicates are played once, strangers begin anew, garbage takes no memory', () => {
    const clock = new SimulatedClock();
    const buffer = new JitterBuffer({ clock, decoder: createDecoder('PCMA'), clockRateHz: 8000 });
    const random = new SeededRandom(3);
    for (let index = 0; index < 20_000; index += 1) {
      const payload = Buffer.alloc(random.int(400), 0xd5);
      buffer.put({ sourceId: 1 + random.int(3), timestamp: random.int(0x1_0000_0000), payload });
      if (index % 5 === 0) expect(buffer.pull(FRAME)).toHaveLength(FRAME);
      clock.advance(4);
    }
    const { delayMs, concealedMs, playedMs } = buffer.counters();
    expect(concealedMs).toBeLessThanOrEqual(playedMs * 2);
    expect(Number.isFinite(delayMs)).toBe(true);
  });
});

describe('a jitter buffer of Opus', () => {
  /** The tone through a network that loses packets, and how much of what is heard is the tone. */
  async function through(lossShare: number, conceals: boolean): Promise<{ purityDb: number; concealedMs: number }> {
    await loadOpus();
    const [encoder, whole] = [createEncoder('OPUS', 8000), createDecoder('OPUS', 8000)];
    await pause(0);
    const { sampleRateHz } = whole;
    const decoder = conceals ? whole : { sampleRateHz, decode: (p: Buffer) => whole.decode(p), close: () => undefined };
    const clock = new SimulatedClock();
    const random = new SeededRandom(3);
    const buffer = new JitterBuffer({ clock, decoder, clockRateHz: 48_000 });
    const voice = toPcm16(tone({ frequencyHz: TONE_HZ, durationMs: 8000 }));
    const heard: number[] = [];
    for (let frame = 0; frame < 400; frame += 1) {
      const payload = encoder.encode(voice.subarray(frame * FRAME, (frame + 1) * FRAME));
      if (random.next() >= lossShare) {
        const packet = { sourceId: 1, timestamp: (0xffff_f000 + frame * 960) >>> 0, payload };
        clock.after(random.next() * 10, () => buffer.put(packet));
      }
      clock.advance(20);
      heard.push(...fromPcm16(buffer.pull(FRAME)));
    }
    const { concealedMs, lostPackets } = buffer.counters();
    if (lossShare > 0) expect(lostPackets).toBeGreaterThan(20);
    encoder.close();
    whole.close();
    return { purityDb: toneToRestDb(Float64Array.from(heard).subarray(8000)), concealedMs };
  }

  it('counts at 48 kHz, and has lost packets from the redundancy of the next ones', async () => {
    expect((await through(0, true)).concealedMs).toBeLessThan(100);
    const [redundant, repeated] = [await through(0.08, true), await through(0.08, false)];
    expect(redundant.purityDb).toBeGreaterThan(repeated.purityDb + 1);
  });
});
