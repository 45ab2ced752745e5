import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, nameOf, withLock } from '../../../infra/setup/lock.mjs';
import { useTempFolder } from './temp-folder';

describe('set-up lock', () => {
  const folder = useTempFolder();
  const file = (): string => join(folder.path, 'setup.lock');

  test('names its holder while it is held and is gone afterwards', async () => {
    const seen = await withLock(file(), { work: async () => readFileSync(file(), 'utf8') });
    expect(seen).toBe(nameOf(process.pid));
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('is given back when the work fails', async () => {
    const work = async (): Promise<void> => Promise.reject(new Error('no network'));
    await expect(withLock(file(), { work })).rejects.toThrow('no network');
    expect(existsSync(file())).toBe(false);
  });

  test('a second set-up waits for the first, and hears whom it waits for', async () => {
    const order: string[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const first = withLock(file(), {
      work: async () => {
        order.push('first starts');
        await gate;
        order.push('first ends');
      },
    });
    let heard = (_pid: number): void => undefined;
    const waitedFor = new Promise<number>((resolve) => (heard = resolve));
    const second = withLock(file(), { onWait: heard, work: async () => void order.push('second') });
    expect(await waitedFor).toBe(process.pid);
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['first starts', 'first ends', 'second']);
  });

  test('a lock whose holder has died is taken over', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(file(), `${dead} 1234`);
    expect(await withLock(file(), { work: async () => 'mine' })).toBe('mine');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('a lock whose process id now belongs to another process is stale', () => {
    const me = nameOf(process.pid) ?? '';
    expect(isAlive(me)).toBe(true);
    expect(isAlive(me.replace(/ .*/, ' started-at-another-time'))).toBe(false);
  });

  test.each([[''], ['garbage'], ['0 1'], ['-1 1']])('a lock that says %j is stale', (content) => {
    expect(isAlive(content)).toBe(false);
  });
});
