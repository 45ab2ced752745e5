/** A telephone of the soak: says its tone in G.711 over plain RTP, a frame every 20 ms, and lends its ear to what comes. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeG711, encodeG711 } from '../../../media/codec/g711';
import { parseRtp, serializeRtp } from '../../../media/rtp/packet';
import type { Ear } from '../sound/ear';
import { voiceSamples } from '../sound/voices';

const FRAME_SAMPLES = 160;
const FRAME_MS = 20;
const PCMA = 8;
const LOOPBACK = '127.0.0.1';
const FIRST_RTCP_TYPE = 72;

/** The frames of a voice; one list for each party, made once. */
export const framesOf = (hz: number): readonly Buffer[] => {
  const samples = voiceSamples(hz);
  return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) =>
    Buffer.from(encodeG711('PCMA', samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES))),
  );
};

const SILENCE = Buffer.from(encodeG711('PCMA', new Int16Array(FRAME_SAMPLES)));

export class Telephone {
  /** Sends silence in the place of the voice. */
  muted = false;
  private sent = 0;
  private readonly ticker: NodeJS.Timeout;
  private readonly startedMs = performance.now();

  private constructor(
    private readonly socket: Socket,
    private readonly frames: readonly Buffer[],
    private readonly to: { readonly ssrc: number; readonly port: number },
  ) {
    this.ticker = setInterval(() => this.speak(), FRAME_MS / 2);
  }

  /** @param to where the far end takes RTP, on loopback, and the SSRC that it knows. */
  static async open(of: {
    readonly frames: readonly Buffer[];
    readonly ear: Ear;
    readonly to: { readonly ssrc: number; readonly port: number };
  }): Promise<Telephone> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
    const listening = once(socket, 'listening');
    socket.bind(0, LOOPBACK);
    await listening;
    socket.on('error', () => undefined);
    socket.on('message', (datagram) => {
      if (((datagram[1] ?? 0) & 0x7f) >= FIRST_RTCP_TYPE) return;
      const packet = parseRtp(datagram);
      if (packet.ok && packet.value.payloadType === PCMA) of.ear.take(decodeG711('PCMA', packet.value.payload));
    });
    return new Telephone(socket, of.frames, of.to);
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.ticker);
    try {
      this.socket.close();
    } catch {
      // Closed already.
    }
  }

  private speak(): void {
    while (this.sent * FRAME_MS <= performance.now() - this.startedMs) {
      const { sent, frames, to } = this;
      const payload = (this.muted ? undefined : frames[sent % frames.length]) ?? SILENCE;
      const header = { payloadType: PCMA, marker: sent === 0, ssrc: to.ssrc };
      const place = { sequenceNumber: sent & 0xffff, timestamp: (sent * FRAME_SAMPLES) >>> 0 };
      this.socket.send(serializeRtp({ ...header, ...place, payload }), to.port, LOOPBACK);
      this.sent += 1;
    }
  }
}
