/** Keys by SIP INFO between the legs of a call, and keys that an agent types. */
import { fail, ok } from '../../../base/result';
import type { Result } from '../../../base/result';
import { ANN, OneAgent } from './support/one-agent';

/** What the customer's dialog reports by INFO. */
const pressByInfo = async (one: OneAgent, digit: string): Promise<void> => {
  one.signaling.invites.at(-1)?.dialog?.pressed({ digit, durationMs: 100 });
  await one.pass(50);
};

const mediaKeys = (one: OneAgent): string[] => one.media.sentDigits.map(({ digit }) => digit);

describe('an INFO of a leg whose keys come with the sound', () => {
  it('is passed on to the partner when nothing like it comes in the sound', async () => {
    const one = new OneAgent();
    await one.talk();
    await pressByInfo(one, '7');
    expect(mediaKeys(one)).toEqual([]);
    await one.pass(400);
    expect(mediaKeys(one)).toEqual(['7']);
  });

  it('is not when the key comes in the sound too, now or ever before', async () => {
    const one = new OneAgent();
    await one.talk();
    const [endpointId] = [...one.media.endpoints.keys()];
    if (endpointId === undefined) throw new Error('nobody is there');
    await pressByInfo(one, '7');
    one.media.emit({ type: 'digit', endpointId, digit: '7', durationMs: 100, form: 'rfc4733' });
    await one.pass(400);
    await pressByInfo(one, '8');
    await one.pass(400);
    expect(mediaKeys(one)).toEqual([]);
  });
});

describe('keys that an agent types', () => {
  const type = (one: OneAgent, digits: string): Promise<Result<void>> => {
    const callId = one.call?.callId;
    if (!callId) throw new Error('the agent has no call');
    return one.center.desks.perform(ANN, { command: 'send-digits', callId, digits });
  };

  it('keep their order, whoever is slow, and hold up no hanging up', async () => {
    const one = new OneAgent();
    await one.talk();
    let answer: (result: Result<void>) => void = () => undefined;
    one.media.digitsAnswered = () => new Promise((resolve) => (answer = resolve));
    const first = type(one, '12');
    const second = type(one, '3');
    await one.pass(200);
    expect(mediaKeys(one)).toEqual(['1']);
    answer(ok(undefined));
    await one.pass(200);
    answer(ok(undefined));
    await one.pass(200);
    expect(mediaKeys(one)).toEqual(['1', '2', '3']);
    const callId = one.call?.callId;
    if (callId) void one.center.desks.perform(ANN, { command: 'hang-up', callId });
    await one.pass(300);
    expect(one.call?.state).toBe('wrap-up');
    answer(fail('closed', 'over'));
    await one.pass(50);
    expect([(await first).ok, (await second).ok]).toEqual([true, false]);
  });
});
