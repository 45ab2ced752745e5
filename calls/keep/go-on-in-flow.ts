/** A call in a flow goes on at its step after a restart. */
import type { PlayId } from '../../base/ids';
import type { FlowEvent, FlowState } from '../../flows/interpreter';
import { isSensitive } from '../../flows/sensitive';
import { answerCaller } from '../answer';
import type { Call } from '../call';
import type { CallContext } from '../context';
import { endCall } from '../end';
import { advanceFlow, startFlowTimer } from '../flow-runner';
import { maskByFlow } from '../recording-control';
import { setVariables } from '../set-variables';
import { noteAnswer } from './adopt-caller';
import { INTERRUPTED } from './interrupted';

const WAIT_FOR_TIME: ReadonlySet<FlowState['kind']> = new Set([
  'menu-waiting',
  'collect-waiting',
  'detecting',
  'take-recording',
  'take-reviewing',
] as const);

/** Must run inside the call's serial queue. @param plays that still run. */
export const goOnInFlow = async (ctx: CallContext, call: Call, plays: ReadonlySet<PlayId>): Promise<void> => {
  const { phase, flow } = call;
  if (phase.kind !== 'flow') return;
  // A flow of which the step is gone can only be left.
  if (!flow || ('step' in phase.state && !flow.steps[phase.state.step])) return endCall(ctx, call, INTERRUPTED);
  if (phase.state.kind === 'answering') await answerCaller(ctx, call);
  noteAnswer(ctx, call);
  if (isSensitive(flow, phase.state) && !call.recordingMask) await maskByFlow(ctx, call, true);
  if (phase.state.kind === 'acting') await returnToFlow(ctx, call);
  if (call.playId !== undefined && plays.has(call.playId)) return;
  call.playId = undefined;
  if (call.flowTimerAtMs !== undefined && WAIT_FOR_TIME.has(phase.state.kind))
    return startFlowTimer(ctx, call, Math.max(0, call.flowTimerAtMs - ctx.clock.nowMs()));
  const event = eventFor(ctx, call, phase.state);
  if (event) await advanceFlow(ctx, call, event);
};

/** Whoever was being called, or the room, is gone, and with them what the caller heard meanwhile. */
const returnToFlow = async (ctx: CallContext, call: Call): Promise<void> => {
  const { playId, log } = call;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
  if (log.current?.kind === 'flow' && log.current.endedAtMs === undefined) return;
  if (log.current?.kind === 'ringing') log.detail('app-restarted');
  log.enter('flow');
};

/** What the step waited for, and nobody will say any more. */
const eventFor = (ctx: CallContext, call: Call, state: FlowState): FlowEvent | undefined => {
  switch (state.kind) {
    case 'idle':
      return { type: 'start' };
    case 'answering':
      return { type: 'answered' };
    case 'reading': {
      const step = call.flow?.steps[state.step];
      return { type: 'value', value: step?.do === 'branch' ? call.variables.get(step.on) : undefined };
    }
    case 'acting':
      if (call.flow?.steps[state.step]?.do === 'dial') setVariables(ctx, call, { 'dial-result': 'unavailable' });
      return { type: 'acted', done: false };
    case 'take-recording':
      return { type: 'take-ended' };
    case 'menu-waiting':
    case 'collect-waiting':
    case 'detecting':
      return { type: 'timeout' };
    case 'queued':
    case 'ended':
      return undefined;
    default:
      return { type: 'prompts-ended' };
  }
};
