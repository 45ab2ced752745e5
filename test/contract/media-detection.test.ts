/** What is said to a leg over real sockets is told as events: fax tones, silence and sound, people and machines. */
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import type { Detection } from '../../media/detection/terms';
import type { MediaEvent, MediaPort } from '../../media/ports';
import { IMPLEMENTATIONS, codeOf, openParty, value } from '../support/media-bench';
import type { MediaBench, TestParty } from '../support/media-bench';
import { joined, silence, sine, toPcm } from '../support/detection-corpus';
import type { Sound } from '../support/detection-corpus';
import { until } from '../support/wait';

describe.each(Object.keys(IMPLEMENTATIONS))('detection: %s', (name) => {
  let bench: MediaBench;
  let port: MediaPort;
  let events: MediaEvent[];
  let parties: TestParty[];

  beforeEach(async () => {
    bench = await (IMPLEMENTATIONS[name] as () => Promise<MediaBench>)();
    port = bench.port;
    events = [];
    parties = [];
    port.onEvent((event) => events.push(event));
  });

  afterEach(async () => {
    for (const { peer } of parties) peer.close();
    await bench.close();
  });

  const says = async (sound: Sound, codec: 'PCMA' | 'OPUS' = 'PCMA'): Promise<TestParty> => {
    const party = await openParty(port, { codec, voice: toPcm(sound) });
    parties.push(party);
    party.peer.speak();
    return party;
  };

  const told = <Type extends MediaEvent['type']>(
    type: Type,
    { id }: TestParty,
  ): Promise<Extract<MediaEvent, { type: Type }>> =>
    until(
      type,
      () =>
        events.find(
          (event): event is Extract<MediaEvent, { type: Type }> =>
            event.type === type && 'endpointId' in event && event.endpointId === id,
        ),
      8000,
    );

  const onlyTold = (party: TestParty): MediaEvent['type'][] =>
    events.filter((event) => 'endpointId' in event && event.endpointId === party.id).map(({ type }) => type);

  it('fax machines, silence and sound, a person, a machine and its beep, all at a time; unasked legs are left alone', async () => {
    const cng = joined(silence(300), sine(1100, 500, -12), silence(1500));
    const calling = await says(cng);
    const unasked = await says(cng);
    const answering = await says(joined(silence(200), sine(2100, 2600, -12)), 'OPUS');
    const pausing = await says(joined(silence(1000), syllables(800)));
    const person = await says(joined(silence(400), syllables(500), silence(20_000)));
    const beep = sine(1000, 400, -14);
    const machine = await says(joined(silence(300), syllables(3000), silence(300), beep, silence(9000)), 'G722');
    const detect = async ({ id }: TestParty, wanted: Detection) => value(await port.detect(id, wanted));
    await Promise.all([
      detect(calling, { fax: true }),
      detect(answering, { fax: true }),
      detect(pausing, { silenceMs: 600 }),
      detect(person, { fax: true, answeringMachine: {} }),
      detect(machine, { fax: true, answeringMachine: {} }),
    ]);
    const silences = (): boolean[] =>
      events.flatMap((event) => (event.type === 'silence-changed' ? [event.silent] : []));

    expect(await told('fax-detected', calling)).toMatchObject({ tone: 'cng' });
    expect(await told('fax-detected', answering)).toMatchObject({ tone: 'ced' });
    await until('silence and sound again', () => silences().length >= 2, 8000);
    expect(silences().slice(0, 2)).toEqual([true, false]);
    await detect(pausing, {});
    const before = silences().length;
    expect(await told('answered-by', person)).toMatchObject({ answeredBy: 'human', cause: 'short-greeting' });
    expect(await told('answered-by', machine)).toMatchObject({ answeredBy: 'machine', cause: 'long-greeting' });
    const ended = await told('greeting-ended', machine);
    expect(ended.by).toBe('beep');
    expect(Math.abs((ended.beepHz ?? 0) - 1000)).toBeLessThan(10);
    expect(silences()).toHaveLength(before);
    expect(onlyTold(unasked)).not.toContain('fax-detected');
    expect([...onlyTold(person), ...onlyTold(machine)]).not.toContain('fax-detected');
  }, 40_000);

  it('refuses an unknown leg, and terms out of their bounds', async () => {
    const party = await says(silence(100));
    expect(codeOf(await port.detect(newId<EndpointId>(), { fax: true }))).toBe('not_found');
    expect(codeOf(await port.detect(party.id, { silenceMs: 10 }))).toBe('bad_input');
    expect(codeOf(await port.detect(party.id, { answeringMachine: { maxWords: 0 } }))).toBe('bad_input');
  });
});

/** As loud and as uneven as a voice: two pitches with harmonics, in syllables of 200 ms. */
function syllables(ms: number): Sound {
  const rounds = Math.ceil(ms / 200);
  const one = (hz: number): Sound =>
    sine(hz, 180, -20).map(
      (sample, at) => sample * (1 + Math.sin(at / 60)) + 0.7 * (sine(2.1 * hz, 180, -20)[at] ?? 0),
    );
  return joined(...Array.from({ length: rounds }, (_, round) => joined(one(180 + 40 * (round % 2)), silence(20))));
}
