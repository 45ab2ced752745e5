/** A flow puts the caller through to a phone or to a number behind a trunk; when nobody answers, the flow goes on. */
import type { FlowEffect } from '../flows/interpreter';
import type { Call } from './call';
import type { CallContext } from './context';
import { advanceFlow } from './flow-runner';
import { playMusic } from './music';
import { putThrough } from './put-through';
import type { PeerGoal } from './put-through';
import { routeCall } from './route-call';

type DialOrder = Extract<FlowEffect, { type: 'dial' }>;

/** Must run inside the call's serial queue. */
export const dialFromFlow = async (ctx: CallContext, call: Call, order: DialOrder): Promise<void> => {
  if (call.phase.kind !== 'flow') return;
  const { state } = call.phase;
  const goal = goalOf(ctx, call, order);
  if (!goal) return advanceFlow(ctx, call, { type: 'acted', done: false });
  call.moveTo({ kind: 'alerting', flow: state });
  if (call.customer?.dialog) await playMusic(ctx, call);
  await putThrough(ctx, call, {
    goal,
    ringTimeoutMs: order.ringTimeoutMs,
    onFailed: async () => {
      const { playId } = call;
      call.playId = undefined;
      if (playId !== undefined) await ctx.media.stopPlay(playId);
      call.moveTo({ kind: 'flow', state });
      call.log.enter('flow');
      await advanceFlow(ctx, call, { type: 'acted', done: false });
    },
  });
};

/**
 * A number that stands in the flow is an administrator's word, who may call everything. One that is made of variables,
 * such as what the caller has keyed in, is dialled in the caller's name: the rules by number count.
 */
const mayDial = (ctx: CallContext, call: Call, of: { number: string; written: string }): boolean => {
  const { number, written } = of;
  if (number === written) return true;
  const permitted = ctx.permission.outbound({ dialled: number, caller: call.identity.number });
  if (!permitted.ok)
    ctx.log.info({ callId: call.callId, number, reason: permitted.fault.message }, 'a caller may not dial a number');
  return permitted.ok;
};

const goalOf = (ctx: CallContext, call: Call, order: DialOrder): PeerGoal | undefined => {
  const number = call.variables.fill(order.number);
  if (!mayDial(ctx, call, { number, written: order.number })) return undefined;
  const goal = routeCall(ctx, number, { kind: 'agent' });
  if (!goal.ok || goal.value.kind === 'flow' || goal.value.kind === 'agent') {
    ctx.log.warn({ callId: call.callId, number, goal }, 'a flow dials a number that it cannot reach');
    return undefined;
  }
  if (goal.value.kind === 'phone') return goal.value;
  const filled = Object.entries(order.headers).map(([name, text]) => [name, oneLine(call.variables.fill(text))]);
  return {
    ...goal.value,
    headers: { ...goal.value.headers, ...(Object.fromEntries(filled) as Record<string, string>) },
  };
};

/** What comes from a caller must not begin another header. */
const oneLine = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ');
