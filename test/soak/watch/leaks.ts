/** What must be back to where it was one second after the last call. */
import type { MediaProcessList } from '../../../api/contract/rest';
import type { Product } from '../../support/product';
import { pause } from '../../support/wait';
import type { ProcessReading } from './processes';

const BACK_WITHIN_MS = 1_000;
const LOOK_MS = 50;
/** A process has timers and files of its own that come and go, such as a flush that is due. */
const STRAY_TIMERS = 3;
const STRAY_FILES = 4;
/** Connections that wait in a pool: between the app and the store, and from who asks the API. */
const POOLED_CONNECTIONS = 40;

/** Waits up to a second for media to hold nothing. @returns what is left, in sentences. */
export async function leftInMedia(product: Product): Promise<string[]> {
  const startedMs = performance.now();
  for (;;) {
    const { items } = await product.admin<MediaProcessList>('GET', '/media-processes');
    const left = items.flatMap(({ name, endpoints, inUse }) =>
      Object.entries({ endpoints, ...inUse })
        .filter(([, count]) => count !== 0)
        .map(([what, count]) => `${name} still has ${count} ${what}`),
    );
    if (left.length === 0 || performance.now() - startedMs > BACK_WITHIN_MS) return left;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** SIP keeps its transactions for 64·T1 after a call (RFC 3261, table 4). */
const TRANSACTIONS_LAST_MS = 40_000;

/**
 * What each process has more of than before any call: of media a second later, of those that speak SIP when its timers are
 * over.
 */
export async function leftInProcesses(
  before: Record<string, ProcessReading>,
  read: () => Promise<Record<string, ProcessReading>>,
): Promise<string[]> {
  const ofMedia = ([name]: readonly [string, unknown]): boolean => name.startsWith('media');
  await pause(BACK_WITHIN_MS);
  const now = Object.entries(await read());
  const left = moreThan(before, now.filter(ofMedia));
  const startedMs = performance.now();
  for (;;) {
    const later = Object.entries(await read()).filter((entry) => !ofMedia(entry));
    const more = moreThan(before, later);
    if (more.length === 0 || performance.now() - startedMs > TRANSACTIONS_LAST_MS) return [...left, ...more];
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

function moreThan(
  before: Record<string, ProcessReading>,
  after: readonly (readonly [string, ProcessReading])[],
): string[] {
  return after.flatMap(([name, now]) => {
    const then = before[name];
    if (!then) return [`${name} is another process now`];
    const more = (what: 'timers' | 'udpSockets' | 'openFiles', allowed: number): string[] =>
      now[what] - then[what] > allowed ? [`${name} has ${now[what]} ${what} instead of ${then[what]}`] : [];
    return [
      ...more('timers', STRAY_TIMERS),
      ...more('udpSockets', 0),
      ...more('openFiles', hasPool(name) ? POOLED_CONNECTIONS : STRAY_FILES),
    ];
  });
}

const hasPool = (name: string): boolean => name === 'app' || name === 'store';
