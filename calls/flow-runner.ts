/** Performs a flow's effects on a call. */
import { messageOf, unreachable } from '../base/errors';
import { newId } from '../base/ids';
import type { PlayId } from '../base/ids';
import { fail } from '../base/result';
import type { Result } from '../base/result';
import type { RedirectContact } from '../flows/document';
import { stepFlow } from '../flows/interpreter';
import type { FlowEffect, FlowEvent } from '../flows/interpreter';
import type { PlaySource } from '../media/ports';
import { answerCaller } from './answer';
import type { Call } from './call';
import { enterFromFlow, visitPromptsEnded } from './conference/enter';
import { onCall } from './context';
import type { CallContext } from './context';
import { listenForFlow } from './detection';
import { endCall } from './end';
import { enqueue } from './enqueue';
import { failureTold } from './failure-tone';
import { dialFromFlow } from './flow-dial';
import { completeHandOver, prepareHandOver } from './hand-over';
import { lookUp } from './look-up';
import type { LookedUp, Question } from './look-up';
import { playMusic } from './music';
import { maskByFlow, recordByFlow } from './recording-control';
import { dropTake, guideSources, keepTake, startTake, stopTake } from './record-prompt';
import { redirectInvite } from './redirect';
import { sourcesToSay } from './say';
import { goOnWaiting } from './queue-announce';
import { setVariables } from './set-variables';
import { countryFor } from './tone-country';

/** Feeds one event to the call's flow. Must run inside the call's serial queue. */
export const advanceFlow = async (ctx: CallContext, call: Call, event: FlowEvent): Promise<void> => {
  if (call.phase.kind !== 'flow' || !call.flow) return;
  call.hastySteps = isHasty(event) ? call.hastySteps + 1 : 0;
  if (call.hastySteps > MAX_HASTY_STEPS) return endLooping(ctx, call);
  const [state, effects] = stepFlow(call.flow, call.phase.state, event);
  call.moveTo({ kind: 'flow', state });
  for (const effect of effects) {
    if (!isOpen(call)) return;
    await perform(ctx, call, effect);
  }
};

const endLooping = (ctx: CallContext, call: Call): Promise<void> => {
  const at = call.phase.kind === 'flow' && 'step' in call.phase.state ? call.phase.state.step : undefined;
  ctx.log.error({ callId: call.callId, flow: call.flow?.id, step: at }, 'a flow goes in a circle');
  return endCall(ctx, call, { party: 'system', reason: 'flow-loops', failed: true });
};

/** Answers to the flow's own questions, which cost no time: a flow that asks on and on goes in a circle. */
const isHasty = ({ type }: FlowEvent): boolean => type === 'value' || type === 'acted' || type === 'prompts-failed';

const MAX_HASTY_STEPS = 100;

const isOpen = (call: Call): boolean => call.phase.kind !== 'ended';

/** A key of the caller: recorded with the interaction when the flow waits for one. */
export const digitPressed = (ctx: CallContext, call: Call, digit: string): Promise<void> =>
  advanceFlow(ctx, call, { type: 'digit', digit });

const perform = async (ctx: CallContext, call: Call, effect: FlowEffect): Promise<void> => {
  switch (effect.type) {
    case 'entered':
      call.log.detail(effect.step);
      return;
    case 'answer':
      await answerCaller(ctx, call);
      if (call.flow?.fax !== undefined) await listenForFlow(ctx, call, {});
      return advanceFlow(ctx, call, { type: 'answered' });
    case 'play':
      return play(
        ctx,
        call,
        effect.prompts.map((prompt) => ({ kind: 'prompt', name: prompt.prompt, language: prompt.language })),
      );
    case 'say':
      return say(ctx, call, effect);
    case 'tone':
      return play(ctx, call, toneSources(ctx, call, effect));
    case 'guide':
      return play(ctx, call, guideSources(call, effect.guide));
    case 'start-take':
      if (!(await startTake(ctx, call, effect.maxMs)))
        onCall(ctx, call, () => advanceFlow(ctx, call, { type: 'take-ended' }));
      return;
    case 'stop-take':
      return stopTake(ctx, call);
    case 'drop-take':
      return dropTake(ctx, call);
    case 'keep-take':
      return askOutside(ctx, call, {
        ask: () => keepTake(ctx, call, effect),
        then: (kept) => takeKept(ctx, call, kept),
      });
    case 'stop-playing':
      return stopPlaying(ctx, call);
    case 'start-timer':
      startFlowTimer(ctx, call, effect.delayMs);
      return;
    case 'cancel-timer':
      call.flowTimer?.cancel();
      call.flowTimer = undefined;
      call.flowTimerAtMs = undefined;
      return;
    case 'chose':
      call.log.addDigit(effect.digit);
      if (effect.language !== undefined) call.log.update({ language: effect.language });
      return;
    case 'collected':
      if (effect.secret) call.variables.keepSecret(effect.variable);
      if (effect.sensitive) call.variables.keepSensitive(effect.variable);
      setVariables(ctx, call, { [effect.variable]: effect.digits });
      return;
    case 'set':
      setVariables(ctx, call, filled(call, effect.variables));
      return;
    case 'mask':
    case 'unmask':
      return maskByFlow(ctx, call, effect.type === 'mask');
    case 'recording':
      return recordByFlow(ctx, call, effect);
    case 'read':
      return advanceFlow(ctx, call, { type: 'value', value: call.variables.get(effect.variable) });
    case 'redirect':
      return redirect(ctx, call, effect.contacts);
    case 'look-up':
      return askOutside(ctx, call, {
        ask: () => lookUp(ctx, effect.lookUp, questionOf(call, effect.sends)),
        then: (answer) => lookedUp(ctx, call, { id: effect.lookUp, answer }),
      });
    case 'hand-over':
      return askOutside(ctx, call, {
        ask: () => prepareHandOver(ctx, call, effect),
        then: (prepared) => completeHandOver(ctx, call, { order: effect, prepared }),
      });
    case 'conference':
      return enterFromFlow(ctx, call, effect);
    case 'dial':
      return dialFromFlow(ctx, call, effect);
    case 'detect':
      return listenForFlow(ctx, call, effect.listening);
    case 'stop-detecting':
      return listenForFlow(ctx, call, {});
    case 'enqueue':
      return enqueue(ctx, call, effect);
    case 'looped':
      return endLooping(ctx, call);
    case 'hang-up':
      return endCall(ctx, call, { party: 'system', reason: effect.reason });
    default:
      return unreachable(effect);
  }
};

/** Replaces the one that runs. */
export const startFlowTimer = (ctx: CallContext, call: Call, delayMs: number): void => {
  call.flowTimer?.cancel();
  call.flowTimerAtMs = ctx.clock.nowMs() + delayMs;
  call.flowTimer = ctx.clock.after(delayMs, () =>
    onCall(ctx, call, () => {
      call.flowTimerAtMs = undefined;
      return advanceFlow(ctx, call, { type: 'timeout' });
    }),
  );
};

const questionOf = ({ variables }: Call, sends: readonly string[]): Question => ({
  sensitive: variables.takeSensitive(sends),
  variables: variables.toObject(),
});

const filled = (call: Call, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, call.variables.fill(text)]));

/**
 * Others may take their time: it is spent outside the call's queue, so that the caller may hang up in the meantime. The
 * flow's state does not change until the answer is there.
 */
const askOutside = <Answer>(
  ctx: CallContext,
  call: Call,
  question: { ask: () => Promise<Result<Answer>>; then: (answer: Result<Answer>) => Promise<boolean> | boolean },
): void => {
  void question
    .ask()
    .catch((error: unknown) => fail('internal', messageOf(error), error))
    .then((answer) =>
      onCall(ctx, call, async () => {
        if (call.phase.kind !== 'flow') return;
        await advanceFlow(ctx, call, { type: 'acted', done: await question.then(answer) });
      }),
    );
};

const lookedUp = (ctx: CallContext, call: Call, of: { id: string; answer: Result<LookedUp> }): boolean => {
  const { id, answer } = of;
  if (answer.ok) setVariables(ctx, call, answer.value.variables);
  else ctx.log.warn({ callId: call.callId, lookUp: id, fault: answer.fault }, 'a look-up gave no answer');
  return answer.ok;
};

/** The caller is another exchange's from here on; only a call that has not been answered can be sent away like this. */
const redirect = async (ctx: CallContext, call: Call, contacts: readonly RedirectContact[]): Promise<void> => {
  const invite = call.incoming?.invite;
  if (!invite || !redirectInvite(invite, contacts, call.variables)) {
    ctx.log.warn({ callId: call.callId, answered: invite === undefined }, 'a call could not be redirected');
    return advanceFlow(ctx, call, { type: 'acted', done: false });
  }
  call.incoming = undefined;
  await endCall(ctx, call, { party: 'system', reason: 'redirected' });
};

const play = async (ctx: CallContext, call: Call, sources: readonly PlaySource[]): Promise<void> => {
  if (!call.customer) return;
  const playId = newId<PlayId>();
  call.playId = playId;
  const interruptedBy = interruptingKeys(call);
  const playing = await ctx.media.play({
    playId,
    endpointId: call.customer.endpointId,
    sources,
    ...(interruptedBy !== undefined && { interruptedBy }),
  });
  if (playing.ok) return ctx.voiceAnswers.plays(call, call.customer.endpointId, sources);
  // A missing prompt must not cost the call: the flow goes on as if it had been played, or where it says.
  ctx.log.error({ callId: call.callId, fault: playing.fault }, 'a prompt could not be played');
  onCall(ctx, call, () => playOver(ctx, call, { playId, type: 'prompts-failed' }));
};

const toneSources = (
  ctx: CallContext,
  call: Call,
  { tone, durationMs }: Extract<FlowEffect, { type: 'tone' }>,
): PlaySource[] =>
  call.customer ? [{ kind: 'tone', tone, durationMs, ...countryFor(ctx, call, call.customer.endpointId) }] : [];

/** A value that is none of its kind is said no more than one that the engine fails on. */
const say = async (ctx: CallContext, call: Call, effect: Extract<FlowEffect, { type: 'say' }>): Promise<void> => {
  const sources = sourcesToSay(call, { ...effect, value: call.variables.fill(effect.value) });
  if (sources.ok) return play(ctx, call, sources.value);
  ctx.log.warn({ callId: call.callId, kind: effect.kind, fault: sources.fault }, 'a value could not be read out');
  return advanceFlow(ctx, call, { type: 'prompts-failed' });
};

const takeKept = async (ctx: CallContext, call: Call, kept: Result<void>): Promise<boolean> => {
  if (!kept.ok) ctx.log.warn({ callId: call.callId, fault: kept.fault }, 'a recorded prompt could not be kept');
  await dropTake(ctx, call);
  return kept.ok;
};

/** A recording of a prompt has come to its longest. */
export const takeEnded = async (ctx: CallContext, call: Call, takeId: string): Promise<void> => {
  if (call.take?.takeId === takeId) await advanceFlow(ctx, call, { type: 'take-ended' });
};

/** Which keys stop what the flow plays at their first packet, and not when they are let go. */
const interruptingKeys = (call: Call): string | undefined => {
  const state = call.phase.kind === 'flow' ? call.phase.state.kind : undefined;
  return state === 'menu-playing' || state === 'collect-playing' || state === 'take-reviewing' ? 'any' : undefined;
};

const stopPlaying = async (ctx: CallContext, call: Call): Promise<void> => {
  const { playId } = call;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
};

/** A play came to its end by itself; one that was stopped or replaced is no longer the call's. */
export const promptsEnded = (ctx: CallContext, call: Call, playId: PlayId): Promise<void> =>
  playOver(ctx, call, { playId, type: 'prompts-ended' });

const playOver = async (
  ctx: CallContext,
  call: Call,
  over: { readonly playId: PlayId; readonly type: 'prompts-ended' | 'prompts-failed' },
): Promise<void> => {
  if (call.playId !== over.playId) return;
  call.playId = undefined;
  // What is said in the queue is over.
  if (call.phase.kind === 'queued' || call.phase.kind === 'ringing') return goOnWaiting(ctx, call);
  if (call.phase.kind === 'reanswer') return playMusic(ctx, call);
  if (call.phase.kind === 'conference') return visitPromptsEnded(ctx, call);
  if (call.phase.kind === 'failing') return failureTold(ctx, call);
  await advanceFlow(ctx, call, { type: over.type });
};
