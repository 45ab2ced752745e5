import { availableParallelism } from 'node:os';

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Tests that drive the running product, by themselves or against other people's programs. */
const PRODUCT = ['e2e', 'interop'];

const cores = availableParallelism();

/**
 * How many tests run side by side. Quick ones compute, and more than one a core would only slow each other down; contract
 * tests mostly wait while sound plays; products (each with ports and data of its own) wait too, but their
 * browsers need the second core at times.
 */
const WORKERS = { quick: cores, contract: cores + 1, product: Math.min(cores, 4) };

/**
 * How a run is divided: first everything that is quick, then what plays sound in real time, then what drives the running
 * product. A folder that nobody listed belongs to the first stage, so no test can be forgotten.
 * @param {{ root: string, args: string[] }} options with arguments there is one stage, and they decide what it runs
 * @returns {{ name: string, jestArgs: string[] }[]}
 */
export function testStages({ root, args }) {
  if (args.length > 0) {
    const drivesProduct = args.some((arg) => PRODUCT.some((folder) => arg.includes(`test/${folder}`)));
    return [{ name: 'chosen tests', jestArgs: [...(drivesProduct ? ['--runInBand'] : []), ...args] }];
  }
  const tests = `^${escaped(root)}/test/`;
  const stage = ({ name, workers, folders }) => ({
    name,
    // A folder may have no tests yet, but whoever names one wants it run.
    jestArgs: ['--passWithNoTests', `--maxWorkers=${workers}`, '--testPathPatterns', tests + folders],
  });
  const product = PRODUCT.join('|');
  return [
    stage({ name: 'quick tests', workers: WORKERS.quick, folders: `(?!(contract|${product})/)` }),
    stage({ name: 'contract tests', workers: WORKERS.contract, folders: 'contract/' }),
    stage({ name: 'product tests', workers: WORKERS.product, folders: `(${product})/` }),
  ];
}
