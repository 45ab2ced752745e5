import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { RecordingId } from '../../../../base/ids';
import { isLeftHere } from '../../../../main/recording-owners';
import { ChannelTimeline } from '../../../../media/recording/channel-timeline';
import { plainLayout } from '../../../../media/recording/file-layout';
import { GrowingFile } from '../../../../media/recording/growing-file';
import { Recorder } from '../../../../media/recording/recorder';
import { StallWatch } from '../../../../media/recording/stall-watch';
import { recoverRecordings } from '../../../../media/recording/recover-recordings';
import { readWav } from '../../../../media/wav/wav-reader';
import { speaker } from '../../../support/recorded-speaker';
import { until } from '../../../support/wait';

const SILENCE = 0xd5;
const frame = (value: number): Buffer => Buffer.alloc(160, value);

describe('ChannelTimeline', () => {
  const taken = (timeline: ChannelTimeline, end: number): Buffer => {
    const target = Buffer.alloc(end * 2);
    timeline.takeInto(target, 0, end);
    return Buffer.from(Array.from({ length: end }, (_, index) => target[index * 2] ?? 0));
  };

  it('packets stand by their timestamps, however they arrive; what is missing is silence', () => {
    const timeline = new ChannelTimeline('PCMA');
    timeline.put({ sourceId: 1, timestamp: 0xffff_ff60, payload: frame(1) }, 0);
    timeline.put({ sourceId: 1, timestamp: 160, payload: frame(3) }, 290);
    timeline.put({ sourceId: 1, timestamp: 0, payload: frame(2) }, 350);
    timeline.put({ sourceId: 1, timestamp: 480, payload: frame(5) }, 640);
    const bytes = taken(timeline, 800);
    const values = [0, 160, 320, 480, 640].map((start) => bytes[start + 80]);
    expect(values).toEqual([1, 2, 3, SILENCE, 5]);
  });

  it('another source stands where it arrives', () => {
    const timeline = new ChannelTimeline('PCMA');
    timeline.put({ sourceId: 1, timestamp: 0, payload: frame(1) }, 0);
    timeline.put({ sourceId: 2, timestamp: 90_000, payload: frame(2) }, 400);
    const bytes = taken(timeline, 600);
    expect([bytes[0], bytes[399], bytes[400], bytes[559], bytes[560]]).toEqual([1, SILENCE, 2, 2, SILENCE]);
  });

  it('a stream whose timestamps jump is placed anew, and nothing far away is kept in memory', () => {
    const timeline = new ChannelTimeline('PCMA');
    timeline.put({ sourceId: 1, timestamp: 0, payload: frame(1) }, 0);
    timeline.put({ sourceId: 1, timestamp: 1_000_000, payload: frame(2) }, 160);
    timeline.put({ sourceId: 1, timestamp: 1_000_160, payload: frame(3) }, 320);
    const bytes = taken(timeline, 480);
    expect([bytes[100], bytes[200], bytes[400]]).toEqual([1, 2, 3]);
  });

  it.each([300, -300])(
    'a sender whose clock is off by %d ppm is followed for twenty minutes, and nothing of its sound is lost',
    (ppm) => {
      const timeline = new ChannelTimeline('PCMA');
      const [packets, heard] = [60_000, new Map<number, number>()];
      let [end, farthest] = [0, 0];
      const take = (until: number): void => {
        const target = Buffer.alloc((until - end) * 2);
        timeline.takeInto(target, 0, until);
        for (let at = 0; at < target.length; at += 2) {
          const value = target[at] ?? SILENCE;
          if (at % 64 === 0) heard.set(value, (heard.get(value) ?? 0) + 1);
        }
        end = until;
      };
      for (let index = 0; index < packets; index += 1) {
        // Up to 20 ms of jitter, the same each time.
        const jitter = ((index * 7919) % 160) | 0;
        const arrival = Math.round(index * 160 * (1 - ppm / 1e6)) + jitter;
        const place = timeline.put({ sourceId: 1, timestamp: index * 160, payload: frame(1 + (index % 100)) }, arrival);
        farthest = Math.max(farthest, Math.abs(place - (arrival - jitter)));
        if (index % 45 === 0 && arrival - 2400 > end) take(arrival - 2400);
      }
      expect(farthest).toBeLessThan(0.08 * 8000);
      // Each of 100 values as often as any other, and of silence nothing.
      expect(heard.get(SILENCE) ?? 0).toBeLessThan(20);
      const counts = Array.from({ length: 100 }, (_, index) => heard.get(index + 1) ?? 0);
      expect(Math.min(...counts)).toBeGreaterThan(0.97 * Math.max(...counts));
    },
  );

  it('what comes after its time has been written is dropped', () => {
    const timeline = new ChannelTimeline('PCMA');
    timeline.put({ sourceId: 1, timestamp: 0, payload: frame(1) }, 0);
    taken(timeline, 320);
    timeline.put({ sourceId: 1, timestamp: 160, payload: frame(2) }, 330);
    const rest = Buffer.alloc(320);
    timeline.takeInto(rest, 0, 480);
    expect(rest[0]).toBe(SILENCE);
  });
});

describe('Recorder', () => {
  let dir: string;
  let clock: SimulatedClock;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'switchroom-recordings-'));
    clock = new SimulatedClock();
  });
  afterEach(() => rm(dir, { recursive: true }));

  const request = (path: string) => ({ recordingId: newId<RecordingId>(), path, codec: 'PCMA' }) as const;

  async function start(path: string, owner?: string): Promise<Recorder> {
    const onFailed = (): void => undefined;
    const recorder = await Recorder.start({
      request: request(path),
      recordingsDir: dir,
      owner,
      clock,
      stalls: new StallWatch(clock),
      onFailed,
    });
    if (!recorder.ok) throw new Error(recorder.fault.message);
    return recorder.value;
  }

  it('holds each party on its channel where it spoke, and is as long as it ran', async () => {
    const recorder = await start('a/b/call.wav');
    const [customer, agent] = [speaker(), speaker()];
    recorder.attach(0, customer.endpoint);
    recorder.attach(1, agent.endpoint);
    clock.advance(100);
    customer.say(0, 11);
    clock.advance(100);
    agent.say(0, 22);
    clock.advance(800);
    const summary = await recorder.stop();
    expect(summary).toMatchObject({ ok: true, value: { durationMs: 1000, path: 'a/b/call.wav', sizeBytes: 16_058 } });
    const wav = readWav(await readFile(join(dir, 'a/b/call.wav')));
    if (!wav.ok) throw new Error(wav.fault.message);
    const at = (ms: number, channel: number): number | undefined => wav.value.data[ms * 16 + channel];
    expect([at(79, 0), at(81, 0), at(99, 0), at(101, 0)]).toEqual([SILENCE, 11, 11, SILENCE]);
    expect([at(90, 1), at(181, 1), at(199, 1), at(201, 1)]).toEqual([SILENCE, 22, 22, SILENCE]);
    expect(clock.pendingTimers).toBe(0);
    expect(await readdir(join(dir, 'a/b'))).toEqual(['call.wav']);
  });

  it('what is read late, since the process had stalled, stands where it was spoken', async () => {
    const recorder = await start('stalled.wav');
    const customer = speaker();
    recorder.attach(0, customer.endpoint);
    let said = 0;
    const speakUntil = (ms: number): void => {
      for (; said * 20 + 20 <= ms; said += 1) customer.say(said, 1 + (said % 200));
    };
    for (let ms = 20; ms <= 1000; ms += 20) {
      clock.advance(20);
      speakUntil(ms);
    }
    // 1.3 s in which nothing runs: then the timers do at once, before the sockets are read.
    clock.stall(1300);
    speakUntil(2300);
    for (let ms = 2320; ms <= 4000; ms += 20) {
      clock.advance(20);
      speakUntil(ms);
    }
    await recorder.stop();
    const wav = readWav(await readFile(join(dir, 'stalled.wav')));
    if (!wav.ok) throw new Error(wav.fault.message);
    const heard = Array.from({ length: 200 }, (_, index) => wav.value.data[(index * 160 + 80) * 2]);
    expect(heard).toEqual(Array.from({ length: 200 }, (_, index) => 1 + (index % 200)));
  });

  it('what came while masked is not recorded, even when the process stalls and reads it after the end of the mask', async () => {
    const recorder = await start('masked.wav');
    const customer = speaker();
    recorder.attach(0, customer.endpoint);
    clock.advance(1000);
    recorder.mask(60_000);
    clock.advance(1000);
    recorder.unmask();
    clock.advance(50);
    // The key's sound comes 100 ms after the end of the mask, on a slow way, and is read a second later.
    clock.stall(1000);
    customer.say(0, 77);
    clock.advance(3000);
    customer.say(150, 88);
    clock.advance(1000);
    await recorder.stop();
    const wav = readWav(await readFile(join(dir, 'masked.wav')));
    if (!wav.ok) throw new Error(wav.fault.message);
    expect([wav.value.data.includes(77), wav.value.data.includes(88)]).toEqual([false, true]);
  });

  it('a sender that paused its timestamps is heard when it speaks again, not before', async () => {
    const recorder = await start('paused.wav');
    const customer = speaker();
    recorder.attach(0, customer.endpoint);
    clock.advance(20);
    customer.say(0, 11);
    clock.advance(1000);
    customer.say(1, 22);
    clock.advance(500);
    await recorder.stop();
    const wav = readWav(await readFile(join(dir, 'paused.wav')));
    if (!wav.ok) throw new Error(wav.fault.message);
    const at = (ms: number): number | undefined => wav.value.data[ms * 16];
    expect([at(10), at(30), at(990), at(1010)]).toEqual([11, SILENCE, SILENCE, 22]);
  });

  it('refuses to overwrite', async () => {
    const first = await start('same.wav');
    const second = await Recorder.start({
      request: request('same.wav'),
      recordingsDir: dir,
      clock,
      stalls: new StallWatch(clock),
      onFailed: () => undefined,
    });
    expect(second).toMatchObject({ ok: false, fault: { code: 'conflict' } });
    await first.stop();
  });

  it('what a crash leaves open is playable as it is, and recovered with all that was written', async () => {
    const recorder = await start('2026/crashed.wav');
    clock.advance(1800);
    const file = join(dir, '2026/crashed.wav');
    // Written so far: 1800 ms less the reordering window.
    await until('the flush', async () => (await readFile(file)).length >= 58 + 1500 * 16);
    await recorder.stop();
    const crashed = join(dir, '2026/copy.wav');
    await copyFile(file, crashed);
    await writeFile(`${crashed}.open`, '');
    // The last header had not been written, and the last sample only half.
    const bytes = await readFile(crashed);
    bytes.writeUInt32LE(160, 54);
    await writeFile(crashed, bytes);
    await truncate(crashed, bytes.length - 1);
    expect(readWav(await readFile(crashed))).toMatchObject({ ok: true, value: { channels: 2 } });
    const recovered = await recoverRecordings(dir);
    const sizeBytes = bytes.length - 2;
    expect(recovered).toEqual([
      { path: '2026/copy.wav', outcome: 'recovered', durationMs: Math.round((sizeBytes - 58) / 16), sizeBytes },
    ]);
    const wav = readWav(await readFile(crashed));
    expect(wav.ok && wav.value.data.length).toBe(sizeBytes - 58);
    expect(await recoverRecordings(dir)).toEqual([]);
  });

  it('a process that starts ends what it has left itself, and nothing that another one is still writing', async () => {
    const recorder = await start('2026/running.wav', 'media-2');
    clock.advance(1800);
    const running = join(dir, '2026/running.wav');
    await until('the flush', async () => (await readFile(running)).length >= 58 + 1500 * 16);
    const before = await readFile(running);
    for (const [name, owner] of [
      ['mine', 'media-1'],
      ['remote', 'host:berlin:9070'],
    ] as const) {
      // Half a sample at its end shows whether it was repaired.
      await writeFile(join(dir, `2026/${name}.wav`), Buffer.concat([before, Buffer.alloc(1)]));
      await writeFile(join(dir, `2026/${name}.wav.open`), owner);
    }
    expect(await recoverRecordings(dir, isLeftHere(['media-2']))).toMatchObject([
      { path: '2026/mine.wav', outcome: 'recovered', sizeBytes: before.length },
    ]);
    expect(await readFile(running)).toEqual(before);
    expect((await readFile(join(dir, '2026/remote.wav'))).length).toBe(before.length + 1);
    clock.advance(1800);
    const summary = await recorder.stop();
    expect(summary).toMatchObject({ ok: true, value: { durationMs: 3600 } });
    expect(await readdir(join(dir, '2026'))).toEqual(['mine.wav', 'remote.wav', 'remote.wav.open', 'running.wav']);
  });

  it('says in its header how long it is: half of it at least, all but five seconds later, and all at its end', async () => {
    const file = join(dir, 'told.wav');
    const growing = await GrowingFile.create(file, plainLayout({ encoding: 'alaw', channels: 2, sampleRateHz: 8000 }));
    if (!growing.ok) throw new Error(growing.fault.message);
    const told: number[] = [];
    const tell = async (): Promise<number> => told.push((await readFile(file)).readUInt32LE(54));
    for (let second = 1; second <= 14; second += 1) {
      await growing.value.append(Buffer.alloc(16_000));
      await tell();
    }
    await growing.value.close();
    await tell();
    expect(told.map((bytes) => bytes / 16_000)).toEqual([1, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 8, 13, 13, 14]);
  });

  it('is marked with its owner before anything is written, so that nobody takes it for one that was left', async () => {
    const file = join(dir, 'marked.wav');
    let marks: string[] = [];
    const layout = plainLayout({ encoding: 'alaw', channels: 2, sampleRateHz: 8000 });
    const begin = (): Buffer => {
      marks = [readFileSync(file, 'latin1'), readFileSync(`${file}.open`, 'latin1')];
      return layout.begin();
    };
    const growing = await GrowingFile.create(file, { ...layout, begin }, 'media-2');
    expect(marks).toEqual(['', 'media-2']);
    if (growing.ok) await growing.value.close();
    expect(await readdir(dir)).toEqual(['marked.wav']);
  });

  it('a recording too broken to be recovered is named; a folder that is missing has none', async () => {
    await writeFile(join(dir, 'empty.wav'), '');
    await writeFile(join(dir, 'empty.wav.open'), '');
    expect(await recoverRecordings(dir)).toMatchObject([{ path: 'empty.wav', outcome: 'unreadable' }]);
    expect(await recoverRecordings(join(dir, 'missing'))).toEqual([]);
  });
});
