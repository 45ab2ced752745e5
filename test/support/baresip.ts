/**
 * baresip as the carrier's caller: a SIP user agent that is not ours, with a tone of its own as its voice. What it
 * hears is what its decoder gave out (module `sndfile`).
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { frameCount, monoPart, readWav } from '../../media/wav/wav-reader';
import { fromPcm16, tone, toPcm16 } from './spectrum';
import { until } from './wait';
import { pcm16Wav } from './wav';

const BARESIP_PATH = '/usr/bin/baresip';
const MODULE_PATH = '/usr/lib/baresip/modules';

export interface BaresipOptions {
  readonly from?: string;
  /** With `tls` it takes any certificate: baresip 1.0 does not look at the authority. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  readonly codec?: keyof typeof CODECS;
  readonly toneHz?: number;
  /** SRTP and nothing else: with keys in the SDP (RFC 4568), or by DTLS (RFC 5764). */
  readonly secured?: keyof typeof ENCRYPTIONS;
  /** Offers ICE (RFC 8445), with its host candidates alone. */
  readonly ice?: boolean;
  /** Answers calls to its own number by itself. */
  readonly autoAnswer?: boolean;
  /** Registers with the product as this phone, instead of calling from nowhere. */
  readonly register?: { readonly password: string; readonly sipPort: number };
  /** The process is ended after so long, whatever the test does. Default 120 s. */
  readonly lifetimeMs?: number;
}

/** As baresip names them. */
const CODECS = { PCMA: 'PCMA/8000/1', PCMU: 'PCMU/8000/1', G722: 'G722/16000/1', OPUS: 'opus/48000/2' } as const;

const ENCRYPTIONS = { sdes: 'srtp-mand', dtls: 'dtls_srtp' } as const;

interface CallEvent {
  readonly type: string;
  readonly param: string;
}

const configText = (folder: string, ports: { sip: number; control: number; rtp: number }): string =>
  [
    `sip_listen 127.0.0.1:${ports.sip}`,
    'call_max_calls 1',
    `audio_source aufile,${folder}/tone.wav`,
    'audio_player aubridge,heard',
    'audio_alert aubridge,alert',
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'ausrc_channels 1',
    'auplay_channels 1',
    `rtp_ports ${ports.rtp}-${ports.rtp + 20}`,
    `snd_path ${folder}`,
    `module_path ${MODULE_PATH}`,
    'module g711.so',
    'module g722.so',
    'module opus.so',
    'module srtp.so',
    'module dtls_srtp.so',
    'module ice.so',
    'module aufile.so',
    'module aubridge.so',
    'module sndfile.so',
    'module_tmp account.so',
    'module_app menu.so',
    'module ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${ports.control}`,
    '',
  ].join('\n');

export class Baresip {
  readonly events: CallEvent[] = [];
  private log = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly control: Socket,
    private readonly folder: string,
    /** Where it takes calls, on 127.0.0.1. */
    readonly sipPort: number,
  ) {
    let buffer = '';
    control.on('data', (data) => {
      buffer += data.toString('utf8');
      buffer = this.readNetstrings(buffer);
    });
  }

  static async start(options: BaresipOptions = {}): Promise<Baresip> {
    const { from = '+4930123456', transport = 'udp', codec = 'PCMA', toneHz = 440 } = options;
    const folder = await mkdtemp(join(tmpdir(), 'switchroom-baresip-'));
    const ports = { sip: await freePort(), control: await freePort(), rtp: 2 * Math.ceil((await freePort()) / 2) };
    await writeFile(join(folder, 'tone.wav'), pcm16Wav(toPcm16(tone({ frequencyHz: toneHz, durationMs: 120_000 }))));
    await writeFile(join(folder, 'config'), configText(folder, ports));
    const answerMode = options.autoAnswer ? 'auto' : 'manual';
    const { register } = options;
    const host = register ? `127.0.0.1:${register.sipPort}` : '127.0.0.1';
    const registering = register ? `auth_user=${from};auth_pass=${register.password};regint=60` : 'regint=0';
    const encryption = options.secured ? `;mediaenc=${ENCRYPTIONS[options.secured]}` : '';
    const traversal = options.ice ? ';medianat=ice' : '';
    const account = `<sip:${from}@${host};transport=${transport}>;${registering};audio_codecs=${CODECS[codec]};answermode=${answerMode}${encryption}${traversal}\n`;
    await writeFile(join(folder, 'accounts'), account);
    const lifetimeS = Math.ceil((options.lifetimeMs ?? 120_000) / 1000);
    const args = ['-f', folder, '-t', String(lifetimeS), '-n', '127.0.0.1'];
    const child = spawn(BARESIP_PATH, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const control = await connectControl(ports.control);
    const baresip = new Baresip(child, control, folder, ports.sip);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => baresip.keep(data));
    return baresip;
  }

  /** Calls a number at a SIP port on loopback; resolves when it is established. */
  async call(number: string, sipPort: number): Promise<void> {
    this.dial(number, sipPort);
    await this.until('CALL_ESTABLISHED');
  }

  dial(number: string, sipPort: number): void {
    this.send('dial', `sip:${number}@127.0.0.1:${sipPort}`);
  }

  /** Presses keys, each as RFC 4733 events. */
  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      this.send('sndcode', digit);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /** Answers the call that rings. */
  accept(): void {
    this.send('accept', '');
  }

  hangUp(): void {
    this.send('hangup', '');
  }

  /** Holds the other side, by a re-INVITE with sendonly. */
  hold(): void {
    this.send('hold', '');
  }

  resume(): void {
    this.send('resume', '');
  }

  /** Asks the other side, by REFER, to call somebody else. */
  transfer(uri: string): void {
    this.send('transfer', uri);
  }

  /** Waits for an event, such as CALL_ESTABLISHED or CALL_CLOSED. */
  until(type: string, timeoutMs = 15_000): Promise<CallEvent> {
    return until(
      `baresip's ${type}; it said: ${this.log.slice(-1500)}`,
      () => this.events.find((event) => event.type === type),
      timeoutMs,
    );
  }

  /** Waits for its registration. It may be told before baresip has taken our connection: then it stands in what it wrote. */
  async registered(timeoutMs = 15_000): Promise<void> {
    await until(
      `baresip's registration; it said: ${this.log.slice(-1500)}`,
      () => this.events.some(({ type }) => type === 'REGISTER_OK') || / 200 OK .*\[\d+ bindings?\]/.test(this.log),
      timeoutMs,
    );
  }

  /** What the far end made it hear so far (8 kHz); `lastMs` from the end. */
  async heard(lastMs: number): Promise<Float64Array> {
    const files = (await readdir(this.folder)).filter((file) => file.startsWith('dump-') && file.endsWith('-dec.wav'));
    const newest = files.sort().at(-1);
    if (newest === undefined) throw new Error(`baresip decoded nothing; it said: ${this.log.slice(-1500)}`);
    return lastNarrowBand(await readFile(join(this.folder, newest)), lastMs);
  }

  /** Ends the process by its own pid and removes its files; idempotent. */
  async close(): Promise<void> {
    this.control.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGKILL');
      await gone;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private keep(data: Buffer): void {
    // The meters that it writes ten times a second are of no interest.
    const text = data.toString('utf8');
    if (!text.includes('(bit/s)')) this.log = (this.log + text).slice(-20_000);
  }

  private send(command: string, params: string): void {
    const json = JSON.stringify({ command, params });
    this.control.write(`${Buffer.byteLength(json)}:${json},`);
  }

  private readNetstrings(buffer: string): string {
    let rest = buffer;
    for (;;) {
      const colon = rest.indexOf(':');
      const length = Number(rest.slice(0, colon));
      if (colon < 0 || rest.length < colon + 1 + length + 1) return rest;
      const message = JSON.parse(rest.slice(colon + 1, colon + 1 + length)) as Partial<CallEvent> & { event?: boolean };
      if (message.event) this.events.push({ type: message.type ?? '', param: message.param ?? '' });
      rest = rest.slice(colon + 1 + length + 1);
    }
  }
}

/**
 * The end of a file that baresip is still writing: only when it closes the file does it say how much is in there. It has
 * its codec's rate and channels; a plain mean of what falls into one sample of 8 kHz will do for tones.
 */
function lastNarrowBand(file: Buffer, lastMs: number): Float64Array {
  const said = file.indexOf('data', 0, 'latin1') + 4;
  if (file.length >= said + 4) file.writeUInt32LE(file.length - said - 4, said);
  const wav = readWav(file);
  if (!wav.ok) throw new Error(wav.fault.message);
  const step = wav.value.sampleRateHz / 8000;
  const frames = frameCount(wav.value);
  const samples = fromPcm16(monoPart(wav.value, Math.max(0, frames - lastMs * 8 * step), frames));
  return Float64Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const part = samples.subarray(index * step, (index + 1) * step);
    return part.reduce((sum, sample) => sum + sample, 0) / part.length;
  });
}

const connectControl = (port: number): Promise<Socket> =>
  until(
    `baresip's control port ${port}`,
    () =>
      new Promise<Socket | undefined>((resolve) => {
        const socket = createConnection({ host: '127.0.0.1', port });
        socket.once('connect', () => resolve(socket));
        socket.once('error', () => resolve(undefined));
      }),
    30_000,
  );
