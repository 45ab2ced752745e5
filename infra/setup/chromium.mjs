import { closeSync, openSync, readSync, realpathSync } from 'node:fs';
import { findProgram } from './apt.mjs';

/** The names under which systems have the browser. */
export const CHROMIUM_PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What to do where no package brings a browser that will do. */
export const CHROMIUM_CURE =
  'install Google Chrome (https://www.google.com/chrome) or set CHROMIUM_PATH to a Chromium that is no snap';

const SCRIPT_BYTES = 8192;

/**
 * The browser that tests drive: the one that CHROMIUM_PATH names, or else the first in PATH that is no snap. A snap will
 * not do: it sees a /tmp of its own, without the tests' files. Ubuntu's package `chromium` brings only a script that asks
 * for the snap.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ path: string } | { why: string }}
 */
export function findChromium(env) {
  if (env.CHROMIUM_PATH) {
    const path = findProgram(env.CHROMIUM_PATH, { PATH: '/' });
    return path ? { path: env.CHROMIUM_PATH } : { why: `CHROMIUM_PATH names no program: ${env.CHROMIUM_PATH}` };
  }
  const found = CHROMIUM_PROGRAMS.map((program) => findProgram(program, env)).filter(Boolean);
  const path = found.find((file) => !isSnap(file));
  if (path) return { path };
  return { why: found.length > 0 ? `${found.join(', ')} is only a snap` : 'there is no chromium in PATH' };
}

function isSnap(file) {
  const target = realpathSync(file);
  return target.startsWith('/snap/') || target.endsWith('/snap') || /\/snap\/bin\//.test(startOfScript(target));
}

function startOfScript(file) {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(SCRIPT_BYTES);
    const text = start.toString('latin1', 0, readSync(descriptor, start));
    return text.startsWith('#!') ? text : '';
  } finally {
    closeSync(descriptor);
  }
}
