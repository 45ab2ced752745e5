import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { idsInTests, readRequirements } from '../../../infra/acceptance/requirements.mjs';

describe('acceptance', () => {
  test('every row of the requirements is read, in order, with its section', () => {
    const markdown = readFileSync(resolve(__dirname, '../../../docs/requirements.md'), 'utf8');
    const rows = readRequirements(markdown);
    expect(rows).toHaveLength(markdown.split('\n').filter((line) => /^\| [A-Z]+-\d/.test(line)).length);
    expect(rows[0]).toMatchObject({ id: 'TEL-01', section: 'Telephony / PBX' });
  });

  test('an id that is there twice is refused', () => {
    expect(() => readRequirements('| TEL-01 | a | b |\n| TEL-01 | c | d |')).toThrow('TEL-01 twice');
  });

  test.each([
    ["test('[TEL-01] one number', async () => {", ['TEL-01']],
    ['it("[SPH-04] [SPH-08] hold and hang up", () => {', ['SPH-04', 'SPH-08']],
    ["test.each(['udp', 'tcp'])('[TEL-09] a caller on %s', (x) => {", ['TEL-09']],
    ["test.each([\n  ['a', 1],\n])(\n  '[ACD-19] %s',", ['ACD-19']],
    ["describe(`[REC-01] the agent's recording`, () => {", ['REC-01']],
    ["test('it\\'s [VM-01]', () => {", ['VM-01']],
    ['// [TEL-02] is not a test', []],
    ["const attest = '[TEL-03]';", []],
  ])('%j carries %j', (source, ids) => {
    expect(idsInTests(source).map(({ id }) => id)).toEqual(ids);
  });
});
