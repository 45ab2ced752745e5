/** A telephone of the tests: real UDP, any codec, a tone as its voice; keeps what it hears. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AudioDecoder } from '../../media/codec/audio-codec';
import { CODEC_FACTS, createDecoder, createEncoder } from '../../media/codec/codecs';
import { loadOpus } from '../../media/codec/opus';
import { serializeTelephoneEvent } from '../../media/dtmf/telephone-event';
import type { AudioCodec } from '../../media/ports';
import { parseRtp, serializeRtp } from '../../media/rtp/packet';
import type { RtpPacket } from '../../media/rtp/packet';
import { resample } from '../../media/wav/resample';
import { fromPcm16, toPcm16, tone } from './spectrum';
import { pause } from './wait';

const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8, G722: 9, OPUS: 107 } as const;
const EVENT_PAYLOAD_TYPE = 101;

export interface RtpPeerOptions {
  readonly codec?: AudioCodec;
  readonly frequencyHz?: number;
  /** Says these tones one after the other, again and again, in the place of the one. */
  readonly sequenceHz?: readonly number[];
  readonly toneMs?: number;
  /** Says this, at 8 kHz, again and again, in the place of a tone; what fills no packet is left out. */
  readonly voice?: Int16Array;
  readonly ssrc?: number;
}

export class RtpPeer {
  readonly received: RtpPacket[] = [];
  readonly rtcpReceived: Buffer[] = [];
  remotePort = 0;
  ssrc: number;
  sequenceNumber = 65_500;
  timestamp = 0xffff_f000;
  private readonly codec: AudioCodec;
  private readonly decoder: AudioDecoder;
  /** What each packet of sound was, by the one decoder of the stream. */
  private readonly sounds = new WeakMap<RtpPacket, Int16Array>();
  private spoken = 0;
  private ticker: NodeJS.Timeout | undefined;
  private ignoring = false;

  private constructor(
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
    private readonly voice: readonly Buffer[],
    { codec = 'PCMA', ssrc = 0x1234_5678 }: RtpPeerOptions,
  ) {
    this.codec = codec;
    this.ssrc = ssrc;
    this.decoder = createDecoder(codec);
    rtp.on('message', (datagram) => {
      const packet = parseRtp(datagram);
      if (!packet.ok && this.ignoring) return;
      if (!packet.ok) throw new Error(packet.fault.message);
      this.received.push(packet.value);
      if (packet.value.payloadType === PAYLOAD_TYPES[codec])
        this.sounds.set(packet.value, this.decoder.decode(packet.value.payload));
    });
    rtcp.on('message', (datagram) => this.rtcpReceived.push(datagram));
  }

  static async open(options: RtpPeerOptions = {}): Promise<RtpPeer> {
    const [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')];
    rtp.bind(0, '127.0.0.1');
    rtcp.bind(0, '127.0.0.1');
    await Promise.all([once(rtp, 'listening'), once(rtcp, 'listening')]);
    await loadOpus();
    return new RtpPeer(rtp, rtcp, await voiceOf(options), options);
  }

  get port(): number {
    return this.rtp.address().port;
  }

  get rtcpPort(): number {
    return this.rtcp.address().port;
  }

  /** Packets of its voice so far. */
  get sent(): number {
    return this.spoken;
  }

  /** An SDP with this peer's codec, for an offer or an answer. */
  sdp(options: { readonly direction?: string; readonly address?: string; readonly version?: number } = {}): string {
    const { direction = 'sendrecv', address = '127.0.0.1', version = 1 } = options;
    const payloadType = PAYLOAD_TYPES[this.codec];
    return [
      'v=0',
      `o=peer 1 ${version} IN IP4 127.0.0.1`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      `m=audio ${this.port} RTP/AVP ${payloadType} ${EVENT_PAYLOAD_TYPE}`,
      `a=rtpmap:${payloadType} ${this.codec === 'OPUS' ? 'opus/48000/2' : `${this.codec}/8000`}`,
      `a=rtpmap:${EVENT_PAYLOAD_TYPE} telephone-event/${this.clockRateHz}`,
      `a=rtcp:${this.rtcpPort}`,
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Datagrams that are no RTP, such as responses of STUN, are no fault from now on. */
  ignoreOthers(): void {
    this.ignoring = true;
  }

  /** Where our SDP says that it listens. */
  connectTo(sdp: string): void {
    this.remotePort = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
  }

  /** Speaks in real time until {@link hush}. */
  speak(): void {
    let sent = 0;
    const startMs = performance.now();
    this.ticker = setInterval(() => {
      while (sent * 20 <= performance.now() - startMs) {
        this.sendFrame();
        sent += 1;
      }
    }, 10);
  }

  hush(): void {
    clearInterval(this.ticker);
  }

  /** One frame of the tone. */
  sendFrame(): void {
    const payload = this.voice[this.spoken++ % this.voice.length] ?? Buffer.alloc(0);
    this.sendPacket({ payloadType: PAYLOAD_TYPES[this.codec], payload, marker: false });
    this.timestamp = (this.timestamp + this.clockRateHz / 50) >>> 0;
  }

  /** Presses a key: updates and three ends, all at once. */
  press(event: number, durationMs = 100): void {
    const total = (durationMs * this.clockRateHz) / 1000;
    const durations = Array.from({ length: durationMs / 20 }, (_, index) => ((index + 1) * this.clockRateHz) / 50);
    const steps = [
      ...durations.map((duration) => ({ duration, end: false })),
      ...Array(3).fill({ duration: total, end: true }),
    ];
    steps.forEach(({ duration, end }: { duration: number; end: boolean }, index) =>
      this.sendPacket({
        payloadType: EVENT_PAYLOAD_TYPE,
        payload: serializeTelephoneEvent({ event, end, duration }),
        marker: index === 0,
      }),
    );
    this.timestamp = (this.timestamp + total) >>> 0;
  }

  sendPacket(packet: Pick<RtpPacket, 'payloadType' | 'payload' | 'marker'>): void {
    const { ssrc, sequenceNumber, timestamp } = this;
    this.sequenceNumber = (sequenceNumber + 1) & 0xffff;
    this.sendRaw(serializeRtp({ ...packet, ssrc, sequenceNumber, timestamp }));
  }

  sendRaw(datagram: Buffer): void {
    this.rtp.send(datagram, this.remotePort, '127.0.0.1');
  }

  sendRtcp(datagram: Buffer): void {
    this.rtcp.send(datagram, this.remotePort + 1, '127.0.0.1');
  }

  /** Of what {@link heard} gives. */
  get sampleRateHz(): number {
    return CODEC_FACTS[this.codec].sampleRateHz;
  }

  private get clockRateHz(): number {
    return CODEC_FACTS[this.codec].clockRateHz;
  }

  /** What it heard, as floats, in order of arrival. */
  heard(): Float64Array {
    const samples = this.received.flatMap((packet) => [...(this.sounds.get(packet) ?? [])]);
    return fromPcm16(Int16Array.from(samples));
  }

  /** What it heard, each packet where its timestamp says, from the first on; what never came is silence. */
  heardByTimestamp(): Float64Array {
    const audio = this.received.filter(({ payloadType }) => payloadType === PAYLOAD_TYPES[this.codec]);
    const perUnit = this.sampleRateHz / this.clockRateHz;
    const places = audio.map(({ timestamp }) => ((timestamp - (audio[0]?.timestamp ?? 0)) | 0) * perUnit);
    const heard = new Float64Array(Math.max(0, ...places) + this.sampleRateHz / 50);
    audio.forEach((packet, index) => {
      const place = places[index] ?? -1;
      const samples = this.sounds.get(packet);
      if (place >= 0 && samples) heard.set(fromPcm16(samples).subarray(0, heard.length - place), place);
    });
    return heard;
  }

  /** How often a sequence number did not follow the one before. */
  sequenceBreaks(): number {
    const numbers = this.received.map(({ sequenceNumber }) => sequenceNumber);
    return numbers.filter((number, index) => index > 0 && number !== (((numbers[index - 1] ?? 0) + 1) & 0xffff)).length;
  }

  /** Forgets what it heard. */
  clear(): void {
    this.received.length = 0;
  }

  close(): void {
    this.hush();
    this.decoder.close();
    this.rtp.close();
    this.rtcp.close();
  }
}

/** The tones as frames; an encoder of Opus is there one turn of the event loop after it was made. */
async function voiceOf(options: RtpPeerOptions): Promise<Buffer[]> {
  const { codec = 'PCMA', frequencyHz = 440, toneMs = 1000, sequenceHz = [frequencyHz] } = options;
  const encoder = createEncoder(codec);
  const { sampleRateHz } = encoder;
  const tones = (): number[] =>
    sequenceHz.flatMap((hz) => [...toPcm16(tone({ frequencyHz: hz, durationMs: toneMs, sampleRateHz }))]);
  const samples = options.voice ? resample(options.voice, 8000, sampleRateHz) : Int16Array.from(tones());
  await pause(0);
  const perFrame = sampleRateHz / 50;
  const frames = Array.from({ length: Math.floor(samples.length / perFrame) }, (_, index) =>
    encoder.encode(samples.subarray(index * perFrame, (index + 1) * perFrame)),
  );
  encoder.close();
  return frames;
}
