import { aptCommand, findProgram } from './apt.mjs';
import { CHROMIUM_CURE, findChromium } from './chromium.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

const program = (name) => (env) => findProgram(name, env) !== undefined;

/**
 * The programs that tests call: how each is found, and the Debian package that brings it.
 * @type {Record<string, { isHere: (env: NodeJS.ProcessEnv) => boolean, package: string, cure?: string }>}
 */
export const TEST_TOOLS = {
  sipp: { isHere: program('sipp'), package: 'sip-tester' },
  baresip: { isHere: program('baresip'), package: 'baresip-core' },
  chromium: { isHere: (env) => 'path' in findChromium(env), package: 'chromium', cure: CHROMIUM_CURE },
  sox: { isHere: program('sox'), package: 'sox' },
  tshark: { isHere: program('tshark'), package: 'tshark' },
  'espeak-ng': { isHere: program('espeak-ng'), package: 'espeak-ng' },
  turnserver: { isHere: program('turnserver'), package: 'coturn' },
  kamailio: { isHere: program('kamailio'), package: 'kamailio' },
};

/** @param {NodeJS.ProcessEnv} env @returns {string[]} the tools that are not here */
export const missingTools = (env) => Object.keys(TEST_TOOLS).filter((tool) => !TEST_TOOLS[tool].isHere(env));

/**
 * Installs what the tests need, each tool by itself, so that one that cannot be had does not keep the others away. With
 * CI=true a tool that cannot be had is an error; otherwise its tests are left out, and a loud line says so.
 * @param {{
 *   env: NodeJS.ProcessEnv, apt: { install(request: object): Promise<void> },
 *   report: (what: string, detail?: string) => void, say: (line: string) => void,
 * }} options
 * @returns {Promise<string[]>} the tools that are still missing
 * @throws {SetupError} with CI=true
 */
export async function getTestTools({ env, apt, report, say }) {
  const complaints = new Map();
  for (const tool of missingTools(env)) {
    complaints.set(tool, await complaintOfInstalling(tool, { apt, report }));
  }
  const missing = missingTools(env);
  if (missing.length === 0) return [];

  const why = missing.map((tool) => `${tool}: ${complaints.get(tool) ?? whyUnusable(tool, env)}`).join('\n');
  const cure = cureOf(missing);
  if (env.CI === 'true') throw new SetupError({ part: `test tools ${missing.join(', ')}`, why, cure });
  say(
    `\n!!! SKIPPING TESTS: ${missing.join(', ')} missing, so the tests that need it are left out.\n!!! ` +
      `${why.replaceAll('\n', '\n!!! ')}\n!!! What would do it: ${cure}\n`,
  );
  return missing;
}

async function complaintOfInstalling(tool, { apt, report }) {
  try {
    await apt.install({ part: `test tool ${tool}`, packages: [TEST_TOOLS[tool].package], report });
    return undefined;
  } catch (error) {
    return error instanceof SetupError ? error.why : messageOf(error);
  }
}

/** The package is installed, and yet the tool cannot be used. */
function whyUnusable(tool, env) {
  const brought = `the package ${TEST_TOOLS[tool].package} brought no program that can be used`;
  const found = tool === 'chromium' ? findChromium(env) : {};
  return 'why' in found ? `${brought}: ${found.why}` : brought;
}

function cureOf(missing) {
  const others = missing.map((tool) => TEST_TOOLS[tool].cure).filter(Boolean);
  return [aptCommand(missing.map((tool) => TEST_TOOLS[tool].package)), ...others].join('; where that does not help, ');
}
