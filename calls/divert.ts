/** A rule of the queue sends a waiting caller elsewhere: to a flow, a number, a mailbox, or with a message to the end. */
import { unreachable } from '../base/errors';
import type { AcdEffect } from '../acd/core/model';
import type { FlowDocument, Prompt } from '../flows/document';
import type { DivertedTo } from '../store/queue-notes';
import type { Call } from './call';
import type { CallContext } from './context';
import { endCall } from './end';
import { advanceFlow } from './flow-runner';
import { madeFlow } from './made-flow';
import { languagesOf } from './say';
import { setVariables } from './set-variables';

type Diversion = Extract<AcdEffect, { type: 'contact-diverted' }>;
type Steps = FlowDocument['steps'];

/** Who is diverted must not fall into a flow that was meant for others. */
const NAME = 'queue-diversion';

/**
 * The ACD has let the contact go. Whatever comes next is a flow: the one that the rule names, or a small one that is made
 * for it. Must run inside the call's serial queue.
 */
export const divertCall = async (ctx: CallContext, call: Call, effect: Diversion): Promise<void> => {
  if (call.phase.kind !== 'queued') return;
  const { queueId, because, announcement } = effect;
  const to = divertedTo(effect);
  call.log.noteQueue({ kind: 'diverted', queueId, to, because });
  ctx.log.info({ callId: call.callId, queueId, to, because }, 'a call is diverted from its queue');
  const flow = flowFor(ctx, call, to);
  if (!flow) {
    ctx.log.error({ callId: call.callId, queueId, to }, 'a queue diverts to what is not there');
    return endCall(ctx, call, { party: 'system', reason: 'queue-overflow' });
  }
  setVariables(ctx, call, { 'diverted-from': queueId, 'diverted-because': because });
  const announcedFlow = announced(flow, promptsOf(call, announcement));
  await leaveForFlow(ctx, call, { flow: announcedFlow, detail: `overflow:${because}` });
};

const divertedTo = ({ to }: Diversion): DivertedTo =>
  to.kind === 'end' ? { kind: 'end' } : { kind: to.kind, target: to.target };

/** Out of the queue, which the ACD knows already, into a flow. */
export const leaveForFlow = async (
  ctx: CallContext,
  call: Call,
  { flow, detail }: { readonly flow: FlowDocument; readonly detail: string },
): Promise<void> => {
  const { playId } = call;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
  call.flow = madeFlow(flow);
  call.queueId = undefined;
  call.moveTo({ kind: 'flow', state: { kind: 'idle' } });
  call.log.enter('flow', { detail });
  await advanceFlow(ctx, call, { type: 'start' });
};

const flowFor = (ctx: CallContext, call: Call, { kind, target = '' }: DivertedTo): FlowDocument | undefined => {
  switch (kind) {
    case 'flow':
      return ctx.directory.flow?.(target);
    case 'number':
      return ctx.directory.flowOf(target) ?? flowWith(dialling(target));
    case 'voicemail':
      return ctx.directory.flow?.(target) ?? flowWith(voicemail(call));
    case 'message':
      return flowWith(message(call, target));
    case 'end':
      return flowWith(ending());
    default:
      return unreachable(kind);
  }
};

const flowWith = (steps: Steps): FlowDocument => ({ id: NAME, version: 1, title: '', start: 'first', steps });

const END = { do: 'hang-up', reason: 'queue-overflow' } as const;

const ending = (): Steps => ({ first: END });

const message = (call: Call, prompt: string): Steps => ({
  first: { do: 'play', prompts: promptsOf(call, prompt), next: 'end' },
  end: END,
});

const dialling = (number: string): Steps => ({
  first: { do: 'dial', number, ringTimeoutMs: 45_000, headers: {}, tone: 'auto', otherwise: 'end' },
  end: END,
});

/** What is silent for so long has been said. */
const VOICEMAIL_SILENCE_MS = 6_000;
const VOICEMAIL_MOST_MS = 180_000;

/** The message is the interaction's recording, on the caller's channel. */
const voicemail = (call: Call): Steps => ({
  first: { do: 'play', prompts: promptsOf(call, 'queue-leave-message'), next: 'beep' },
  beep: { do: 'tone', tone: 'beep', durationMs: 500, next: 'record' },
  record: { do: 'recording', action: 'start', next: 'listen' },
  listen: {
    do: 'detect',
    silence: 'stop',
    silenceMs: VOICEMAIL_SILENCE_MS,
    timeoutMs: VOICEMAIL_MOST_MS,
    next: 'stop',
  },
  stop: { do: 'recording', action: 'stop', next: 'thanks' },
  thanks: { do: 'play', prompts: promptsOf(call, 'goodbye'), next: 'end' },
  end: { do: 'hang-up', reason: 'voicemail' },
});

const promptsOf = (call: Call, prompt: string | undefined): Prompt[] =>
  prompt === undefined ? [] : languagesOf(call).map((language) => ({ prompt, language }));

/** The announcement of the rule comes first. */
const announced = (flow: FlowDocument, prompts: readonly Prompt[]): FlowDocument =>
  prompts.length === 0
    ? flow
    : {
        ...flow,
        start: NAME,
        steps: { ...flow.steps, [NAME]: { do: 'play', prompts: [...prompts], next: flow.start } },
      };
