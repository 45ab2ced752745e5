/** A row of docs/requirements.md's tables. @typedef {{ id: string, need: string, section: string }} Requirement */

/**
 * @param {string} markdown
 * @returns {Requirement[]} in the document's order
 * @throws {Error} when an id is there twice
 */
export function readRequirements(markdown) {
  const rows = [];
  let section = '';
  for (const line of markdown.split('\n')) {
    section = /^## (?:\d+\. )?(.+)$/.exec(line)?.[1] ?? section;
    const [, id, need] = /^\| ([A-Z]{2,5}-\d{2,3}) \| (.+?) \|/.exec(line) ?? [];
    if (id === undefined) continue;
    if (rows.some((row) => row.id === id)) throw new Error(`docs/requirements.md has ${id} twice`);
    rows.push({ id, need, section });
  }
  return rows;
}

/** The first argument of describe, test and it, whatever stands between the word and its parenthesis. */
const TEST_NAME =
  /\b(?:describe|test|it)(?:\.(?!skip\b|todo\b)\w+)*(?:\([^;]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;

/**
 * @param {string} source of a test file
 * @returns {{ id: string, name: string }[]} every id in square brackets in the name of a test that is not switched off
 */
export function idsInTests(source) {
  return [...source.matchAll(TEST_NAME)].flatMap(([, , name]) =>
    [...name.matchAll(/\[([A-Z]{2,5}-\d{2,3})\]/g)].map(([, id]) => ({ id, name })),
  );
}

/**
 * @param {string} source of a test file
 * @returns {string[]} the tools without which its tests are left out (test/support/tools.ts)
 */
export function toolsNeeded(source) {
  const calls = [...source.matchAll(/\bdescribeNeeding\(([^)]*)\)/g)];
  return [...new Set(calls.flatMap(([, args]) => [...args.matchAll(/'([^']+)'/g)].map(([, tool]) => tool)))];
}
