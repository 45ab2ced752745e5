import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { RecordingId } from '../../../../base/ids';
import { failedRecordingAlarm } from '../../../../main/recordings/recording-alarms';
import type { RecordingFailure, RecordingFailureCause } from '../../../../media/ports';
import { TOO_SLOW, failureOf } from '../../../../media/recording/failure';
import { GrowingFile } from '../../../../media/recording/growing-file';
import { RecordingDesk } from '../../../../media/recording/recording-desk';
import { en } from '../../../../agent-web/src/i18n/en';
import { zh } from '../../../../agent-web/src/i18n/zh';
import { until } from '../../../support/wait';

let dir: string;
let clock: SimulatedClock;
let failures: RecordingFailure[];
let desk: RecordingDesk;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchroom-desk-'));
  clock = new SimulatedClock();
  failures = [];
  const onFailed = (_recordingId: RecordingId, failure: RecordingFailure): void => void failures.push(failure);
  desk = new RecordingDesk({ recordingsDir: dir, clock, onFailed });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(dir, { recursive: true });
});

const recordingId = newId<RecordingId>();
const request = { recordingId, path: 'call.wav', codec: 'PCMA' } as const;

it('a recording that is stopped while it is being begun is stopped, and leaves no timer and no open file', async () => {
  const [started, stopped] = await Promise.all([desk.start(request), desk.stop(recordingId)]);
  expect([started.ok, stopped.ok]).toEqual([true, true]);
  expect([desk.size, clock.pendingTimers]).toEqual([0, 0]);
  expect(await readdir(dir)).toEqual(['call.wav']);
});

it('all recordings are stopped when the process ends, also those that are being begun', async () => {
  const starting = desk.start(request);
  await desk.stopAll();
  await starting;
  expect([desk.size, clock.pendingTimers]).toEqual([0, 0]);
});

it('a disk that does not answer any more is told of, and the file is closed when it answers again', async () => {
  await desk.start(request);
  let answer = (): void => undefined;
  const hung = new Promise<void>((resolve) => (answer = resolve));
  jest.spyOn(GrowingFile.prototype, 'append').mockReturnValue(hung);
  jest.spyOn(GrowingFile.prototype, 'sync').mockReturnValue(hung);
  jest.spyOn(GrowingFile.prototype, 'failed', 'get').mockReturnValue(TOO_SLOW);
  clock.advance(1000);
  await until('the failure', () => {
    clock.advance(500);
    return failures.length > 0;
  });
  expect(failures).toEqual([TOO_SLOW]);
  expect(desk.size).toBe(0);
  answer();
  await until('the end of the file', async () => (await readdir(dir)).length === 1);
  expect(failures).toEqual([TOO_SLOW]);
});

it('what the system says has a cause by its code', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(failureOf(full)).toEqual({ cause: 'disk-full', detail: 'the disk is full' });
  expect(failureOf(new Error('the disk is full of birds'))).toMatchObject({ cause: 'other' });
});

const CAUSES: Readonly<Record<Exclude<RecordingFailureCause, 'other'>, true>> = {
  'disk-full': true,
  'disk-quota': true,
  'disk-too-full': true,
  'disk-too-slow': true,
  'disk-read-only': true,
  'disk-broken': true,
  'file-too-long': true,
  'process-lost': true,
};

it.each(Object.keys(CAUSES) as (keyof typeof CAUSES)[])('%s has a sentence in both languages', (cause) => {
  expect(failedRecordingAlarm('one', { cause, detail: 'said otherwise' }).cause).toEqual({ key: cause, values: {} });
  for (const { alarms } of [en, zh]) expect(alarms.cause).toHaveProperty(cause, expect.any(String));
});
