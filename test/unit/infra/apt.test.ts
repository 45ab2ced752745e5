import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { aptAccess, aptCommand, createApt, findProgram } from '../../../infra/setup/apt.mjs';
import { getTestTools, missingTools } from '../../../infra/setup/test-tools.mjs';
import { useTempFolder } from './temp-folder';

const report = (): void => undefined;

describe('installing Debian packages', () => {
  const user = { isRoot: false, hasApt: true, hasSudo: true, sudoIsSilent: false, hasTerminal: false };

  test.each([
    ['root needs no sudo', { ...user, isRoot: true }, { prefix: [] }],
    ['a sudo without a password is used without asking', { ...user, sudoIsSilent: true }, { prefix: ['sudo', '-n'] }],
    ['in a terminal sudo may ask', { ...user, hasTerminal: true }, { prefix: ['sudo'] }],
    [
      'without apt-get nothing can be done',
      { ...user, hasApt: false, isRoot: true },
      { why: expect.stringContaining('apt-get') },
    ],
    [
      'without root and sudo nothing can be done',
      { ...user, hasSudo: false },
      { why: expect.stringContaining('not root') },
    ],
    ['without a terminal sudo must not ask', user, { why: expect.stringContaining('password') }],
  ])('%s', (_name, facts, expected) => {
    expect(aptAccess(facts)).toEqual(expected);
  });

  test('what cannot be installed is named with the reason and the command', async () => {
    const apt = createApt({ env: { PATH: '/nowhere' } });
    const request = { part: 'mediasoup worker', packages: ['meson', 'g++'], report };
    await expect(apt.install(request)).rejects.toMatchObject({
      part: 'mediasoup worker',
      why: expect.stringContaining('so meson, g++ cannot be installed'),
      cure: aptCommand(['meson', 'g++']),
      message: expect.stringContaining('What would do it: sudo apt-get update && sudo apt-get install'),
    });
  });
});

describe('finding a program', () => {
  const folder = useTempFolder();

  test('takes the executable of PATH, not a file that cannot be run', () => {
    const file = folder.write('bin/some-tool', '#!/bin/sh\n');
    const env = { PATH: `/nowhere:${dirname(file)}` };
    chmodSync(file, 0o644);
    expect(findProgram('some-tool', env)).toBeUndefined();
    chmodSync(file, 0o755);
    expect(findProgram('some-tool', env)).toBe(file);
  });
});

describe('test tools', () => {
  const failing = { install: async () => Promise.reject(new Error('no mirror')) };
  const env = { PATH: '/nowhere' };

  test('a browser may have any of its names', () => {
    const has = (...programs: string[]) => missingTools((program: string) => programs.includes(program));
    expect(has('sipp', 'baresip', 'sox', 'google-chrome')).toEqual([]);
    expect(has('sipp', 'baresip', 'sox')).toEqual(['chromium']);
  });

  test('what is missing is left out with a loud line', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    expect(await getTestTools({ env, apt: failing, report, say })).toEqual(['sipp', 'baresip', 'chromium', 'sox']);
    expect(lines.join('\n')).toMatch(/SKIPPING TESTS: sipp, baresip, chromium, sox missing[\s\S]*no mirror/);
  });

  test('with CI=true what is missing is an error with the command that brings it', async () => {
    const work = getTestTools({ env: { ...env, CI: 'true' }, apt: failing, report, say: report });
    await expect(work).rejects.toThrow(/no mirror[\s\S]*sudo apt-get install .*sip-tester baresip-core chromium sox/);
  });
});
