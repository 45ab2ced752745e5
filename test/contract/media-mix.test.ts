/** Mixes, heard: who hears whom and, just as much, who does not. For both implementations of MediaPort. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { MediaEvent, MediaPort, MixMember } from '../../media/ports';
import { supervisionMembers } from '../../media/supervision';
import type { SupervisionMode } from '../../media/supervision';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { IMPLEMENTATIONS, codeOf, openParty, value } from '../support/media-bench';
import type { MediaBench, TestParty } from '../support/media-bench';
import type { RtpPeer, RtpPeerOptions } from '../support/rtp-peer';
import { fromPcm16, levelDbfs, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';
import { voiceLevelDbfs } from '../support/who-hears';

/** Far above what leaks through G.711's quantisation and far below a voice of the tests (-9 dBFS). */
const HEARD_DBFS = -25;
const SILENT_DBFS = -45;
jest.setTimeout(60_000);

const everybody = (endpointId: EndpointId): MixMember => ({ endpointId, hears: 'all', speaks: 'all' });

const levelOf = (peer: RtpPeer, hz: number): number => toneLevelDbfs(peer.heard(), hz, peer.sampleRateHz);

/** The telephones are in this process, too: on a busy machine they do not speak evenly, and mixes make up what is late. */
const EVENLY_WITHIN_MS = 8_000;

const loudest = (samples: Float64Array): number => Math.max(...samples.map(Math.abs));

interface Moment {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** When something was done, which is somewhere between asking for it and the answer. */
async function timed(what: () => Promise<Result<unknown>>): Promise<Moment> {
  const earliestMs = performance.now();
  value(await what());
  return { earliestMs, latestMs: performance.now() };
}

describe.each(Object.keys(IMPLEMENTATIONS))('mixes of MediaPort: %s', (name) => {
  let bench: MediaBench;
  let port: MediaPort;
  let peers: RtpPeer[];
  let events: MediaEvent[];
  let mixId: MixId;

  beforeEach(async () => {
    bench = await (IMPLEMENTATIONS[name] as () => Promise<MediaBench>)();
    port = bench.port;
    peers = [];
    events = [];
    mixId = newId<MixId>();
    port.onEvent((event) => events.push(event));
  });

  afterEach(async () => {
    peers.forEach((peer) => peer.close());
    await bench.close();
  });

  async function party(frequencyHz: number, options: RtpPeerOptions = {}): Promise<TestParty & { hz: number }> {
    const opened = await openParty(port, { frequencyHz, ...options });
    peers.push(opened.peer);
    opened.peer.speak();
    return { ...opened, hz: frequencyHz };
  }

  /** After a change: waits until what was on its way has passed, then listens to `frames` of each. */
  async function listen(parties: readonly TestParty[], frames = 20): Promise<void> {
    await pause(160);
    parties.forEach(({ peer }) => peer.clear());
    await until('sound', () => parties.every(({ peer }) => peer.received.length >= frames));
  }

  /** Of what was heard since {@link listen}; where that was no even sound, of what is heard then. */
  async function expectToHear(
    listener: TestParty,
    heard: readonly { hz: number }[],
    unheard: readonly { hz: number }[],
  ): Promise<void> {
    const { peer } = listener;
    const faults = (): string[] => [
      ...heard.filter(({ hz }) => !(levelOf(peer, hz) > HEARD_DBFS)).map(({ hz }) => `${hz} Hz is missing`),
      ...unheard.filter(({ hz }) => !(levelOf(peer, hz) < SILENT_DBFS)).map(({ hz }) => `${hz} Hz is heard`),
    ];
    const deadlineMs = performance.now() + EVENLY_WITHIN_MS;
    while (faults().length > 0 && performance.now() < deadlineMs) await listen([listener]);
    expect(faults()).toEqual([]);
  }

  it('three parties of both laws each hear the other two and not themselves', async () => {
    const [a, b, c] = [await party(440), await party(1000, { codec: 'PCMU' }), await party(1700)];
    value(await port.openMix({ mixId }));
    value(
      await port.joinMix(
        mixId,
        [a, b, c].map(({ id }) => everybody(id)),
      ),
    );
    await listen([a, b, c]);
    await expectToHear(a, [b, c], [a]);
    await expectToHear(b, [a, c], [b]);
    await expectToHear(c, [a, b], [c]);
    expect(value(await port.stats(a.id)).jitterBufferMs).toBeLessThan(200);
  });

  it('a member that is muted is heard by nobody and goes on hearing; its volume can be changed', async () => {
    const [a, b] = [await party(440), await party(1000)];
    value(await port.openMix({ mixId }));
    value(
      await port.joinMix(mixId, [
        { ...everybody(a.id), muted: true },
        { ...everybody(b.id), gainDb: -12 },
      ]),
    );
    await listen([a, b]);
    await expectToHear(a, [b], []);
    await expectToHear(b, [], [a]);
    expect(toneLevelDbfs(a.peer.heard(), b.hz)).toBeCloseTo(-9 - 12, 0);
    value(await port.joinMix(mixId, [everybody(a.id)]));
    await listen([b]);
    await expectToHear(b, [a], [b]);
  });

  it('who leaves the mix hears and says nothing in it any more, and may be bridged again', async () => {
    const [a, b, c] = [await party(440), await party(1000), await party(1700)];
    value(await port.openMix({ mixId }));
    value(
      await port.joinMix(
        mixId,
        [a, b, c].map(({ id }) => everybody(id)),
      ),
    );
    value(await port.leaveMix(c.id));
    await listen([a, b]);
    await expectToHear(a, [b], [c]);
    c.peer.clear();
    await pause(80);
    expect(c.peer.received).toHaveLength(0);
    value(await port.bridge(a.id, b.id));
    await listen([a, b]);
    await expectToHear(a, [b], [a]);
    expect(value(await port.counts())).toMatchObject({ bridges: 1, mixes: 1 });
    value(await port.closeMix(mixId));
    value(await port.closeMix(mixId));
    expect(value(await port.counts())).toMatchObject({ bridges: 1, mixes: 0 });
  });

  it('monitor, whisper and barge in one call: changed while it runs, each heard by whom it is meant for alone', async () => {
    const [customer, agent, boss] = [await party(440), await party(1000), await party(1700)];
    const recordingId = newId<RecordingId>();
    value(await port.bridge(customer.id, agent.id));
    value(await port.startRecording({ recordingId, path: 'supervised.wav', codec: 'PCMA' }));
    value(await port.attachRecording(recordingId, 0, customer.id));
    value(await port.attachRecording(recordingId, 1, agent.id));
    value(await port.openMix({ mixId, forwardDigits: true }));
    const supervise = async (mode: SupervisionMode): Promise<void> => {
      const supervisors = [{ endpointId: boss.id, mode }];
      value(
        await port.joinMix(
          mixId,
          supervisionMembers({ groups: [[customer.id, agent.id]], agent: agent.id, supervisors }),
        ),
      );
      await listen([customer, agent, boss]);
    };
    await supervise('monitor');
    await expectToHear(customer, [agent], [boss, customer]);
    await expectToHear(agent, [customer], [boss, agent]);
    await expectToHear(boss, [customer, agent], [boss]);
    await supervise('whisper');
    await expectToHear(customer, [agent], [boss, customer]);
    await expectToHear(agent, [customer, boss], [agent]);
    await expectToHear(boss, [customer, agent], [boss]);
    await supervise('barge');
    await expectToHear(customer, [agent, boss], [customer]);
    await expectToHear(agent, [customer, boss], [agent]);
    await supervise('monitor');
    await expectToHear(customer, [agent], [boss, customer]);
    await expectToHear(agent, [customer], [boss, agent]);
    const { path } = value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, path))));
    for (const channel of [0, 1]) {
      const recorded = fromPcm16(channelSamples(wav, channel));
      expect(toneLevelDbfs(recorded, boss.hz)).toBeLessThan(SILENT_DBFS - 10);
      expect(voiceLevelDbfs(recorded, [customer, agent][channel]?.hz ?? 0)).toBeGreaterThan(HEARD_DBFS);
    }
  });

  it('several supervisors: one listens, one whispers, one barges; only the one who barges is heard by all', async () => {
    const [customer, agent] = [await party(440), await party(800)];
    const [listener, whisperer, barger] = [await party(1300), await party(1900), await party(2600)];
    const supervisors = [
      { endpointId: listener.id, mode: 'monitor' },
      { endpointId: whisperer.id, mode: 'whisper' },
      { endpointId: barger.id, mode: 'barge' },
    ] as const;
    value(await port.openMix({ mixId }));
    value(
      await port.joinMix(
        mixId,
        supervisionMembers({ groups: [[customer.id, agent.id]], agent: agent.id, supervisors }),
      ),
    );
    await listen([customer, agent, listener, whisperer, barger]);
    await expectToHear(customer, [agent, barger], [customer, listener, whisperer]);
    await expectToHear(agent, [customer, whisperer, barger], [agent, listener]);
    await expectToHear(listener, [customer, agent, barger], [listener, whisperer]);
    await expectToHear(whisperer, [customer, agent, barger], [listener, whisperer]);
    await expectToHear(barger, [customer, agent], [barger, listener, whisperer]);
  });

  it('from bridge to mix and back the voice is gone for 40 ms at most, in one stream without a break', async () => {
    const [a, b, c] = [await party(440), await party(1000), await party(1700)];
    value(await port.openMix({ mixId }));
    value(await port.bridge(a.id, b.id));
    const comeAndGo = async (): Promise<void> => {
      value(
        await port.joinMix(
          mixId,
          supervisionMembers({
            groups: [[a.id, b.id]],
            agent: b.id,
            supervisors: [{ endpointId: c.id, mode: 'monitor' }],
          }),
        ),
      );
      await pause(250);
      value(await port.bridge(a.id, b.id));
      await pause(250);
    };
    // What the machine keeps a process from running makes gaps longer and none shorter: the engine's own are in each round.
    let gapMs = Infinity;
    for (let round = 0; round < 8 && gapMs > 40; round += 1) {
      await listen([a, b]);
      for (let change = 0; change < 3; change += 1) await comeAndGo();
      for (const { peer } of [a, b]) {
        expect(new Set(peer.received.map(({ ssrc }) => ssrc)).size).toBe(1);
        expect(peer.sequenceBreaks()).toBe(0);
      }
      gapMs = Math.max(longestGapMs(a.peer.heardByTimestamp(), b.hz), longestGapMs(b.peer.heardByTimestamp(), a.hz));
    }
    expect(gapMs).toBeLessThanOrEqual(40);
  });

  it.each([
    ['PCMA', 'PCMU'],
    ['PCMA', 'G722'],
    ['G722', 'PCMU'],
    ['OPUS', 'PCMA'],
    ['G722', 'OPUS'],
  ] as const)('a bridge of %s and %s transcodes both ways, digits included', async (codecA, codecB) => {
    const [a, b] = [await party(440, { codec: codecA }), await party(1000, { codec: codecB })];
    value(await port.bridge(a.id, b.id));
    await listen([a, b]);
    await expectToHear(a, [b], [a]);
    await expectToHear(b, [a], [b]);
    expect(value(await port.counts())).toMatchObject({ bridges: 1, mixes: 0 });
    a.peer.press(3, 100);
    await until('the digit', () => b.peer.received.some(({ payload }) => payload.length === 4 && payload[0] === 3));
    value(await port.unbridge(a.id));
    await pause(60);
    b.peer.clear();
    await pause(80);
    expect(b.peer.received).toHaveLength(0);
  });

  it('two wide-band parties stay wide-band in a mix with a narrow-band one, and all are recorded and played to', async () => {
    const [a, b] = [await party(5000, { codec: 'G722' }), await party(1000, { codec: 'G722' })];
    const c = await party(1700);
    const recordingId = newId<RecordingId>();
    value(await port.startRecording({ recordingId, path: 'wide.wav', codec: 'PCMA' }));
    value(await port.attachRecording(recordingId, 0, b.id));
    value(await port.openMix({ mixId }));
    value(
      await port.joinMix(
        mixId,
        [a, b, c].map(({ id }) => everybody(id)),
      ),
    );
    await listen([a, b, c], 30);
    await expectToHear(b, [a, c], []);
    await expectToHear(a, [b, c], []);
    // What 8 kHz cannot carry must not fold down to where it is heard.
    await expectToHear(c, [b], [{ hz: 3000 }]);
    const { path } = value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, path))));
    const said = fromPcm16(channelSamples(wav, 0));
    // A busy machine takes its time before they speak.
    const levels = Array.from({ length: Math.floor(said.length / 1600) }, (_, at) =>
      toneLevelDbfs(said.slice(at * 1600, (at + 1) * 1600), 1000),
    );
    expect(Math.max(...levels)).toBeGreaterThan(-14);
    const sources = [{ kind: 'music', name: 'default' }] as const;
    value(await port.play({ playId: newId<PlayId>(), endpointId: a.id, sources }));
    a.peer.clear();
    await until('music', () => a.peer.received.length > 30);
    expect(levelDbfs(a.peer.heard())).toBeGreaterThan(-40);
  });

  it('while masked a recording is silent on both channels, and goes on by itself when that is forgotten', async () => {
    const [a, b] = [await party(440), await party(1000)];
    const recordingId = newId<RecordingId>();
    // How early and how late each step may have been taken: a busy machine takes its time for it.
    const begun = await timed(() => port.startRecording({ recordingId, path: 'masked.wav', codec: 'PCMU' }));
    value(await port.attachRecording(recordingId, 0, a.id));
    value(await port.attachRecording(recordingId, 1, b.id));
    const attachedMs = performance.now();
    await pause(600);
    expect(codeOf(await port.maskRecording(recordingId, 10))).toBe('bad_input');
    const masked = await timed(() => port.maskRecording(recordingId, 1000));
    a.peer.press(5, 100);
    await pause(2200);
    const again = await timed(() => port.maskRecording(recordingId, 60_000));
    await pause(500);
    value(await port.unmaskRecording(recordingId));
    await pause(100);
    const { path } = value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, path))));
    for (const [channel, hz] of [
      [0, 440],
      [1, 1000],
    ] as const) {
      const recorded = fromPcm16(channelSamples(wav, channel));
      const between = (fromMs: number, toMs: number): Float64Array =>
        recorded.subarray(Math.round((fromMs - begun.earliestMs) * 8), Math.round((toMs - begun.latestMs) * 8));
      expect(toneLevelDbfs(between(attachedMs + 100, masked.earliestMs - 50), hz)).toBeGreaterThan(HEARD_DBFS);
      // Bit for bit silent: nothing can be made out of it. What came before may stand up to 250 ms later, by its timestamp.
      expect(loudest(between(masked.latestMs + 300, masked.earliestMs + 950))).toBe(0);
      expect(toneLevelDbfs(between(masked.latestMs + 1500, again.earliestMs - 50), hz)).toBeGreaterThan(HEARD_DBFS);
      expect(loudest(between(again.latestMs + 300, again.latestMs + 450))).toBe(0);
    }
  });

  it('a digit of a member reaches those who hear it when the mix forwards digits, and is reported in any case', async () => {
    const [a, b, c] = [await party(440), await party(1000), await party(1700)];
    value(await port.openMix({ mixId, forwardDigits: true }));
    value(await port.joinMix(mixId, [everybody(a.id), everybody(b.id), { ...everybody(c.id), hears: [b.id] }]));
    await pause(100);
    a.peer.press(7, 100);
    await until('the digit', () => events.some((event) => event.type === 'digit' && event.digit === '7'));
    await until('its events', () => b.peer.received.some(({ payload }) => payload.length === 4 && payload[0] === 7));
    expect(c.peer.received.some(({ payload }) => payload.length === 4)).toBe(false);
  });

  it('with tones, everybody hears who comes and who goes', async () => {
    const [a, b] = [await openParty(port), await openParty(port)];
    peers.push(a.peer, b.peer);
    value(await port.openMix({ mixId, tones: true }));
    value(await port.joinMix(mixId, [everybody(a.id)]));
    await pause(300);
    a.peer.clear();
    value(await port.joinMix(mixId, [everybody(b.id)]));
    await pause(300);
    expect(loudestDbfs(a.peer.heard(), 660)).toBeGreaterThan(-27);
    expect(loudestDbfs(a.peer.heard(), 880)).toBeGreaterThan(-27);
    a.peer.clear();
    value(await port.leaveMix(b.id));
    await pause(300);
    expect(loudestDbfs(a.peer.heard(), 880)).toBeGreaterThan(-27);
  });

  it('a play is heard by its listener in the place of the mix, which comes back afterwards', async () => {
    const [a, b] = [await party(440), await party(1000)];
    value(await port.openMix({ mixId }));
    value(await port.joinMix(mixId, [everybody(a.id), everybody(b.id)]));
    const sources = [{ kind: 'silence', durationMs: 400 }] as const;
    value(await port.play({ playId: newId<PlayId>(), endpointId: a.id, sources }));
    a.peer.clear();
    await until('silence', () => a.peer.received.length > 10);
    expect(levelOf(a.peer, b.hz)).toBeLessThan(SILENT_DBFS);
    await until('the end', () => events.some(({ type }) => type === 'play-ended'));
    await listen([a]);
    await expectToHear(a, [b], [a]);
    expect(a.peer.sequenceBreaks()).toBe(0);
  });

  it('what cannot be mixed is refused, and then nobody has moved', async () => {
    const [a, b] = [await party(440), await party(1000)];
    value(await port.bridge(a.id, b.id));
    const unknown = newId<EndpointId>();
    expect(codeOf(await port.joinMix(mixId, [everybody(a.id)]))).toBe('not_found');
    value(await port.openMix({ mixId }));
    expect(codeOf(await port.openMix({ mixId }))).toBe('conflict');
    expect(codeOf(await port.joinMix(mixId, [everybody(a.id), everybody(unknown)]))).toBe('not_found');
    expect(codeOf(await port.leaveMix(unknown))).toBe('not_found');
    const waiting = newId<EndpointId>();
    value(await port.openEndpoint({ endpointId: waiting, kind: 'rtp', codecs: ['PCMA'] }));
    expect(codeOf(await port.joinMix(mixId, [everybody(a.id), everybody(waiting)]))).toBe('conflict');
    expect(value(await port.counts())).toMatchObject({ bridges: 1, mixes: 1 });
    await listen([a, b]);
    await expectToHear(a, [b], [a]);
  });

  it('an endpoint that is closed has left; a mix without members rests', async () => {
    const [a, b] = [await party(440), await party(1000)];
    value(await port.openMix({ mixId }));
    value(await port.joinMix(mixId, [everybody(a.id), everybody(b.id)]));
    value(await port.closeEndpoint(a.id));
    await listen([b]);
    await expectToHear(b, [], [a, b]);
    value(await port.closeEndpoint(b.id));
    value(await port.closeMix(mixId));
    expect(value(await port.counts())).toMatchObject({ endpoints: 0, mixes: 0, portsInUse: 0 });
  });
});

/** The level of a tone in the 50 ms in which it is loudest. */
function loudestDbfs(samples: Float64Array, frequencyHz: number): number {
  const pieces = Array.from({ length: Math.floor(samples.length / 200) - 1 }, (_, index) => index * 200);
  return Math.max(...pieces.map((at) => toneLevelDbfs(samples.subarray(at, at + 400), frequencyHz)));
}

/** The longest stretch, in steps of 5 ms, in which the tone is more than 15 dB below its level. */
function longestGapMs(samples: Float64Array, frequencyHz: number): number {
  const [window, step] = [80, 40];
  let longest = 0;
  let start: number | undefined;
  for (let at = 0; at + window <= samples.length; at += step) {
    const there = toneLevelDbfs(samples.subarray(at, at + window), frequencyHz) > -24;
    if (there) start = undefined;
    else start ??= at;
    if (start !== undefined) longest = Math.max(longest, ((at - start + step) * 1000) / 8000);
  }
  return longest;
}
