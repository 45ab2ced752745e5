/** Recording on demand: agents of a call as far as its policy lets them, supervisors, and flows. */
import { unreachable } from '../base/errors';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { RecordingAct, RecordingActor } from '../store/interaction';
import type { RecordingRight } from '../store/recording-policies';
import type { Call } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { startRecording, stopRecording } from './recording';
import { isAtMailbox } from './mailbox';
import { FLOW_MASK_MS, beginMask, endMask } from './recording-mask';
import { beginNotice } from './recording-notice';
import { mayDo, ruleOf, settleTerms } from './recording-terms';

export type RecordingAction = RecordingAct['act'];

export interface RecordingOrder {
  readonly action: RecordingAction;
  readonly by: RecordingActor;
  /** After so long a pause or a mask ends by itself; as the policy has it when absent. */
  readonly maxMs?: number | undefined;
}

const RIGHTS: Readonly<Record<RecordingAction, RecordingRight>> = {
  start: 'start',
  stop: 'stop',
  pause: 'pause',
  resume: 'pause',
  mask: 'mask',
  unmask: 'mask',
};

/**
 * Must run inside the call's serial queue. Errors: `forbidden` where the policy does not let the actor, `conflict` where
 * there is nothing to do it with, `unavailable` when the recording could not be started.
 */
export const controlRecording = async (ctx: CallContext, call: Call, order: RecordingOrder): Promise<Result<void>> => {
  const { action, by } = order;
  if (!call.recordingTerms) settleTerms(ctx, call);
  if (!mayDo(call, by, RIGHTS[action])) return fail('forbidden', refusalOf(call, action));
  const forMs = order.maxMs ?? ruleOf(call).resumeAfterMs;
  switch (action) {
    case 'start':
      return start(ctx, call, by);
    case 'stop':
      return stop(ctx, call, by);
    case 'pause':
      if (!call.recording) return NOT_RECORDED;
      await beginMask(ctx, call, { kind: 'paused', forMs, by });
      return ok(undefined);
    case 'mask':
      if (!call.customer || call.phase.kind === 'ended') return fail('conflict', 'There is nobody to be masked.');
      await beginMask(ctx, call, { kind: 'masked', forMs, by });
      return ok(undefined);
    case 'resume':
    case 'unmask':
      if (call.recordingMask?.kind !== (action === 'unmask' ? 'masked' : 'paused'))
        return fail('conflict', action === 'unmask' ? 'Nothing is masked.' : 'The recording is not paused.');
      await endMask(ctx, call, by);
      return ok(undefined);
    default:
      return unreachable(action);
  }
};

/** What the flow's step says; a step that cannot be carried out costs nobody the call. */
export const recordByFlow = async (
  ctx: CallContext,
  call: Call,
  order: { readonly action: RecordingAction; readonly maxMs?: number | undefined; readonly step: string },
): Promise<void> => {
  const { step: id, action, maxMs } = order;
  const done = await controlRecording(ctx, call, { action, maxMs, by: { kind: 'flow', id } });
  if (!done.ok) ctx.log.warn({ callId: call.callId, step: id, fault: done.fault }, 'a recording was not changed');
};

/** The flow asks for what must be kept nowhere, or has got it. */
export const maskByFlow = async (ctx: CallContext, call: Call, isOn: boolean): Promise<void> => {
  const id = call.phase.kind === 'flow' && 'step' in call.phase.state ? call.phase.state.step : '';
  const by = { kind: 'flow', id } as const;
  if (isOn) await beginMask(ctx, call, { kind: 'masked', forMs: FLOW_MASK_MS, by });
  else await endMask(ctx, call, by);
};

const NOT_RECORDED = fail('conflict', 'This call is not being recorded.');

const start = async (ctx: CallContext, call: Call, by: RecordingActor): Promise<Result<void>> => {
  if (call.recording) return fail('conflict', 'This call is being recorded already.');
  const terms = call.recordingTerms ?? settleTerms(ctx, call);
  // Who leaves a message wants it to be heard, whatever becomes of conversations.
  if (terms.choice.rule.mode === 'off' && !isAtMailbox(call))
    return fail('forbidden', `The recording policy ${terms.choice.id ?? ''} says that this call is never recorded.`);
  if (!RECORDABLE.has(call.phase.kind)) return fail('conflict', 'A call can be recorded once it is answered.');
  call.recordingTerms = { ...terms, wish: { isOn: true, by } };
  await startRecording(ctx, call, by);
  if (!call.recording) return fail('unavailable', 'The recording could not be started; the log says why.');
  await beginNotice(ctx, call);
  callChanged(ctx, call);
  return ok(undefined);
};

const RECORDABLE: ReadonlySet<Call['phase']['kind']> = new Set([
  'flow',
  'talking',
  'held',
  'consulting',
  'forwarded',
  'transferring',
]);

const stop = async (ctx: CallContext, call: Call, by: RecordingActor): Promise<Result<void>> => {
  // A flow may say so before anything is recorded: when the caller does not agree to it.
  if (!call.recording && by.kind !== 'flow') return NOT_RECORDED;
  const terms = call.recordingTerms ?? settleTerms(ctx, call);
  call.recordingTerms = { ...terms, wish: { isOn: false, by } };
  await stopRecording(ctx, call, by);
  callChanged(ctx, call);
  return ok(undefined);
};

const refusalOf = (call: Call, action: RecordingAction): string => {
  const id = call.recordingTerms?.choice.id;
  const whose =
    id === undefined ? 'No recording policy is set for this call, and without one' : `By the recording policy ${id}`;
  return `${whose} you may not ${action} its recording; an administrator can change that.`;
};
