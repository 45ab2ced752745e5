/** Who has been answered and is not put through hears why by a tone, and then the call goes on or ends as it should. */
import { toneOfFailure } from '../../../calls/failure-tone';
import type { PlaySource } from '../../../media/ports';
import { ANN, BOB, SmallCenter, flowOf } from './support/small-center';

const OUTSIDE = '+493077';
const CHINA = { country: '86', failureMs: 4000 };
const busyIn = (country: string): PlaySource => ({ kind: 'tone', tone: 'busy', durationMs: 4000, country });

const heardIn = (center: SmallCenter): PlaySource[] =>
  [...center.media.plays.values()].flatMap(({ sources }) => sources);

describe('an agent who has dialled', () => {
  const dialled = async (number: string, tones = CHINA): Promise<SmallCenter> => {
    const center = new SmallCenter({ tones });
    await center.center.desks.perform(ANN, { command: 'dial', number });
    await center.pass();
    await center.answer();
    return center;
  };

  it('hears busy of the own country and reads why; then the call has ended as busy', async () => {
    const center = await dialled(OUTSIDE);
    center.newest.refuse('busy');
    await center.pass();
    expect(heardIn(center)).toEqual([busyIn('86')]);
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', direction: 'outbound', dialFailure: 'busy' });
    expect(center.media.endpoints.size).toBe(1);
    await center.endTone();
    expect(center.history.outcome).toEqual({ result: 'failed', reason: 'busy', party: 'carrier' });
    expect(center.stateOf(ANN)).not.toBe('busy');
    center.expectNothingLeft();
  });

  it('who hangs up during the tone changes nothing about how the call ended', async () => {
    const center = await dialled(OUTSIDE);
    center.newest.refuse('not_found');
    await center.pass();
    expect(heardIn(center)).toEqual([{ ...busyIn('86'), tone: 'special-information' }]);
    await center.act(ANN, { command: 'hang-up' });
    expect(center.history.outcome).toEqual({ result: 'failed', reason: 'not-found', party: 'carrier' });
    center.expectNothingLeft();
  });

  it.each([
    ['has sent sound of its own', true],
    ['has announced sound and sent none', false],
  ])('a far end that %s before it refuses is doubled: %#', async (_what, sounded) => {
    const center = await dialled(OUTSIDE);
    center.newest.progress();
    await center.pass();
    const far = [...center.media.endpoints.values()].find(({ kind }) => kind === 'rtp');
    if (sounded && far) center.media.sounding.add(far.endpointId);
    center.newest.refuse('busy');
    await center.pass();
    expect(heardIn(center)).toEqual(sounded ? [] : [busyIn('86')]);
    if (!sounded) await center.endTone();
    expect(center.history.outcome).toMatchObject({ reason: 'busy', party: 'carrier' });
    center.expectNothingLeft();
  });

  it('a far end that has rung with sound, and said nothing, is spoken for', async () => {
    const center = await dialled(OUTSIDE);
    center.newest.progress();
    await center.pass();
    const far = [...center.media.endpoints.values()].find(({ kind }) => kind === 'rtp');
    if (!far) throw new Error('nobody was called');
    const { endpointId } = far;
    center.media.sounding.add(endpointId);
    expect(center.media.detections.get(endpointId)).toEqual({ silenceMs: 1500 });
    center.media.emit({ type: 'silence-changed', endpointId, silent: true });
    center.media.emit({ type: 'silence-changed', endpointId, silent: false });
    await center.pass();
    center.newest.refuse('busy');
    await center.pass();
    expect(heardIn(center)).toEqual([busyIn('86')]);
    await center.endTone();
    center.expectNothingLeft();
  });

  it('a far end is listened to no more once it has answered', async () => {
    const center = await dialled(OUTSIDE);
    center.newest.progress();
    await center.pass();
    await center.answer();
    expect([...center.media.detections.values()].filter(({ silenceMs }) => silenceMs !== undefined)).toEqual([]);
    await center.act(ANN, { command: 'hang-up' });
  });

  it('a colleague who declines is free at once', async () => {
    const center = await dialled('1002');
    expect(center.stateOf(BOB)).toBe('busy');
    center.newest.refuse('declined');
    await center.pass();
    expect(heardIn(center)).toEqual([busyIn('86')]);
    expect(center.stateOf(BOB)).not.toBe('busy');
    expect(center.callOf(BOB)).toBeUndefined();
    await center.endTone();
    center.expectNothingLeft();
  });

  it('hears nothing where that is set so', async () => {
    const center = await dialled(OUTSIDE, { ...CHINA, failureMs: 0 });
    center.newest.refuse('busy');
    await center.pass();
    expect(center.history.outcome).toMatchObject({ reason: 'busy' });
    center.expectNothingLeft();
  });
});

describe('a caller whose flow dials', () => {
  const ON_TO = { onto: { do: 'dial', number: OUTSIDE, otherwise: 'next' } };
  const steps = (tone: string, next: object) => ({
    answer: { do: 'answer', next: 'onto' },
    onto: { ...ON_TO.onto, tone },
    next,
  });
  const HANG_UP = { do: 'hang-up', reason: 'nobody there' };
  const QUEUE = { do: 'enqueue', queue: 'support' };

  const called = async (flow: object): Promise<SmallCenter> => {
    const center = new SmallCenter({ tones: CHINA, flow: flowOf(flow) });
    center.signaling.arrive('customer');
    await center.pass();
    return center;
  };

  it('hears busy of the country of its trunk before the flow hangs up', async () => {
    const center = await called(steps('auto', HANG_UP));
    center.newest.refuse('busy');
    await center.pass();
    expect(heardIn(center)).toEqual([busyIn('44')]);
    expect(center.history.outcome).toBeUndefined();
    await center.endTone();
    expect(center.history.outcome).toMatchObject({ result: 'answered', reason: 'nobody there' });
    expect(center.history.data).toMatchObject({ 'dial-result': 'busy' });
    center.expectNothingLeft();
  });

  it.each([
    ['auto', 'music'],
    ['always', 'tone'],
  ])('with %s, when the flow goes on in a queue, hears %s first', async (tone, first) => {
    const center = await called(steps(tone, QUEUE));
    center.newest.refuse('unavailable');
    await center.pass();
    expect(heardIn(center).map(({ kind }) => kind)).toEqual([first]);
    if (first === 'tone') await center.endTone();
    expect(center.history.segments.at(-1)?.kind).toBe('queue');
  });

  it('hears that a number, such as one of a flow, cannot be dialled at all', async () => {
    const center = await called({
      ...steps('auto', HANG_UP),
      onto: { do: 'dial', number: '4000', otherwise: 'next' },
    });
    expect(heardIn(center)).toEqual([{ ...busyIn('44'), tone: 'special-information' }]);
    await center.endTone();
    center.expectNothingLeft();
  });

  it('who hangs up during the tone has given up', async () => {
    const center = await called(steps('auto', HANG_UP));
    center.newest.refuse('busy');
    await center.pass();
    center.signaling.invites[0]?.leave();
    await center.pass();
    expect(center.history.outcome).toEqual({ result: 'abandoned', reason: 'hung-up', party: 'caller' });
    center.expectNothingLeft();
  });

  it('who has not been answered gets the status, and no tone', async () => {
    const center = new SmallCenter({ tones: CHINA });
    const invite = await center.phoneCalls('2002', OUTSIDE);
    center.newest.refuse('busy');
    await center.pass();
    expect([invite.status, heardIn(center)]).toEqual([486, []]);
  });

  it('a step plays the tone of that country for its time', async () => {
    const center = await called({
      answer: { do: 'answer', next: 'tone' },
      tone: { do: 'tone', tone: 'congestion', durationMs: 700, next: 'end' },
      end: HANG_UP,
    });
    expect(heardIn(center)).toEqual([{ kind: 'tone', tone: 'congestion', durationMs: 700, country: '44' }]);
    await center.endTone();
    expect(center.history.outcome?.reason).toBe('nobody there');
  });
});

describe('consultation and transfer', () => {
  it('an agent hears why whom it consulted was not reached, until the customer is back', async () => {
    const center = new SmallCenter({ tones: CHINA });
    await center.talkWithAnn();
    await center.act(ANN, { command: 'consult', target: { kind: 'number', number: OUTSIDE } });
    center.newest.refuse('busy');
    await center.pass();
    expect(heardIn(center)).toContainEqual(busyIn('86'));
    expect(center.callOf(ANN)).toMatchObject({ state: 'held', consultFailure: 'busy' });
    await center.act(ANN, { command: 'resume' });
    expect(heardIn(center)).toEqual([]);
    expect(center.joined).toEqual(['ann + customer']);
  });

  it('a transfer that nobody takes back tells the customer, and then ends', async () => {
    const center = new SmallCenter({ tones: CHINA });
    await center.center.desks.perform(ANN, { command: 'dial', number: OUTSIDE });
    await center.pass();
    await center.answer();
    await center.answer();
    await center.act(ANN, { command: 'transfer', target: { kind: 'number', number: '+49308' } });
    center.telephone(ANN, false);
    center.newest.refuse('busy');
    await center.pass();
    expect(heardIn(center)).toEqual([busyIn('86')]);
    await center.endTone();
    expect(center.history.outcome).toEqual({ result: 'failed', reason: 'transfer-failed', party: 'system' });
    center.expectNothingLeft();
  });
});

it.each([
  ['busy', 'busy'],
  ['declined', 'busy'],
  ['not-found', 'special-information'],
  ['forbidden', 'special-information'],
  ['no-answer', 'congestion'],
  ['unavailable', 'congestion'],
])('%s is told by %s', (reason, tone) => expect(toneOfFailure(reason)).toBe(tone));
