import { missingOptional } from '../../../infra/lock-file/missing.mjs';
import lock from '../../../package-lock.json';

describe('lock file', () => {
  const native = (version: string, name = '@x/core-linux-arm64-musl') => ({
    'node_modules/core': { dev: true, license: 'MIT', optionalDependencies: { [name]: version } },
  });

  test('ours names every optional package, so that npm ci takes it (else: node infra/lock-file/complete.mjs)', () => {
    expect(Object.keys(missingOptional(lock.packages))).toEqual([]);
  });

  test('a native package without an entry gets one for its own system only', () => {
    expect(missingOptional(native('1.2.3'))).toEqual({
      'node_modules/@x/core-linux-arm64-musl': {
        version: '1.2.3',
        os: ['linux'],
        cpu: ['arm64'],
        libc: ['musl'],
        dev: true,
        license: 'MIT',
        optional: true,
      },
    });
  });

  test('one that has its entry, beside or below, is left alone', () => {
    const entry = { version: '1.2.3' };
    expect(missingOptional({ ...native('1.2.3'), 'node_modules/@x/core-linux-arm64-musl': entry })).toEqual({});
    const below = 'node_modules/core/node_modules/@x/core-linux-arm64-musl';
    expect(missingOptional({ ...native('1.2.3'), [below]: entry })).toEqual({});
  });

  test('a range or a name without a system is not guessed', () => {
    expect(() => missingOptional(native('^1.2.3'))).toThrow('not an exact version');
    expect(() => missingOptional(native('1.2.3', 'fast-thing'))).toThrow('platform');
  });
});
