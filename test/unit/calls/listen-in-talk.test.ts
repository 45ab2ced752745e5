/** What is listened for while an agent talks with somebody through a trunk, and who learns of it. */
import type { EndpointId } from '../../../base/ids';
import type { Detect } from '../../../base/detect';
import type { DeskCommand } from '../../../calls/ports';
import type { Finding } from '../../../media/detection/terms';
import { parseFlow } from '../../../flows/document';
import { ANN, OneAgent } from './support/one-agent';

const TRUNK = { trunkId: 'carrier', callerId: '100' };
const CED: Finding = { type: 'fax-detected', tone: 'ced' };
const MACHINE: Finding = { type: 'answered-by', answeredBy: 'machine', cause: 'long-greeting' };
const HUMAN: Finding = { type: 'answered-by', answeredBy: 'human', cause: 'short-greeting' };
const BEEP: Finding = { type: 'greeting-ended', by: 'beep', beepHz: 1000 };

const customerOf = (one: OneAgent): EndpointId => [...one.media.endpoints.keys()].at(-1) as EndpointId;

/** What media is asked to listen for on the customer's leg now. */
const asked = (one: OneAgent): unknown => one.media.detections.get(customerOf(one));

const hear = async (one: OneAgent, finding: Finding): Promise<void> => {
  one.media.emit({ ...finding, endpointId: customerOf(one) });
  await one.pass(50);
};

const historyOf = (one: OneAgent) => [...one.saved.values()].at(-1);

/** The agent dials a number outside, which has answered. */
const dialled = async (by: { trunk?: Detect; order?: Detect }): Promise<OneAgent> => {
  const one = new OneAgent({ trunk: TRUNK, ...(by.trunk && { trunkDetect: by.trunk }) });
  const command: DeskCommand = { command: 'dial', number: '+491', ...(by.order && { detect: by.order }) };
  expect(await one.center.desks.perform(ANN, command)).toMatchObject({ ok: true });
  await one.pass(100);
  one.signaling.outgoing[0]?.answer();
  await one.pass(100);
  expect(asked(one)).toBeUndefined();
  one.signaling.outgoing[1]?.answer();
  await one.pass(100);
  expect(one.call?.state).toBe('connected');
  return one;
};

it.each<[string, { trunk?: Detect; order?: Detect }, unknown]>([
  ['nothing where nobody says so', {}, undefined],
  ['what the trunk says', { trunk: 'machines' }, { fax: true, answeringMachine: {} }],
  ['what who dials says, rather than the trunk', { trunk: 'machines', order: 'nothing' }, undefined],
  ['faxes only', { order: 'fax' }, { fax: true }],
])('a number that an agent has dialled is listened to for %s', async (_what, by, wanted) => {
  expect(asked(await dialled(by))).toEqual(wanted);
});

it('the parties are joined even while media has not said that it listens', async () => {
  const one = new OneAgent({ trunk: TRUNK, trunkDetect: 'machines' });
  one.media.detect = () => new Promise(() => undefined);
  await one.center.desks.perform(ANN, { command: 'dial', number: '+491' });
  await one.pass(100);
  one.signaling.outgoing[0]?.answer();
  await one.pass(100);
  one.signaling.outgoing[1]?.answer();
  await one.pass(100);
  expect(one.media.hearing).toHaveLength(2);
  const { callId = undefined, state } = one.call ?? {};
  expect(state).toBe('connected');
  if (callId) void one.center.desks.perform(ANN, { command: 'hang-up', callId });
  await one.pass(500);
  expect(one.media.endpoints.size).toBe(0);
});

it('an answering machine is shown to the agent and to those who lead, then that it records; the history keeps it', async () => {
  const one = await dialled({ order: 'machines' });
  const told: unknown[] = [];
  one.center.desks.onEvent((event) => event.type === 'call' && told.push([event.call.heard, event.team.heard]));
  await hear(one, MACHINE);
  const heard = { what: 'machine', atMs: expect.any(Number) };
  expect(told.at(-1)).toEqual([heard, heard]);
  expect(asked(one)).toEqual({ fax: true, answeringMachine: {} });
  await hear(one, BEEP);
  expect(one.call?.heard).toMatchObject({ what: 'machine', awaitsMessage: true });
  expect(asked(one)).toEqual({});
  expect(one.call?.state).toBe('connected');
  expect(historyOf(one)).toMatchObject({
    answeredBy: 'machine',
    detections: [{ role: 'caller', id: '+491', heard: 'machine', detail: 'long-greeting' }],
  });
});

it('a machine that neither beeps nor falls silent is not said to record', async () => {
  const one = await dialled({ order: 'machines' });
  await hear(one, MACHINE);
  await hear(one, { type: 'greeting-ended', by: 'time' });
  expect(one.call?.heard).toEqual({ what: 'machine', atMs: expect.any(Number) });
});

it.each([
  ['a fax machine', CED, 'fax'],
  ['a person', HUMAN, 'human'],
])('behind %s there is nothing to listen for', async (_what, finding, what) => {
  const one = await dialled({ order: 'machines' });
  await hear(one, finding);
  expect(one.call?.heard).toMatchObject({ what });
  expect(asked(one)).toEqual({});
  expect(historyOf(one)?.answeredBy).toBe(what);
});

it('a fax machine stays one, whatever is heard of it later', async () => {
  const one = await dialled({ order: 'machines' });
  await hear(one, CED);
  await hear(one, MACHINE);
  expect(one.call?.heard).toMatchObject({ what: 'fax' });
});

it('nobody listens for longer than 40 s, or behind the end of the call; no timer is left', async () => {
  const one = await dialled({ order: 'fax' });
  await one.clock.advanceAsync(39_500, 500);
  expect(asked(one)).toEqual({ fax: true });
  await one.clock.advanceAsync(1_000, 500);
  expect(asked(one)).toEqual({});
  const other = await dialled({ order: 'fax' });
  const { callId = undefined } = other.call ?? {};
  if (callId) void other.center.desks.perform(ANN, { command: 'hang-up', callId });
  await other.clock.advanceAsync(5_000, 500);
  expect(other.clock.pendingTimers).toBe(0);
});

it('a caller is listened to for faxes only, once an agent has answered', async () => {
  const one = new OneAgent({ trunk: TRUNK, trunkDetect: 'machines' });
  await one.talk();
  expect([...one.media.detections.values()]).toEqual([{ fax: true }]);
  const [caller] = [...one.media.detections.keys()] as EndpointId[];
  one.media.emit({ type: 'fax-detected', tone: 'cng', endpointId: caller as EndpointId });
  await one.pass(50);
  expect(one.call?.heard).toMatchObject({ what: 'fax' });
  expect(historyOf(one)?.detections).toMatchObject([{ role: 'caller', heard: 'fax', detail: 'cng' }]);
  expect(historyOf(one)?.answeredBy).toBeUndefined();
});

it('what a flow has found out about its caller is shown to the agent who answers', async () => {
  const steps = {
    ...{ answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support' } },
    fax: { do: 'enqueue', queue: 'support' },
  };
  const flow = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps, fax: 'fax' });
  if (!flow.ok) throw new Error(flow.fault.message);
  const one = new OneAgent({ flow: flow.value });
  one.signaling.arrive('fax machine');
  await one.pass(500);
  const [caller] = [...one.media.endpoints.keys()];
  one.media.emit({ type: 'fax-detected', tone: 'cng', endpointId: caller as EndpointId });
  await one.pass(500);
  one.signaling.outgoing.at(-1)?.answer();
  await one.pass(500);
  expect(one.call).toMatchObject({ state: 'connected', heard: { what: 'fax' } });
});
