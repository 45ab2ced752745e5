/** Whoever was called into a conference presses 1 first: nobody is put among others unasked, nor an answering machine. */
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { Call } from '../call';
import { onCall } from '../context';
import type { CallContext } from '../context';
import { endCall } from '../end';
import { sayTo } from './speak';

const MAX_ASKED = 2;
const ANSWER_TIMEOUT_MS = 8_000;

/** Must run inside the call's serial queue. */
export const awaitConsent = async (
  ctx: CallContext,
  call: Call,
  of: { readonly room: ConferenceRoom; readonly role: ConferenceRole },
): Promise<void> => {
  call.visit = { kind: 'confirming', ...of, asked: 1 };
  await ask(ctx, call, of.room);
};

const ask = async (ctx: CallContext, call: Call, room: ConferenceRoom): Promise<void> => {
  if (!(await sayTo(ctx, call, { prompts: ['conference-invitation'], room }))) consentAsked(ctx, call);
};

/** The question has been put. */
export const consentAsked = (ctx: CallContext, call: Call): void => {
  call.flowTimer?.cancel();
  call.flowTimer = ctx.clock.after(ANSWER_TIMEOUT_MS, () => onCall(ctx, call, () => askAgain(ctx, call)));
};

const askAgain = async (ctx: CallContext, call: Call): Promise<void> => {
  const { visit } = call;
  if (visit?.kind !== 'confirming') return;
  if (visit.asked >= MAX_ASKED) return endCall(ctx, call, { party: 'called', reason: 'no-consent' });
  call.visit = { ...visit, asked: visit.asked + 1 };
  await ask(ctx, call, visit.room);
};
