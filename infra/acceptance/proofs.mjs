import { idsInTests, toolsNeeded } from './requirements.mjs';

/**
 * @typedef {import('./requirements.mjs').Requirement} Requirement
 * @typedef {{ file: string, name: string }} NamedTest
 * @typedef {NamedTest & { missingTools: string[] }} LeftOutTest a test that does not run on this machine
 * @typedef {Requirement & { tests: NamedTest[], leftOut: LeftOutTest[], supporting: NamedTest[] }} Row
 */

/** Only tests of the whole running system prove a row; tests against other programs support it. */
const PROVING = 'test/e2e/';

/**
 * Puts tests to the rows that their names carry. A test that is left out on this machine proves nothing here.
 * @param {{ requirements: Requirement[], files: { path: string, source: string }[], missingTools: string[] }} options
 * @returns {{ rows: Row[], unknown: { id: string, file: string }[] }} `unknown`: ids that no row has
 */
export function proveRows({ requirements, files, missingTools }) {
  const rows = requirements.map((row) => ({ ...row, tests: [], leftOut: [], supporting: [] }));
  const unknown = [];
  for (const { path: file, source } of files) {
    const missing = toolsNeeded(source).filter((tool) => missingTools.includes(tool));
    for (const { id, name } of idsInTests(source)) {
      const row = rows.find((candidate) => candidate.id === id);
      if (!row) unknown.push({ id, file });
      else if (!file.startsWith(PROVING)) row.supporting.push({ file, name });
      else if (missing.length > 0) row.leftOut.push({ file, name, missingTools: missing });
      else row.tests.push({ file, name });
    }
  }
  return { rows, unknown };
}

/** @param {Row[]} rows */
export const provenCount = (rows) => rows.filter(({ tests }) => tests.length > 0).length;
