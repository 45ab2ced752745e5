/** Keys of a caller who waits: to ask for a callback, and for the number to be called. */
import type { CallbackOffer } from '../store/waiting-terms';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { playPromptThenMusic } from './music';
import { goOnWaiting } from './queue-announce';
import { offerOf } from './queue-callback-offer';
import { ownNumber } from './own-number';
import { requestCallback } from './request-callback';

const MOST_DIGITS = 32;
/** Without a key for so long the caller has thought better of it. */
const BETWEEN_KEYS_MS = 10_000;

/** Must run inside the call's serial queue. */
export const queueKey = async (ctx: CallContext, call: Call, digit: string): Promise<void> => {
  const offer = offerOf(ctx, call);
  if (call.phase.kind !== 'queued' || !offer) return;
  if (call.callbackDigits !== undefined) return numberKey(ctx, call, digit);
  if (!call.callbackOffered || digit !== offer.key) return;
  await begin(ctx, call, offer);
};

const begin = async (ctx: CallContext, call: Call, offer: CallbackOffer): Promise<void> => {
  const number = offer.number === 'caller' ? ownNumber(call) : undefined;
  if (number !== undefined) return requestCallback(ctx, call, { number, by: 'caller' });
  call.callbackDigits = '';
  awaitKey(ctx, call);
  await playPromptThenMusic(ctx, call, 'queue-callback-number');
};

const numberKey = async (ctx: CallContext, call: Call, digit: string): Promise<void> => {
  const digits = call.callbackDigits ?? '';
  if (digit === '#') {
    endEntry(call);
    return requestCallback(ctx, call, { number: digits, by: 'caller' });
  }
  if (digits === '') await hush(ctx, call);
  if (digits.length < MOST_DIGITS) call.callbackDigits = digits + digit;
  awaitKey(ctx, call);
};

/** Who types hears nothing meanwhile. */
const hush = async (ctx: CallContext, call: Call): Promise<void> => {
  const { playId } = call;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
};

const awaitKey = (ctx: CallContext, call: Call): void => {
  call.callbackTimer?.cancel();
  call.callbackTimer = ctx.clock.after(BETWEEN_KEYS_MS, () =>
    onCall(ctx, call, async () => {
      if (call.callbackDigits === undefined) return;
      endEntry(call);
      if (call.phase.kind === 'queued' && call.playId === undefined) await goOnWaiting(ctx, call);
    }),
  );
};

const endEntry = (call: Call): void => {
  call.callbackTimer?.cancel();
  call.callbackTimer = undefined;
  call.callbackDigits = undefined;
};
