/** Callers who wait are told that they may be called back instead: once their queue's terms are met, and then again. */
import { readOut } from '../flows/reading/read-out';
import type { PlaySource } from '../media/ports';
import type { CallbackOffer } from '../store/waiting-terms';
import type { Call } from './call';
import type { CallContext } from './context';
import { languagesOf } from './say';

export const offerOf = (ctx: CallContext, { queueId }: Call): CallbackOffer | undefined =>
  queueId === undefined ? undefined : ctx.directory.queue(queueId)?.waiting?.callback;

/** Whether the caller is to be told of it now; undefined when the queue offers none. */
export const offerDueMs = (ctx: CallContext, call: Call): number | undefined => {
  const offer = offerOf(ctx, call);
  if (!offer || call.queueId === undefined || call.queuedAtMs === undefined) return undefined;
  const { afterMs, afterCallers } = offer;
  const ahead = (ctx.acd.state.queues.get(call.queueId)?.length ?? 1) - 1;
  if (afterCallers !== undefined && ahead >= afterCallers) return call.queuedAtMs;
  return call.queuedAtMs + afterMs;
};

export const sayOffer = (call: Call, { key }: CallbackOffer): PlaySource[] =>
  languagesOf(call).map((language) => {
    const read = readOut({ kind: /\d/.test(key) ? 'number' : 'digits', value: key, language });
    const spoken = read.ok ? read.value : { pieces: [], text: key };
    const text = language.startsWith('zh')
      ? `如需我们给您回电，请按${spoken.text}，您的排队位置将保留。`
      : `To be called back instead of waiting, press ${spoken.text}. You keep your place in the queue.`;
    return {
      kind: 'phrase',
      language,
      pieces: ['queue-callback-press', ...spoken.pieces, 'queue-callback-keep'],
      text,
    };
  });
