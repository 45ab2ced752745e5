/** `npm run call` as a person sees it: the bundled command in a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { monoSamples, readWav } from '../../../media/wav/wav-reader';
import { pcm16Bytes, writeWav } from '../../../media/wav/wav-header';
import { RtpPeer } from '../../support/rtp-peer';
import { SipCallee } from '../../support/sip-callee';
import { fromPcm16, hearsTone, tone, toPcm16 } from '../../support/spectrum';
import { until } from '../../support/wait';

let folder: string;
let command: string;
let callee: SipCallee;
let peer: RtpPeer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchroom-call-'));
  command = join(folder, 'call.js');
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node20.19' } as const;
  await build({ ...options, entryPoints: ['infra/caller/call.ts'], outfile: command, logLevel: 'silent' });
  const speech = pcm16Bytes(toPcm16(tone({ frequencyHz: 700, durationMs: 3_000, sampleRateHz: 16_000 })));
  await writeFile(
    join(folder, 'speech.wav'),
    writeWav({ encoding: 'pcm16', channels: 1, sampleRateHz: 16_000 }, speech),
  );
}, 30_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  callee = await SipCallee.listen('udp');
  peer = await RtpPeer.open({ frequencyHz: 440 });
});

afterEach(async () => {
  await callee.close();
  peer.close();
});

interface Running {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number | null>;
  output(): string;
}

const call = (...args: string[]): Running => {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return { child, output: () => output, exitCode: new Promise((resolve) => child.once('close', resolve)) };
};

const calling = (...args: string[]): Running =>
  call('4000', '--port', String(callee.port), '--file', 'speech.wav', ...args);

const answer = async () => {
  const invite = await callee.request('INVITE');
  peer.connectTo(invite.request.body.toString());
  callee.respond(invite, 180);
  callee.respond(invite, 200, peer.sdp());
  peer.speak();
  return invite;
};

it('tells the call line by line, saves what was heard, and ends with 0', async () => {
  const running = calling('--digits', '1', '--digits-after', '300ms', '--seconds', '1.5', '--save', 'heard.wav');
  await answer();
  expect(await running.exitCode).toBe(0);
  const lines = running
    .output()
    .split('\n')
    .map((line) => line.replace(/^ *\d+\.\d\d s {2}/, ''));
  expect(lines[0]).toBe(`INVITE sip:4000@127.0.0.1:${callee.port} over UDP`);
  expect(lines[1]).toBe('180 Ringing');
  expect(lines[2]).toMatch(/^200 OK in \d+ ms: answered, PCMA$/);
  expect(lines).toContain('the first sound has come');
  expect(lines).toContain('pressed 1');
  expect(lines.some((line) => /^hearing █+░* -\d+ dB$/.test(line))).toBe(true);
  expect(lines).toContain('hung up');
  expect(running.output()).toMatch(/saved \d\.\d s of what was heard in .*heard\.wav/);
  const saved = readWav(await readFile(join(folder, 'heard.wav')));
  if (!saved.ok) throw new Error(saved.fault.message);
  expect(hearsTone(fromPcm16(monoSamples(saved.value)), 440)).toBe(true);
  expect(hearsTone(peer.heard(), 700)).toBe(true);
}, 15_000);

it('hangs up on Ctrl-C and ends with 0, because the call was answered', async () => {
  const running = calling();
  await answer();
  await until('answered', () => running.output().includes('answered'));
  running.child.kill('SIGINT');
  expect(await running.exitCode).toBe(0);
  await callee.request('BYE');
  expect(running.output()).toContain('hung up');
}, 15_000);

it('gives up on Ctrl-C while it rings and ends with 1', async () => {
  const running = calling();
  callee.respond(await callee.request('INVITE'), 180);
  await until('ringing', () => running.output().includes('180 Ringing'));
  running.child.kill('SIGINT');
  expect(await running.exitCode).toBe(1);
  expect(callee.cancelled).toBe(true);
  expect(running.output()).toContain('gave up before it was answered');
}, 15_000);

it('ends with 1 when it is refused, and says with what', async () => {
  const running = calling();
  callee.respond(await callee.request('INVITE'), 404);
  expect(await running.exitCode).toBe(1);
  expect(running.output()).toContain('not answered: 404 Not Found');
}, 15_000);

it.each([
  [['4000', '--port', '1'], 1, 'nobody answers SIP at 127.0.0.1:1: is Switchroom running? npm start'],
  [['4000', '--file', 'missing.wav'], 1, 'missing.wav cannot be read'],
  [['4000', '--file', 'call.js'], 1, 'call.js cannot be played: this is no WAV file'],
  [['4000', '--host', 'no-such-host.invalid'], 1, 'The host no-such-host.invalid is not known.'],
  [[], 2, 'Whom to call is missing'],
  [['--help'], 0, 'usage: npm run call'],
])(
  '%j ends with %d',
  async (args, code, sentence) => {
    const running = call(...args, ...(args.length > 1 && !args.includes('--file') ? ['--file', 'speech.wav'] : []));
    expect(await running.exitCode).toBe(code);
    expect(running.output()).toContain(sentence);
    expect(running.output()).not.toContain('    at ');
  },
  15_000,
);
