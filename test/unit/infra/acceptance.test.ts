import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { proveRows, provenCount } from '../../../infra/acceptance/proofs.mjs';
import { idsInTests, readRequirements, toolsNeeded } from '../../../infra/acceptance/requirements.mjs';

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
    ["test.skip('[VM-02] switched off', () => {", []],
    ["it.todo('[VM-03] some day');", []],
    ['// [TEL-02] is not a test', []],
    ["const attest = '[TEL-03]';", []],
  ])('%j carries %j', (source, ids) => {
    expect(idsInTests(source).map(({ id }) => id)).toEqual(ids);
  });

  test('the tools without which a file is left out are read from it', () => {
    const source =
      "const withBoth = describeNeeding('chromium', 'baresip');\ndescribeNeeding('chromium').each([1])('x', f);";
    expect(toolsNeeded(source)).toEqual(['chromium', 'baresip']);
    expect(toolsNeeded("describe('plain', f)")).toEqual([]);
  });

  describe('a row', () => {
    const requirements = [{ id: 'TEL-01', need: 'calls', section: 'Telephony' }];
    const call = "describeNeeding('baresip')('calls', () => { it('[TEL-01] rings', f); });";
    const prove = (path: string, missingTools: string[] = []) =>
      proveRows({ requirements, files: [{ path, source: call }], missingTools }).rows;

    test('is proven by a test of the running system', () => {
      const rows = prove('test/e2e/call.test.ts', ['sipp']);
      expect(rows[0]?.tests).toEqual([{ file: 'test/e2e/call.test.ts', name: '[TEL-01] rings' }]);
      expect(provenCount(rows)).toBe(1);
    });

    test('is supported, not proven, by a test against other programs', () => {
      const rows = prove('test/interop/call.test.ts');
      expect(rows[0]).toMatchObject({ tests: [], supporting: [{ name: '[TEL-01] rings' }] });
      expect(provenCount(rows)).toBe(0);
    });

    test('is not proven on a machine that leaves its test out, and the missing tool is named', () => {
      const rows = prove('test/e2e/call.test.ts', ['baresip', 'sox']);
      expect(rows[0]).toMatchObject({ tests: [], leftOut: [{ missingTools: ['baresip'] }] });
      expect(provenCount(rows)).toBe(0);
    });

    test('that does not exist is named', () => {
      const files = [{ path: 'test/e2e/call.test.ts', source: "it('[TEL-99] x', f)" }];
      expect(proveRows({ requirements, files, missingTools: [] }).unknown).toEqual([
        { id: 'TEL-99', file: 'test/e2e/call.test.ts' },
      ]);
    });
  });
});
