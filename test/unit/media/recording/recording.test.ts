import { copyFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { EndpointId, RecordingId } from '../../../../base/ids';
import type { MediaEndpoint, PacketListener } from '../../../../media/endpoint/endpoint';
import { ChannelTimeline } from '../../../../media/recording/channel-timeline';
import { Recorder } from '../../../../media/recording/recorder';
import { recoverRecordings } from '../../../../media/recording/recover-recordings';
import { readWav } from '../../../../media/wav/wav-reader';
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

  async function start(path: string, onFailed: (detail: string) => void = () => undefined): Promise<Recorder> {
    const recorder = await Recorder.start({ request: request(path), recordingsDir: dir, clock, onFailed });
    if (!recorder.ok) throw new Error(recorder.fault.message);
    return recorder.value;
  }

  function speaker(): { endpoint: MediaEndpoint; say: (index: number, value: number) => void } {
    const listeners = new Set<PacketListener>();
    const onPacket = (listener: PacketListener) => (listeners.add(listener), () => void listeners.delete(listener));
    const endpoint = { id: newId<EndpointId>(), codec: 'PCMA', onPacket } as unknown as MediaEndpoint;
    const say = (index: number, value: number): void =>
      listeners.forEach((listener) =>
        listener({
          sourceId: 1,
          sequenceNumber: index,
          timestamp: index * 160,
          marker: false,
          content: 'audio',
          payload: frame(value),
        }),
      );
    return { endpoint, say };
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

  it('refuses to overwrite', async () => {
    const first = await start('same.wav');
    const second = await Recorder.start({
      request: request('same.wav'),
      recordingsDir: dir,
      clock,
      onFailed: () => undefined,
    });
    expect(second).toMatchObject({ ok: false, fault: { code: 'conflict' } });
    await first.stop();
  });

  it('what a crash leaves open is playable as it is, and recovered with all that was written', async () => {
    const recorder = await start('2026/crashed.wav');
    clock.advance(1500);
    const file = join(dir, '2026/crashed.wav');
    // Written so far: 1500 ms less the reordering window.
    await until('the flush', async () => (await readFile(file)).length >= 58 + 1200 * 16);
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

  it('a recording too broken to be recovered is named; a folder that is missing has none', async () => {
    await writeFile(join(dir, 'empty.wav'), '');
    await writeFile(join(dir, 'empty.wav.open'), '');
    expect(await recoverRecordings(dir)).toMatchObject([{ path: 'empty.wav', outcome: 'unreadable' }]);
    expect(await recoverRecordings(join(dir, 'missing'))).toEqual([]);
  });
});
