import { aptCommand, findProgram } from './apt.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

const PROGRAM = 'espeak-ng';

/**
 * Gets the program that says texts. Without it the product runs all the same, and says so when a text is due: a machine
 * on which nothing can be installed is no reason not to start.
 * @param {{
 *   env: NodeJS.ProcessEnv, apt: { install(request: object): Promise<void> },
 *   report: (what: string, detail?: string) => void, say: (line: string) => void,
 * }} options
 * @returns {Promise<boolean>} whether it is there now
 */
export async function getSpeechEngine({ env, apt, report, say }) {
  if (findProgram(PROGRAM, env) !== undefined) return true;
  try {
    await apt.install({ part: 'speech engine', packages: [PROGRAM], report });
  } catch (error) {
    const why = error instanceof SetupError ? error.why : messageOf(error);
    say(
      `\n!!! ${PROGRAM} is missing, so texts cannot be said: ${why}\n!!! What would do it: ${aptCommand([PROGRAM])}\n`,
    );
    return false;
  }
  return findProgram(PROGRAM, env) !== undefined;
}
