/** The files of the center's own sounds: what callers hear, and the versions before it. */
import { copyFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newToken } from '../base/ids';

export class PromptFiles {
  constructor(
    private readonly ownDir: string,
    private readonly builtInDir: string,
  ) {}

  /** Writes a version and lets callers hear it from now on: whoever is playing the old one keeps it. */
  async save(path: string, n: number, wav: Buffer): Promise<void> {
    const file = this.versionFile(path, n);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, wav, { mode: 0o640 });
    await this.use(path, n);
  }

  /** Makes a kept version the one that callers hear. */
  async use(path: string, n: number): Promise<void> {
    const target = join(this.ownDir, `${path}.wav`);
    await mkdir(dirname(target), { recursive: true });
    const temporary = join(this.ownDir, `.${newToken()}`);
    await copyFile(this.versionFile(path, n), temporary);
    await rename(temporary, target);
  }

  /** A version, or without one what callers hear; undefined when there is none. */
  async read(path: string, n?: number): Promise<Buffer | undefined> {
    if (n !== undefined) return readFile(this.versionFile(path, n)).catch(() => undefined);
    for (const dir of [this.ownDir, this.builtInDir]) {
      const file = await readFile(join(dir, `${path}.wav`)).catch(() => undefined);
      if (file) return file;
    }
    return undefined;
  }

  /** What a caller has recorded. */
  async readTake(path: string): Promise<Buffer | undefined> {
    return readFile(join(this.ownDir, path)).catch(() => undefined);
  }

  /**
   * Removes what callers have recorded: after a crash nobody asks for it any more. Only when no call is there yet.
   * @returns how many there were.
   */
  async clearTakes(): Promise<number> {
    const dir = join(this.ownDir, 'takes');
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    const takes = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.wav'));
    for (const { name } of takes) await rm(join(dir, name), { force: true });
    return takes.length;
  }

  async isBuiltIn(path: string): Promise<boolean> {
    return stat(join(this.builtInDir, `${path}.wav`)).then(
      () => true,
      () => false,
    );
  }

  async dropVersion(path: string, n: number): Promise<void> {
    await rm(this.versionFile(path, n), { force: true });
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.ownDir, `${path}.wav`), { force: true });
    await rm(join(this.ownDir, 'versions', path), { recursive: true, force: true });
  }

  /** The product's own sounds, as paths without the ending. */
  async builtIn(): Promise<string[]> {
    const names = await readdir(this.builtInDir, { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith('.wav')).map((name) => name.slice(0, -'.wav'.length));
  }

  private versionFile(path: string, n: number): string {
    return join(this.ownDir, 'versions', path, `${n}.wav`);
  }
}
