/** An app that is killed while people talk and wait: what they heard meanwhile, and what is left afterwards. */
import type { Health } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import type { Agent } from './agent';
import { lastHeard } from './caller';
import type { Product } from './product';
import { levelDbfs } from './spectrum';
import { pause, until } from './wait';

const PIECE_MS = 300;
const SAMPLES_A_MS = 8;
const MUSIC_DBFS = -45;
const HEARD_AFTER_MS = 500;

/** A busy machine delivers many packets too late; sound that ends with the app is heard for a small part. */
export const LEAST_SHARE = 0.5;

export const hearsMusic = (samples: Float64Array): boolean => levelDbfs(samples) > MUSIC_DBFS;

export const untilMusic = (call: TestCall): Promise<unknown> =>
  until('the caller to hear music', () => hearsMusic(lastHeard(call, PIECE_MS)), 15_000);

const healthOf = async (product: Product): Promise<Health> =>
  (await (await product.get('/api/v1/health')).json()) as Health;

/** Kills the app; resolves when the next one serves and these agents' pages are connected with it, browser telephones and all. */
export const killApp = async (product: Product, agents: readonly Agent[]): Promise<void> => {
  await product.crash('app');
  await until('the app to be connected with everything', async () => (await healthOf(product)).status === 'ok', 30_000);
  await Promise.all(
    agents.map((agent) => agent.at('connection-banner').waitFor({ state: 'detached', timeout: 30_000 })),
  );
};

/** No leg and nothing else is open any more. */
export const nothingIsLeft = (product: Product): Promise<unknown> =>
  until(
    'media to be empty',
    async () => (await healthOf(product)).parts.mediaProcesses?.every(({ endpoints }) => endpoints === 0),
    20_000,
  );

/** Resolves with how much of what the caller heard meanwhile was this, of pieces of 300 ms. */
export const shareHeardDuring = async (
  call: TestCall,
  isHeard: (samples: Float64Array) => boolean,
  work: () => Promise<unknown>,
): Promise<number> => {
  const startedAtMs = performance.now();
  const fromMs = call.heardMs;
  await work();
  await pause(HEARD_AFTER_MS);
  const elapsedMs = performance.now() - startedAtMs;
  const heard = lastHeard(call, call.heardMs - fromMs);
  const pieces = piecesOf(heard, PIECE_MS).filter((piece) => isHeard(piece));
  return (pieces.length * PIECE_MS) / (Math.floor(elapsedMs / PIECE_MS) * PIECE_MS);
};

export const piecesOf = (samples: Float64Array, pieceMs: number): Float64Array[] =>
  Array.from({ length: Math.floor(samples.length / (pieceMs * SAMPLES_A_MS)) }, (_, at) =>
    samples.subarray(at * pieceMs * SAMPLES_A_MS, (at + 1) * pieceMs * SAMPLES_A_MS),
  );
