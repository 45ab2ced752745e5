/** What the history says of a call that is over. */
import type { InteractionView } from '../../../api/contract/rest';
import type { Product } from '../../support/product';
import { pause } from '../../support/wait';
import { untilTold } from '../patience';

/** Sooner it is not written down. */
const FIRST_LOOK_MS = 300;

/** By its id where that is known; the search by numbers is for those who have no desk. */
export type Sought = { readonly interactionId: string } | { readonly number: string };

/** Its recordings' lengths come a moment after its end. Throws after `timeoutMs`. */
export async function untilWrittenDown(product: Product, sought: Sought, timeoutMs: number): Promise<InteractionView> {
  await pause(FIRST_LOOK_MS);
  return untilTold(
    'the call in the history',
    async () => (await found(product, sought)).find(isWrittenDown),
    timeoutMs,
  );
}

const found = async (product: Product, sought: Sought): Promise<readonly InteractionView[]> =>
  'number' in sought
    ? product.historyOf(sought.number)
    : [await product.admin<InteractionView>('GET', `/interactions/${sought.interactionId}`)];

const isWrittenDown = ({ endedAtMs, recordings }: InteractionView): boolean =>
  endedAtMs !== undefined && recordings.every(({ durationMs }) => durationMs > 0);
