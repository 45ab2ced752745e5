import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where bundles and the web app go. */
export const DIST = join(ROOT, 'dist');

/** What belongs to this clone only: locks, stamps, test results. */
export const LOCAL_CACHE = join(ROOT, '.cache');

/** What outlives a clone: the media worker. @param {NodeJS.ProcessEnv} env */
export const sharedCache = (env) => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchroom');
