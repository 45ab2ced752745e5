import { npmCommand, satisfies } from '../../../infra/setup/packages.mjs';

describe('installed packages', () => {
  const ws = { version: '8.0.0', integrity: 'sha512-a' };

  test('the root of the lock file is no package', () => {
    expect(satisfies({ '': { version: '1.0.0' }, 'node_modules/ws': ws }, { 'node_modules/ws': ws })).toBe(true);
  });

  test.each([
    ['a missing package', {}],
    ['another version', { 'node_modules/ws': { ...ws, version: '8.0.1' } }],
    ['the same version with another content', { 'node_modules/ws': { ...ws, integrity: 'sha512-b' } }],
  ])('%s asks for an installation', (_what, installed) => {
    expect(satisfies({ 'node_modules/ws': ws }, installed)).toBe(false);
  });

  test('an optional package may be missing when it is for another system, not when it is for this one', () => {
    const forSystem = (os: string) => ({
      'node_modules/native': { ...ws, optional: true, os: [os], cpu: [process.arch] },
    });
    expect(satisfies(forSystem('aix'), {})).toBe(true);
    expect(satisfies(forSystem(process.platform), {})).toBe(false);
  });

  test('npm is the one that started us, else the one in PATH', () => {
    expect(npmCommand({ npm_execpath: '/usr/lib/npm-cli.js' }, ['ci'])).toEqual([
      process.execPath,
      ['/usr/lib/npm-cli.js', 'ci'],
    ]);
    expect(npmCommand({}, ['ci'])).toEqual(['npm', ['ci']]);
  });
});
