/** The pool's decisions, with processes that only remember: who takes a leg, and what becomes of those who lose theirs. */
import { SimulatedClock } from '../../../../base/clock';
import { asId, newId } from '../../../../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import { MediaPool } from '../../../../media/pool/pool';
import type { MediaEvent, OpenEndpoint } from '../../../../media/ports';
import { ProcessDouble } from '../../../support/media-process-double';

let clock: SimulatedClock;
let processes: [ProcessDouble, ProcessDouble, ProcessDouble];
let pool: MediaPool;
let events: MediaEvent[];
let neighbours: Map<EndpointId, EndpointId>;

beforeEach(() => {
  clock = new SimulatedClock();
  processes = [new ProcessDouble('one'), new ProcessDouble('two'), new ProcessDouble('three')];
  neighbours = new Map();
  pool = new MediaPool({
    processes: processes.map((process) => ({ name: process.name, port: process.port })),
    neighbourOf: (endpointId) => neighbours.get(endpointId),
    clock,
    log: silentLogger(),
  });
  events = [];
  pool.onEvent((event) => events.push(event));
});

afterEach(() => pool.close());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

const open = async (name: string, more: Partial<OpenEndpoint> = {}): Promise<EndpointId> => {
  const endpointId = asId<EndpointId>(name);
  const opened = await pool.openEndpoint({ endpointId, kind: 'rtp', codecs: ['PCMU', 'PCMA'], offer: 'v=0', ...more });
  if (!opened.ok) throw new Error(opened.fault.message);
  return endpointId;
};

const loads = (): number[] => pool.processes().map(({ endpoints }) => endpoints);
const typesOf = (): string[] => events.map(({ type }) => type);

describe('placement', () => {
  it('calls that begin are spread by load, a further leg goes to its call', async () => {
    const a = await open('a');
    await open('b', { near: a });
    await open('c');
    await open('d');
    expect(loads()).toEqual([2, 1, 1]);
  });

  it('a leg of which only its call is known goes there as well', async () => {
    const a = await open('a');
    neighbours.set(asId('b'), a);
    await open('b');
    expect(loads()).toEqual([2, 0, 0]);
  });

  it('a process with twice the weight takes twice as many', async () => {
    const weighted = new MediaPool({
      processes: [
        { name: 'small', port: new ProcessDouble('small').port },
        { name: 'large', port: new ProcessDouble('large').port, weight: 2 },
      ],
      clock,
      log: silentLogger(),
    });
    for (let call = 0; call < 6; call += 1)
      await weighted.openEndpoint({ endpointId: newId<EndpointId>(), kind: 'rtp', codecs: ['PCMA'] });
    expect(weighted.processes().map(({ endpoints }) => endpoints)).toEqual([2, 4]);
  });

  it('a full process is passed over', async () => {
    processes[0].full = true;
    await open('a');
    expect(loads()).toEqual([0, 1, 0]);
  });

  it('a draining process takes no call that begins, but the further legs of its own', async () => {
    const a = await open('a');
    expect(pool.drain('one').ok).toBe(true);
    await open('b', { near: a });
    await open('c');
    expect(loads()).toEqual([2, 1, 0]);
    expect(pool.processes()[0]).toMatchObject({ name: 'one', state: 'draining' });
  });

  it('the last process that takes calls is not drained', () => {
    expect([pool.drain('one').ok, pool.drain('two').ok]).toEqual([true, true]);
    expect(pool.drain('three')).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  });

  it('what could not be opened counts nowhere', async () => {
    for (const process of processes) process.full = true;
    expect(await pool.openEndpoint({ endpointId: newId<EndpointId>(), kind: 'rtp', codecs: ['PCMA'] })).toMatchObject({
      ok: false,
      fault: { code: 'overloaded' },
    });
    expect(loads()).toEqual([0, 0, 0]);
  });
});

it('what joins legs of two processes takes packets from each other alone', async () => {
  const [a, b] = [await open('a'), await open('b')];
  expect((await pool.bridge(a, b)).ok).toBe(true);
  const ends = processes.flatMap(({ opened }) => opened.filter(({ endpointId }) => ![a, b].includes(endpointId)));
  expect(ends).toHaveLength(2);
  expect(ends.map(({ rtpSources }) => rtpSources)).toEqual([[], []]);
});

describe('a process that dies', () => {
  it('its call is opened anew in one place, by our offer, as the session and with the codec that it had', async () => {
    const a = await open('a');
    await open('b', { near: a, kind: 'webrtc' });
    await open('c');
    processes[0].die();
    await settle();
    expect(loads()).toEqual([0, 1, 2]);
    expect(processes[2].opened[0]).toEqual({
      endpointId: 'a',
      kind: 'rtp',
      codecs: ['PCMA', 'PCMU'],
      continues: expect.stringContaining('o=- 7 1') as string,
    });
    expect(events).toEqual([
      expect.objectContaining({ type: 'endpoint-reopened', endpointId: 'a', kind: 'rtp', reason: 'process-lost' }),
      expect.objectContaining({ type: 'endpoint-reopened', endpointId: 'b', kind: 'webrtc', reason: 'process-lost' }),
    ]);
  });

  it('its legs go on where there is room when the process with the least load is full', async () => {
    await open('a');
    processes[1].full = true;
    processes[0].die();
    await settle();
    expect(loads()).toEqual([0, 0, 1]);
    expect(typesOf()).toEqual(['endpoint-reopened']);
  });

  it('its bridge is laid as soon as both peers have answered, also when it was wanted meanwhile', async () => {
    const [a] = [await open('a')];
    const b = await open('b', { near: a });
    processes[0].die();
    await settle();
    expect((await pool.bridge(a, b)).ok).toBe(true);
    await pool.acceptAnswer(a, 'v=0');
    await settle();
    expect(processes[1].asked).toEqual(['acceptAnswer a']);
    await pool.acceptAnswer(b, 'v=0');
    await settle();
    expect(processes[1].asked.slice(1)).toEqual(['acceptAnswer b', 'bridge a b']);
  });

  it('a play begins again with the answer; one that is stopped before has ended', async () => {
    const [a, b] = [await open('a'), asId<EndpointId>('b')];
    await open('b', { near: a });
    const [music, prompt] = [asId<PlayId>('music'), asId<PlayId>('prompt')];
    const sources = [{ kind: 'silence', durationMs: 1 }] as const;
    await pool.play({ playId: music, endpointId: a, sources, loop: true });
    await pool.play({ playId: prompt, endpointId: b, sources });
    processes[0].die();
    await settle();
    await pool.stopPlay(prompt);
    expect(events.at(-1)).toEqual({ type: 'play-ended', playId: prompt, endpointId: b, reason: 'stopped' });
    await pool.acceptAnswer(a, 'v=0');
    await pool.acceptAnswer(b, 'v=0');
    await settle();
    expect(processes[1].asked.filter((line) => line.startsWith('play'))).toEqual([
      `play ${JSON.stringify({ playId: music, endpointId: a, sources, loop: true })}`,
    ]);
  });

  it('a mix goes on elsewhere with each member as it is to be', async () => {
    const a = await open('a');
    const b = await open('b', { near: a });
    const mixId = asId<MixId>('mix');
    const members = [
      { endpointId: a, hears: 'all', speaks: [b] },
      { endpointId: b, hears: 'none', speaks: 'all', muted: true },
    ] as const;
    await pool.openMix({ mixId, tones: true });
    await pool.joinMix(mixId, members);
    processes[0].die();
    await settle();
    for (const endpointId of [a, b]) await pool.acceptAnswer(endpointId, 'v=0');
    await settle();
    expect(processes[1].asked).toContain('openMix {"mixId":"mix","tones":true}');
    expect(processes[1].asked.at(-1)).toBe(`joinMix mix ${JSON.stringify(members)}`);
  });

  it('its recordings are told of, and go on with their parties before anybody is unmasked', async () => {
    const a = await open('a');
    const [first, second] = [asId<RecordingId>('first'), asId<RecordingId>('second')];
    await pool.startRecording({ recordingId: first, path: '1.wav', codec: 'PCMA', near: a });
    await pool.attachRecording(first, 0, a);
    await pool.maskRecording(first, 60_000);
    processes[0].die();
    await settle();
    clock.advance(10_000);
    expect(events).toContainEqual({ type: 'recording-interrupted', recordingId: first });
    await pool.startRecording({ recordingId: second, path: '2.wav', codec: 'PCMA', continues: first, near: a });
    await settle();
    expect(processes[1].asked).toEqual([
      'startRecording {"recordingId":"second","path":"2.wav","codec":"PCMA"}',
      'maskRecording second 50000',
      'attachRecording second 0 a',
    ]);
  });

  it('the recording of a mix is told of as soon as that is mixed somewhere, and goes on there', async () => {
    const a = await open('a');
    const [mixId, first, second] = [asId<MixId>('mix'), asId<RecordingId>('first'), asId<RecordingId>('second')];
    await pool.openMix({ mixId });
    await pool.joinMix(mixId, [{ endpointId: a, hears: 'all', speaks: 'all' }]);
    await pool.startRecording({ recordingId: first, path: '1.wav', codec: 'PCMA', nearMix: mixId });
    for (const channel of [0, 1] as const) await pool.attachMix(first, channel, mixId);
    await pool.maskRecording(first, 60_000);
    processes[0].die();
    await settle();
    expect(typesOf()).toEqual(['endpoint-reopened']);
    await pool.acceptAnswer(a, 'v=0');
    await settle();
    expect(typesOf()).toEqual(['endpoint-reopened', 'recording-interrupted']);
    const next = { recordingId: second, path: '2.wav', codec: 'PCMA', nearMix: mixId, continues: first } as const;
    expect((await pool.startRecording(next)).ok).toBe(true);
    expect(processes[1].asked.slice(-4)).toEqual([
      'startRecording {"recordingId":"second","path":"2.wav","codec":"PCMA"}',
      'maskRecording second 60000',
      'attachMix second 0 mix',
      'attachMix second 1 mix',
    ]);
  });

  it('with nobody to take over for five seconds its legs are lost, and its recordings fail', async () => {
    const a = await open('a');
    await pool.startRecording({ recordingId: asId('r'), path: '1.wav', codec: 'PCMA', near: a });
    for (const process of [...processes].reverse()) process.die();
    for (let waited = 0; waited < 4900; waited += 50) {
      clock.advance(50);
      await settle();
    }
    expect(typesOf()).toEqual([]);
    for (let waited = 0; waited < 200; waited += 50) {
      clock.advance(50);
      await settle();
    }
    expect(events).toContainEqual({ type: 'endpoint-lost', endpointId: a, reason: 'process-lost' });
    expect(typesOf()).toContain('recording-failed');
    expect(clock.pendingTimers).toBe(0);
  });

  it('a single process is waited for, and takes its own legs again', async () => {
    const a = await open('a');
    for (const process of processes) process.die();
    clock.advance(1000);
    await settle();
    processes[0].comeBack();
    for (let turn = 0; turn < 3; turn += 1) {
      clock.advance(50);
      await settle();
    }
    expect(typesOf()).toEqual(['endpoint-reopened']);
    expect(processes[0].opened).toHaveLength(1);
    expect((await pool.closeEndpoint(a)).ok).toBe(true);
    expect(loads()).toEqual([0, 0, 0]);
  });

  it('what is closed while it is opened anew is open nowhere afterwards', async () => {
    const a = await open('a');
    processes[0].die();
    await pool.closeEndpoint(a);
    await settle();
    expect(typesOf()).toEqual([]);
    expect(loads()).toEqual([0, 0, 0]);
  });

  it('a browser whose worker died comes back in its own process, beside the others of its call', async () => {
    const a = await open('a');
    const b = await open('b', { near: a, kind: 'webrtc' });
    await pool.bridge(a, b);
    processes[0].emit({ type: 'endpoint-lost', endpointId: b, reason: 'worker-died' });
    await settle();
    expect(events).toEqual([
      expect.objectContaining({ type: 'endpoint-reopened', endpointId: b, reason: 'worker-died' }),
    ]);
    await pool.acceptAnswer(b, 'v=0');
    await settle();
    expect(processes[0].asked.at(-1)).toBe('bridge a b');
  });

  it('a leg that is lost by itself is lost', async () => {
    const a = await open('a');
    processes[0].emit({ type: 'endpoint-lost', endpointId: a, reason: 'ice-failed' });
    expect(events).toEqual([{ type: 'endpoint-lost', endpointId: a, reason: 'ice-failed' }]);
    expect(loads()).toEqual([0, 0, 0]);
  });
});
