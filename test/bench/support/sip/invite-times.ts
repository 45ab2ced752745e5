/**
 * When each INVITE passed the loopback interface: towards the server, and from it towards the callee.
 *
 * Where the process may capture packets (dumpcap, as root or in the group `wireshark`), the times are the kernel's. Else
 * they are those that SIPp writes beside its messages; it notes a message that it sends after the system call has
 * returned, so that these times are some 20 to 150 µs too short.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../../support/wait';
import { pinned } from '../cores';

/** Milliseconds since 1970, by the number that was called. */
export type TimesByNumber = ReadonlyMap<string, number>;

/** How long it took from one to the other; an INVITE without its counterpart is left out. */
export const delaysMs = (from: TimesByNumber, to: TimesByNumber): number[] =>
  [...from].flatMap(([number, atMs]) => {
    const laterMs = to.get(number);
    return laterMs === undefined ? [] : [laterMs - atMs];
  });

/** The first INVITE to each number in SIPp's log of messages since `sinceMs`; `S` for sent, `R` for received. */
export const timesInMessageLog = (text: string, direction: 'S' | 'R', sinceMs = 0): TimesByNumber => {
  const times = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, , time, way, , , first = ''] = line.split('\t');
    const number =
      way === direction && Number(time) * 1_000 >= sinceMs ? /^INVITE sip:([^@]*)@/.exec(first)?.[1] : undefined;
    if (number !== undefined && !times.has(number)) times.set(number, Number(time) * 1_000);
  }
  return times;
};

/** `INVI`, the first bytes of a UDP payload. */
const FILTER = 'udp[8:4] = 0x494e5649';
const SNAP_BYTES = 160;

export class InviteCapture {
  private constructor(
    private readonly child: ChildProcess,
    private readonly file: string,
  ) {}

  /** Whether packets can be captured here. */
  static async possible(folder: string): Promise<boolean> {
    const trial = await InviteCapture.start(join(folder, `trial-${process.pid}.pcap`), undefined);
    await trial?.stop();
    if (trial) rmSync(trial.file, { force: true });
    return trial !== undefined;
  }

  /** Undefined when packets cannot be captured. */
  static async start(file: string, core: number | undefined): Promise<InviteCapture | undefined> {
    const args = ['dumpcap', '-q', '-P', '-i', 'lo', '-s', String(SNAP_BYTES), '-f', FILTER, '-w', file];
    const [command, argv] = pinned(core, args);
    const child = spawn(command, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.once('error', () => undefined);
    const began = new Promise<boolean>((resolve) => {
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('File: ')) resolve(true);
      });
      child.once('exit', () => resolve(false));
      child.once('error', () => resolve(false));
    });
    const works = await Promise.race([began.then(settle), pause(3_000).then(() => false)]);
    if (works) return new InviteCapture(child, file);
    child.kill('SIGKILL');
    return undefined;
  }

  /** Ends the capture. @returns what was seen, by the UDP port that it went to. */
  async stop(): Promise<ReadonlyMap<number, TimesByNumber>> {
    if (this.child.exitCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGINT');
      await gone;
    }
    return existsSync(this.file) ? timesInCapture(readFileSync(this.file)) : new Map();
  }
}

/** dumpcap names its file a moment before it captures. */
const settle = async (works: boolean): Promise<boolean> => {
  await pause(200);
  return works;
};

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const ETHERNET_BYTES = 14;
const UDP_HEADER_BYTES = 8;

/**
 * Reads a capture of INVITEs (pcap 2.4, little-endian, microseconds; Ethernet, IPv4, UDP) with the first time of each
 * number and destination port.
 *
 * ```
 * file header, 24 bytes | seconds, microseconds, kept bytes, sent bytes (4 each) | packet | seconds …
 * ```
 */
export const timesInCapture = (bytes: Buffer): Map<number, Map<string, number>> => {
  const byPort = new Map<number, Map<string, number>>();
  for (let at = FILE_HEADER_BYTES; at + RECORD_HEADER_BYTES <= bytes.length;) {
    const atMs = bytes.readUInt32LE(at) * 1_000 + bytes.readUInt32LE(at + 4) / 1_000;
    const keptBytes = bytes.readUInt32LE(at + 8);
    const packet = bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + keptBytes);
    at += RECORD_HEADER_BYTES + keptBytes;
    const udpAt = ETHERNET_BYTES + ((packet[ETHERNET_BYTES] ?? 0) & 0x0f) * 4;
    const payload = packet.toString('latin1', udpAt + UDP_HEADER_BYTES);
    const number = /^INVITE sip:([^@\s]*)@/.exec(payload)?.[1];
    if (number === undefined) continue;
    const port = packet.readUInt16BE(udpAt + 2);
    const times = byPort.get(port) ?? new Map<string, number>();
    byPort.set(port, times);
    if (!times.has(number)) times.set(number, atMs);
  }
  return byPort;
};
