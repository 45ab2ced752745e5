/** Where recordings may be written: inside the recordings folder and nowhere else. */
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

/** Beside a recording as long as it is being written; what a crash leaves is found by it. */
export const OPEN_MARKER_SUFFIX = '.open';

/** Behind the path of a recording that is encrypted. */
export const SEALED_SUFFIX = '.sealed';

const MAX_PATH_CHARACTERS = 400;
/** No leading dot: neither "..", nor a hidden file. */
const PATH_PART = /^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u;

/** The whole path of a recording. Fails with `bad_input` when `path` is not relative, inside, and a `.wav`. */
export function recordingFile(recordingsDir: string, path: string): Result<string> {
  const parts = path.split('/');
  const proper =
    path.length <= MAX_PATH_CHARACTERS && path.endsWith('.wav') && parts.every((part) => PATH_PART.test(part));
  const file = resolve(join(recordingsDir, path));
  const inside = relative(resolve(recordingsDir), file);
  if (!proper || isAbsolute(inside) || inside.split(sep)[0] === '..')
    return fail(
      'bad_input',
      `"${path}" is no path of a recording: it must be relative, of plain names, ending in .wav`,
    );
  return ok(file);
}
