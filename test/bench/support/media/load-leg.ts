/**
 * One telephone of the load: a UDP socket that sends a frame every 20 ms and looks at each packet that comes. It does as
 * little as possible, since its process shares the machine with what is measured.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { isLoud } from './voice';
import type { Voice } from './voice';

const HEADER_BYTES = 12;
/** One that hears something after so long is hearing something else. */
const MAX_LATENCY_MS = 2_000;
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** What a leg has sent and heard since the last reset. */
export interface LegCounts {
  sent: number;
  received: number;
  /** Sequence numbers of the incoming stream that never came. */
  lost: number;
  /** From the sending of a packet, or of a burst's first one, to its arrival at the other side. */
  latenciesMs: number[];
}

export class LoadLeg {
  counts: LegCounts = newCounts();
  private readonly packet: Buffer;
  private readonly ssrc = 1 + Math.floor(Math.random() * 0xffff_fffe);
  private sequence = Math.floor(Math.random() * 0x7fff);
  private timestamp = 0;
  private frame = 0;
  private remotePort = 0;
  private lastSequence: number | undefined;
  private quiet = true;
  /** When this leg began its last burst. */
  burstAtMs: number | undefined;
  /** Whose bursts this leg listens to; none where each packet says itself when it was sent. */
  hears: LoadLeg | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly voice: Voice,
  ) {
    this.packet = Buffer.alloc(HEADER_BYTES);
    this.packet[0] = 0x80;
    this.packet.writeUInt32BE(this.ssrc, 8);
    socket.on('message', (datagram) => this.receive(datagram));
    socket.on('error', () => undefined);
  }

  static async open(voice: Voice): Promise<LoadLeg> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
    // With a look-up that answers at once, so does the binding.
    const listening = once(socket, 'listening');
    socket.bind(0, '127.0.0.1');
    await listening;
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    return new LoadLeg(socket, voice);
  }

  get port(): number {
    return this.socket.address().port;
  }

  get streamId(): number {
    return this.ssrc;
  }

  connectTo(port: number): void {
    this.remotePort = port;
  }

  sendFrame(): void {
    if (this.remotePort === 0) return;
    const { voice, packet } = this;
    const frame = voice.frames[this.frame % voice.frames.length];
    if (!frame) return;
    packet[1] = voice.payloadType;
    packet.writeUInt16BE(this.sequence, 2);
    packet.writeUInt32BE(this.timestamp, 4);
    const datagram = Buffer.concat([packet, frame]);
    if (voice.kind === 'stamped') datagram.writeDoubleBE(performance.now(), HEADER_BYTES);
    else if (this.frame % voice.frames.length === voice.burstStart) this.burstAtMs = performance.now();
    this.socket.send(datagram, this.remotePort, '127.0.0.1');
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + voice.timestampStep) >>> 0;
    this.frame += 1;
    this.counts.sent += 1;
  }

  reset(): void {
    this.counts = newCounts();
  }

  close(): void {
    this.socket.close();
  }

  private receive(datagram: Buffer): void {
    if (datagram.length <= HEADER_BYTES || ((datagram[1] ?? 0) & 0x7f) >= 72) return;
    const { counts, voice } = this;
    counts.received += 1;
    const sequence = datagram.readUInt16BE(2);
    if (this.lastSequence !== undefined) {
      const step = (sequence - this.lastSequence) & 0xffff;
      if (step > 1 && step < 0x8000) counts.lost += step - 1;
    }
    this.lastSequence = sequence;
    if (voice.kind === 'stamped') this.note(performance.now() - datagram.readDoubleBE(HEADER_BYTES));
    else this.listen(datagram);
  }

  /** A burst begins where it was quiet before. */
  private listen(datagram: Buffer): void {
    const loud = isLoud(datagram.subarray(HEADER_BYTES));
    const burstAtMs = this.hears?.burstAtMs;
    if (loud && this.quiet && burstAtMs !== undefined) this.note(performance.now() - burstAtMs);
    this.quiet = !loud;
  }

  private note(latencyMs: number): void {
    if (latencyMs >= 0 && latencyMs < MAX_LATENCY_MS) this.counts.latenciesMs.push(latencyMs);
  }
}

const newCounts = (): LegCounts => ({ sent: 0, received: 0, lost: 0, latenciesMs: [] });
