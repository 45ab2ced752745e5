/**
 * Legs of the browsers' kind without browsers: another mediasoup worker does their DTLS and SRTP, and telephones of the
 * load speak through it in plain RTP.
 *
 *   telephone ◄─RTP─► PlainTransport ◄─► WebRtcTransport ◄─SRTP─► relay ◄─SRTP─► the product's browser port
 *                     └────────── this worker ─────────┘          checks both
 *
 * Both ends are ICE-lite and wait for the other's checks, so the relay between them makes those for both.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import { parse } from 'sdp-transform';
import type { IceCredentials } from '../../../../media/ice/ice-lite';
import { stunCheck } from '../../../support/stun-check';

/** Well within the time after which an agent gives a silent peer up. */
const CHECK_PERIOD_MS = 2_500;
const PCMA = 8;
const LOOPBACK = '127.0.0.1';

/** What the product says in its offer. */
interface OfferedLeg {
  readonly ice: IceCredentials;
  readonly port: number;
  readonly fingerprint: types.DtlsFingerprint;
  readonly ssrc: number;
  readonly mid: string;
}

export interface AnsweredLeg {
  readonly answer: string;
  /** Where the telephone speaks in. */
  readonly port: number;
  /** Ends this leg alone. Idempotent. */
  close(): void;
}

export class BrowserLegs {
  private readonly relays = new Set<Relay>();

  private constructor(
    private readonly worker: types.Worker,
    private readonly router: types.Router,
  ) {}

  static async open(): Promise<BrowserLegs> {
    const worker = await createWorker({ logLevel: 'error' });
    const router = await worker.createRouter({
      mediaCodecs: [{ kind: 'audio', mimeType: 'audio/PCMA', preferredPayloadType: PCMA, clockRate: 8_000 }],
    });
    return new BrowserLegs(worker, router);
  }

  /** Takes the product's offer for one telephone. */
  async answer(offer: string, telephoneSsrc: number): Promise<AnsweredLeg> {
    const { router } = this;
    const offered = readOffer(offer);
    const plain = await router.createPlainTransport({ listenIp: LOOPBACK, rtcpMux: true, comedia: true });
    const webrtc = await router.createWebRtcTransport({ listenIps: [LOOPBACK], enableUdp: true, enableTcp: false });
    const rtpCapabilities = router.rtpCapabilities;
    const voice = await plain.produce({ kind: 'audio', rtpParameters: parametersOf(telephoneSsrc) });
    const spoken = await webrtc.consume({ producerId: voice.id, rtpCapabilities });
    const heard = await webrtc.produce({ kind: 'audio', rtpParameters: parametersOf(offered.ssrc) });
    await plain.consume({ producerId: heard.id, rtpCapabilities });
    await webrtc.connect({ dtlsParameters: { role: 'server', fingerprints: [offered.fingerprint] } });
    const { usernameFragment, password } = webrtc.iceParameters;
    const ice = { usernameFragment, password };
    const port = webrtc.iceCandidates[0]?.port ?? 0;
    const relay = await Relay.open({ ice, port }, { ice: offered.ice, port: offered.port });
    this.relays.add(relay);
    const fingerprint = webrtc.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
    const ssrc = spoken.rtpParameters.encodings?.[0]?.ssrc ?? 0;
    const answer = writeAnswer({
      ice,
      port: relay.port,
      fingerprint: fingerprint?.value ?? '',
      ssrc,
      mid: offered.mid,
    });
    const close = (): void => {
      if (!this.relays.delete(relay)) return;
      relay.close();
      webrtc.close();
      plain.close();
    };
    return { answer, port: plain.tuple.localPort, close };
  }

  /** Of the worker, whose CPU time is the load's. */
  get workerPid(): number {
    return this.worker.pid;
  }

  close(): void {
    for (const relay of this.relays) relay.close();
    this.worker.close();
  }
}

interface LiteAgent {
  readonly ice: IceCredentials;
  readonly port: number;
}

/** Passes datagrams between two lite agents and makes the checks that each waits for. */
class Relay {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly socket: Socket,
    private readonly agents: readonly [LiteAgent, LiteAgent],
  ) {
    socket.on('message', (datagram, from) => this.pass(datagram, from));
    socket.on('error', () => undefined);
    this.check();
    this.timer = setInterval(() => this.check(), CHECK_PERIOD_MS);
  }

  static async open(one: LiteAgent, other: LiteAgent): Promise<Relay> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
    const listening = once(socket, 'listening');
    socket.bind(0, LOOPBACK);
    await listening;
    return new Relay(socket, [one, other]);
  }

  get port(): number {
    return this.socket.address().port;
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }

  private check(): void {
    const [one, other] = this.agents;
    for (const [to, from] of [[one, other] as const, [other, one] as const])
      this.socket.send(stunCheck({ to: to.ice, from: from.ice, nominates: true }), to.port, LOOPBACK);
  }

  private pass(datagram: Buffer, { port }: RemoteInfo): void {
    const isStun = (datagram[0] ?? 0) < 4;
    const [one, other] = this.agents;
    if (!isStun) this.socket.send(datagram, port === one.port ? other.port : one.port, LOOPBACK);
  }
}

const parametersOf = (ssrc: number): types.RtpParameters => ({
  codecs: [{ mimeType: 'audio/PCMA', payloadType: PCMA, clockRate: 8_000, channels: 1 }],
  encodings: [{ ssrc }],
});

const readOffer = (sdp: string): OfferedLeg => {
  const session = parse(sdp);
  const audio = session.media[0];
  const candidate = audio?.candidates?.find(({ transport }) => transport.toLowerCase() === 'udp');
  const fingerprint = audio?.fingerprint ?? session.fingerprint;
  const ssrc = audio?.ssrcs?.[0]?.id;
  if (!audio || !candidate || !fingerprint || ssrc === undefined) throw new Error(`no browser's offer: ${sdp}`);
  return {
    ice: { usernameFragment: String(audio.iceUfrag), password: String(audio.icePwd) },
    port: candidate.port,
    fingerprint: { algorithm: 'sha-256', value: fingerprint.hash },
    ssrc: Number(ssrc),
    mid: String(audio.mid),
  };
};

const writeAnswer = (leg: Omit<OfferedLeg, 'fingerprint'> & { readonly fingerprint: string }): string =>
  [
    'v=0',
    `o=- ${randomBytes(4).readUInt32BE()} 1 IN IP4 ${LOOPBACK}`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${leg.mid}`,
    `m=audio ${leg.port} UDP/TLS/RTP/SAVPF ${PCMA}`,
    `c=IN IP4 ${LOOPBACK}`,
    `a=rtpmap:${PCMA} PCMA/8000`,
    'a=sendrecv',
    `a=mid:${leg.mid}`,
    'a=rtcp-mux',
    'a=setup:active',
    `a=ice-ufrag:${leg.ice.usernameFragment}`,
    `a=ice-pwd:${leg.ice.password}`,
    `a=fingerprint:sha-256 ${leg.fingerprint}`,
    `a=candidate:1 1 udp 2130706431 ${LOOPBACK} ${leg.port} typ host`,
    `a=ssrc:${leg.ssrc} cname:load`,
    '',
  ].join('\r\n');
