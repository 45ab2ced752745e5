/** `npm run acceptance`: every row of docs/requirements.md with the tests that prove it; `-- --json` as one JSON object. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { proveRows, provenCount } from './acceptance/proofs.mjs';
import { readRequirements } from './acceptance/requirements.mjs';
import { filesBelow } from './setup/content-hash.mjs';
import { ROOT } from './setup/paths.mjs';
import { missingTools } from './setup/test-tools.mjs';

const paths = ['test/e2e', 'test/interop']
  .flatMap((folder) => filesBelow(join(ROOT, folder)))
  .filter((file) => /\.test\.tsx?$/.test(file));
const missing = missingTools(process.env);
const { rows, unknown } = proveRows({
  requirements: readRequirements(readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8')),
  files: paths.map((file) => ({ path: relative(ROOT, file), source: readFileSync(file, 'utf8') })),
  missingTools: missing,
});
const proven = provenCount(rows);
const leftOut = rows.filter((row) => row.tests.length === 0 && row.leftOut.length > 0).length;

if (process.argv.includes('--json')) {
  const counts = { rows_total: rows.length, rows_proven: proven, rows_left_out: leftOut, missing_tools: missing };
  console.log(JSON.stringify({ ...counts, rows }));
} else {
  let section = '';
  for (const row of rows) {
    if (row.section !== section) console.log(`\n${row.section}`);
    section = row.section;
    console.log(`  ${row.tests.length > 0 ? '+' : '-'} ${row.id}  ${row.need}`);
    for (const { file, name } of row.tests) console.log(`              ${file}: ${name}`);
    for (const { file, name, missingTools: tools } of row.leftOut)
      console.log(`              left out here, ${tools.join(' and ')} missing: ${file}: ${name}`);
    for (const { file, name } of row.supporting) console.log(`              supporting: ${file}: ${name}`);
  }
  console.log(`\n${proven} of ${rows.length} rows are proven by a test of the running system`);
  if (leftOut > 0)
    console.log(
      `!!! ${leftOut} more would be, but their tests do not run here: ${missing.join(', ')} missing (npm test)`,
    );
}
for (const { id, file } of unknown) console.error(`${file} names ${id}, which docs/requirements.md does not have`);
process.exitCode = unknown.length === 0 ? 0 : 1;
