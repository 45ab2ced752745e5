/** A flow puts the caller through to an agent, a phone or a number behind a trunk; when nobody answers, the flow goes on. */
import { fail, ok } from '../base/result';
import type { Fault, Result } from '../base/result';
import type { FlowEffect, FlowState } from '../flows/interpreter';
import type { Call } from './call';
import { callAgentDirectly } from './call-agent';
import type { CallContext } from './context';
import { tellFailure } from './failure-tone';
import { advanceFlow } from './flow-runner';
import { playMusic } from './music';
import { reasonOf } from './outcome';
import { putThrough } from './put-through';
import { routeCall } from './route-call';
import type { PersonGoal } from './route-call';
import { setVariables } from './set-variables';

type DialOrder = Extract<FlowEffect, { type: 'dial' }>;

/** Must run inside the call's serial queue. */
export const dialFromFlow = async (ctx: CallContext, call: Call, order: DialOrder): Promise<void> => {
  if (call.phase.kind !== 'flow') return;
  const { state } = call.phase;
  const goal = goalOf(ctx, call, order);
  if (!goal.ok) return notReached(ctx, call, { order, state, reason: reasonOf(goal.fault) });
  call.moveTo({ kind: 'alerting', flow: state });
  if (call.customer?.dialog) await playMusic(ctx, call);
  const { ringTimeoutMs } = order;
  const onFailed = async (fault: Fault, wasTold = false): Promise<void> => {
    const { playId } = call;
    call.playId = undefined;
    if (playId !== undefined) await ctx.media.stopPlay(playId);
    await notReached(ctx, call, { order, state, reason: reasonOf(fault), wasTold });
  };
  if (goal.value.kind === 'agent')
    return callAgentDirectly(ctx, call, {
      agent: goal.value.agent,
      ringTimeoutMs,
      onFailed: (fault) => onFailed(fault),
    });
  await putThrough(ctx, call, {
    goal: goal.value,
    ringTimeoutMs,
    onFailed,
    screening: order.answeringMachine && {
      terms: order.answeringMachine,
      onMachine: () => machineAnswered(ctx, call, state),
    },
  });
};

/** A caller who has heard music hears the step for machines from here on. */
const machineAnswered = async (ctx: CallContext, call: Call, state: FlowState): Promise<void> => {
  const { playId } = call;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
  setVariables(ctx, call, { 'dial-result': 'machine' });
  call.moveTo({ kind: 'flow', state });
  call.log.enter('flow');
  await advanceFlow(ctx, call, { type: 'machine-answered' });
};

interface NotReached {
  readonly order: DialOrder;
  readonly state: FlowState;
  readonly reason: string;
  /** By sound of the called party's own. */
  readonly wasTold?: boolean;
}

/** A caller who has been answered hears why, where the flow wants it so; then the flow goes on. */
const notReached = async (ctx: CallContext, call: Call, failed: NotReached): Promise<void> => {
  const { order, state, reason, wasTold = false } = failed;
  const { customer } = call;
  setVariables(ctx, call, { 'dial-result': reason });
  if (order.tellsWhy && !wasTold && customer?.dialog) {
    const { endpointId } = customer;
    return tellFailure(ctx, call, { endpointId, reason, after: { then: 'flow', state } });
  }
  if (call.phase.kind === 'alerting') {
    call.moveTo({ kind: 'flow', state });
    call.log.enter('flow');
  }
  await advanceFlow(ctx, call, { type: 'acted', done: false });
};

/**
 * A number that stands in the flow is an administrator's word, who may call everything. One that is made of variables,
 * such as what the caller has keyed in, is dialled in the caller's name: the rules by number count.
 */
const mayDial = (ctx: CallContext, call: Call, of: { number: string; written: string }): Result<unknown> => {
  const { number, written } = of;
  if (number === written) return ok(undefined);
  const permitted = ctx.permission.outbound({ dialled: number, caller: call.identity.number });
  if (!permitted.ok)
    ctx.log.info({ callId: call.callId, number, reason: permitted.fault.message }, 'a caller may not dial a number');
  return permitted;
};

const goalOf = (ctx: CallContext, call: Call, order: DialOrder): Result<PersonGoal> => {
  const number = call.variables.fill(order.number);
  const may = mayDial(ctx, call, { number, written: order.number });
  if (!may.ok) return may;
  const goal = routeCall(ctx, number, { kind: 'agent' });
  if (!goal.ok || goal.value.kind === 'flow') {
    ctx.log.warn({ callId: call.callId, number, goal }, 'a flow dials a number that it cannot reach');
    return goal.ok ? fail('no_route', `${number} cannot be dialled by a flow.`) : goal;
  }
  if (goal.value.kind !== 'trunk') return ok(goal.value);
  const filled = Object.entries(order.headers).map(([name, text]) => [name, oneLine(call.variables.fill(text))]);
  return ok({
    ...goal.value,
    headers: { ...goal.value.headers, ...(Object.fromEntries(filled) as Record<string, string>) },
  });
};

/** What comes from a caller must not begin another header. */
const oneLine = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ');
