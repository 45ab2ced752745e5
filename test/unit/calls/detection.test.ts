/** What becomes of calls in which media hears fax machines, answering machines and silence. */
import type { EndpointId } from '../../../base/ids';
import type { Finding } from '../../../media/detection/terms';
import { parseFlow } from '../../../flows/document';
import { OneAgent } from './support/one-agent';

const TRUNK = { trunkId: 'carrier', callerId: '100' };

const centerWith = (steps: object, more: object = {}): OneAgent => {
  const flow = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps, ...more });
  if (!flow.ok) throw new Error(flow.fault.message);
  return new OneAgent({ flow: flow.value, trunk: TRUNK });
};

const legs = (one: OneAgent): EndpointId[] => [...one.media.endpoints.keys()];

const hear = async (one: OneAgent, endpointId: EndpointId | undefined, finding: Finding): Promise<void> => {
  if (endpointId === undefined) throw new Error('there is no such leg');
  one.media.emit({ ...finding, endpointId });
  await one.pass(500);
};

const historyOf = (one: OneAgent) => [...one.saved.values()][0];

const CNG: Finding = { type: 'fax-detected', tone: 'cng' };

describe('a flow with a step for fax machines', () => {
  const faxTo = { do: 'dial', number: '+4999', otherwise: 'end' };
  const end = { do: 'hang-up', reason: 'no fax' };
  const prompts = [{ prompt: 'welcome', language: 'en' }];

  it('sends a fax on to its number in the middle of a prompt, once', async () => {
    const steps = {
      ...{ answer: { do: 'answer', next: 'play' }, play: { do: 'play', prompts, next: 'end' } },
      ...{ fax: faxTo, end },
    };
    const one = centerWith(steps, { fax: 'fax' });
    one.signaling.arrive('caller');
    await one.pass(500);
    const [caller] = legs(one);
    expect(one.media.detections.get(caller as EndpointId)).toEqual({ fax: true });
    await hear(one, caller, CNG);
    expect(one.media.plays.size).toBeLessThanOrEqual(1);
    expect(one.signaling.outgoing).toHaveLength(1);
    await hear(one, caller, CNG);
    one.signaling.outgoing[0]?.answer();
    await one.pass(500);
    expect(one.signaling.outgoing).toHaveLength(1);
    expect(one.media.detections.get(caller as EndpointId)).toEqual({});
    expect(historyOf(one)).toMatchObject({ detections: [{ role: 'caller', heard: 'fax', detail: 'cng' }] });
    expect(historyOf(one)?.segments.at(-1)).toMatchObject({ kind: 'talk', detail: '+4999' });
  });

  it('takes a fax out of the queue again', async () => {
    const steps = {
      ...{ answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support' } },
      ...{ fax: faxTo, end },
    };
    const one = centerWith(steps, { fax: 'fax' });
    await one.talk();
    one.signaling.arrive('fax machine');
    await one.pass(500);
    await hear(one, legs(one).at(-1), CNG);
    expect(one.signaling.outgoing).toHaveLength(2);
    const waited = [...one.saved.values()].at(-1);
    expect(waited?.segments.map(({ kind }) => kind)).toEqual(['flow', 'queue', 'flow', 'ringing']);
  });
});

describe('a fax that is heard while an agent rings', () => {
  it('leaves the queue, and the agent rings no more', async () => {
    const steps = {
      ...{ answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support' } },
      ...{ fax: { do: 'dial', number: '+4999', otherwise: 'end' }, end: { do: 'hang-up', reason: 'no fax' } },
    };
    const one = centerWith(steps, { fax: 'fax' });
    one.signaling.arrive('fax machine');
    await one.pass(500);
    const [agent] = one.signaling.outgoing;
    expect([one.call?.state, agent?.state]).toEqual(['ringing', 'ringing']);
    await hear(one, legs(one)[0], CNG);
    expect([one.call, agent?.state]).toEqual([undefined, 'over']);
    one.signaling.outgoing[1]?.answer();
    await one.pass(500);
    expect(
      historyOf(one)
        ?.segments.map(({ kind }) => kind)
        .slice(-3),
    ).toEqual(['flow', 'ringing', 'talk']);
    expect(one.center.desks.agents()).toMatchObject([{ state: 'ready' }]);
  });
});

describe('a dial step with a step for machines', () => {
  const steps = {
    answer: { do: 'answer', next: 'dial' },
    dial: { do: 'dial', number: '+491', machine: 'machine', tone: 'never', otherwise: 'nobody' },
    machine: { do: 'hang-up', reason: 'a machine' },
    nobody: { do: 'hang-up', reason: 'nobody' },
  };

  const answered = async (): Promise<OneAgent> => {
    const one = centerWith(steps);
    one.signaling.arrive('caller');
    await one.pass(500);
    one.signaling.outgoing[0]?.answer();
    await one.pass(500);
    return one;
  };

  const verdict = (answeredBy: 'human' | 'machine' | 'not-sure'): Finding => ({
    type: 'answered-by',
    answeredBy,
    cause: 'short-greeting',
  });

  it.each(['human', 'not-sure'] as const)('puts the caller through to %s', async (who) => {
    const one = await answered();
    const peer = legs(one)[1];
    expect(one.media.detections.get(peer as EndpointId)).toEqual({ fax: true, answeringMachine: { beepMs: 0 } });
    expect(historyOf(one)?.segments.at(-1)?.kind).toBe('ringing');
    await hear(one, peer, verdict(who));
    expect(historyOf(one)).toMatchObject({ answeredBy: who });
    expect(historyOf(one)?.segments.at(-1)?.kind).toBe('talk');
  });

  it.each([verdict('machine'), { type: 'fax-detected', tone: 'ced' } as const])('hangs up on %j', async (finding) => {
    const one = await answered();
    await hear(one, legs(one)[1], finding);
    expect(historyOf(one)?.outcome).toMatchObject({ reason: 'a machine' });
    expect(legs(one)).toHaveLength(0);
  });

  it('lets caller and called party hear each other only when it is a person, though it rang with sound', async () => {
    const sounding = async (): Promise<OneAgent> => {
      const one = centerWith(steps);
      one.signaling.arrive('caller');
      await one.pass(500);
      one.signaling.outgoing[0]?.progress();
      await one.pass(500);
      const [caller, peer] = legs(one) as [EndpointId, EndpointId];
      expect(one.media.bridged.get(caller)).toBe(peer);
      one.signaling.outgoing[0]?.answer();
      await one.pass(500);
      expect(one.media.bridged.size).toBe(0);
      expect([...one.media.plays.values()]).toMatchObject([{ endpointId: caller, sources: [{ kind: 'ring-back' }] }]);
      return one;
    };
    const person = await sounding();
    const [caller, peer] = legs(person) as [EndpointId, EndpointId];
    await hear(person, peer, verdict('human'));
    expect([person.media.bridged.get(caller), person.media.plays.size]).toEqual([peer, 0]);
    const machine = await sounding();
    await hear(machine, legs(machine)[1], verdict('machine'));
    expect(historyOf(machine)?.outcome).toMatchObject({ reason: 'a machine' });
  });

  it('puts the caller through when media does not say, and goes on when the called party hangs up', async () => {
    const silent = await answered();
    await silent.pass(9000);
    expect(historyOf(silent)?.segments.at(-1)?.kind).toBe('talk');
    const gone = await answered();
    gone.signaling.outgoing[0]?.dialog?.end({ by: 'remote', reason: undefined });
    await gone.pass(500);
    expect(historyOf(gone)?.outcome).toMatchObject({ reason: 'nobody' });
  });
});
