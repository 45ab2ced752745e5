/** One conference of hundreds of listeners: what it costs in encodings, and that each of them hears the speaker. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, MixId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import type { AudioEncoder } from '../../media/codec/audio-codec';
import type * as Codecs from '../../media/codec/codecs';
import type { AudioCodec, MixMember } from '../../media/ports';
import { RtpEndpointFactory } from '../../media/endpoint/rtp-factory';
import { MediaEngine } from '../../media/engine';
import { SoundLibrary } from '../../media/prompts/sound-library';
import { SOUNDS, openParty, value } from '../support/media-bench';
import { fromPcm16, toneLevelDbfs } from '../support/spectrum';
import { decodeG711 } from '../../media/codec/g711';
import { parseRtp } from '../../media/rtp/packet';
import { pause, until } from '../support/wait';

const mockEncoded = new Map<AudioCodec, number>();

jest.mock('../../media/codec/codecs', () => {
  const codecs: typeof Codecs = jest.requireActual('../../media/codec/codecs');
  const counting = (codec: AudioCodec, encoder: AudioEncoder): AudioEncoder => ({
    sampleRateHz: encoder.sampleRateHz,
    encode: (samples) => {
      mockEncoded.set(codec, (mockEncoded.get(codec) ?? 0) + 1);
      return encoder.encode(samples);
    },
    close: () => encoder.close(),
  });
  const createEncoder: typeof codecs.createEncoder = (codec, rateHz) =>
    counting(codec, codecs.createEncoder(codec, rateHz));
  return { ...codecs, createEncoder };
});

const LISTENERS = 300;
const SPEAKER_HZ = 500;
/** One for all would drop what comes at once. */
const SOCKETS = 15;

interface Heard {
  readonly payloadType: number;
  readonly payloads: Buffer[];
}

const openEar = async (onPacket: (datagram: Buffer) => void): Promise<Socket> => {
  const ear = createSocket('udp4');
  ear.on('message', onPacket);
  ear.bind(0, '127.0.0.1');
  await once(ear, 'listening');
  return ear;
};

it('[CNF-01] 300 listeners of two codecs: one encoding a beat for each, and what the speaker hears', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchroom-listeners-'));
  const [clock, log] = [systemClock, silentLogger()];
  const rtpPorts = { first: 44_000, last: 44_999 };
  const rtp = new RtpEndpointFactory({ bindAddress: '127.0.0.1', rtpPorts, clock, log });
  const sounds = new SoundLibrary({ dir: SOUNDS, ownDir: folder });
  const engine = new MediaEngine({ factories: { rtp, webrtc: rtp }, sounds, recordingsDir: folder, clock, log });
  const heard = new Map<number, Heard>();
  const onPacket = (datagram: Buffer): void => {
    const packet = parseRtp(datagram);
    if (!packet.ok) return;
    const { ssrc, payloadType, payload } = packet.value;
    const ear = heard.get(ssrc) ?? { payloadType, payloads: [] };
    heard.set(ssrc, ear);
    ear.payloads.push(payload);
  };
  const ears = await Promise.all(Array.from({ length: SOCKETS }, () => openEar(onPacket)));
  const speaker = await openParty(engine, { frequencyHz: SPEAKER_HZ });
  const listener = async (index: number): Promise<EndpointId> => {
    const endpointId = newId<EndpointId>();
    const codec = index % 2 === 0 ? 'PCMA' : 'PCMU';
    const format = codec === 'PCMA' ? 8 : 0;
    const offer = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${ears[index % SOCKETS]?.address().port} RTP/AVP ${format}\r\n`;
    value(await engine.openEndpoint({ endpointId, kind: 'rtp', offer, codecs: [codec] }));
    return endpointId;
  };
  const mixId = newId<MixId>();
  try {
    const ids = await Promise.all(Array.from({ length: LISTENERS }, (_, index) => listener(index)));
    value(await engine.openMix({ mixId }));
    const listening = (endpointId: EndpointId): MixMember => ({
      endpointId,
      hears: 'all',
      speaks: 'none',
      quiet: true,
    });
    const members: MixMember[] = [{ endpointId: speaker.id, hears: 'all', speaks: 'all' }, ...ids.map(listening)];
    value(await engine.joinMix(mixId, members));
    speaker.peer.speak();
    await until('every listener to hear', () => heard.size === LISTENERS, 10_000);
    await pause(300);
    heard.clear();
    mockEncoded.clear();
    speaker.peer.clear();
    await pause(1_000);
    const { PCMA = 0, PCMU = 0, ...others } = Object.fromEntries(mockEncoded);
    // At each beat one of either law for all who listen, and of A-law the silence that the speaker hears of itself; with
    // some room for packets that are under way on a busy machine. One for each listener would be 150 times as much.
    const beats = speaker.peer.received.length;
    expect(beats).toBeGreaterThan(10);
    expect([PCMA < 4 * beats, PCMU < 2 * beats, PCMU > 0, others]).toEqual([true, true, true, {}]);
    await until('every listener to hear again', () => heard.size === LISTENERS, 10_000);
    const levelOf = ({ payloadType, payloads }: Heard): number =>
      Math.max(
        ...payloads.map((payload) =>
          toneLevelDbfs(fromPcm16(decodeG711(payloadType === 8 ? 'PCMA' : 'PCMU', payload)), SPEAKER_HZ),
        ),
      );
    const deaf = [...heard.values()].filter((ear) => !(levelOf(ear) > -20));
    expect([heard.size, deaf.length]).toEqual([LISTENERS, 0]);
  } finally {
    speaker.peer.close();
    await engine.close();
    for (const ear of ears) ear.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 40_000);
