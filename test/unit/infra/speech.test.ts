/** Set-up gets the program that says texts, and goes on without it where it cannot. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../../../infra/setup/setup-error.mjs';
import { getSpeechEngine } from '../../../infra/setup/speech.mjs';
import { useTempFolder } from './temp-folder';

const folder = useTempFolder();
const lines: string[] = [];
const say = (line: string): void => void lines.push(line);
const report = (): void => undefined;
const program = (dir: string): void => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'espeak-ng'), '');
  chmodSync(join(dir, 'espeak-ng'), 0o755);
};

it('installs nothing where it is, and the package where it is not', async () => {
  const asked: object[] = [];
  const there = join(folder.path, 'bin');
  const apt = {
    install: (request: object) => {
      asked.push(request);
      program(there);
      return Promise.resolve();
    },
  };
  const env = { PATH: there };
  expect(await getSpeechEngine({ env, apt, report, say })).toBe(true);
  expect(await getSpeechEngine({ env, apt, report, say })).toBe(true);
  expect(asked).toMatchObject([{ packages: ['espeak-ng'] }]);
  expect(lines).toEqual([]);
});

it('goes on with a loud line where it cannot be installed', async () => {
  const apt = { install: () => Promise.reject(new SetupError({ part: 'x', why: 'no network', cure: 'y' })) };
  expect(await getSpeechEngine({ env: { PATH: join(folder.path, 'none') }, apt, report, say })).toBe(false);
  expect(lines.join('')).toContain('no network');
  expect(lines.join('')).toContain('apt-get install');
});
