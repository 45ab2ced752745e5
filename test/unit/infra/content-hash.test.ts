import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../../../infra/setup/content-hash.mjs';
import { useTempFolder } from './temp-folder';

describe('content hash', () => {
  const folder = useTempFolder();
  const hash = (): string => contentHash(folder.path, ['room', 'package-lock.json']);

  beforeEach(() => {
    folder.write('room/a.ts', 'one');
    folder.write('room/deep/b.ts', 'two');
    folder.write('package-lock.json', '{}');
  });

  test('the same files give the same hash, whenever they were written', () => {
    const before = hash();
    folder.write('room/deep/b.ts', 'two');
    expect(hash()).toBe(before);
  });

  test.each([
    ['a changed file', () => folder.write('room/deep/b.ts', 'too')],
    ['a new file', () => folder.write('room/c.ts', '')],
    ['a removed file', () => rmSync(join(folder.path, 'room/a.ts'))],
    ['a renamed file', () => renameSync(join(folder.path, 'room/a.ts'), join(folder.path, 'room/z.ts'))],
    ['a removed named file', () => rmSync(join(folder.path, 'package-lock.json'))],
    [
      'content moved from one file to the next',
      () => (folder.write('room/a.ts', 'onet'), folder.write('room/deep/b.ts', 'wo')),
    ],
  ])('%s gives another hash', (_what, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  test('files outside the named paths and in node_modules do not count', () => {
    const before = hash();
    folder.write('other/a.ts', 'x');
    folder.write('room/node_modules/p/index.js', 'x');
    expect(hash()).toBe(before);
  });
});
