/** What is said to a leg over real sockets is told as events: fax tones, silence and sound, people and machines. */
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import type { Detection } from '../../media/detection/terms';
import type { AudioCodec, MediaEvent, MediaPort } from '../../media/ports';
import { IMPLEMENTATIONS, codeOf, openParty, value } from '../support/media-bench';
import type { MediaBench, TestParty } from '../support/media-bench';
import { joined, silence, sine, syllables, toPcm } from '../support/detection-corpus';
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

  const party = async (sound: Sound, codec: AudioCodec = 'PCMA'): Promise<TestParty> => {
    const opened = await openParty(port, { codec, voice: toPcm(sound) });
    parties.push(opened);
    return opened;
  };

  /** Listened to from its first packet on. */
  const speaks = async ({ id, peer }: TestParty, wanted?: Detection): Promise<void> => {
    if (wanted) value(await port.detect(id, wanted));
    peer.speak();
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

  const typesOf = ({ id }: TestParty): MediaEvent['type'][] =>
    events.filter((event) => 'endpointId' in event && event.endpointId === id).map(({ type }) => type);

  it('fax machines, silence and sound, a person, a machine and its beep, all at a time; unasked legs are left alone', async () => {
    const cng = joined(silence(300), sine(1100, 500, -12), silence(1500));
    const calling = await party(cng);
    const unasked = await party(cng);
    const answering = await party(joined(silence(200), sine(2100, 2600, -12)), 'OPUS');
    const pausing = await party(joined(silence(1000), syllables(800)));
    const person = await party(joined(silence(400), syllables(500), silence(9000)));
    const beep = joined(sine(1000, 400, -14), silence(4000));
    const machine = await party(joined(silence(300), syllables(3000), silence(300), beep), 'G722');
    await speaks(unasked);
    await speaks(calling, { fax: true });
    await speaks(answering, { fax: true });
    await speaks(pausing, { silenceMs: 600 });
    await speaks(person, { fax: true, answeringMachine: {} });
    await speaks(machine, { fax: true, answeringMachine: {} });
    const silences = (): boolean[] =>
      events.flatMap((event) => (event.type === 'silence-changed' ? [event.silent] : []));

    expect(await told('fax-detected', calling)).toMatchObject({ tone: 'cng' });
    // A busy machine may lose sound in the middle, and with it the phase.
    expect(['ced', 'ansam']).toContain((await told('fax-detected', answering)).tone);
    await until('silence and sound again', () => silences().length >= 2, 8000);
    expect(silences().slice(0, 2)).toEqual([true, false]);
    value(await port.detect(pausing.id, {}));
    const before = silences().length;
    expect(await told('answered-by', person)).toMatchObject({ answeredBy: 'human', cause: 'short-greeting' });
    expect(await told('answered-by', machine)).toMatchObject({ answeredBy: 'machine', cause: 'long-greeting' });
    const ended = await told('greeting-ended', machine);
    expect(ended.by).toBe('beep');
    expect(Math.abs((ended.beepHz ?? 0) - 1000)).toBeLessThan(10);
    expect(silences()).toHaveLength(before);
    expect(typesOf(unasked)).not.toContain('fax-detected');
    expect([...typesOf(person), ...typesOf(machine)]).not.toContain('fax-detected');
  }, 40_000);

  it('listening begins in the middle of a conversation: the other hears every packet, as it was sent', async () => {
    const answering = await party(joined(silence(300), sine(2100, 1500, -12)));
    const agent = await party(silence(2000));
    value(await port.bridge(answering.id, agent.id));
    answering.peer.speak();
    agent.peer.speak();
    await until('the agent hears', () => agent.peer.received.length > 5);
    value(await port.detect(answering.id, { fax: true, answeringMachine: {} }));
    await told('fax-detected', answering);
    expect(agent.peer.sequenceBreaks()).toBe(0);
    const [tone, heard] = [toPcm(sine(2100, 1500, -12)), agent.peer.heard()];
    const levelOf = (sound: ArrayLike<number>): number =>
      Math.sqrt(Array.from(sound).reduce((sum, value) => sum + value * value, 0) / sound.length);
    expect(levelOf(heard.slice(-1600)) / (levelOf(tone) / 32_768)).toBeCloseTo(1, 1);
  }, 10_000);

  it('refuses an unknown leg, and terms out of their bounds', async () => {
    const { id } = await party(silence(100));
    expect(codeOf(await port.detect(newId<EndpointId>(), { fax: true }))).toBe('not_found');
    expect(codeOf(await port.detect(id, { silenceMs: 10 }))).toBe('bad_input');
    expect(codeOf(await port.detect(id, { answeringMachine: { maxWords: 0 } }))).toBe('bad_input');
  });
});
