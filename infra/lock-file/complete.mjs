/**
 * `node infra/lock-file/complete.mjs`, after an `npm install` against a registry that serves one platform only: adds the
 * other platforms' optional packages to package-lock.json, without which `npm ci` refuses it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { missingOptional } from './missing.mjs';

const file = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingOptional(lock.packages);
const { '': root, ...packages } = { ...lock.packages, ...missing };
const inOrder = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: { '': root, ...inOrder } }, null, 2)}\n`);
console.log(`added ${Object.keys(missing).length} entries`);
