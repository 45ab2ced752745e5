/** That the judgement of a run under faults finds what is wrong, and nothing else. */
import { checkHistory } from '../../faults/check-history';
import type { Recorded } from '../../faults/check-history';
import type { Event, Happening } from '../../faults/history';

const CONTACT = '+4930';

/** Each happening a second after the one before. */
const events = (...happenings: Happening[]): Event[] =>
  happenings.map((happening, index) => ({ ...happening, atMs: index * 1_000 }));

const dialled: Happening = { type: 'dialled', contact: CONTACT };
const answered: Happening = { type: 'answered', contact: CONTACT };
const taken = (agent: string, contact = CONTACT): Happening => ({
  ...{ type: 'taken', contact, agent },
  leg: `${agent} ${contact}`,
});
const over = (agent: string, finished: boolean, contact = CONTACT): Happening => ({
  ...{ type: 'leg-over', contact, agent },
  ...{ leg: `${agent} ${contact}`, finished },
});
const left = (by: 'caller' | 'conversation' | 'nobody'): Happening => ({
  type: 'left',
  contact: CONTACT,
  departure: { by },
});
const dropped: Happening = { type: 'left', contact: CONTACT, departure: { by: 'center', reason: 'restarted' } };
const refused: Happening = { type: 'left', contact: CONTACT, departure: { by: 'refusal', status: 503 } };

const served: Recorded = {
  ...{ contact: CONTACT, isOver: true, result: 'answered', reason: 'hung-up' },
  agents: ['a'],
};
const abandoned: Recorded = { ...served, result: 'abandoned', reason: 'in-queue', agents: [] };
const lost: Recorded = { ...served, result: 'failed', reason: 'sip-server-lost', agents: [] };

const conversation = events(dialled, answered, taken('a'), over('a', true), left('conversation'));
const patience = events(dialled, answered, left('caller'));

it.each<[string, Event[], Recorded[]]>([
  ['a conversation', conversation, [served]],
  ['a caller who gives up', patience, [abandoned]],
  ['a caller whose call came anew when the SIP server was back', conversation, [served, lost]],
  [
    'a caller who gives up while the agent answers',
    events(dialled, left('caller'), taken('a'), over('a', false)),
    [abandoned],
  ],
  ['an agent who has one call after the other', [...conversation, ...events(dialled, left('caller'))], [served]],
])('finds nothing in %s', (_, history, recorded) => {
  expect(checkHistory(history, recorded)).toEqual([]);
});

it.each<[string, Event[], Recorded[], string]>([
  ['a caller who waits and is let go', events(dialled, answered, dropped), [abandoned], 'lost'],
  ['a caller who is refused', events(dialled, refused), [], 'lost'],
  ['a conversation of which nothing is written', conversation, [], 'lost'],
  ['a conversation that the center ends', events(dialled, taken('a'), over('a', false), dropped), [served], 'cut'],
  ['a caller for whom nothing happens', events(dialled, answered, left('nobody')), [abandoned], 'stuck'],
  ['a caller who never leaves', events(dialled, answered), [abandoned], 'stuck'],
  ['an interaction that is still open', conversation, [{ ...served, isOver: false }], 'stuck'],
  ['two interactions', conversation, [served, served], 'doubled'],
  [
    'two agents at once',
    events(dialled, taken('a'), taken('b'), answered, answered, over('a', true), over('b', true), left('conversation')),
    [{ ...served, agents: ['a', 'b'] }],
    'doubled',
  ],
  [
    'two conversations, one after the other',
    events(dialled, taken('a'), over('a', true), taken('b'), over('b', true), left('conversation')),
    [{ ...served, agents: ['a', 'b'] }],
    'doubled',
  ],
  ['a conversation that is written as abandoned', conversation, [{ ...abandoned, agents: ['a'] }], 'misreported'],
  ['a conversation with nobody', conversation, [{ ...served, agents: [] }], 'misreported'],
  ['a caller who gave up, of whom something else is written', patience, [lost], 'misreported'],
])('finds %s', (_, history, recorded, kind) => {
  expect(checkHistory(history, recorded).map((violation) => violation.kind)).toEqual([kind]);
});

it('finds an agent with two calls', () => {
  const second = '+4931';
  const both = events(
    { type: 'dialled', contact: second },
    ...[dialled, taken('a'), taken('a', second), answered, answered, over('a', true), over('a', true, second)],
    left('conversation'),
    { type: 'left', contact: second, departure: { by: 'conversation' } },
  );
  expect(checkHistory(both, [served, { ...served, contact: second }])).toMatchObject([{ kind: 'doubled' }]);
});
