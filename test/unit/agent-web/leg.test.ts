import { InvariantError } from '../../../base/errors';
import { isTaken, mayAnswer, nextLegState } from '../../../agent-web/src/phone/leg';
import type { LegInput, LegState } from '../../../agent-web/src/phone/leg';

const STATES: LegState[] = ['preparing', 'answer-wanted', 'ringing', 'answering', 'connected', 'ended'];
const INPUTS: LegInput[] = ['prepared', 'answer', 'accepted', 'ended'];

const MOVES: [LegState, LegInput, LegState][] = [
  ['preparing', 'prepared', 'ringing'],
  ['preparing', 'answer', 'answer-wanted'],
  ['answer-wanted', 'prepared', 'answering'],
  ['ringing', 'answer', 'answering'],
  ['answering', 'accepted', 'connected'],
  ['preparing', 'ended', 'ended'],
  ['answer-wanted', 'ended', 'ended'],
  ['ringing', 'ended', 'ended'],
  ['answering', 'ended', 'ended'],
  ['connected', 'ended', 'ended'],
];

describe('a leg', () => {
  test.each(MOVES)('%s, %s → %s', (from, input, to) => {
    expect(nextLegState(from, input)).toBe(to);
  });

  const legal = new Set(MOVES.map(([from, input]) => `${from} ${input}`));
  const illegal = STATES.flatMap((from) => INPUTS.map((input): [LegState, LegInput] => [from, input])).filter(
    ([from, input]) => !legal.has(`${from} ${input}`),
  );
  test.each(illegal)('%s refuses %s', (from, input) => {
    expect(() => nextLegState(from, input)).toThrow(InvariantError);
  });

  test('may speak only once the agent has answered', () => {
    expect(STATES.filter(isTaken)).toEqual(['answering', 'connected']);
  });

  test('may be answered only while it rings or is being prepared', () => {
    expect(STATES.filter(mayAnswer)).toEqual(['preparing', 'ringing']);
  });
});
