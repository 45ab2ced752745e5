/** An agent who has answered has the call only when sound can come through. */
import { ANN, BOB, SmallCenter } from '../support/small-center';

let center: SmallCenter;

beforeEach(async () => {
  center = new SmallCenter();
  await center.ready(ANN, BOB);
});

const music = (): string[] =>
  [...center.media.plays.values()].flatMap(({ sources }) =>
    sources.map((source) => ('name' in source ? source.name : source.kind)),
  );

/** A caller comes, and the first agent answers at a browser whose media come to nothing. */
const answeredInVain = async () => {
  center.media.browsersAreMute = true;
  const invite = center.signaling.arrive('customer');
  await center.pass();
  center.media.endPlay([...center.media.plays.keys()][0]!, 'finished');
  await center.answer();
  return { invite, first: center.newest };
};

it('until then the customer hears music; then both are joined at once', async () => {
  await answeredInVain();
  await center.pass(4_000);
  expect(center.joined).toEqual([]);
  expect(music()).toEqual(['default']);
  const browser = [...center.media.endpoints.values()].find(({ kind }) => kind === 'webrtc')!;
  center.media.emit({ type: 'connected', endpointId: browser.endpointId });
  await center.pass();
  expect(center.joined).toEqual(['ann + customer']);
  await center.pass(20_000);
  expect(center.joined).toEqual(['ann + customer']);
});

it('after eight seconds the call is offered elsewhere, at its old place, and the agent is not ready', async () => {
  const { first } = await answeredInVain();
  center.media.browsersAreMute = false;
  await center.pass(8_000);
  expect(first.dialog?.ended).toBeDefined();
  expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
  expect(center.callOf(BOB)?.state).toBe('ringing');
  await center.answer();
  expect(center.joined).toEqual(['bob + customer']);
  expect(center.history.segments.filter(({ kind }) => kind === 'ringing').map(({ detail }) => detail)).toEqual([
    'unreachable',
    undefined,
  ]);
});

it('an agent who hangs up meanwhile has declined', async () => {
  const { first } = await answeredInVain();
  first.dialog?.end({ by: 'remote', reason: undefined });
  const browser = [...center.media.endpoints.values()].find(({ kind }) => kind === 'webrtc')!;
  center.media.browsersAreMute = false;
  center.media.emit({ type: 'connected', endpointId: browser.endpointId });
  await center.pass();
  expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
  expect(center.callOf(BOB)?.state).toBe('ringing');
});

it('a caller who hangs up meanwhile leaves nothing behind', async () => {
  const { invite, first } = await answeredInVain();
  invite.leave();
  await center.pass();
  expect(first.dialog?.ended).toBeDefined();
  expect(center.stateOf(ANN)).toBe('ready');
  expect(center.center.openCalls).toBe(0);
  await center.pass(10_000);
  expect(center.media.endpoints.size).toBe(0);
});
