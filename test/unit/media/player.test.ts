import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../base/clock';
import { newId } from '../../../base/ids';
import type { EndpointId, PlayId } from '../../../base/ids';
import type { MediaEndpoint, StreamPacket } from '../../../media/endpoint/endpoint';
import { FrameTicker } from '../../../media/frame-ticker';
import { Player } from '../../../media/player';
import type { PlayEnd } from '../../../media/player';
import type { PlayRequest } from '../../../media/ports';
import { SoundLibrary } from '../../../media/prompts/sound-library';
import { pcm16Bytes, writeWav } from '../../../media/wav/wav-header';

describe('FrameTicker', () => {
  it('beats every 20 ms without drift, with one timer for all, and none without subscribers', () => {
    const clock = new SimulatedClock();
    const ticker = new FrameTicker(clock);
    const beats: number[] = [];
    const offs = [ticker.subscribe(() => beats.push(clock.monotonicMs())), ticker.subscribe(() => undefined)];
    expect(clock.pendingTimers).toBe(1);
    clock.advance(10_000);
    expect(beats).toHaveLength(500);
    expect(beats.at(-1)).toBe(10_000);
    offs.forEach((off) => off());
    expect(clock.pendingTimers).toBe(0);
  });

  it('after a late beat the missed ones follow, but no more than five at once', () => {
    let nowMs = 0;
    let due: () => void = () => undefined;
    const ticker = new FrameTicker({
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      after: (_delayMs, run) => ((due = run), { cancel: () => undefined }),
      every: () => ({ cancel: () => undefined }),
    });
    let beats = 0;
    ticker.subscribe(() => (beats += 1));
    const fireAt = (atMs: number): number => {
      const before = beats;
      nowMs = atMs;
      due();
      return beats - before;
    };
    expect(fireAt(20)).toBe(1);
    expect(fireAt(85)).toBe(3);
    expect(fireAt(100)).toBe(1);
    expect(fireAt(5100)).toBe(5);
    expect(fireAt(5120)).toBe(1);
  });
});

describe('Player', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'switchroom-sounds-'));
    await mkdir(join(dir, 'prompts/en'), { recursive: true });
    // Two and a half frames.
    const samples = pcm16Bytes(new Int16Array(400).fill(1000));
    await writeFile(
      join(dir, 'prompts/en/short.wav'),
      writeWav({ encoding: 'pcm16', channels: 1, sampleRateHz: 8000 }, samples),
    );
    await writeFile(join(dir, 'prompts/en/broken.wav'), 'not a wave');
  });
  afterAll(() => rm(dir, { recursive: true }));

  function start(sources: PlayRequest['sources'], loop = false) {
    const clock = new SimulatedClock();
    const sent: StreamPacket[] = [];
    const ends: PlayEnd[] = [];
    const id = newId<EndpointId>();
    const endpoint = { id, codec: 'PCMA', send: (packet: StreamPacket) => void sent.push(packet) } as MediaEndpoint;
    const player = new Player({
      request: { playId: newId<PlayId>(), endpointId: id, sources, loop },
      endpoint,
      library: new SoundLibrary({ dir }),
      ticker: new FrameTicker(clock),
      onEnded: (end) => ends.push(end),
    });
    return { clock, sent, ends, player };
  }

  const SHORT = { kind: 'prompt', language: 'en', name: 'short' } as const;

  it('plays its sources one after the other, a frame each 20 ms, the last one filled up', async () => {
    const { clock, sent, ends, player } = start([SHORT, { kind: 'silence', durationMs: 40 }]);
    expect(await player.start()).toEqual({ ok: true, value: undefined });
    clock.advance(100);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual([0, 160, 320, 480, 640]);
    expect(sent.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2, 3, 4]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, false, false, false, false]);
    expect(sent.every(({ payload }) => payload.length === 160)).toBe(true);
    expect(sent[2]?.payload[159]).toBe(0xd5);
    clock.advance(20);
    expect(ends).toEqual([{ reason: 'finished', positionMs: 100 }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('begins again after the last source until it is stopped, and reports one end', async () => {
    const { clock, sent, ends, player } = start([SHORT], true);
    await player.start();
    clock.advance(2000);
    expect(sent).toHaveLength(100);
    player.stop();
    player.stop();
    clock.advance(100);
    expect([sent.length, ends]).toMatchObject([100, [{ reason: 'stopped' }]]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('a play stopped while it loads never sounds', async () => {
    const { clock, sent, ends, player } = start([SHORT]);
    const started = player.start();
    player.stop();
    await started;
    clock.advance(200);
    expect([sent.length, ends.length]).toEqual([0, 1]);
  });

  it.each([
    ['a missing file', { ...SHORT, name: 'missing' }, 'not_found', 'prompts/en/missing.wav'],
    ['a broken file', { ...SHORT, name: 'broken' }, 'bad_input', 'prompts/en/broken.wav'],
    ['a name that leads elsewhere', { ...SHORT, name: '../../secret' }, 'bad_input', '../../secret'],
    ['nothing to play', { kind: 'silence', durationMs: 0 }, 'bad_input', 'no sound'],
  ] as const)('%s fails the start and is named', async (_what, source, code, text) => {
    const { ends, player } = start([source], true);
    const result = await player.start();
    expect(result).toMatchObject({ ok: false, fault: { code } });
    expect(!result.ok && result.fault.message).toContain(text);
    expect(ends).toEqual([]);
  });

  it('the library keeps to its bound and still serves everything', async () => {
    const library = new SoundLibrary({ dir, cacheBytes: 100 });
    for (let round = 0; round < 3; round += 1)
      for (const codec of ['PCMA', 'PCMU'] as const)
        expect(await library.load(SHORT, { codec, gainDb: 0 })).toMatchObject({ ok: true, value: [{ frameCount: 3 }] });
  });
});
