import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../../infra/setup/apt.mjs';
import { findChromium } from '../../../infra/setup/chromium.mjs';
import { SetupError } from '../../../infra/setup/setup-error.mjs';
import { getTestTools, missingTools } from '../../../infra/setup/test-tools.mjs';
import { useTempFolder } from './temp-folder';

const report = (): void => undefined;
const folder = useTempFolder();

const addProgram = (name: string, content = '#!/bin/sh\n'): string => {
  const file = folder.write(`bin/${name}`, content);
  chmodSync(file, 0o755);
  return file;
};
const envWith = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ PATH: join(folder.path, 'bin'), ...more });

/** What Ubuntu's package chromium-browser puts in /usr/bin. */
const UBUNTU_STUB = `#!/bin/sh
if ! [ -x /snap/bin/chromium ]; then
    echo "Command '$0' requires the chromium snap to be installed." >&2
    exit 1
fi
exec /snap/bin/chromium "$@"
`;

describe('the browser of the tests', () => {
  test.each(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])('may be %s', (name) => {
    expect(findChromium(envWith())).toEqual({ why: 'there is no chromium in PATH' });
    const file = addProgram(name);
    expect(findChromium(envWith())).toEqual({ path: file });
  });

  test('is what CHROMIUM_PATH names, and nothing else', () => {
    addProgram('chromium');
    const mine = addProgram('my-browser');
    expect(findChromium(envWith({ CHROMIUM_PATH: mine }))).toEqual({ path: mine });
    const why = 'CHROMIUM_PATH names no program: /nowhere/browser';
    expect(findChromium(envWith({ CHROMIUM_PATH: '/nowhere/browser' }))).toEqual({ why });
  });

  test('is no snap and no script that asks for one', () => {
    const stub = addProgram('chromium-browser', UBUNTU_STUB);
    symlinkSync(addProgram('snap'), join(folder.path, 'bin/chromium'));
    expect(findChromium(envWith())).toEqual({ why: expect.stringContaining(`${stub} is only a snap`) });
    const chrome = addProgram('google-chrome');
    expect(findChromium(envWith())).toEqual({ path: chrome });
  });
});

describe('test tools', () => {
  /** A system whose packages bring these programs; any other package cannot be had. */
  const aptWith = (programs: Record<string, () => void>) => {
    const asked: string[][] = [];
    const install = async ({ packages }: { packages: string[] }): Promise<void> => {
      asked.push(packages);
      const [name = ''] = packages;
      const bring = programs[name];
      if (!bring) throw new SetupError({ part: 'test tool', why: `no mirror has ${name}`, cure: 'another mirror' });
      bring();
    };
    return { asked, install };
  };

  test('that are here are not installed', async () => {
    for (const name of ['sipp', 'baresip', 'google-chrome', 'sox', 'tshark', 'espeak-ng', 'kamailio', 'turnserver'])
      addProgram(name);
    const apt = aptWith({});
    expect(await getTestTools({ env: envWith(), apt, report, say: report })).toEqual([]);
    expect(apt.asked).toEqual([]);
  });

  test('one that cannot be had does not keep the others away, and a loud line names it', async () => {
    const lines: string[] = [];
    const apt = aptWith({
      'sip-tester': () => addProgram('sipp'),
      chromium: () => addProgram('chromium'),
      sox: () => addProgram('sox'),
      tshark: () => addProgram('tshark'),
      'espeak-ng': () => addProgram('espeak-ng'),
      coturn: () => addProgram('turnserver'),
      kamailio: () => addProgram('kamailio'),
    });
    const say = (line: string): void => void lines.push(line);
    expect(await getTestTools({ env: envWith(), apt, report, say })).toEqual(['baresip']);
    expect(missingTools(envWith())).toEqual(['baresip']);
    // A machine that has Kamailio has it in /usr/sbin, where it is found whatever PATH says.
    const packages = ['sip-tester', 'baresip-core', 'chromium', 'sox', 'tshark', 'espeak-ng'];
    const kamailio = findProgram('kamailio', {}) ? [] : ['kamailio'];
    const coturn = findProgram('turnserver', {}) ? [] : ['coturn'];
    expect(apt.asked).toEqual([...packages, ...coturn, ...kamailio].map((name) => [name]));
    expect(lines.join('\n')).toMatch(
      /SKIPPING TESTS: baresip missing[^]*no mirror has baresip-core[^]*apt-get install/,
    );
  });

  test('a package that brings only a snap is missing, with the cure', async () => {
    for (const name of ['sipp', 'baresip', 'sox', 'tshark', 'espeak-ng', 'kamailio', 'turnserver']) addProgram(name);
    const apt = aptWith({ chromium: () => addProgram('chromium-browser', UBUNTU_STUB) });
    const work = getTestTools({ env: envWith({ CI: 'true' }), apt, report, say: report });
    await expect(work).rejects.toThrow(/chromium: [^]*is only a snap[^]*Google Chrome[^]*set CHROMIUM_PATH/);
  });

  test('with CI=true what is missing is an error with the command that brings it', async () => {
    const work = getTestTools({ env: envWith({ CI: 'true' }), apt: aptWith({}), report, say: report });
    await expect(work).rejects.toThrow(/no mirror has sox[^]*apt-get install .*sip-tester baresip-core chromium sox/);
  });
});
