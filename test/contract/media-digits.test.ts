/** Digits of RTP legs in each mode, for both implementations of MediaPort; and what of them a recording holds. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../base/ids';
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import { encodeG711 } from '../../media/codec/g711';
import { dtmfTone } from '../../media/dtmf/dtmf-tones';
import { parseTelephoneEvent } from '../../media/dtmf/telephone-event';
import { ToneDetector } from '../../media/dtmf/tone-detector';
import type { DtmfMode, MediaPort } from '../../media/ports';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { IMPLEMENTATIONS, codeOf, mediaSuite, value } from '../support/media-bench';
import type { MediaBench } from '../support/media-bench';
import { RtpPeer } from '../support/rtp-peer';
import { toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

const EVENT_PAYLOAD_TYPE = 101;
const PCMA_PAYLOAD_TYPE = 8;
/** Row and column of the key 5. */
const FIVE_HZ = [770, 1336] as const;

interface Party {
  readonly peer: RtpPeer;
  readonly id: EndpointId;
}

describe.each(Object.keys(IMPLEMENTATIONS))('digits of MediaPort: %s', (name) => {
  const media = mediaSuite(name);
  const { events, peers } = media;
  let bench: MediaBench;
  let port: MediaPort;
  beforeEach(() => void ({ bench, port } = media));

  const party = async (dtmf: DtmfMode): Promise<Party> => {
    const peer = await RtpPeer.open();
    peers.push(peer);
    const id = newId<EndpointId>();
    const request = { endpointId: id, kind: 'rtp', offer: peer.sdp(), codecs: ['PCMA'], dtmf } as const;
    const { sdp } = value(await port.openEndpoint(request));
    expect(sdp.includes('telephone-event')).toBe(dtmf === 'rfc4733' || dtmf === 'auto');
    peer.connectTo(sdp);
    return { peer, id };
  };

  /** Keys as tones of 80 ms with pauses of 80 ms, in real time. */
  const sing = async ({ peer }: Party, keys: string): Promise<void> => {
    const sound = [...keys].flatMap((key) => [...new Int16Array(640), ...dtmfTone(key, 80)]);
    const payload = encodeG711('PCMA', Int16Array.from([...sound, ...new Int16Array(1600)]));
    for (let start = 0; start < payload.length; start += 160) {
      const frame = payload.subarray(start, start + 160);
      peer.sendPacket({ payloadType: PCMA_PAYLOAD_TYPE, payload: frame, marker: false });
      peer.timestamp = (peer.timestamp + 160) >>> 0;
      await pause(20);
    }
  };

  const digits = (): string[] =>
    events.flatMap((event) => (event.type === 'digit' ? [`${event.digit} ${event.form}`] : []));

  const eventsAt = ({ peer }: Party): (number | undefined)[] => {
    const packets = peer.received.filter(({ payloadType }) => payloadType === EVENT_PAYLOAD_TYPE);
    const codes = packets.map(({ payload }) => {
      const parsed = parseTelephoneEvent(payload);
      return parsed.ok ? parsed.value.event : undefined;
    });
    return [...new Set(codes)];
  };

  it('tones of one party are events for the other, whose events are tones for the first', async () => {
    const [tones, telephone] = [await party('inband'), await party('rfc4733')];
    value(await port.bridge(tones.id, telephone.id));
    await sing(tones, '52');
    await until('both keys', () => digits().length === 2);
    expect(digits()).toEqual(['5 inband', '2 inband']);
    expect(eventsAt(telephone)).toEqual([5, 2]);
    expect(new ToneDetector().accept(Int16Array.from(telephone.peer.heard(), (sample) => sample * 32_767))).toEqual([]);

    tones.peer.clear();
    telephone.peer.press(5, 100);
    await until('the tone', () => tones.peer.received.length >= 8);
    const heard = tones.peer.heard();
    for (const hz of FIVE_HZ) expect(toneLevelDbfs(heard.subarray(160, 640), hz)).toBeGreaterThan(-25);
    expect(eventsAt(tones)).toEqual([]);
  });

  it('a key for a leg with SIP INFO is told to the app', async () => {
    const [info, telephone] = [await party('info'), await party('rfc4733')];
    value(await port.bridge(info.id, telephone.id));
    telephone.peer.press(7, 100);
    await until('the order', () => events.some(({ type }) => type === 'digit-due'));
    value(await port.sendDigit(info.id, '3', 100));
    const due = events.filter((event) => event.type === 'digit-due');
    expect(due).toMatchObject([
      { endpointId: info.id, digit: '7' },
      { endpointId: info.id, digit: '3', durationMs: 100 },
    ]);
    expect(eventsAt(info)).toEqual([]);
  });

  it('hidden keys reach neither the other party nor who listens nor the recording, and are reported', async () => {
    const [customer, agent, listener] = [await party('rfc4733'), await party('rfc4733'), await party('rfc4733')];
    value(await port.bridge(customer.id, agent.id));
    const recordingId = newId<RecordingId>();
    value(await port.startRecording({ recordingId, path: 'hidden.wav', codec: 'PCMA' }));
    value(await port.attachRecording(recordingId, 0, customer.id));
    value(await port.hideDigits(customer.id, true));
    await sing(customer, '12');
    customer.peer.press(3);
    await sing(customer, '4');
    const mixId = newId<MixId>();
    value(await port.openMix({ mixId, forwardDigits: true }));
    const all = { hears: 'all', speaks: 'all' } as const;
    const members = [customer, agent, listener].map(({ id }) => ({ endpointId: id, ...all }));
    value(await port.joinMix(mixId, members));
    await sing(customer, '56');
    customer.peer.press(7);
    await sing(customer, '8');
    await pause(300);
    for (const { peer } of [agent, listener]) {
      expect(peer.received.filter(({ payloadType }) => payloadType === EVENT_PAYLOAD_TYPE)).toEqual([]);
      expect(peer.heard().length).toBeGreaterThan(3000);
      expect(Math.max(...peer.heard().map(Math.abs))).toBeLessThan(0.01);
    }
    expect(digits()).toEqual(['3 rfc4733', '7 rfc4733']);
    value(await port.hideDigits(customer.id, false));
    await pause(300);
    await sing(customer, '9');
    const { path } = value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, path))));
    expect(new ToneDetector().accept(channelSamples(wav, 0)).join('')).toBe('9');
    expect(codeOf(await port.hideDigits(newId<EndpointId>(), true))).toBe('not_found');
  }, 20_000);

  it('a masked recording holds no tone; an unmasked one none of a leg whose tones are keys', async () => {
    // With events agreed, tones are sound like any other: what a gateway sends beside its events.
    const [both, tones] = [await party('rfc4733'), await party('inband')];
    const recordingId = newId<RecordingId>();
    value(await port.startRecording({ recordingId, path: 'digits.wav', codec: 'PCMA' }));
    value(await port.attachRecording(recordingId, 0, both.id));
    value(await port.attachRecording(recordingId, 1, tones.id));
    await Promise.all([sing(both, '12'), sing(tones, '12')]);
    value(await port.maskRecording(recordingId, 60_000));
    await Promise.all([sing(both, '34567'), sing(tones, '34567')]);
    value(await port.unmaskRecording(recordingId));
    await pause(300);
    await Promise.all([sing(both, '89'), sing(tones, '89')]);
    const { path } = value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, path))));
    expect(new ToneDetector().accept(channelSamples(wav, 0)).join('')).toBe('1289');
    expect(new ToneDetector().accept(channelSamples(wav, 1)).join('')).toBe('');
    expect(digits().join(' ')).toBe([...'123456789'].map((key) => `${key} inband`).join(' '));
  }, 20_000);
});
