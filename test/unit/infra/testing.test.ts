import { ROOT } from '../../../infra/setup/paths.mjs';
import { runJest } from '../../../infra/testing/jest.mjs';
import { testStages } from '../../../infra/testing/stages.mjs';
import { totalsLine, totalsOf } from '../../../infra/testing/totals.mjs';

describe('test stages', () => {
  const root = '/home/a+b/test/switchroom';
  const pathPattern = (jestArgs: string[]): RegExp => new RegExp(jestArgs.at(-1) ?? '');

  test.each([
    ['test/unit/base/ids.test.ts', 'quick tests'],
    ['test/architecture.test.ts', 'quick tests'],
    ['test/a-new-folder/x.test.ts', 'quick tests'],
    ['test/unit/e2e/x.test.ts', 'quick tests'],
    ['test/contract/media-mix.test.ts', 'contract tests'],
    ['test/e2e/first-call/hears.test.ts', 'product tests'],
    ['test/interop/drachtio.test.ts', 'product tests'],
  ])('%s runs once, with the %s', (path, expected) => {
    const stages = testStages({ root, args: [] });
    const running = stages.filter(({ jestArgs }) => pathPattern(jestArgs).test(`${root}/${path}`));
    expect(running.map(({ name }) => name)).toEqual([expected]);
  });

  test('arguments make one stage of their own; chosen tests of the running product run one after another', () => {
    expect(testStages({ root, args: ['test/unit/acd'] })).toEqual([
      { name: 'chosen tests', jestArgs: ['test/unit/acd'] },
    ]);
    const [stage] = testStages({ root, args: ['test/e2e/first-call'] });
    expect(stage?.jestArgs).toEqual(['--runInBand', 'test/e2e/first-call']);
  });

  test('a stage may be empty, but a chosen test that does not exist is a failure', async () => {
    for (const { jestArgs } of testStages({ root, args: [] })) expect(jestArgs).toContain('--passWithNoTests');
    const [stage] = testStages({ root: ROOT, args: ['test/e2e/typo'] });
    const ran = await runJest({ jestArgs: stage?.jestArgs ?? [], env: process.env, output: 'ignore' });
    expect(ran.code).toBe(1);
    expect(totalsOf([ran]).failed).toBe(1);
  }, 60_000);
});

describe('test totals', () => {
  const none = {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  };

  test('add up over the stages', () => {
    const totals = totalsOf([
      { code: 0, results: { ...none, numPassedTests: 10, numPendingTests: 2 } },
      { code: 1, results: { ...none, numPassedTests: 5, numFailedTests: 1, numTodoTests: 1 } },
    ]);
    expect(totalsLine(totals)).toBe('15 passed, 1 failed, 3 skipped');
  });

  test('a stage that crashed and a file that cannot be run count as failures', () => {
    const notRun = { code: 1, results: { ...none, numRuntimeErrorTestSuites: 2 } };
    expect(totalsOf([{ code: 1, results: undefined }, notRun]).failed).toBe(3);
  });
});
