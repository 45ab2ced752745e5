import { pageOf } from '../../../agent-web/src/layout/route';

describe("the address's page", () => {
  test.each([
    ['#/calls', 'calls'],
    ['#team', 'desk'],
    ['', 'desk'],
    ['#/nowhere', 'desk'],
  ] as const)('%j shows %s to an agent', (hash, page) => {
    expect(pageOf(hash, ['desk', 'calls'])).toBe(page);
  });

  test('a supervisor begins with the calls', () => {
    expect(pageOf('#/desk', ['calls', 'team'])).toBe('calls');
  });
});
