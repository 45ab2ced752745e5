/** Where a call would go if it came now: for a carrier, an edge or another switch that asks before it delivers. */
import type { QueueId } from '../base/ids';
import { asId } from '../base/ids';
import { expectedWaitOfNewcomer } from '../acd/core/expected-wait';
import type { FlowDocument } from '../flows/document';
import { Variables } from '../flows/variables';
import type { CallContext } from './context';
import { deskQueues } from './desk-view';

export interface RouteQuestion {
  readonly called: string;
  readonly caller: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface QueueForecast {
  readonly queueId: QueueId;
  readonly waiting: number;
  readonly agentsReady: number;
  readonly agentsBusy: number;
  /** Undefined while no agent of the queue is there. */
  readonly expectedWaitMs: number | undefined;
}

export type RouteTarget =
  /** The number is ours; `queues` are those that its flow leads to. */
  | { readonly kind: 'here'; readonly number: string; readonly flow: string; readonly queues: QueueForecast[] }
  /** Other switches, best first. */
  | { readonly kind: 'elsewhere'; readonly contacts: { readonly uri: string; readonly q?: number | undefined }[] }
  /** A list refuses this caller; by another flow than the number's it is `here`. */
  | { readonly kind: 'refused'; readonly status: number; readonly rule: string }
  | { readonly kind: 'incomplete' | 'unknown' };

/** The answer from the state of this moment; asks nobody else, so that it is there at once. */
export const preRoute = (ctx: CallContext, { called, caller, data }: RouteQuestion): RouteTarget => {
  const matched = ctx.routing.match(called);
  const number = matched.kind === 'complete' ? matched.number : called;
  const decision = ctx.permission.inbound({ caller, called });
  if (!decision.admit) {
    const { refusal, rule } = decision;
    const instead = refusal.do === 'flow' ? ctx.directory.flow?.(refusal.flowId) : undefined;
    if (instead) return here(ctx, number, instead);
    return { kind: 'refused', status: refusal.do === 'reject' ? refusal.status : 603, rule };
  }
  const settings = ctx.routing.settingsOf(number);
  if (settings && matched.kind === 'incomplete') return { kind: 'incomplete' };
  const redirect = settings?.redirect;
  if (redirect) {
    const suffix = matched.kind === 'complete' ? matched.suffix : '';
    const variables = new Variables({ ...data, caller, called, number, suffix });
    return { kind: 'elsewhere', contacts: redirect.map(({ uri, q }) => ({ uri: variables.fill(uri), q })) };
  }
  const flow = ctx.directory.flowOf(number);
  if (flow) return here(ctx, number, flow);
  return { kind: matched.kind === 'incomplete' ? 'incomplete' : 'unknown' };
};

const here = (ctx: CallContext, number: string, flow: FlowDocument): RouteTarget => {
  const ids = new Set(Object.values(flow.steps).flatMap((step) => (step.do === 'enqueue' ? [step.queue] : [])));
  const queues = deskQueues(ctx)
    .filter(({ queueId }) => ids.has(queueId))
    .map(({ queueId, waiting, agentsReady, agentsBusy }) => ({
      queueId,
      waiting,
      agentsReady,
      agentsBusy,
      expectedWaitMs: expectedWaitOfNewcomer(ctx.acd.state, asId<QueueId>(queueId), ctx.clock.nowMs())?.likelyMs,
    }));
  return { kind: 'here', number, flow: flow.id, queues };
};
