/**
 * What was said before, as WAV files in a folder: bounded in bytes, the longest unused goes first. It is a help and no
 * more: a disk that refuses costs time, never a call.
 */
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock';
import { newToken } from '../../base/ids';

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

interface Kept {
  readonly bytes: number;
}

export interface SpeechCacheOptions {
  readonly dir: string;
  readonly maxBytes?: number | undefined;
  readonly clock: Clock;
}

export class SpeechCache {
  /** By key, in the order of last use. Undefined until the folder was read. */
  private kept: Promise<Map<string, Kept>> | undefined;
  private bytes = 0;

  constructor(private readonly options: SpeechCacheOptions) {}

  /** @param key of hexadecimal digits. */
  async get(key: string): Promise<Buffer | undefined> {
    const kept = await this.index();
    const entry = kept.get(key);
    if (!entry) return undefined;
    try {
      const file = await readFile(this.fileOf(key));
      kept.delete(key);
      kept.set(key, entry);
      const now = this.options.clock.nowMs() / 1000;
      await utimes(this.fileOf(key), now, now).catch(() => undefined);
      return file;
    } catch {
      this.forget(kept, key);
      return undefined;
    }
  }

  async put(key: string, wav: Buffer): Promise<void> {
    const kept = await this.index();
    const temporary = join(this.options.dir, `.${newToken()}`);
    try {
      await mkdir(this.options.dir, { recursive: true });
      // Forced to the disk: after a power cut a file would be there with nothing in it.
      await writeFile(temporary, wav, { mode: 0o640, flush: true });
      await rename(temporary, this.fileOf(key));
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
      return;
    }
    this.forget(kept, key);
    kept.set(key, { bytes: wav.length });
    this.bytes += wav.length;
    await this.makeRoom(kept);
  }

  private index(): Promise<Map<string, Kept>> {
    this.kept ??= this.readFolder();
    return this.kept;
  }

  private async readFolder(): Promise<Map<string, Kept>> {
    const { dir } = this.options;
    const names = (await readdir(dir).catch(() => [])).filter((name) => /^[0-9a-f]+\.wav$/.test(name));
    const found = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(join(dir, name)).catch(() => ({ size: 0, mtimeMs: 0 }));
        return { key: name.slice(0, -4), bytes: size, mtimeMs };
      }),
    );
    found.sort((a, b) => a.mtimeMs - b.mtimeMs);
    this.bytes = found.reduce((sum, { bytes }) => sum + bytes, 0);
    return new Map(found.map(({ key, bytes }) => [key, { bytes }]));
  }

  private async makeRoom(kept: Map<string, Kept>): Promise<void> {
    for (const key of [...kept.keys()]) {
      if (this.bytes <= (this.options.maxBytes ?? DEFAULT_MAX_BYTES) || kept.size === 1) return;
      this.forget(kept, key);
      await rm(this.fileOf(key), { force: true }).catch(() => undefined);
    }
  }

  private forget(kept: Map<string, Kept>, key: string): void {
    this.bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }

  private fileOf(key: string): string {
    return join(this.options.dir, `${key}.wav`);
  }
}
