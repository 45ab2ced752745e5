/** Sound through a bad network: the project's seeded relay between a telephone and the engine. */
import { systemClock as clock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, MixId } from '../../base/ids';
import { Impairment } from '../../infra/impair/impairment';
import { UdpRelay } from '../../infra/impair/udp-relay';
import { estimateQuality } from '../../media/quality/e-model';
import { IMPLEMENTATIONS, openParty, value } from '../support/media-bench';
import type { MediaBench } from '../support/media-bench';
import { toneLevelDbfs } from '../support/spectrum';
import { pause } from '../support/wait';

const NETWORK = { lossShare: 0.03, jitterMs: 30, delayMs: 40 };
const SEQUENCE_HZ = [520, 1150, 1700, 2300, 800];
const TONE_MS = 400;
const SPOKEN_MS = 12_000;

/** The tones in the order in which they are heard, each once per stay. */
function tonesOf(samples: Float64Array): number[] {
  const tones: number[] = [];
  for (let at = 0; at + 800 <= samples.length; at += 400) {
    const piece = samples.subarray(at, at + 800);
    const levels = SEQUENCE_HZ.map((hz) => toneLevelDbfs(piece, hz));
    const loudest = SEQUENCE_HZ[levels.indexOf(Math.max(...levels))] ?? 0;
    if (Math.max(...levels) > -15 && tones.at(-1) !== loudest) tones.push(loudest);
  }
  return tones;
}

describe('the impairment', () => {
  it('does the same to the same packets with the same seed, and what it was asked to over many', () => {
    const fates = (seed: number): (readonly number[])[] => {
      const impairment = new Impairment({ ...NETWORK, seed, duplicateShare: 0.1 });
      return Array.from({ length: 20_000 }, () => impairment.next());
    };
    const [one, again, other] = [fates(1), fates(1), fates(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one.filter(({ length }) => length === 0).length / one.length).toBeCloseTo(0.03, 2);
    expect(one.filter(({ length }) => length === 2).length / one.length).toBeCloseTo(0.097, 1);
    expect(Math.min(...one.flat())).toBeGreaterThanOrEqual(40);
    expect(Math.max(...one.flat())).toBeLessThanOrEqual(70);
    expect(() => new Impairment({ ...NETWORK, seed: 1, lossShare: 3 })).toThrow(RangeError);
  });
});

describe('a caller whose packets stop while the agent talks on', () => {
  it('is told of within 4 s, and of the agent nothing', async () => {
    const bench = await (IMPLEMENTATIONS['the engine in this process'] as () => Promise<MediaBench>)();
    const caller = await openParty(bench.port);
    const agent = await openParty(bench.port);
    const sounds: string[] = [];
    bench.port.onEvent((event) => {
      if (event.type === 'sound-changed')
        sounds.push(`${event.endpointId === caller.id ? 'caller' : 'agent'} ${event.sound}`);
    });
    value(await bench.port.bridge(caller.id, agent.id));
    caller.peer.speak();
    agent.peer.speak();
    await pause(1200);
    expect([...sounds].sort()).toEqual(['agent heard', 'caller heard']);
    caller.peer.hush();
    await pause(4000);
    expect(sounds.slice(2)).toEqual(['caller none']);
    caller.peer.close();
    agent.peer.close();
    await bench.close();
  }, 15_000);
});

describe('a caller behind 3 % loss, 30 ms jitter and 40 ms delay', () => {
  let bench: MediaBench;
  const closers: (() => void)[] = [];
  beforeEach(async () => {
    bench = await (IMPLEMENTATIONS['the engine in this process'] as () => Promise<MediaBench>)();
  });
  afterEach(async () => {
    closers.splice(0).forEach((close) => close());
    await bench.close();
  });

  it('is heard with MOS 4.0 at least, and every tone of its sequence is recognised in its order', async () => {
    const { port } = bench;
    const caller = await openParty(port, { sequenceHz: SEQUENCE_HZ, toneMs: TONE_MS });
    const agent = await openParty(port);
    closers.push(
      () => caller.peer.close(),
      () => agent.peer.close(),
    );
    const target = { address: '127.0.0.1', port: caller.peer.remotePort };
    const relay = await UdpRelay.open({
      target,
      toTarget: { ...NETWORK, seed: 4 },
      toPeer: { ...NETWORK, seed: 5 },
      clock,
    });
    closers.push(() => relay.close());
    caller.peer.remotePort = relay.port;
    const mixId = newId<MixId>();
    const everybody = (endpointId: EndpointId) => ({ endpointId, hears: 'all', speaks: 'all' }) as const;
    value(await port.openMix({ mixId }));
    value(await port.joinMix(mixId, [everybody(caller.id), everybody(agent.id)]));
    caller.peer.speak();
    agent.peer.speak();
    await pause(SPOKEN_MS);
    const stats = value(await port.stats(caller.id));
    expect(relay.counts().lost).toBeGreaterThan(10);
    expect(stats.mos).toBeGreaterThanOrEqual(4.0);
    // Nothing tells the engine of the network's 40 ms, since no report comes back through the relay: they are added here.
    const lossShare = (stats.concealedMs ?? NaN) / SPOKEN_MS;
    const delayMs = NETWORK.delayMs + (stats.jitterBufferMs ?? NaN) + 20;
    const { mos } = estimateQuality({ codec: 'PCMA', lossShare, delayMs });
    expect(mos).toBeGreaterThanOrEqual(4.0);
    expect(stats.jitterBufferMs).toBeLessThan(120);
    const tones = tonesOf(agent.peer.heard().subarray(8000));
    expect(tones.length).toBeGreaterThan(20);
    tones.slice(1).forEach((hz, index) => {
      const before = SEQUENCE_HZ.indexOf(tones[index] ?? 0);
      expect(hz).toBe(SEQUENCE_HZ[(before + 1) % SEQUENCE_HZ.length]);
    });
  }, 30_000);
});
