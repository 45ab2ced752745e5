import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isStamped, writeAtomically, writeStamp } from '../../../infra/setup/stamp.mjs';
import { useTempFolder } from './temp-folder';

describe('stamp', () => {
  const folder = useTempFolder();
  const file = (): string => join(folder.path, 'not/there/yet/stamp');

  test('without a file nothing is stamped', () => {
    expect(isStamped(file(), 'abc')).toBe(false);
  });

  test('stands for exactly the value that was written last', () => {
    writeStamp(file(), 'abc');
    expect(isStamped(file(), 'abc')).toBe(true);
    writeStamp(file(), 'abcd');
    expect([isStamped(file(), 'abc'), isStamped(file(), 'abcd')]).toEqual([false, true]);
  });

  test('an atomic write leaves the file with its mode and nothing beside it', () => {
    writeAtomically(file(), Buffer.from('binary'), 0o755);
    expect(readFileSync(file(), 'utf8')).toBe('binary');
    expect(statSync(file()).mode & 0o111).not.toBe(0);
    expect(readdirSync(dirname(file()))).toEqual(['stamp']);
  });
});
