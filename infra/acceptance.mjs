/** `npm run acceptance`: every row of docs/requirements.md with the tests that prove it; `-- --json` as one JSON object. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { idsInTests, readRequirements } from './acceptance/requirements.mjs';
import { filesBelow } from './setup/content-hash.mjs';
import { ROOT } from './setup/paths.mjs';

/** Only tests that drive the running system prove a row. */
const PROVING = ['test/e2e', 'test/interop'];

const requirements = readRequirements(readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8'));
const files = PROVING.flatMap((folder) => filesBelow(join(ROOT, folder))).filter((file) => /\.test\.tsx?$/.test(file));
const proofs = files.flatMap((file) =>
  idsInTests(readFileSync(file, 'utf8')).map((proof) => ({ ...proof, file: relative(ROOT, file) })),
);
const rows = requirements.map((row) => ({ ...row, tests: proofs.filter(({ id }) => id === row.id) }));
const proven = rows.filter(({ tests }) => tests.length > 0).length;
const unknown = proofs.filter(({ id }) => !requirements.some((row) => row.id === id));

if (process.argv.includes('--json')) {
  const asPlain = ({ tests, ...row }) => ({ ...row, tests: tests.map(({ file, name }) => ({ file, name })) });
  console.log(JSON.stringify({ rows_total: rows.length, rows_proven: proven, rows: rows.map(asPlain) }));
} else {
  let section = '';
  for (const row of rows) {
    if (row.section !== section) console.log(`\n${row.section}`);
    section = row.section;
    console.log(`  ${row.tests.length > 0 ? '+' : '-'} ${row.id}  ${row.need}`);
    for (const { file, name } of row.tests) console.log(`              ${file}: ${name}`);
  }
  console.log(`\n${proven} of ${rows.length} rows are proven by a test of the running system`);
}
for (const { id, file } of unknown) console.error(`${file} names ${id}, which docs/requirements.md does not have`);
process.exitCode = unknown.length === 0 ? 0 : 1;
