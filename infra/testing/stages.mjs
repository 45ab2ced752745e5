const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Tests that drive the running product: they own ports and measure time, so they run one after another. */
const ALONE = ['e2e', 'interop'];

/**
 * How a run is divided: first everything that is quick, then what drives the running product. A folder that nobody
 * listed belongs to the first stage, so no test can be forgotten.
 * @param {{ root: string, args: string[] }} options with arguments there is one stage, and they decide what it runs
 * @returns {{ name: string, jestArgs: string[] }[]}
 */
export function testStages({ root, args }) {
  if (args.length > 0) {
    const alone = args.some((arg) => ALONE.some((folder) => arg.includes(`test/${folder}`)));
    return [{ name: 'chosen tests', jestArgs: [...(alone ? ['--runInBand'] : []), ...args] }];
  }
  const tests = `^${escaped(root)}/test/`;
  // A folder may have no tests yet, but whoever names one wants it run.
  const evenNone = '--passWithNoTests';
  const quick = {
    name: 'quick tests',
    // Jest would leave a core to somebody who watches; with two of them that is half of the machine.
    jestArgs: [evenNone, '--maxWorkers=100%', '--testPathPatterns', `${tests}(?!(${ALONE.join('|')})/)`],
  };
  const others = ALONE.map((folder) => ({
    name: `${folder} tests`,
    jestArgs: [evenNone, '--runInBand', '--testPathPatterns', `${tests}${folder}/`],
  }));
  return [quick, ...others];
}
