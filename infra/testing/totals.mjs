/**
 * Adds up what Jest wrote down about each stage. A stage that wrote nothing has crashed, and a file that could not be run
 * has no tests to count: each of them is one failure, so that no crash can look like success.
 * @param {(JestResults | undefined)[]} results
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numRuntimeErrorTestSuites: number,
 * }} JestResults
 */
export function totalsOf(results) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) {
    if (result === undefined) {
      totals.failed += 1;
      continue;
    }
    totals.passed += result.numPassedTests;
    totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    totals.skipped += result.numPendingTests + result.numTodoTests;
  }
  return totals;
}

/** The last line of every run. @param {{ passed: number, failed: number, skipped: number }} totals */
export const totalsLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
