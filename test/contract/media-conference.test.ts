/** Conferences as media have them: listeners who are never heard, the floor, silence for all, tones, and a recording. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../base/ids';
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import type { MediaPort, MixMember } from '../../media/ports';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { IMPLEMENTATIONS, codeOf, openParty, value } from '../support/media-bench';
import type { MediaBench, TestParty } from '../support/media-bench';
import { fromPcm16, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

const HEARD_DBFS = -25;
const SILENT_DBFS = -45;

type Voice = TestParty & { readonly hz: number };

const speaker = (endpointId: EndpointId): MixMember => ({ endpointId, hears: 'all', speaks: 'all' });
const listener = (endpointId: EndpointId): MixMember => ({ endpointId, hears: 'all', speaks: 'none', quiet: true });

describe.each(Object.keys(IMPLEMENTATIONS))('a conference in MediaPort: %s', (name) => {
  let bench: MediaBench;
  let port: MediaPort;
  let voices: Voice[];
  let mixId: MixId;

  beforeEach(async () => {
    bench = await (IMPLEMENTATIONS[name] as () => Promise<MediaBench>)();
    port = bench.port;
    voices = [];
    mixId = newId<MixId>();
  });

  afterEach(async () => {
    voices.forEach(({ peer }) => peer.close());
    await bench.close();
  });

  const voice = async (hz: number): Promise<Voice> => {
    const opened = { ...(await openParty(port, { frequencyHz: hz })), hz };
    voices.push(opened);
    opened.peer.speak();
    return opened;
  };

  const listen = async (parties: readonly Voice[]): Promise<void> => {
    await pause(160);
    parties.forEach(({ peer }) => peer.clear());
    await until('sound', () => parties.every(({ peer }) => peer.received.length >= 20));
  };

  const expectHeard = (samples: Float64Array, heard: readonly number[], unheard: readonly number[]): void => {
    const levels = (frequencies: readonly number[]) =>
      frequencies.map((hz) => [hz, toneLevelDbfs(samples, hz)] as const);
    expect(levels(heard).filter(([, level]) => !(level > HEARD_DBFS))).toEqual([]);
    expect(levels(unheard).filter(([, level]) => !(level < SILENT_DBFS))).toEqual([]);
  };

  it('[CNF-01] a listener hears and is never heard, is heard with the floor, and all are silenced at once', async () => {
    const [moderator, participant, audience] = [await voice(440), await voice(1000), await voice(1700)];
    value(await port.openMix({ mixId }));
    value(await port.joinMix(mixId, [speaker(moderator.id), speaker(participant.id), listener(audience.id)]));
    await listen(voices);
    expectHeard(audience.peer.heard(), [440, 1000], [1700]);
    expectHeard(moderator.peer.heard(), [1000], [440, 1700]);
    expectHeard(participant.peer.heard(), [440], [1000, 1700]);
    value(await port.joinMix(mixId, [{ ...speaker(audience.id), quiet: true }]));
    await listen(voices);
    expectHeard(moderator.peer.heard(), [1000, 1700], [440]);
    expectHeard(participant.peer.heard(), [440, 1700], [1000]);
    value(await port.joinMix(mixId, [listener(audience.id), { ...speaker(participant.id), speaks: 'none' }]));
    await listen(voices);
    expectHeard(moderator.peer.heard(), [], [440, 1000, 1700]);
    expectHeard(participant.peer.heard(), [440], [1000, 1700]);
    expectHeard(audience.peer.heard(), [440], [1000, 1700]);
  });

  it('[CNF-01] the recording has everybody who speaks on both channels, and no listener; it ends with itself', async () => {
    const [moderator, participant, audience] = [await voice(440), await voice(1000), await voice(1700)];
    const recordingId = newId<RecordingId>();
    value(await port.openMix({ mixId }));
    value(await port.joinMix(mixId, [speaker(moderator.id), speaker(participant.id), listener(audience.id)]));
    value(await port.startRecording({ recordingId, path: 'conference.wav', codec: 'PCMA', nearMix: mixId }));
    expect(codeOf(await port.attachMix(recordingId, 0, newId<MixId>()))).toBe('not_found');
    for (const channel of [0, 1] as const) value(await port.attachMix(recordingId, channel, mixId));
    await pause(1200);
    value(await port.leaveMix(participant.id));
    await pause(1000);
    const { path, durationMs } = value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, path))));
    for (const channel of [0, 1] as const) {
      const samples = fromPcm16(channelSamples(wav, channel));
      expectHeard(samples.subarray(8 * 300, 8 * 1100), [440, 1000], [1700]);
      expectHeard(samples.subarray(8 * 1600, 8 * (durationMs - 400)), [440], [1000, 1700]);
    }
    await listen([moderator, audience]);
    expectHeard(audience.peer.heard(), [440], [1700]);
    for (const { id } of voices) value(await port.closeEndpoint(id));
    value(await port.closeMix(mixId));
    expect(value(await port.counts())).toMatchObject({ endpoints: 0, mixes: 0, recordings: 0, portsInUse: 0 });
  });

  it('[CNF-01] those who may speak come and go with a tone, listeners without', async () => {
    const hush = async (): Promise<TestParty> => {
      const opened = { ...(await openParty(port)), hz: 0 };
      voices.push(opened);
      return opened;
    };
    const [moderator, participant, audience] = [await hush(), await hush(), await hush()];
    value(await port.openMix({ mixId, tones: true }));
    value(await port.joinMix(mixId, [speaker(moderator.id)]));
    await pause(300);
    const toneHeard = async (): Promise<boolean> => {
      await pause(300);
      const heard = moderator.peer.heard();
      moderator.peer.clear();
      return [660, 880].every((hz) => loudestDbfs(heard, hz) > -27);
    };
    await toneHeard();
    value(await port.joinMix(mixId, [listener(audience.id)]));
    expect(await toneHeard()).toBe(false);
    value(await port.joinMix(mixId, [speaker(participant.id)]));
    expect(await toneHeard()).toBe(true);
    value(await port.leaveMix(audience.id));
    expect(await toneHeard()).toBe(false);
    value(await port.leaveMix(participant.id));
    expect(await toneHeard()).toBe(true);
  });
});

/** The level of a tone in the 50 ms in which it is loudest. */
const loudestDbfs = (samples: Float64Array, frequencyHz: number): number => {
  const pieces = Array.from({ length: Math.max(0, Math.floor(samples.length / 200) - 1) }, (_, index) => index * 200);
  return Math.max(-Infinity, ...pieces.map((at) => toneLevelDbfs(samples.subarray(at, at + 400), frequencyHz)));
};
