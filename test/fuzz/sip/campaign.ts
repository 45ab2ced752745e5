/**
 * Runs seeds, one after the other: each decides alone what it tries, so that a seed that fails is tried again by itself.
 * An execution is one message given to what is tested.
 */
import { controlExecution } from './control-target';
import { parserExecution } from './parser-target';
import { transactionExecution } from './transaction-target';

export interface Execution {
  /** The input, for people. */
  readonly show: () => string;
  /** @returns how many messages were tried. @throws when something is wrong. */
  readonly run: () => number;
}

export type TargetName = 'parser' | 'transactions' | 'control';

const TARGETS: Readonly<Record<TargetName, (seed: number) => Execution>> = {
  parser: parserExecution,
  transactions: transactionExecution,
  control: controlExecution,
};

/** Which seeds try what: the parser meets most of what strangers send. */
const TURNS: readonly TargetName[] = ['parser', 'parser', 'transactions', 'parser', 'control', 'parser'];

export const targetOf = (seed: number): TargetName => TURNS[seed % TURNS.length] ?? 'parser';

/** No message may take longer. */
export const SLOWEST_MS = 5;

/**
 * A pause of the garbage collector or of the machine falls on any input, but not on the same one each time: what seems
 * slow is tried again, and the fastest time is its own.
 */
const RETRIES = 10;

export class CampaignFailure extends Error {
  constructor(
    readonly seed: number,
    why: string,
    cause?: unknown,
  ) {
    const { show } = TARGETS[targetOf(seed)](seed);
    super(`seed ${seed} (${targetOf(seed)}): ${why}\nagain: npm run fuzz -- sip --seed ${seed}\n${show()}`, { cause });
    this.name = 'CampaignFailure';
  }
}

export type CampaignCounts = Record<TargetName, number>;

/** Tries one seed. @returns how many messages it was. @throws CampaignFailure. */
export const trySeed = (seed: number): { readonly messages: number; readonly tookMs: number } => {
  const execution = TARGETS[targetOf(seed)](seed);
  try {
    const startedMs = performance.now();
    const messages = execution.run();
    let tookMs = performance.now() - startedMs;
    for (let left = RETRIES; tookMs / messages > SLOWEST_MS && left > 0; left -= 1) {
      const againMs = performance.now();
      execution.run();
      tookMs = Math.min(tookMs, performance.now() - againMs);
    }
    return { messages, tookMs: tookMs / messages };
  } catch (error) {
    throw new CampaignFailure(seed, error instanceof Error ? error.message : String(error), error);
  }
};

export interface Campaign {
  readonly firstSeed: number;
  readonly executions: number;
  /** Called every so often; what it returns is awaited, so that rejections that nobody handles come to light. */
  readonly onProgress?: (counts: CampaignCounts, seed: number) => Promise<void>;
}

const PROGRESS_SEEDS = 20_000;

/** @throws CampaignFailure with the first seed that fails. */
export const runCampaign = async (campaign: Campaign): Promise<CampaignCounts> => {
  const counts: CampaignCounts = { parser: 0, transactions: 0, control: 0 };
  let executions = 0;
  for (let seed = campaign.firstSeed; executions < campaign.executions; seed += 1) {
    const { messages, tookMs } = trySeed(seed);
    if (tookMs > SLOWEST_MS) throw new CampaignFailure(seed, `a message took ${tookMs.toFixed(1)} ms`);
    counts[targetOf(seed)] += messages;
    executions += messages;
    if (seed % PROGRESS_SEEDS === 0) await campaign.onProgress?.(counts, seed);
  }
  return counts;
};
