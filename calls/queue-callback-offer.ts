/** Callers who wait are told that they may be called back instead: once their queue's terms are met, and then again. */
import { promisableFromMs } from '../acd/core/callback-hours';
import { NEVER_MS } from '../acd/core/index/deadlines';
import { readOut } from '../flows/reading/read-out';
import type { PlaySource } from '../media/ports';
import type { CallbackOffer } from '../store/waiting-terms';
import type { Call } from './call';
import type { CallContext } from './context';
import { languagesOf } from './say';

export const offerOf = (ctx: CallContext, { queueId }: Call): CallbackOffer | undefined =>
  queueId === undefined ? undefined : ctx.directory.queue(queueId)?.waiting?.callback;

/** From when on it would not be refused for its hours, which may be too far ahead; Infinity when none are known. */
const promisableMs = (ctx: CallContext, { queueId }: Call, { validMs }: CallbackOffer): number => {
  const queue = queueId === undefined ? undefined : ctx.acd.state.queues.get(queueId);
  const nowMs = ctx.clock.nowMs();
  const fromMs = queue ? promisableFromMs(queue, { validMs, nowMs }) : nowMs;
  return fromMs === NEVER_MS ? Infinity : fromMs;
};

/** When the caller is to be told of it; undefined when the queue offers none. */
export const offerDueMs = (ctx: CallContext, call: Call): number | undefined => {
  const offer = offerOf(ctx, call);
  if (!offer || call.queueId === undefined || call.queuedAtMs === undefined) return undefined;
  const { afterMs, afterCallers } = offer;
  const ahead = (ctx.acd.state.queues.get(call.queueId)?.length ?? 1) - 1;
  const isCrowded = afterCallers !== undefined && ahead >= afterCallers;
  return Math.max(call.queuedAtMs + (isCrowded ? 0 : afterMs), promisableMs(ctx, call, offer));
};

/** What a caller who has been told of it is told again, unless it would be refused now. */
export const offerAgain = (ctx: CallContext, call: Call): CallbackOffer | undefined => {
  const offer = offerOf(ctx, call);
  return offer && promisableMs(ctx, call, offer) <= ctx.clock.nowMs() ? offer : undefined;
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
