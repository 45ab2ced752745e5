/**
 * A telephone of a browser's kind in one socket: makes the ICE checks, begins DTLS, says its tone in G.711 over SRTP, a
 * frame every 20 ms, and lends its ear to what comes.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes, randomInt } from 'node:crypto';
import { parse } from 'sdp-transform';
import { systemClock } from '../../../base/clock';
import { decodeG711, encodeG711 } from '../../../media/codec/g711';
import { createCertificate } from '../../../media/dtls/certificate';
import { DtlsAssociation } from '../../../media/dtls/dtls-association';
import type { Fingerprint } from '../../../media/dtls/handshake';
import type { IceCredentials } from '../../../media/ice/ice-lite';
import { looksLikeRtcp, parseRtp, serializeRtp } from '../../../media/rtp/packet';
import { PacketSecurity } from '../../../media/srtp/packet-security';
import { stunCheck } from '../../support/stun-check';
import type { Ear } from '../sound/ear';
import { voiceSamples } from '../sound/voices';
import { Beat } from './beat';

const FRAME_SAMPLES = 160;
const PCMA = 8;
const LOOPBACK = '127.0.0.1';
/** Until the first check is answered, and then well within the time after which a silent peer is given up. */
const FIRST_CHECKS_MS = 250;
const CHECK_PERIOD_MS = 2_500;

/** First bytes of what shares the port (RFC 7983). */
const STUN_END = 4;
const DTLS = { first: 20, last: 63 };
const STUN_SUCCESS = 0x0101;

/** The frames of a voice; one list for each party, made once. */
export const framesOf = (hz: number): readonly Buffer[] => {
  const samples = voiceSamples(hz);
  return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) =>
    Buffer.from(encodeG711('PCMA', samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES))),
  );
};

const SILENCE = Buffer.from(encodeG711('PCMA', new Int16Array(FRAME_SAMPLES)));

export interface TelephoneOptions {
  /** The product's SDP. */
  readonly offer: string;
  readonly frames: readonly Buffer[];
  readonly ear: Ear;
}

/** What the product says in its offer. */
interface Offered {
  readonly ice: IceCredentials;
  readonly port: number;
  readonly fingerprint: Fingerprint;
  readonly mid: string;
}

/** What all telephones have in common. */
export class BrowserTelephones {
  private readonly certificate = createCertificate(systemClock.nowMs());
  private readonly beat = new Beat();

  /** Rings off the hook: connects at once, and says nothing until it is not muted any more. */
  async open(options: TelephoneOptions): Promise<BrowserTelephone> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
    const offered = readOffer(options.offer);
    // With a lookup of our own both may come at once.
    const listening = once(socket, 'listening');
    socket.bind(0, LOOPBACK);
    await listening;
    const connected = once(socket, 'connect');
    socket.connect(offered.port, LOOPBACK);
    await connected;
    return new BrowserTelephone({ ...options, socket, offered, certificate: this.certificate, beat: this.beat });
  }
}

interface TelephoneParts extends TelephoneOptions {
  readonly socket: Socket;
  readonly offered: Offered;
  readonly certificate: ReturnType<typeof createCertificate>;
  readonly beat: Beat;
}

export class BrowserTelephone {
  /** Sends silence in the place of the voice. */
  muted = true;
  private readonly ice: IceCredentials = {
    usernameFragment: randomBytes(6).toString('hex'),
    password: randomBytes(18).toString('hex'),
  };
  private readonly ssrc = 1 + randomInt(0xffff_fffe);
  private readonly security = new PacketSecurity();
  private readonly dtls: DtlsAssociation;
  private state: 'checking' | 'securing' | 'connected' | 'closed' = 'checking';
  private checks: NodeJS.Timeout;
  private stopSpeaking: (() => void) | undefined;
  private sent = 0;

  constructor(private readonly parts: TelephoneParts) {
    const { socket, offered, certificate } = parts;
    this.dtls = new DtlsAssociation({
      ...{ role: 'client', certificate, remoteFingerprints: [offered.fingerprint], clock: systemClock },
      send: (datagram) => socket.send(datagram),
      onConnected: (security) => {
        this.security.agree(security);
        this.state = 'connected';
        this.stopSpeaking = parts.beat.join((frame) => this.speak(frame));
      },
      // Nobody is heard any more, which is what the soak listens for.
      onEnded: () => this.stopSpeaking?.(),
    });
    socket.on('message', (datagram) => this.receive(datagram));
    socket.on('error', () => undefined);
    this.check();
    this.checks = setInterval(() => this.check(), FIRST_CHECKS_MS);
  }

  /** The SDP. */
  get answer(): string {
    const { offered, certificate, socket } = this.parts;
    const { port } = socket.address();
    return [
      'v=0',
      `o=- ${this.ssrc} 1 IN IP4 ${LOOPBACK}`,
      's=-',
      't=0 0',
      `a=group:BUNDLE ${offered.mid}`,
      `m=audio ${port} UDP/TLS/RTP/SAVPF ${PCMA}`,
      `c=IN IP4 ${LOOPBACK}`,
      `a=rtpmap:${PCMA} PCMA/8000`,
      'a=sendrecv',
      `a=mid:${offered.mid}`,
      'a=rtcp-mux',
      'a=setup:active',
      `a=ice-ufrag:${this.ice.usernameFragment}`,
      `a=ice-pwd:${this.ice.password}`,
      `a=fingerprint:sha-256 ${certificate.fingerprint}`,
      `a=candidate:1 1 udp 2130706431 ${LOOPBACK} ${port} typ host`,
      `a=ssrc:${this.ssrc} cname:soak`,
      '',
    ].join('\r\n');
  }

  /** Idempotent. */
  close(): void {
    if (this.state === 'closed') return;
    this.dtls.close();
    this.state = 'closed';
    clearInterval(this.checks);
    this.stopSpeaking?.();
    this.parts.socket.close();
  }

  private check(): void {
    const { socket, offered } = this.parts;
    socket.send(stunCheck({ to: offered.ice, from: this.ice, nominates: true }));
  }

  private receive(datagram: Buffer): void {
    const first = datagram[0] ?? 0;
    if (first < STUN_END) this.takeStun(datagram);
    else if (first >= DTLS.first && first <= DTLS.last) this.dtls.receive(datagram);
    else if (this.state === 'connected' && !looksLikeRtcp(datagram)) this.parts.ear.take(() => this.opened(datagram));
  }

  private takeStun(datagram: Buffer): void {
    if (this.state !== 'checking' || datagram.length < 2 || datagram.readUInt16BE(0) !== STUN_SUCCESS) return;
    this.state = 'securing';
    clearInterval(this.checks);
    this.checks = setInterval(() => this.check(), CHECK_PERIOD_MS);
    this.dtls.start();
  }

  private opened(datagram: Buffer): Int16Array | undefined {
    const plain = this.security.openRtp(datagram);
    const packet = plain && parseRtp(plain);
    return packet?.ok && packet.value.payloadType === PCMA ? decodeG711('PCMA', packet.value.payload) : undefined;
  }

  private speak(frame: number): void {
    const { frames, socket } = this.parts;
    const payload = (this.muted ? undefined : frames[frame % frames.length]) ?? SILENCE;
    const header = { payloadType: PCMA, marker: this.sent === 0, ssrc: this.ssrc };
    const place = { sequenceNumber: this.sent & 0xffff, timestamp: (frame * FRAME_SAMPLES) >>> 0 };
    this.sent += 1;
    socket.send(this.security.protectRtp(serializeRtp({ ...header, ...place, payload })));
  }
}

const readOffer = (sdp: string): Offered => {
  const session = parse(sdp);
  const audio = session.media[0];
  const candidate = audio?.candidates?.find(({ transport }) => transport.toLowerCase() === 'udp');
  const fingerprint = audio?.fingerprint ?? session.fingerprint;
  if (!audio || !candidate || !fingerprint) throw new Error(`no browser's offer: ${sdp}`);
  return {
    ice: { usernameFragment: String(audio.iceUfrag), password: String(audio.icePwd) },
    port: candidate.port,
    fingerprint: { hash: fingerprint.type.replace('-', ''), value: fingerprint.hash },
    mid: String(audio.mid),
  };
};
