/** A caller records a prompt: what is said to the caller, and what becomes of the take. */
import { newToken } from '../base/ids';
import { fail } from '../base/result';
import type { Result } from '../base/result';
import type { TakeGuide } from '../flows/record-prompt';
import type { PlaySource } from '../media/ports';
import type { Call } from './call';
import type { CallContext } from './context';
import { languagesOf } from './say';

/** Where prompts are kept that callers record. */
export interface PromptKeeper {
  /** Takes a recorded file as the prompt's next version. Fails with what is wrong with it. */
  keepTake(
    take: { readonly path: string; readonly by: string },
    prompt: { readonly language: string; readonly name: string },
  ): Promise<Result<void>>;
}

/** Recorded under these names, or said: see `docs/prompts.md`. */
const GUIDES: Readonly<Record<TakeGuide, Readonly<Record<'en' | 'zh', string>>>> = {
  begin: {
    en: 'Record the prompt after the tone. Press the hash key when you have finished.',
    zh: '请在提示音后录音，录完请按井号键。',
  },
  again: {
    en: 'Record again after the tone. Press the hash key when you have finished.',
    zh: '请在提示音后重新录音，录完请按井号键。',
  },
  review: {
    en: 'Press 1 to keep this recording, 2 to record again, or star to leave without a change.',
    zh: '保存请按一，重录请按二，放弃请按星号键。',
  },
};

const phrasesOf = (call: Call, guide: TakeGuide): PlaySource[] =>
  languagesOf(call).map((language) => ({
    kind: 'phrase',
    language,
    pieces: [`record-${guide}`],
    text: GUIDES[guide][language.startsWith('zh') ? 'zh' : 'en'],
  }));

/** What is played: before a recording the tone comes last, for a review what was taken comes first. */
export const guideSources = (call: Call, guide: TakeGuide): readonly PlaySource[] => {
  const phrases = phrasesOf(call, guide);
  if (guide !== 'review') return [...phrases, { kind: 'tone', tone: 'beep' }];
  return [{ kind: 'take', takeId: call.take?.takeId ?? '' }, ...phrases];
};

/** False when it could not begin. */
export const startTake = async (ctx: CallContext, call: Call, maxMs: number): Promise<boolean> => {
  if (!call.customer) return false;
  const takeId = newToken(12).replaceAll(/[^A-Za-z0-9]/g, 'x');
  call.take = { takeId };
  const started = await ctx.media.startTake({ takeId, endpointId: call.customer.endpointId, maxMs });
  if (!started.ok) ctx.log.error({ callId: call.callId, fault: started.fault }, 'a prompt cannot be recorded');
  return started.ok;
};

export const stopTake = async (ctx: CallContext, call: Call): Promise<void> => {
  if (!call.take) return;
  const taken = await ctx.media.stopTake(call.take.takeId);
  if (taken.ok) call.take = { ...call.take, path: taken.value.path };
  else ctx.log.info({ callId: call.callId, fault: taken.fault }, 'nothing was recorded for a prompt');
};

/** Idempotent. */
export const dropTake = async (ctx: CallContext, call: Call): Promise<void> => {
  const { take } = call;
  call.take = undefined;
  if (take) await ctx.media.dropTake(take.takeId);
};

/** The take becomes the prompt's next version. */
export const keepTake = async (
  ctx: CallContext,
  call: Call,
  prompt: { readonly language: string; readonly name: string },
): Promise<Result<void>> => {
  const path = call.take?.path;
  if (path === undefined) return fail('not_found', 'nothing was recorded');
  if (!ctx.prompts) return fail('unsupported', 'no prompts can be kept here');
  const { variables } = call;
  const filled = { language: variables.fill(prompt.language), name: variables.fill(prompt.name) };
  return ctx.prompts.keepTake({ path, by: call.identity.number }, filled);
};
