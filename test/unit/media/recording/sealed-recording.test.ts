import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { RecordingId } from '../../../../base/ids';
import { SecretBox } from '../../../../base/secret-box';
import { sealRecordings } from '../../../../main/recordings/seal-recording';
import { Recorder } from '../../../../media/recording/recorder';
import { recoverRecordings } from '../../../../media/recording/recover-recordings';
import { StallWatch } from '../../../../media/recording/stall-watch';
import { DiskStorage } from '../../../../store/recordings/disk-storage';
import { RecordingLibrary } from '../../../../store/recordings/recording-library';
import { speaker } from '../../../support/recorded-speaker';
import { until } from '../../../support/wait';

describe('a sealed recording', () => {
  let dir: string;
  let clock: SimulatedClock;
  const keys = [randomBytes(32), randomBytes(32)] as const;
  const box = new SecretBox([keys[0]]);
  const recordingId = newId<RecordingId>();
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'switchroom-sealed-'));
    clock = new SimulatedClock();
  });
  afterEach(() => rm(dir, { recursive: true }));

  const library = (secrets: SecretBox = box, wrappedKeyOf?: () => Promise<string | undefined>): RecordingLibrary =>
    new RecordingLibrary({ storages: [new DiskStorage(dir)], box: secrets, ...(wrappedKeyOf && { wrappedKeyOf }) });

  async function start(path: string): Promise<Recorder> {
    const request = sealRecordings(box)({ recordingId, path, codec: 'PCMA' });
    const stalls = new StallWatch(clock);
    const recorder = await Recorder.start({ request, recordingsDir: dir, clock, stalls, onFailed: () => undefined });
    if (!recorder.ok) throw new Error(recorder.fault.message);
    return recorder.value;
  }

  const speak = async (recorder: Recorder, frames: number): Promise<void> => {
    const customer = speaker();
    recorder.attach(0, customer.endpoint);
    for (let index = 0; index < frames; index += 1) {
      await clock.advanceAsync(20);
      customer.say(index, 0x2a);
    }
  };

  const played = async (path: string, from = library()): Promise<Buffer> => {
    const file = await from.open(path);
    if (!file) throw new Error('there is no such recording');
    const bytes = await file.read(0, file.sizeBytes);
    await file.close();
    return bytes;
  };

  it('is never in the clear on the disk, and is read whole, under its own name', async () => {
    const recorder = await start('day/call.wav');
    await speak(recorder, 100);
    const summary = await recorder.stop();
    expect(await readdir(join(dir, 'day'))).toEqual(['call.wav.sealed']);
    const onDisk = await readFile(join(dir, 'day/call.wav.sealed'));
    expect([onDisk.includes('WAVE'), onDisk.includes(Buffer.alloc(8, 0x2a))]).toEqual([false, false]);
    const wav = await played('day/call.wav');
    expect(summary).toMatchObject({ ok: true, value: { path: 'day/call.wav', sizeBytes: wav.length } });
    expect([wav.toString('latin1', 0, 4), wav.filter((byte) => byte === 0x2a).length]).toEqual(['RIFF', 16_000]);
  });

  it('whose writer was killed plays up to its last whole chunk, though nobody had its key', async () => {
    const recorder = await start('left.wav');
    await speak(recorder, 140);
    const file = join(dir, 'left.wav.sealed');
    await until('the flush', async () => (await readFile(file)).length > 512 + 5 * 4112);
    await copyFile(file, join(dir, 'killed.wav.sealed'));
    await writeFile(join(dir, 'killed.wav.sealed.open'), '');
    await recorder.stop();
    await truncate(join(dir, 'killed.wav.sealed'), 512 + 5 * 4112 + 77);
    const sizeBytes = 5 * 4096;
    expect(await recoverRecordings(dir)).toEqual([
      { path: 'killed.wav.sealed', outcome: 'recovered', sizeBytes, durationMs: Math.round((sizeBytes - 58) / 16) },
    ]);
    const whole = await played('left.wav');
    expect((await played('killed.wav')).equals(whole.subarray(0, sizeBytes))).toBe(true);
  });

  it('can be read as long as its key is among the others, and by a key that was wrapped anew', async () => {
    await (await start('kept.wav')).stop();
    expect((await played('kept.wav', library(new SecretBox([keys[1], keys[0]])))).length).toBe(58);
    const renewed = new SecretBox([keys[1]]);
    await expect(played('kept.wav', library(renewed))).rejects.toThrow(`the key ${box.keyId} is needed`);
    const wrapped = (await readFile(join(dir, 'kept.wav.sealed'))).toString('latin1').match(/sealed:v1:[\w:-]+/)?.[0];
    const label = `recordings/${recordingId}`;
    const dataKey = box.open(wrapped ?? '', label);
    const rewrapped = renewed.seal(dataKey.ok ? dataKey.value : '', label);
    expect(
      (
        await played(
          'kept.wav',
          library(renewed, () => Promise.resolve(rewrapped)),
        )
      ).length,
    ).toBe(58);
  });
});
