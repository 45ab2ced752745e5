/** What `npm run faults` can be asked for. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { FaultKind, Victim } from './history';
import type { Fault } from './nemesis';
import { faultName } from './nemesis';

export interface FaultsOptions {
  readonly contacts: number;
  readonly agents: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** The mean time between two faults. */
  readonly everyMs: number;
  readonly json: boolean;
}

const KINDS: readonly FaultKind[] = ['kill', 'pause', 'partition'];
const VICTIMS: readonly Victim[] = ['app', 'edge', 'store'];

export const ALL_FAULTS: readonly Fault[] = KINDS.flatMap((kind) => VICTIMS.map((victim) => ({ kind, victim })));

/** @throws Error that says what is wrong with them. */
export const readOptions = (args: readonly string[]): FaultsOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: 'string', default: '10000' },
      agents: { type: 'string', default: '20' },
      seed: { type: 'string' },
      faults: { type: 'string', default: ALL_FAULTS.map(faultName).join(',') },
      every: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
    },
  });
  const contacts = wholeNumber('contacts', values.contacts, 1_000_000);
  const agents = wholeNumber('agents', values.agents, 100);
  const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed is a whole number');
  const everyS = Number(values.every);
  if (!(everyS > 0)) throw new Error('--every is a number of seconds above 0');
  const faults = values.faults.split(',').map((name) => {
    const fault = ALL_FAULTS.find((one) => faultName(one) === name);
    if (!fault) throw new Error(`--faults are of ${ALL_FAULTS.map(faultName).join(', ')}; ${name} is none`);
    return fault;
  });
  return { contacts, agents, seed, faults, everyMs: everyS * 1_000, json: values.json };
};

const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Error(`--${name} is from 1 to ${most}`);
  return value;
};
