import { figuresFor, percentText } from '../../../agent-web/src/wallboard/wallboard-figures';

const FIGURES = { offered: 2, answered: 1, abandoned: 1, diverted: 0, longestWaitMs: 9_000 };
const QUEUE = { queueId: 'support', name: 'Support', waiting: 1, agentsReady: 0, agentsBusy: 1 };

it('the half hour comes with the queue, the day with the report', () => {
  const today = [{ queueId: 'support', total: { ...FIGURES, offered: 50 }, intervals: [] }];
  expect(figuresFor({ ...QUEUE, figures: FIGURES }, undefined).offered).toBe(2);
  expect(figuresFor({ ...QUEUE, figures: FIGURES }, today).offered).toBe(50);
});

it('a queue without contacts has done nothing', () => {
  expect(figuresFor(QUEUE, undefined)).toMatchObject({ offered: 0, longestWaitMs: 0 });
  expect(figuresFor({ ...QUEUE, figures: FIGURES }, [])).toMatchObject({ offered: 0 });
});

it.each([
  [undefined, '–'],
  [0, '0.0 %'],
  [0.80449, '80.4 %'],
  [1, '100.0 %'],
])('a share of %s is %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});
