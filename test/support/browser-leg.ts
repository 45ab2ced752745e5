/** A browser's side of one leg in a blank page, and a source that plays a tone to an endpoint in real time. */
import type { Page } from 'playwright-core';
import { systemClock } from '../../base/clock';
import type { AudioDecoder } from '../../media/codec/audio-codec';
import { CODEC_FACTS, createDecoder, createEncoder } from '../../media/codec/codecs';
import type { AudioCodec } from '../../media/ports';
import type { MediaEndpoint, StreamPacket } from '../../media/endpoint/endpoint';
import { nextSourceId } from '../../media/source-id';
import { fromPcm16, tone, toPcm16 } from './spectrum';

const PACKET_MS = 20;

/** Sends a sine to an endpoint, a packet every 20 ms; returns the function that stops it. */
export function playTone(endpoint: MediaEndpoint, frequencyHz: number, codec: AudioCodec = 'PCMA'): () => void {
  const sourceId = nextSourceId();
  const encoder = createEncoder(codec);
  const { sampleRateHz } = encoder;
  const second = toPcm16(tone({ frequencyHz, durationMs: 1000, sampleRateHz }));
  const unitsPerPacket = (CODEC_FACTS[codec].clockRateHz * PACKET_MS) / 1000;
  const samplesPerPacket = (sampleRateHz * PACKET_MS) / 1000;
  const startedMs = systemClock.monotonicMs();
  let sent = 0;
  const timer = systemClock.every(5, () => {
    while (sent * PACKET_MS <= systemClock.monotonicMs() - startedMs) {
      const from = (sent * samplesPerPacket) % second.length;
      endpoint.send({
        sourceId,
        sequenceNumber: sent & 0xffff,
        timestamp: (sent * unitsPerPacket) >>> 0,
        marker: sent === 0,
        content: 'audio',
        payload: encoder.encode(second.subarray(from, from + samplesPerPacket)),
      });
      sent += 1;
    }
  });
  return () => {
    timer.cancel();
    encoder.close();
  };
}

/** Keeps the last packets of an endpoint's peer. */
export class PacketEar {
  readonly packets: StreamPacket[] = [];

  private readonly decoder: AudioDecoder;
  private readonly sounds = new WeakMap<StreamPacket, Int16Array>();

  constructor(endpoint: MediaEndpoint, codec: AudioCodec = 'PCMA') {
    this.decoder = createDecoder(codec);
    endpoint.onPacket((packet) => {
      this.packets.push(packet);
      if (packet.content === 'audio') this.sounds.set(packet, this.decoder.decode(packet.payload));
    });
  }

  /** Of what {@link heard} gives. */
  get sampleRateHz(): number {
    return this.decoder.sampleRateHz;
  }

  clear(): void {
    this.packets.length = 0;
  }

  /** The last `durationMs` of audio, decoded. */
  heard(durationMs: number): Float64Array {
    const audio = this.packets.filter(({ content }) => content === 'audio').slice(-durationMs / PACKET_MS);
    return fromPcm16(Int16Array.from(audio.flatMap((packet) => [...(this.sounds.get(packet) ?? [])])));
  }
}

/**
 * Answers our offer in the page, with a tone as its microphone. The connection is `window.legs[name]`, what it hears
 * the ear of the same name. Resolves with the answer's SDP.
 */
export const answerInPage = (page: Page, options: { name: string; offer: string; toneHz: number }): Promise<string> =>
  page.evaluate(async ({ name, offer, toneHz }) => {
    const connection = new RTCPeerConnection();
    (window.legs ??= {})[name] = connection;
    connection.ontrack = ({ track }) => void window.ears.listen(name, new MediaStream([track]));
    await connection.setRemoteDescription({ type: 'offer', sdp: offer });
    connection.addTrack(await window.ears.toneTrack(toneHz));
    await connection.setLocalDescription(await connection.createAnswer());
    return connection.localDescription?.sdp ?? '';
  }, options);

/** Makes the page's own offer, as sip.js does: candidates inside, none trickled. */
export const offerFromPage = (
  page: Page,
  options: { name: string; toneHz: number; video?: boolean },
): Promise<string> =>
  page.evaluate(async ({ name, toneHz, video }) => {
    const connection = new RTCPeerConnection();
    (window.legs ??= {})[name] = connection;
    connection.ontrack = ({ track }) => void window.ears.listen(name, new MediaStream([track]));
    connection.addTrack(await window.ears.toneTrack(toneHz));
    if (video) connection.addTransceiver('video', { direction: 'recvonly' });
    await connection.setLocalDescription(await connection.createOffer());
    return connection.localDescription?.sdp ?? '';
  }, options);

/** A re-offer of a leg of the page, such as for hold or an ICE restart. */
export const reofferFromPage = (
  page: Page,
  options: { name: string; direction?: RTCRtpTransceiverDirection; iceRestart?: boolean },
): Promise<string> =>
  page.evaluate(async ({ name, direction, iceRestart }) => {
    const connection = window.legs?.[name];
    if (!connection) throw new Error(`the page has no leg ${name}`);
    const [transceiver] = connection.getTransceivers();
    if (direction && transceiver) transceiver.direction = direction;
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: iceRestart === true }));
    return connection.localDescription?.sdp ?? '';
  }, options);

export const answerToPage = (page: Page, name: string, sdp: string): Promise<void> =>
  page.evaluate(
    async ([leg, answer]) => {
      await window.legs?.[leg]?.setRemoteDescription({ type: 'answer', sdp: answer });
    },
    [name, sdp] as const,
  );

declare global {
  interface Window {
    legs?: Record<string, RTCPeerConnection>;
  }
}
