/**
 * Whoever answers a number outside is asked to take the call by a key before anybody hears of the answer: a mobile's
 * mailbox answers too, and must get no customer.
 *
 * ```
 * outgoing ──answered──► asking ──key 1──► answered
 *                           └── no key in time, hung up, cancelled ──► fault
 * ```
 */
import { newId } from '../base/ids';
import type { PlayId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { PlaySource } from '../media/ports';
import type { OutgoingCall, SipDialog } from '../signaling/ports';
import { STATION_LANGUAGES } from '../store/stations';
import type { Station } from '../store/stations';
import { acceptSdp } from './accept-sdp';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';

/** The sentence twice, and the time to look at the keys. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 1_500;
const KEY = '1';
const PROMPT = 'station-press-one';

interface Asking {
  readonly leg: Leg;
  readonly outgoing: OutgoingCall;
  readonly station: Extract<Station, { kind: 'number' }>;
}

/** The same call, as its caller is to see it: answered is only what a person has taken. */
export const askForPerson = (ctx: CallContext, call: Call, asking: Asking): OutgoingCall => {
  const { outgoing } = asking;
  let isCancelled = false;
  let giveUp: (() => void) | undefined;
  const answered = outgoing.answered.then((picked): Promise<Result<SipDialog>> | Result<SipDialog> => {
    if (!picked.ok) return picked;
    if (isCancelled) return refuse(picked.value, CANCELLED);
    return new Promise((settle) => {
      giveUp = ask(ctx, call, { ...asking, dialog: picked.value, settle });
    });
  });
  return {
    answered,
    cancel: () => {
      isCancelled = true;
      outgoing.cancel();
      giveUp?.();
    },
  };
};

const CANCELLED = fail('closed', 'the call was given up before it was taken');
const NOBODY = fail('no_answer', 'something has answered, and nobody has pressed the key');
const DECLINED = fail('declined', 'whoever answered has hung up without taking the call');
const NO_MEDIA = fail('not_acceptable_media', 'whoever answered could not be asked');

const refuse = (dialog: SipDialog, why: ReturnType<typeof fail>): ReturnType<typeof fail> => {
  void dialog.hangup('Q.850;cause=16;text="not taken"');
  return why;
};

/** @returns what gives it up. */
const ask = (
  ctx: CallContext,
  call: Call,
  of: Asking & { readonly dialog: SipDialog; readonly settle: (answer: Result<SipDialog>) => void },
): (() => void) => {
  const { leg, dialog, station } = of;
  const playId = newId<PlayId>();
  let isOver = false;
  const settle = (answer: Result<SipDialog>): void => {
    if (isOver) return;
    isOver = true;
    timer.cancel();
    delete leg.onKey;
    of.settle(answer.ok ? answer : refuse(dialog, answer));
  };
  const timer = ctx.clock.after(PATIENCE_MS, () => settle(NOBODY));
  leg.onKey = async (digit) => {
    if (digit !== KEY || isOver) return;
    await ctx.media.stopPlay(playId);
    settle(ok(dialog));
  };
  dialog.onInfo(({ digit }) => onCall(ctx, call, () => leg.onKey?.(digit)));
  dialog.onReinvite(async (offer) => {
    const again = await ctx.media.answerReoffer(leg.endpointId, offer);
    return again.ok ? ok(again.value.sdp) : again;
  });
  dialog.onEnd(() => settle(DECLINED));
  onCall(ctx, call, async () => {
    if (isOver) return;
    const heard = await acceptSdp(ctx, leg, dialog.remoteSdp);
    if (!heard) return settle(NO_MEDIA);
    const played = await ctx.media.play({
      playId,
      endpointId: leg.endpointId,
      sources: sentence(station),
      loop: true,
    });
    if (!played.ok) settle(NO_MEDIA);
  });
  return () => settle(CANCELLED);
};

const sentence = ({ language }: Asking['station']): PlaySource[] =>
  (language === undefined ? STATION_LANGUAGES : [language]).flatMap((spoken): PlaySource[] => [
    { kind: 'prompt', name: PROMPT, language: spoken },
    { kind: 'silence', durationMs: PAUSE_MS },
  ]);
