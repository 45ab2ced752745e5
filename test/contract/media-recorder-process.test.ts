/** A recorder in a process of its own: killed, and at the end of its room on the disk. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { newId } from '../../base/ids';
import type { RecordingId } from '../../base/ids';
import { SecretBox } from '../../base/secret-box';
import { sealRecordings } from '../../main/recordings/seal-recording';
import { recoverRecordings } from '../../media/recording/recover-recordings';
import { DiskStorage } from '../../store/recordings/disk-storage';
import { RecordingLibrary } from '../../store/recordings/recording-library';
import { until } from '../support/wait';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '../..');
const program = join(ROOT, '.cache', `recording-program-${process.pid}.cjs`);
const box = new SecretBox([randomBytes(32)]);
let dir: string;
let child: ChildProcess | undefined;
let lines: string[];

beforeAll(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const entryPoints = [join(ROOT, 'test/support/recording-program.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: program, external: ['pino'] });
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'switchroom-recorder-'))));
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(dir, { recursive: true });
});

/** @param limitKilobytes the largest file that the system lets it write. */
const record = async (limitKilobytes?: number): Promise<void> => {
  const request = sealRecordings(box)({ recordingId: newId<RecordingId>(), path: 'day/call.wav', codec: 'PCMA' });
  const { dataKey = '', wrappedKey = '' } = request.seal ?? {};
  const limit = limitKilobytes === undefined ? '' : `ulimit -f ${limitKilobytes}; `;
  const args = [process.execPath, program, dir, request.recordingId, dataKey, wrappedKey];
  child = spawn('bash', ['-c', `${limit}exec "$@"`, 'bash', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  lines = [];
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await until('the recording', () => lines.includes('recording'), 20_000);
};

const file = (): string => join(dir, 'day/call.wav.sealed');

/** Everything that can be played: a header, and 0x2a for the customer, who spoke throughout. */
const played = async (): Promise<Buffer> => {
  const found = await new RecordingLibrary({ storages: [new DiskStorage(dir)], box }).open('day/call.wav');
  if (!found) throw new Error('there is no recording');
  const bytes = await found.read(0, found.sizeBytes);
  await found.close();
  return bytes;
};

const spokenMs = (wav: Buffer): number => wav.subarray(58).filter((byte) => byte === 0x2a).length / 8;

it('killed while it writes a sealed recording it leaves all but the last moment, never in the clear', async () => {
  await record();
  await until('three seconds', async () => (await stat(file())).size > 512 + 12 * 4112, 30_000);
  const ended = new Promise((resolve) => child?.once('exit', resolve));
  child?.kill('SIGKILL');
  await ended;
  const { size } = await stat(file());
  expect(await recoverRecordings(dir)).toMatchObject([{ path: 'day/call.wav.sealed', outcome: 'recovered' }]);
  expect(await readdir(join(dir, 'day'))).toEqual(['call.wav.sealed']);
  const wav = await played();
  expect(wav.length).toBe(Math.floor((size - 512) / 4112) * 4096);
  // Every second byte is the customer's; the first 20 ms may have been before the recorder listened.
  expect(spokenMs(wav)).toBeGreaterThan((wav.length - 58) / 16 - 100);
  expect((await readFile(file())).includes(Buffer.alloc(6, 0x2a))).toBe(false);
});

it('at the end of its room the recording ends, says why, and is played up to there', async () => {
  await record(40);
  await until('the failure', () => lines.some((line) => line.startsWith('failed')), 30_000);
  expect(lines.at(-1)).toBe('failed file-too-long: the file has reached the largest size that the system allows');
  const wav = await played();
  expect(wav.length).toBeGreaterThan(30_000);
  expect(wav.length % 4096).toBe(0);
  expect(spokenMs(wav)).toBeGreaterThan((wav.length - 58) / 16 - 100);
  expect(child?.exitCode).toBeNull();
});
