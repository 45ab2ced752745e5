/** The parts of a mix that decide and calculate: matrix, limiter, resampler, cost. */
import { SimulatedClock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { EndpointId } from '../../../../base/ids';
import { FrameTicker } from '../../../../media/frame-ticker';
import { Limiter, peakOf } from '../../../../media/mixer/limiter';
import { Mix } from '../../../../media/mixer/mix';
import { hears } from '../../../../media/mixer/reach';
import { MixEncoders } from '../../../../media/mixer/mix-encoders';
import { createResampler } from '../../../../media/mixer/resampler';
import type { MediaEndpoint, PacketListener, StreamPacket } from '../../../../media/endpoint/endpoint';
import { createEncoder } from '../../../../media/codec/codecs';
import { decodeG711, encodeG711 } from '../../../../media/codec/g711';
import type { G711Codec, MixMember } from '../../../../media/ports';
import { supervisionMembers } from '../../../../media/supervision';
import { fromPcm16, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../../../support/spectrum';

/** An endpoint without a network. */
function fakeEndpoint(codec: G711Codec) {
  const listeners = new Set<PacketListener>();
  const sent: StreamPacket[] = [];
  const id = newId<EndpointId>();
  const endpoint = {
    id,
    codec,
    onPacket: (listener: PacketListener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    send: (packet: StreamPacket) => void sent.push(packet),
  } as unknown as MediaEndpoint;
  const say = (packet: StreamPacket): void => listeners.forEach((listener) => listener(packet));
  return { id, endpoint, codec, sent, say, listeners };
}

describe('who hears whom', () => {
  const [a, b, c] = [newId<EndpointId>(), newId<EndpointId>(), newId<EndpointId>()];
  const member = (endpointId: EndpointId, rest: Partial<MixMember> = {}): MixMember => ({
    endpointId,
    hears: 'all',
    speaks: 'all',
    ...rest,
  });

  it('both sides must agree, and nobody hears itself', () => {
    expect(hears(member(a), member(b))).toBe(true);
    expect(hears(member(a), member(a))).toBe(false);
    expect(hears(member(a, { hears: [c] }), member(b))).toBe(false);
    expect(hears(member(a), member(b, { speaks: [c] }))).toBe(false);
    expect(hears(member(a, { hears: 'none' }), member(b))).toBe(false);
  });

  it.each([
    ['monitor', false, false],
    ['whisper', false, true],
    ['barge', true, true],
  ] as const)('%s: heard by the customer %s, by the agent %s', (mode, byCustomer, byAgent) => {
    const members = supervisionMembers({ groups: [[a, b]], agent: b, supervisors: [{ endpointId: c, mode }] });
    const [customer, agent, boss] = members as [MixMember, MixMember, MixMember];
    expect([hears(customer, boss), hears(agent, boss)]).toEqual([byCustomer, byAgent]);
    expect([hears(boss, customer), hears(boss, agent)]).toEqual([true, true]);
    expect([hears(customer, agent), hears(agent, customer)]).toEqual([true, true]);
  });
});

describe('a mix', () => {
  const clock = new SimulatedClock();
  const newMix = () => {
    const ticker = new FrameTicker(clock);
    return new Mix({ clock, ticker, isPlayingTo: () => false, forwardDigits: false, tones: false });
  };

  it('300 listeners cost one encoding per codec, and no listener is listened to', () => {
    const mix = newMix();
    const speaker = fakeEndpoint('PCMA');
    const listeners = Array.from({ length: 300 }, (_, index) => fakeEndpoint(index % 2 ? 'PCMA' : 'PCMU'));
    const join = (party: ReturnType<typeof fakeEndpoint>, speaks: 'all' | 'none') => ({
      member: { endpointId: party.id, hears: 'all', speaks } as const,
      endpoint: party.endpoint,
      codec: party.codec,
    });
    mix.join([join(speaker, 'all'), ...listeners.map((party) => join(party, 'none'))]);
    const voice = toPcm16(tone({ frequencyHz: 500, durationMs: 1000 }));
    for (let frame = 0; frame < 50; frame += 1) {
      const payload = encodeG711('PCMA', voice.subarray(frame * 160, frame * 160 + 160));
      const packet = { sourceId: 1, sequenceNumber: frame, timestamp: frame * 160, marker: false } as const;
      speaker.say({ ...packet, content: 'audio', payload });
      clock.advance(20);
    }
    // The speaker hears nothing, which is a third payload.
    expect(mix.encodedInFrame).toBe(3);
    for (const { sent, listeners: subscribed, codec } of listeners) {
      expect(subscribed.size).toBe(0);
      const heard = fromPcm16(decodeG711(codec, Buffer.concat(sent.slice(10, 40).map(({ payload }) => payload))));
      expect(toneLevelDbfs(heard, 500)).toBeGreaterThan(-11);
    }
    mix.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the encoders of a mix', () => {
  const pcm = toPcm16(tone({ frequencyHz: 3000, durationMs: 200, sampleRateHz: 16_000 }));
  const listener = { codec: 'G722', audience: 'ann' } as const;

  it('go on for those whose speakers stay, whoever comes and goes beside them', () => {
    const encoders = new MixEncoders();
    const alone = createEncoder('G722');
    encoders.arrange([listener], 16_000);
    for (let frame = 0; frame < 10; frame += 1) {
      encoders.begin();
      const samples = pcm.subarray(frame * 320, frame * 320 + 320);
      const payload = encoders.encode({ ...listener, mask: 1, pcm: samples });
      expect(payload.equals(alone.encode(samples))).toBe(true);
      encoders.arrange([listener, { codec: 'G722', audience: `ann bob${frame}` }], 16_000);
    }
  });
});

describe('the limiter', () => {
  it('three loud voices fit into 16 bits without clipping, and one alone is left as it is', () => {
    const limiter = new Limiter();
    const mixed = (count: number): Int16Array => {
      const sum = new Int32Array(160);
      for (let index = 0; index < 160; index += 1) sum[index] = count * Math.round(20_000 * Math.sin(index / 3));
      limiter.prepare(peakOf(sum));
      return limiter.apply(sum);
    };
    expect(mixed(1)[10]).toBe(Math.round(20_000 * Math.sin(10 / 3)));
    mixed(3);
    const limited = mixed(3);
    expect(Math.max(...limited)).toBeLessThanOrEqual(30_001);
    for (let frame = 0; frame < 40; frame += 1) mixed(1);
    expect(mixed(1)[10]).toBe(Math.round(20_000 * Math.sin(10 / 3)));
  });
});

describe('the resampler', () => {
  it.each([300, 1000, 3000])('doubles and halves the rate of a stream: %d Hz stay, at their level', (frequencyHz) => {
    const [up, down] = [createResampler(8000, 16_000), createResampler(16_000, 8000)];
    const source = toPcm16(tone({ frequencyHz, durationMs: 400 }));
    const wide: number[] = [];
    const back: number[] = [];
    for (let at = 0; at < source.length; at += 160) {
      const doubled = up.process(source.subarray(at, at + 160));
      wide.push(...fromPcm16(doubled));
      back.push(...fromPcm16(down.process(doubled)));
    }
    expect(toneLevelDbfs(wide.slice(800), frequencyHz, 16_000)).toBeCloseTo(-9, 0);
    expect(toneLevelDbfs(wide.slice(800), 8000 - frequencyHz, 16_000)).toBeLessThan(-60);
    expect(toneLevelDbfs(back.slice(400), frequencyHz)).toBeCloseTo(-9, 0);
    expect(levelDbfs(back.slice(400))).toBeCloseTo(-9, 0);
  });
});
