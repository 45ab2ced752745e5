import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleServer } from '../../../infra/setup/bundles.mjs';
import { useTempFolder } from './temp-folder';

describe('server bundles', () => {
  const folder = useTempFolder();
  const dist = (name: string): string => join(folder.path, 'dist', name);
  const reports: string[] = [];
  const report = (what: string): void => void reports.push(what);
  const make = () => bundleServer({ root: folder.path, dist: join(folder.path, 'dist'), report });

  beforeEach(() => {
    reports.length = 0;
    symlinkSync(resolve(__dirname, '../../../node_modules'), join(folder.path, 'node_modules'));
    folder.write('package.json', '{}');
    folder.write('base/greeting.ts', "export const greeting: string = 'hello';\n");
    folder.write('main.ts', "import { greeting } from './base/greeting';\nconsole.log(greeting);\n");
    folder.write('main/app.ts', "console.log('the app');\n");
  });

  test('each entry that exists becomes one file that runs', async () => {
    await make();
    const run = (name: string): string => spawnSync(process.execPath, [dist(name)], { encoding: 'utf8' }).stdout;
    expect([run('main.js'), run('app.js')]).toEqual(['hello\n', 'the app\n']);
    expect([existsSync(dist('edge.js')), existsSync(dist('main.js.map'))]).toEqual([false, true]);
  });

  test('an unchanged source is not bundled again, a changed one is', async () => {
    await make();
    const before = statSync(dist('main.js')).mtimeMs;
    await make();
    expect([reports.length, statSync(dist('main.js')).mtimeMs]).toEqual([1, before]);
    folder.write('base/greeting.ts', "export const greeting: string = 'good day';\n");
    await make();
    expect(readFileSync(dist('main.js'), 'utf8')).toContain('good day');
  });

  test('what does not compile is named with file and line, and the last good bundle stays', async () => {
    await make();
    folder.write('main.ts', "import { gone } from './base/gone';\nconsole.log(gone);\n");
    await expect(make()).rejects.toThrow(/server: the source does not compile:\nmain\.ts:1: .*base\/gone/);
    expect(readFileSync(dist('main.js'), 'utf8')).toContain('hello');
  });
});
