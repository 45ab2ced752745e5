import { NumberPlan } from '../../../calls/number-plan';

const plan = new NumberPlan([
  { number: '4000' },
  { number: '40' },
  { number: '+4930100', suffix: { min: 2, max: 4 } },
  { number: '+493010099' },
  { number: '500', suffix: { min: 0, max: 1 } },
]);

it.each([
  ['4000', { kind: 'complete', number: '4000', suffix: '' }],
  ['40', { kind: 'complete', number: '40', suffix: '' }],
  ['400', { kind: 'incomplete' }],
  ['4', { kind: 'incomplete' }],
  ['4001', { kind: 'unknown' }],
  ['40001', { kind: 'unknown' }],
  ['+4930100', { kind: 'incomplete' }],
  ['+49301001', { kind: 'incomplete' }],
  ['+493010012', { kind: 'complete', number: '+4930100', suffix: '12' }],
  ['+49301001234', { kind: 'complete', number: '+4930100', suffix: '1234' }],
  ['+493010012345', { kind: 'unknown' }],
  ['+493010099', { kind: 'complete', number: '+493010099', suffix: '' }],
  ['+4930100991', { kind: 'complete', number: '+4930100', suffix: '991' }],
  ['500', { kind: 'complete', number: '500', suffix: '' }],
  ['5007', { kind: 'complete', number: '500', suffix: '7' }],
  ['', { kind: 'unknown' }],
])('%s', (dialled, match) => {
  expect(plan.match(dialled)).toEqual(match);
});
