/**
 * Throws the bytes of one message at a running edge and tells what became of it. Test code only.
 *
 * Messages of the torture RFCs carry Vias of their own, so that over UDP their answers go to the Via's port at the
 * sender's address (RFC 3261, 18.2.2). The thrower therefore has a loopback address of its own, on which those ports
 * are free, and sends from the port that the Via names.
 */
import { createSocket } from 'node:dgram';
import type { Socket as TcpSocket } from 'node:net';
import { connect } from 'node:net';
import type Srf from 'drachtio-srf';
import { parseHead } from '../../signaling/sip/parse';
import { ServerUnderTest } from '../contract/signaling/server-under-test';

/** What became of a message: answers on the wire (100 left out), requests that reached the app. */
export interface Fate {
  readonly answers: readonly number[];
  readonly handedOver: readonly string[];
  /** TCP only: the edge closed the connection, because it could not tell where the next message begins. */
  readonly hungUp: boolean;
}

export type Transport = 'udp' | 'tcp';

const LOOPBACK = { v4: `127.${64 + ((process.pid >> 8) & 63)}.${process.pid & 255}.7`, v6: '::1' };

const PROBE = 'torture-probe';

/** How long an edge that says nothing is believed to be going to say nothing. */
const SILENCE_MS = 60;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const METHODS = ['invite', 'register', 'options', 'message', 'bye', 'subscribe', 'info'] as const;

export class TortureBench {
  private readonly seen: string[] = [];
  private server!: ServerUnderTest;

  private constructor(private readonly family: 'v4' | 'v6') {}

  static async start(family: 'v4' | 'v6' = 'v4'): Promise<TortureBench> {
    const bench = new TortureBench(family);
    const bindAddress = family === 'v4' ? '127.0.0.1' : '::1';
    bench.server = await ServerUnderTest.start({ bindAddress });
    await bench.server.app((srf) => bench.answerEverything(srf));
    return bench;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  throwAt(transport: Transport, bytes: Buffer): Promise<Fate> {
    return transport === 'udp' ? this.overUdp(bytes) : this.overTcp(bytes);
  }

  /** The app takes whatever it is handed; it refuses INVITEs, so that no dialog stays behind. */
  private answerEverything(srf: Srf): void {
    const app = srf as unknown as Record<
      string,
      (handler: (req: Srf.SrfRequest, res: Srf.SrfResponse) => void) => void
    >;
    for (const method of METHODS) {
      app[method]?.((req, res) => {
        if (!req.uri.includes(PROBE)) this.seen.push(req.method);
        res.send(req.method === 'INVITE' ? 486 : 200);
      });
    }
  }

  private get socketType(): 'udp4' | 'udp6' {
    return this.family === 'v4' ? 'udp4' : 'udp6';
  }

  private get target(): string {
    return this.family === 'v4' ? '127.0.0.1' : '::1';
  }

  private async overUdp(bytes: Buffer): Promise<Fate> {
    const answers: number[] = [];
    const socket = createSocket(this.socketType);
    socket.on('message', (answer) => readAnswers(answer, answers));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(this.family === 'v4' ? viaPort(bytes) : 0, LOOPBACK[this.family], resolve);
    });
    socket.send(this.family === 'v4' ? bytes : askForRport(bytes), this.server.sipPort, this.target);
    await this.settled(answers);
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    return this.fate(answers, false);
  }

  private async overTcp(bytes: Buffer): Promise<Fate> {
    const answers: number[] = [];
    let hungUp = false;
    const socket: TcpSocket = connect(this.server.sipPort, this.target);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('data', (answer: Buffer) => readAnswers(answer, answers));
    socket.on('error', () => undefined);
    socket.on('end', () => (hungUp = true));
    socket.write(bytes);
    await this.settled(answers);
    socket.destroy();
    return this.fate(answers, hungUp);
  }

  /**
   * Waits for what the message causes: until something was answered, or a short while if nothing is. An OPTIONS that the
   * app answers meanwhile proves that the edge is still alive.
   */
  private async settled(answers: readonly number[]): Promise<void> {
    await this.probe();
    for (let waitedMs = 0; answers.length === 0 && waitedMs < SILENCE_MS; waitedMs += 5) await pause(5);
    await pause(5);
  }

  private async probe(): Promise<void> {
    const socket = createSocket(this.socketType);
    await new Promise<void>((resolve) => socket.bind(0, this.target, resolve));
    const answer = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(bytes.toString())));
    const host = this.family === 'v4' ? this.target : `[${this.target}]`;
    const lines = [
      `OPTIONS sip:${PROBE}@example.com SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${socket.address().port};branch=z9hG4bK${PROBE};rport`,
      `From: <sip:${PROBE}@example.com>;tag=1`,
      `To: <sip:${PROBE}@example.com>`,
      `Call-ID: ${PROBE}`,
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Content-Length: 0',
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, this.server.sipPort, this.target);
    const text = await answer;
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    if (!text.startsWith('SIP/2.0 200 ')) throw new Error(`the edge is not well: ${text}`);
  }

  private fate(answers: readonly number[], hungUp: boolean): Fate {
    return { answers: [...new Set(answers)], handedOver: [...this.seen], hungUp };
  }
}

const readAnswers = (bytes: Buffer, into: number[]): void => {
  for (const [, status] of bytes.toString('latin1').matchAll(/^SIP\/2\.0 (\d{3}) /gm)) {
    if (status !== '100') into.push(Number(status));
  }
};

/** There is but one IPv6 loopback address, whose port 5060 is everybody's: the answer is asked back to our own port. */
const askForRport = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(';branch', ';rport;branch'), 'latin1');

/** The port to which the answer goes over UDP: that of the top Via. */
const viaPort = (bytes: Buffer): number => {
  const end = bytes.indexOf('\r\n\r\n');
  const head = parseHead(end < 0 ? bytes : bytes.subarray(0, end + 2));
  if (!head.ok) return 5060;
  const vias = head.value.read('via');
  return vias.ok ? (vias.value[0]?.port ?? 5060) : 5060;
};
