/** What a flow tells the ACD of a caller decides who is offered the call, and when. */
import type { CenterDeps } from '../../../../calls/center';
import type { QueueConfig } from '../../../../acd/core/config';
import { lastAgentIn } from '../../../../main/last-agent';
import { ok } from '../../../../base/result';
import { ANN, BOB, EVE, SmallCenter, flowOf } from '../support/small-center';

const centerWith = (
  contact: object,
  more: { support?: Partial<QueueConfig>; lastAgentOf?: CenterDeps['lastAgentOf'] } = {},
): SmallCenter =>
  new SmallCenter({
    ...more,
    flow: flowOf({
      answer: { do: 'answer', next: 'know' },
      know: { do: 'set', variables: { owner: 'bob', class: '3' }, next: 'queue' },
      queue: { do: 'enqueue', queue: 'support', contact },
    }),
  });

const arrive = async (center: SmallCenter, from = '+4930123'): Promise<void> => {
  center.signaling.arrive(from);
  await center.pass();
};

const ringing = (center: SmallCenter): string[] =>
  [ANN, BOB, EVE].filter((agentId) => center.callOf(agentId)?.state === 'ringing');

describe('the agent whom the customer knows', () => {
  const support = { preferredAgentMs: 30_000 };

  it.each([
    ['by a variable', { agent: '{owner}' }],
    ['by the extension', { agent: '1002' }],
  ])('is asked first, and then anybody else: %s', async (_name, contact) => {
    const center = centerWith(contact, { support });
    await center.ready(ANN, BOB);
    await arrive(center);
    expect(ringing(center)).toEqual([BOB]);
    await center.act(BOB, { command: 'hang-up' });
    await center.pass();
    expect(ringing(center)).toEqual([ANN]);
  });

  it('is nobody when the name leads nowhere: the call is offered at once', async () => {
    const center = centerWith({ agent: 'zoe' }, { support });
    await center.ready(ANN);
    await arrive(center);
    expect(ringing(center)).toEqual([ANN]);
  });

  it('is who answered last, by the history', async () => {
    const asked: string[] = [];
    const lastAgentOf = (caller: string) => Promise.resolve(void asked.push(caller)).then(() => BOB);
    const center = centerWith({ agent: 'last' }, { support, lastAgentOf });
    await center.ready(ANN, BOB);
    await arrive(center);
    expect(asked).toEqual(['+4930123']);
    expect(ringing(center)).toEqual([BOB]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['is silent', () => new Promise<undefined>(() => undefined)],
  ])('is nobody when the history %s', async (_name, lastAgentOf) => {
    const center = centerWith({ agent: 'last' }, { support, lastAgentOf });
    await center.ready(ANN);
    await arrive(center);
    await center.pass(600);
    expect(ringing(center)).toEqual([ANN]);
  });
});

it('skills are wanted beside those of the queue', async () => {
  const center = centerWith({ skills: { sales: 3 } });
  await center.ready(ANN, BOB, EVE);
  await arrive(center);
  expect(ringing(center)).toEqual([EVE]);
});

it('a higher class is served before who came a little earlier', async () => {
  const center = new SmallCenter({
    flow: flowOf({
      answer: { do: 'answer', next: 'who' },
      who: { do: 'branch', on: 'caller', cases: { '+4930999': 'gold' }, otherwise: 'plain' },
      plain: { do: 'enqueue', queue: 'support', contact: { tier: 'none', openCases: 'many' } },
      gold: { do: 'enqueue', queue: 'support', contact: { tier: '3' } },
    }),
  });
  await arrive(center, '+4930555');
  await arrive(center, '+4930999');
  await center.ready(ANN);
  await center.pass();
  expect(center.callOf(ANN)?.number).toBe('+4930999');
});

it('the history names who answered this very number last', async () => {
  const interaction = (number: string, agentId?: string) => ({ caller: { number }, agentId }) as never;
  const asked: object[] = [];
  const lastAgentOf = lastAgentIn({
    list: (filter) => {
      asked.push(filter);
      const items = [interaction('+49301234', 'eve'), interaction('+4930123'), interaction('+4930123', 'bob')];
      return Promise.resolve(ok({ items }));
    },
  });
  expect(await lastAgentOf('+4930123')).toBe('bob');
  expect(asked).toEqual([{ number: '+4930123', result: 'answered', limit: 20 }]);
});
