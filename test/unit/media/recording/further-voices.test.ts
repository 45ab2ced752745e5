/** Voices that are added to a channel: both are heard, on that channel alone, and one who leaves is heard to the end. */
import { asId } from '../../../../base/ids';
import type { EndpointId } from '../../../../base/ids';
import { decodeG711, encodeG711, SILENCE_BYTE } from '../../../../media/codec/g711';
import { FurtherVoices } from '../../../../media/recording/further-voices';
import { fromPcm16, tone, toneLevelDbfs, toPcm16 } from '../../../support/spectrum';

const THIRD = asId<EndpointId>('third');
const SAMPLES = 4000;
const spoken = (frequencyHz: number): Buffer =>
  encodeG711('PCMA', toPcm16(tone({ frequencyHz, durationMs: 500, amplitude: 0.3 })));

/** What is to be written: silence on the first channel, a tone on the second. */
const block = (frequencyHz: number): Buffer => {
  const data = Buffer.alloc(2 * SAMPLES, SILENCE_BYTE.PCMA);
  spoken(frequencyHz).forEach((byte, index) => (data[2 * index + 1] = byte));
  return data;
};

const levels = (data: Buffer, channel: number): number[] => {
  const bytes = Uint8Array.from({ length: SAMPLES }, (_, index) => data[2 * index + channel] ?? 0);
  const samples = fromPcm16(decodeG711('PCMA', bytes));
  return [1000, 1700].map((frequencyHz) => toneLevelDbfs(samples, frequencyHz));
};

const put = (voices: FurtherVoices, at: number): void =>
  voices.put(THIRD, { sourceId: 1, timestamp: at, payload: spoken(1700) }, { arrival: at, late: 0 });

it('adds a voice to its channel, and nothing to the other', () => {
  const voices = new FurtherVoices('PCMA');
  voices.add(THIRD, { channel: 1, unsubscribe: () => undefined, fromSample: 8000 });
  put(voices, 8000);
  const data = block(1000);
  voices.addTo(data, 8000 + SAMPLES);
  for (const level of levels(data, 1)) expect(level).toBeGreaterThan(-16);
  for (const level of levels(data, 0)) expect(level).toBeLessThan(-60);
});

it('writes what was said until the voice was removed, and no more is taken from it', () => {
  const voices = new FurtherVoices('PCMA');
  let listening = true;
  voices.add(THIRD, { channel: 1, unsubscribe: () => (listening = false), fromSample: 0 });
  put(voices, 0);
  voices.removeOf(1);
  expect(listening).toBe(false);
  put(voices, SAMPLES);
  const [first, second] = [block(1000), block(1000)];
  voices.addTo(first, SAMPLES);
  voices.addTo(second, 2 * SAMPLES);
  expect(levels(first, 1)[1]).toBeGreaterThan(-16);
  expect(levels(second, 1)[1]).toBeLessThan(-45);
});
