/** Players: formats, tones, loops, keys that interrupt, seeking, pausing, volume, speech, music in folders, takes. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from '../../base/ids';
import type { EndpointId, PlayId } from '../../base/ids';
import type { MediaEvent, MediaPort, PlayControl, PlayPosition, PlayRequest } from '../../media/ports';
import { IMPLEMENTATIONS, codeOf, mediaSuite, value } from '../support/media-bench';
import type { MediaBench, TestParty } from '../support/media-bench';
import { dominantFrequencyHz, hearsTone, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';
import { pcm16Wav } from '../support/wav';

jest.setTimeout(20_000);

const STEP_MS = 400;
/** Rises by 100 Hz every 400 ms: what is heard says where in the file it is. */
const hzAt = (ms: number): number => 500 + 100 * Math.floor(ms / STEP_MS);

function staircase(seconds: number, sampleRateHz = 8000): Int16Array {
  const steps = (seconds * 1000) / STEP_MS;
  return Int16Array.from(
    Array.from({ length: steps }, (_, index) => [
      ...toPcm16(tone({ frequencyHz: hzAt(index * STEP_MS), durationMs: STEP_MS, sampleRateHz, amplitude: 0.25 })),
    ]).flat(),
  );
}

describe.each(Object.keys(IMPLEMENTATIONS))('plays: %s', (name) => {
  const media = mediaSuite(name);
  const { events, party } = media;
  let bench: MediaBench;
  let port: MediaPort;
  beforeEach(() => void ({ bench, port } = media));

  async function own(path: string, samples: Int16Array, sampleRateHz = 8000): Promise<void> {
    const file = join(bench.ownSoundsDir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, pcm16Wav(samples, { sampleRateHz }));
  }

  async function play(endpointId: EndpointId, request: Omit<PlayRequest, 'playId' | 'endpointId'>): Promise<PlayId> {
    const playId = newId<PlayId>();
    value(await port.play({ playId, endpointId, ...request }));
    return playId;
  }

  const control = async (playId: PlayId, what: PlayControl): Promise<PlayPosition> =>
    value(await port.controlPlay(playId, what));

  const ended = (playId: PlayId, timeoutMs = 5000): Promise<Extract<MediaEvent, { type: 'play-ended' }>> =>
    until(
      'the end of the play',
      () =>
        events.find(
          (event): event is Extract<MediaEvent, { type: 'play-ended' }> =>
            event.type === 'play-ended' && event.playId === playId,
        ),
      timeoutMs,
    );

  /** What a peer hears in the next so many frames. */
  async function hear({ peer }: TestParty, frames: number): Promise<Float64Array> {
    const from = peer.received.length;
    await until(`${frames} frames`, () => peer.received.length >= from + frames);
    return peer.heard().subarray(from * 160, (from + frames) * 160);
  }

  const STAIRS = { kind: 'prompt', language: 'en', name: 'stairs' } as const;

  it('seeks, skips and goes on to the frame, pauses and resumes in one stream', async () => {
    await own('prompts/en/stairs.wav', staircase(8));
    const a = await party();
    const playId = await play(a.id, { sources: [STAIRS], fromMs: 2000 });
    expect(dominantFrequencyHz(await hear(a, 10))).toBe(hzAt(2000));
    const sought = await control(playId, { do: 'seek', toMs: 6000 });
    expect(sought).toMatchObject({ positionMs: 6000, durationMs: 8000, paused: false });
    await pause(60);
    expect(dominantFrequencyHz(await hear(a, 8))).toBe(hzAt(6000));
    const before = await control(playId, { do: 'pause' });
    await pause(60);
    expect(levelDbfs(await hear(a, 10))).toBeLessThan(-60);
    const after = await control(playId, { do: 'skip', byMs: -4000 });
    expect(after.positionMs).toBe(before.positionMs - 4000);
    await control(playId, { do: 'resume' });
    await pause(40);
    expect(dominantFrequencyHz(await hear(a, 5))).toBe(hzAt(after.positionMs + 60));
    await control(playId, { do: 'skip', byMs: 60_000 });
    expect(await ended(playId)).toMatchObject({ reason: 'finished' });
    const numbers = a.peer.received.map(({ sequenceNumber }) => sequenceNumber);
    numbers.slice(1).forEach((number, index) => expect((number - (numbers[index] ?? 0)) & 0xffff).toBe(1));
    expect(codeOf(await port.controlPlay(playId, { do: 'pause' }))).toBe('not_found');
  });

  it('volume is in decibels, from the beginning and in the middle', async () => {
    await own('prompts/en/steady.wav', toPcm16(tone({ frequencyHz: 1000, durationMs: 4000, amplitude: 0.1 })));
    const a = await party();
    const steady = { kind: 'prompt', language: 'en', name: 'steady' } as const;
    const playId = await play(a.id, { sources: [steady], gainDb: 0 });
    const normal = levelDbfs(await hear(a, 15));
    for (const gainDb of [-12, 6]) {
      await control(playId, { do: 'volume', gainDb });
      await pause(60);
      expect(levelDbfs(await hear(a, 15)) - normal).toBeCloseTo(gainDb, 0);
    }
    await port.stopPlay(playId);
    await play(a.id, { sources: [steady], gainDb: -20 });
    await pause(60);
    expect(levelDbfs(await hear(a, 10)) - normal).toBeCloseTo(-20, 0);
  });

  it('a key ends the play with its first packet, and only a key that may', async () => {
    await own('prompts/en/stairs.wav', staircase(8));
    const a = await party();
    a.peer.speak();
    const deaf = await play(a.id, { sources: [STAIRS], interruptedBy: '12' });
    await hear(a, 5);
    a.peer.press(3);
    await hear(a, 5);
    expect(events.some(({ type }) => type === 'play-ended')).toBe(false);
    a.peer.press(2, 400);
    expect(await ended(deaf)).toMatchObject({ reason: 'stopped', digit: '2' });
    await until('the digit', () => events.some((event) => event.type === 'digit' && event.digit === '2'));
    const order = events.map(({ type }) => type);
    expect(order.indexOf('play-ended')).toBeLessThan(order.lastIndexOf('digit'));
    // The first packet of the key ended it: not a frame was heard after it.
    const heard = a.peer.received.length;
    expect((await ended(deaf)).positionMs).toBeLessThanOrEqual((heard + 1) * 20);
    const any = await play(a.id, { sources: [STAIRS], interruptedBy: 'any' });
    await hear(a, 3);
    a.peer.press(11);
    expect(await ended(any)).toMatchObject({ reason: 'stopped', digit: '#' });
  });

  it('a loop has no gap: a tone of whole waves goes on as one', async () => {
    await own('music/round.wav', toPcm16(tone({ frequencyHz: 500, durationMs: 200, amplitude: 0.25 })));
    const a = await party();
    await play(a.id, { sources: [{ kind: 'music', name: 'round' }], loop: true });
    const heard = await hear(a, 60);
    const whole = toneLevelDbfs(heard, 500);
    expect(whole).toBeCloseTo(20 * Math.log10(0.25) - 3, 0);
    // Without breaks nothing but the tone is there.
    for (let from = 0; from + 160 <= heard.length; from += 160)
      expect(levelDbfs(heard.subarray(from, from + 160))).toBeCloseTo(whole, 0);
  });

  it.each([
    ['PCMU', 8000],
    ['G722', 16_000],
  ] as const)('a file of 44.1 kHz is heard by %s as it is', async (codec, sampleRateHz) => {
    const samples = toPcm16(tone({ frequencyHz: 1500, durationMs: 1000, sampleRateHz: 44_100, amplitude: 0.25 }));
    await own('prompts/en/cd.wav', samples, 44_100);
    const a = await party({ codec });
    await play(a.id, { sources: [{ kind: 'prompt', language: 'en', name: 'cd' }] });
    await until('frames', () => a.peer.received.length >= 45);
    const heard = a.peer.heard().subarray(sampleRateHz / 10);
    expect(dominantFrequencyHz(heard, { sampleRateHz })).toBe(1500);
    expect(toneLevelDbfs(heard, 1500, sampleRateHz)).toBeCloseTo(-15, 0);
  });

  it("the center's own prompt takes the place of the product's, and a new version that of the old one", async () => {
    const a = await party();
    const welcome = { kind: 'prompt', language: 'en', name: 'welcome' } as const;
    for (const frequencyHz of [700, 1100]) {
      await own('prompts/en/welcome.wav', toPcm16(tone({ frequencyHz, durationMs: 400 })));
      a.peer.clear();
      await ended(await play(a.id, { sources: [welcome] }));
      expect(dominantFrequencyHz(a.peer.heard())).toBe(frequencyHz);
    }
  });

  it('music in a folder is played piece by piece, that of a language before the general one', async () => {
    const piece = (frequencyHz: number): Int16Array => toPcm16(tone({ frequencyHz, durationMs: 300 }));
    await own('music/waiting/1.wav', piece(600));
    await own('music/waiting/2.wav', piece(900));
    await own('music/waiting/3.wav', new Int16Array(0));
    await own('music/zh-CN/waiting.wav', piece(1300));
    const a = await party();
    const playId = await play(a.id, { sources: [{ kind: 'music', name: 'waiting', language: 'en' }], loop: true });
    await until('a round', () => a.peer.received.length >= 48);
    const heard = a.peer.heard();
    const at = (frame: number): number => dominantFrequencyHz(heard.subarray(frame * 160, (frame + 10) * 160));
    expect([at(2), at(17), at(32)]).toEqual([600, 900, 600]);
    await port.stopPlay(playId);
    a.peer.clear();
    await play(a.id, { sources: [{ kind: 'music', name: 'waiting', language: 'zh-CN' }], loop: true });
    expect(dominantFrequencyHz(await hear(a, 10))).toBe(1300);
  });

  it('call progress tones have their frequency and their rhythm', async () => {
    const a = await party();
    await play(a.id, { sources: [{ kind: 'tone', tone: 'busy', country: '86' }], loop: true });
    const heard = await hear(a, 70);
    const windows = Array.from({ length: 70 }, (_, index) => heard.subarray(index * 160, (index + 1) * 160));
    const on = windows.map((frame) => levelDbfs(frame) > -40);
    const changes = on.flatMap((sounds, index) => (index > 0 && sounds !== on[index - 1] ? [index] : []));
    // 350 ms are 17.5 frames.
    changes.slice(1).forEach((index, nth) => {
      const frames = index - (changes[nth] ?? 0);
      expect([17, 18]).toContain(frames);
    });
    expect(changes.length).toBeGreaterThanOrEqual(3);
    expect(dominantFrequencyHz(Float64Array.from(windows.filter((_, index) => on[index]).flatMap((w) => [...w])))).toBe(
      450,
    );
    const bounded = await party();
    const playId = await play(bounded.id, {
      sources: [{ kind: 'tone', tone: 'dial', country: '86', durationMs: 1260 }],
    });
    expect(await ended(playId)).toMatchObject({ reason: 'finished', positionMs: 1260 });
    expect(levelDbfs(bounded.peer.heard().subarray(-160))).toBeGreaterThan(-25);
    const b = await party();
    await play(b.id, { sources: [{ kind: 'tone', tone: 'special-information' }] });
    await until('three tones', () => b.peer.received.length >= 50);
    const three = b.peer.heard();
    [950, 1400, 1800].forEach((hz, index) =>
      expect(hearsTone(three.subarray(index * 2640 + 160, (index + 1) * 2640 - 160), hz)).toBe(true),
    );
  });

  it('a phrase is the recorded pieces when all are there, else one sentence of the speech engine, kept for later', async () => {
    const phrase = { kind: 'phrase', language: 'en', pieces: ['n-1', 'n-2'], text: 'one two' } as const;
    const a = await party();
    await own('prompts/en/n-1.wav', toPcm16(tone({ frequencyHz: 700, durationMs: 200 })));
    await ended(await play(a.id, { sources: [phrase] }));
    const spoken = a.peer.heard();
    expect(levelDbfs(spoken)).toBeGreaterThan(-35);
    expect(spoken.length).toBeGreaterThan(4000);
    expect(hearsTone(spoken, 700)).toBe(false);
    expect(await readdir(join(bench.recordingsDir, 'speech'))).toHaveLength(1);
    await own('prompts/en/n-2.wav', toPcm16(tone({ frequencyHz: 1200, durationMs: 200 })));
    a.peer.clear();
    await ended(await play(a.id, { sources: [phrase] }));
    const pieces = a.peer.heard();
    expect(pieces).toHaveLength(3200);
    expect(dominantFrequencyHz(pieces.subarray(0, 1600))).toBe(700);
    expect(dominantFrequencyHz(pieces.subarray(1600))).toBe(1200);
  });

  it('text is said in Chinese too, at the loudness of prompts', async () => {
    const a = await party();
    const speech = { kind: 'speech', language: 'zh-CN', text: '您好，欢迎致电' } as const;
    const playId = await play(a.id, { sources: [speech] });
    const { positionMs = 0 } = await ended(playId);
    expect(positionMs).toBeGreaterThan(1000);
    expect(positionMs).toBeLessThan(4000);
    expect(levelDbfs(a.peer.heard())).toBeGreaterThan(-28);
    expect(levelDbfs(a.peer.heard())).toBeLessThan(-14);
    const unknown = { ...speech, language: 'xx-yy' };
    const failed = await port.play({ playId: newId<PlayId>(), endpointId: a.id, sources: [unknown] });
    expect(codeOf(failed)).toBe('internal');
  }, 20_000);

  it('what a party says is taken, played back, and dropped', async () => {
    const a = await party({ frequencyHz: 800 });
    value(await port.startTake({ takeId: 'take-1', endpointId: a.id, maxMs: 60_000 }));
    expect(codeOf(await port.startTake({ takeId: 'take-1', endpointId: a.id, maxMs: 60_000 }))).toBe('conflict');
    a.peer.speak();
    await pause(600);
    a.peer.hush();
    await pause(40);
    const taken = value(await port.stopTake('take-1'));
    expect(taken.path).toBe('takes/take-1.wav');
    expect(taken.durationMs).toBeGreaterThanOrEqual(580);
    expect(taken.durationMs).toBeLessThanOrEqual(680);
    const b = await party();
    await ended(await play(b.id, { sources: [{ kind: 'take', takeId: 'take-1' }] }));
    expect(hearsTone(b.peer.heard(), 800)).toBe(true);
    value(await port.dropTake('take-1'));
    const again = await port.play({
      playId: newId<PlayId>(),
      endpointId: b.id,
      sources: [{ kind: 'take', takeId: 'take-1' }],
    });
    expect(codeOf(again)).toBe('not_found');
  });

  it('a take ends by itself at its longest, and with its party', async () => {
    const a = await party();
    value(await port.startTake({ takeId: 'take-2', endpointId: a.id, maxMs: 1000 }));
    a.peer.speak();
    await until('the end', () => events.some((event) => event.type === 'take-ended' && event.takeId === 'take-2'));
    expect(value(await port.stopTake('take-2')).durationMs).toBeLessThanOrEqual(1000);
    value(await port.startTake({ takeId: 'take-3', endpointId: a.id, maxMs: 5000 }));
    value(await port.closeEndpoint(a.id));
    expect(codeOf(await port.stopTake('take-3'))).toBe('not_found');
    const silent = await party();
    value(await port.startTake({ takeId: 'take-4', endpointId: silent.id, maxMs: 5000 }));
    expect(codeOf(await port.stopTake('take-4'))).toBe('bad_input');
    expect(codeOf(await port.startTake({ takeId: '../x', endpointId: silent.id, maxMs: 5000 }))).toBe('bad_input');
  });
});
