import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { aptAccess, aptCommand, createApt, findProgram } from '../../../infra/setup/apt.mjs';
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
