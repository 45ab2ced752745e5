/** What `npm run soak` can be asked for. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  readonly calls: number;
  readonly seed: number;
  readonly json: boolean;
  /** Whether memory is looked at, which takes a first round of calls before what is measured. */
  readonly memory: boolean;
}

/** @throws Error that says what is wrong with them. */
export const readOptions = (args: readonly string[]): SoakOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      calls: { type: 'string', default: '50' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  const calls = Number(values.calls);
  const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error('--minutes is a number above 0, up to a day');
  if (!Number.isInteger(calls) || calls < 1 || calls > 50) throw new Error('--calls is a whole number from 1 to 50');
  if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed is a whole number');
  return { minutes, calls, seed, json: values.json, memory: minutes >= 2 };
};
