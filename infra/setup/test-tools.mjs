import { aptCommand, findProgram } from './apt.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

/** The programs that tests call, by the names under which systems have them, and the Debian package that brings each. */
export const TEST_TOOLS = {
  sipp: { programs: ['sipp'], package: 'sip-tester' },
  baresip: { programs: ['baresip'], package: 'baresip-core' },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  sox: { programs: ['sox'], package: 'sox' },
};

/** @param {(program: string) => unknown} find @returns {string[]} the tools that are not here */
export const missingTools = (find) =>
  Object.keys(TEST_TOOLS).filter((tool) => !TEST_TOOLS[tool].programs.some((program) => find(program)));

/**
 * Installs what the tests need. With CI=true a tool that cannot be had is an error; otherwise its tests are left out,
 * and a loud line says so.
 * @param {{
 *   env: NodeJS.ProcessEnv, apt: { install(request: object): Promise<void> },
 *   report: (what: string, detail?: string) => void, say: (line: string) => void,
 * }} options
 * @returns {Promise<string[]>} the tools that are still missing
 * @throws {SetupError} with CI=true
 */
export async function getTestTools({ env, apt, report, say }) {
  const find = (program) => findProgram(program, env);
  const wanted = missingTools(find);
  if (wanted.length === 0) return [];
  const failure = await installAll({ wanted, apt, report });
  const missing = missingTools(find);
  if (missing.length === 0) return [];

  const packages = missing.map((tool) => TEST_TOOLS[tool].package);
  const why = failure === undefined ? `${packages.join(', ')} brought no such program` : messageOf(failure);
  if (env.CI === 'true') {
    if (failure instanceof SetupError) throw failure;
    throw new SetupError({ part: `test tools ${missing.join(', ')}`, why, cure: aptCommand(packages) });
  }
  say(`\n!!! SKIPPING TESTS: ${missing.join(', ')} missing, so the tests that need it are left out.\n!!! ${why}\n`);
  return missing;
}

async function installAll({ wanted, apt, report }) {
  const packages = wanted.map((tool) => TEST_TOOLS[tool].package);
  try {
    await apt.install({ part: `test tools ${wanted.join(', ')}`, packages, report });
    return undefined;
  } catch (error) {
    return error;
  }
}
