import { SCORES } from '../../../acd/core/scores/table';
import { STRATEGIES } from '../../../acd/core/strategies/table';
import { en } from '../../../agent-web/src/i18n/en';

describe('the explanation of a decision', () => {
  test('has a name for each of the ready-made strategies, and for no other', () => {
    expect(Object.keys(en.decisions.strategy).sort()).toEqual(STRATEGIES.map(({ name }) => name).sort());
  });

  test('has a name for each score, and for no other', () => {
    expect(Object.keys(en.decisions.score).sort()).toEqual(Object.keys(SCORES).sort());
  });
});
