/** What becomes of the files of the center's own sounds. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PromptFiles } from '../../../main/prompt-files';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'switchroom-sounds-'))));
afterEach(() => rm(dir, { recursive: true }));

it('takes that a crash has left are removed, and nothing else', async () => {
  const files = new PromptFiles(dir, dir);
  expect(await files.clearTakes()).toBe(0);
  await files.save('prompts/en/welcome', 1, Buffer.from('sound'));
  await mkdir(join(dir, 'takes', 'folder.wav'), { recursive: true });
  for (const name of ['one.wav', 'two.wav', '.nfs0001', 'notes.txt']) await writeFile(join(dir, 'takes', name), 'x');
  expect(await files.clearTakes()).toBe(2);
  expect((await readdir(join(dir, 'takes'))).sort()).toEqual(['.nfs0001', 'folder.wav', 'notes.txt']);
  expect(await files.read('prompts/en/welcome')).toEqual(Buffer.from('sound'));
});
