/** Tests that drive programs from outside the repository, which some machines do not have. */

export type TestTool = 'sipp' | 'baresip' | 'chromium' | 'sox' | 'tshark' | 'espeak-ng' | 'kamailio' | 'turnserver';

/**
 * `describe` for tests that need these tools. They are left out only when the set-up could not get a tool and said so
 * loudly; on a machine that was not asked they run, and fail where a tool is missing. `npm run acceptance` reads the call's
 * arguments: write them as plain strings.
 * @throws with CI=true, where nothing may be left out.
 */
export function describeNeeding(...tools: TestTool[]): jest.Describe {
  const leftOut = (process.env['SWITCHROOM_MISSING_TOOLS'] ?? '').split(',');
  const missing = tools.filter((tool) => leftOut.includes(tool));
  if (missing.length === 0) return describe;
  if (process.env['CI'] === 'true') throw new Error(`missing on this machine: ${missing.join(', ')}`);
  console.warn(`SKIPPED: these tests need ${missing.join(' and ')}`);
  return describe.skip;
}
