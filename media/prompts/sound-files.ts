/**
 * Where the sound files lie. The center's own come before those of the product:
 *
 *   prompts/<language>/<name>.wav
 *   music/[<language>/]<name>.wav            one piece
 *   music/[<language>/]<name>/<piece>.wav    several in turn, by name
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

/** About ten minutes of CD sound. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;
const MAX_PIECES = 200;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** A file as it is now: another `version` means other content. */
export interface SoundFile {
  readonly file: string;
  /** Below the folder of sounds, for people. */
  readonly shownPath: string;
  readonly version: string;
}

export class SoundFiles {
  /** @param dirs the first that has a sound has the say. */
  constructor(private readonly dirs: readonly string[]) {}

  /** Fails with `bad_input` for names that are none and with `not_found` for a missing file, which is named. */
  async prompt(language: string, name: string): Promise<Result<SoundFile>> {
    const path = pathOf('prompts', language, `${name}`);
    if (!path.ok) return path;
    return this.file(`${path.value}.wav`);
  }

  /** What a take left; it is in the center's own folder. */
  take(takeId: string): Promise<Result<SoundFile>> {
    const path = pathOf('takes', takeId);
    return path.ok ? this.file(`${path.value}.wav`) : Promise.resolve(path);
  }

  /** One piece, or all of a folder; those of the language first. */
  async music(name: string, language: string | undefined): Promise<Result<readonly SoundFile[]>> {
    const general = pathOf('music', name);
    if (!general.ok) return general;
    const special = language === undefined ? undefined : pathOf('music', language, name);
    if (special?.ok === false) return special;
    for (const path of [special?.value, general.value]) {
      const found = path === undefined ? undefined : await this.musicAt(path);
      if (found) return ok(found);
    }
    return missing(`${general.value}.wav`);
  }

  private async musicAt(path: string): Promise<readonly SoundFile[] | undefined> {
    for (const dir of this.dirs) {
      const names = await readdir(join(dir, path)).catch(() => []);
      const pieces = names.filter((name) => name.endsWith('.wav')).sort();
      const paths = pieces.length > 0 ? pieces.slice(0, MAX_PIECES).map((piece) => join(path, piece)) : [`${path}.wav`];
      const files = await Promise.all(paths.map((piece) => this.file(piece)));
      const found = files.flatMap((file) => (file.ok ? [file.value] : []));
      if (found.length > 0) return found;
    }
    return undefined;
  }

  private async file(shownPath: string): Promise<Result<SoundFile>> {
    for (const dir of this.dirs) {
      const file = join(dir, shownPath);
      try {
        const { size, mtimeMs, ino } = await stat(file);
        if (size > MAX_FILE_BYTES) return fail('bad_input', `the sound file ${shownPath} has more than 100 MB`);
        return ok({ file, shownPath, version: `${ino}-${mtimeMs}-${size}` });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ENOTDIR')
          return fail('unavailable', `the sound file ${shownPath} cannot be read: ${messageOf(error)}`, error);
      }
    }
    return missing(shownPath);
  }
}

const missing = (shownPath: string): Result<never> =>
  fail('not_found', `there is no sound file ${shownPath} in the sounds folder`);

function pathOf(...parts: string[]): Result<string> {
  const bad = parts.find((part) => !NAME.test(part));
  if (bad === undefined) return ok(join(...parts));
  return fail('bad_input', `"${bad}" is no name of a sound; letters, digits, "-" and "_" make one`);
}
