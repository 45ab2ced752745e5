/** A stream's connection: while nobody takes its sound, and after nobody has listened for long. */
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import type { SoundForm } from '../../../media/prompts/sound-library';
import type { LiveStream } from '../../../media/streams/live-stream';
import { LiveStreams } from '../../../media/streams/live-streams';
import { StreamedMusic } from '../../../media/streams/streamed-music';
import { pcm16Wav } from '../../support/wav';

const RATE_HZ = 16_000;
const FORM: SoundForm = { codec: 'PCMA', gainDb: 0 };
const PIECES_S = 12;

let clock: SimulatedClock;
let connections: { url: string; signal: AbortSignal }[];

/** Sends so many seconds of sound as fast as they are taken, and then nothing more. */
const sound = (signal: AbortSignal): ReadableStream<Uint8Array> => {
  const wav = pcm16Wav(new Int16Array(PIECES_S * RATE_HZ).fill(8000), { sampleRateHz: RATE_HZ });
  return new ReadableStream({
    start: (controller) => {
      signal.addEventListener('abort', () => controller.error(signal.reason));
      controller.enqueue(wav);
    },
  });
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
};

beforeEach(() => {
  clock = new SimulatedClock();
  connections = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
    const signal = init?.signal as AbortSignal;
    connections.push({ url: url as string, signal });
    return Promise.resolve(new Response(sound(signal), { headers: { 'content-type': 'audio/wav' } }));
  });
});

afterEach(() => jest.restoreAllMocks());

const open = (): LiveStreams => new LiveStreams({ awayAlarmMs: 60_000, clock, log: silentLogger() });

const found = (stream: Result<LiveStream>): LiveStream => {
  if (!stream.ok) throw new Error(stream.fault.message);
  return stream.value;
};

const framesOf = async (listener: ReturnType<LiveStream['listen']>, count: number): Promise<number> => {
  let heard = 0;
  for (let frame = 0; frame < count; frame += 1) {
    if (listener.next(FORM)) heard += 1;
    if (frame % 10 === 0) await settle();
  }
  return heard;
};

it('who comes back within the grace finds the connection, however long nobody has taken its sound', async () => {
  const streams = open();
  const stream = found(streams.at('http://radio.example/a'));
  const first = stream.listen();
  await settle();
  expect(await framesOf(first, 5)).toBe(5);
  first.leave();
  await clock.advanceAsync(25_000);
  await settle();
  const second = stream.listen();
  expect(await framesOf(second, 450)).toBe(450);
  expect(connections.map(({ signal }) => signal.aborted)).toEqual([false]);
  // Now it takes all that comes, and nothing does.
  await clock.advanceAsync(11_000);
  await settle();
  expect(connections[0]?.signal.aborted).toBe(true);
  streams.close();
  second.leave();
});

it('music that rests for long goes on with a stream that ends with the others', async () => {
  const streams = open();
  const url = 'http://radio.example/a';
  const music = new StreamedMusic(() => streams.at(url), FORM, undefined);
  music.frame();
  await settle();
  music.rest();
  await clock.advanceAsync(31_000);
  await settle();
  streams.at('http://radio.example/b');
  music.frame();
  await settle();
  expect(connections.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  expect(found(streams.at(url)).isIdle).toBe(false);
  music.rest();
  streams.close();
  expect(connections.every(({ signal }) => signal.aborted)).toBe(true);
  expect(clock.pendingTimers).toBe(0);
  music.frame();
  expect(connections).toHaveLength(2);
});
