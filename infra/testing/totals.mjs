/**
 * Adds up what Jest wrote down about each stage. A stage that wrote nothing has crashed, and a file that could not be run
 * has no tests to count, nor has a stage whose chosen tests do not exist: each of them is one failure, so that nothing of
 * it can look like success.
 * @param {{ code: number, results: JestResults | undefined }[]} stages
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numRuntimeErrorTestSuites: number,
 * }} JestResults
 */
export function totalsOf(stages) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { code, results } of stages) {
    const failed = results ? results.numFailedTests + results.numRuntimeErrorTestSuites : 0;
    totals.failed += failed === 0 && (code !== 0 || !results) ? 1 : failed;
    totals.passed += results?.numPassedTests ?? 0;
    totals.skipped += (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  }
  return totals;
}

/** The last line of every run. @param {{ passed: number, failed: number, skipped: number }} totals */
export const totalsLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
