/** What the history says of a call that is over. */
import type { InteractionView } from '../../../api/contract/rest';
import type { Product } from '../../support/product';
import { pause, until } from '../../support/wait';

/** The history is searched for each call anew; asked all the time it would be what the soak measures. */
const BETWEEN_LOOKS_MS = 250;

/** Its recordings' lengths come a moment after its end. Throws after `timeoutMs`. */
export const untilWrittenDown = (product: Product, number: string, timeoutMs: number): Promise<InteractionView> =>
  until(
    'the call in the history',
    async () => {
      await pause(BETWEEN_LOOKS_MS);
      return (await product.historyOf(number)).find(isWrittenDown);
    },
    timeoutMs,
  );

const isWrittenDown = ({ endedAtMs, recordings }: InteractionView): boolean =>
  endedAtMs !== undefined && recordings.every(({ durationMs }) => durationMs > 0);
