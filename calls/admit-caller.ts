/** What becomes of a call that arrives, before anything of it exists: refused, sent elsewhere, or given a flow. */
import type { ErrorCode } from '../base/errors';
import type { FlowDocument } from '../flows/document';
import { Variables } from '../flows/variables';
import type { CallParty, IncomingInvite } from '../signaling/ports';
import { statusOfCode } from '../signaling/status-codes';
import type { Outcome } from '../store/interaction';
import { callingParty } from './arriving';
import { variablesOf } from './caller-data';
import type { CallContext } from './context';
import { lookUp } from './look-up';
import type { LookedUp } from './look-up';
import { redirectInvite } from './redirect';
import { restoreContext } from './restore-context';
import type { RestoredContext } from './restore-context';
import { routeCall } from './route-call';
import type { Dialler, PersonGoal } from './route-call';

export interface Admitted {
  readonly kind: 'flow';
  readonly flow: FlowDocument;
  readonly variables: Variables;
  /** Who calls and what was dialled; of a call that was handed over, at the switch where it began. */
  readonly from: CallParty;
  readonly dialled: string;
  readonly restored: RestoredContext | undefined;
}

interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly reason: string | undefined;
  readonly outcome: Outcome;
}

/** The INVITE has been answered with 302. */
interface Redirected {
  readonly kind: 'redirected';
  readonly outcome: Outcome;
}

/** An extension or a number outside is to be called. */
interface ForPerson {
  readonly kind: 'person';
  readonly goal: PersonGoal;
}

export type Admission = Admitted | ForPerson | Refused | Redirected;

/** What a list refuses without saying how: RFC 3261, section 21.6.2. */
const DECLINE = 603;
/** RFC 3578: more digits are to come. */
const ADDRESS_INCOMPLETE = 484;

const REDIRECTED: Redirected = {
  kind: 'redirected',
  outcome: { result: 'answered', reason: 'redirected', party: 'system' },
};

export const admitCaller = async (ctx: CallContext, invite: IncomingInvite, dialler: Dialler): Promise<Admission> => {
  const restored = await restoreContext(ctx, invite);
  const called = restored?.number ?? invite.to.number;
  const from = { ...callingParty(ctx, invite), ...callerOf(restored) };
  const matched = ctx.routing.match(called);
  const dialled = matched.kind === 'complete' ? matched : { number: called, suffix: '' };
  const variables = new Variables({ ...variablesOf(invite, dialled), ...variablesOfContext(restored) });
  const admitted = { kind: 'flow', variables, from, dialled: called, restored } as const;

  // The lists are about callers from outside; phones have their classes of service.
  const listed = dialler.kind === 'trunk' ? askLists(ctx, invite, { caller: from.number, called }) : undefined;
  if (listed) return listed.kind === 'flow' ? { ...admitted, flow: listed.flow } : listed;
  const settings = ctx.routing.settingsOf(dialled.number);
  // The number alone, where more digits must follow it.
  if (settings && matched.kind === 'incomplete') return refused(ADDRESS_INCOMPLETE, INCOMPLETE);
  if (settings?.redirect && redirectInvite(invite, settings.redirect, variables)) return REDIRECTED;
  const way = settings?.lookUp === undefined ? undefined : await askAbout(ctx, settings.lookUp, variables);
  if (way?.reject) return refused(way.reject.status, REFUSED_ELSEWHERE, way.reject.reason);
  if (way?.redirect && redirectInvite(invite, way.redirect, variables)) return REDIRECTED;

  const flow = flowOfWay(ctx, way) ?? ctx.directory.flowOf(dialled.number);
  if (flow) return { ...admitted, flow };
  const goal = routeCall(ctx, called, dialler);
  if (goal.ok && goal.value.kind !== 'flow') return { kind: 'person', goal: goal.value };
  if (matched.kind === 'incomplete') return refused(ADDRESS_INCOMPLETE, INCOMPLETE);
  const code = goal.ok ? 'not_found' : goal.fault.code;
  return refused(statusOfCode(code), refusalOutcome(code), REFUSAL_TEXT[code]);
};

const REFUSAL_TEXT: Partial<Record<ErrorCode, string>> = {
  not_found: 'No such number',
  no_route: 'No route to this number',
  forbidden: 'Not permitted',
};

const refusalOutcome = (code: ErrorCode): Outcome => {
  switch (code) {
    case 'forbidden':
      return { result: 'rejected', reason: 'not-permitted', party: 'caller' };
    case 'no_route':
      return { result: 'rejected', reason: 'no-route', party: 'system' };
    default:
      return { result: 'rejected', reason: 'unknown-number', party: 'caller' };
  }
};

const INCOMPLETE: Outcome = { result: 'rejected', reason: 'incomplete-number', party: 'caller' };
const REFUSED_ELSEWHERE: Outcome = { result: 'rejected', reason: 'look-up-refused', party: 'system' };

const refused = (status: number, outcome: Outcome, reason?: string): Refused => ({
  kind: 'refused',
  status,
  reason,
  outcome,
});

const callerOf = (restored: RestoredContext | undefined): Partial<CallParty> => ({
  ...(restored?.caller !== undefined && { number: restored.caller }),
  ...(restored?.callerName !== undefined && { displayName: restored.callerName }),
});

/** What the other switch knew. What it calls by the names of our own first variables is about the call as it began. */
const variablesOfContext = (restored: RestoredContext | undefined): Record<string, string | undefined> => {
  if (!restored) return {};
  const { data, caller, callerName, called, interactionId, site } = restored;
  const { number: _number, suffix: _suffix, ...theirs } = data;
  const begun = Object.entries({ caller, 'caller-name': callerName, called }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    ...theirs,
    ...Object.fromEntries(begun),
    'previous-interaction': interactionId,
    'handed-over-by': site ?? 'here',
  };
};

/** Nobody waits for another system longer than its settings say; without an answer the number goes its own way. */
const askAbout = async (ctx: CallContext, id: string, variables: Variables): Promise<LookedUp | undefined> => {
  const answer = await lookUp(ctx, id, { variables: variables.toObject() });
  if (!answer.ok) {
    ctx.log.warn({ lookUp: id, fault: answer.fault }, 'a look-up gave no answer; the number goes its own way');
    return undefined;
  }
  variables.merge(answer.value.variables);
  return answer.value;
};

const flowOfWay = (ctx: CallContext, way: LookedUp | undefined): FlowDocument | undefined => {
  if (way?.flow !== undefined) return ctx.directory.flow?.(way.flow);
  return way?.number === undefined ? undefined : ctx.directory.flowOf(way.number);
};

/** Undefined when no list has anything against this caller. */
const askLists = (
  ctx: CallContext,
  invite: IncomingInvite,
  call: { caller: string; called: string },
): Refused | { kind: 'flow'; flow: FlowDocument } | undefined => {
  const decision = ctx.permission.inbound(call);
  if (decision.admit) return undefined;
  const { refusal, rule } = decision;
  const outcome: Outcome = { result: 'rejected', reason: 'caller-refused', party: 'system' };
  ctx.log.info({ sipCallId: invite.callId, ...call, rule }, 'a list refuses this caller');
  if (refusal.do === 'reject') return refused(refusal.status, outcome, refusal.reason);
  const flow = ctx.directory.flow?.(refusal.flowId);
  if (flow) return { kind: 'flow', flow };
  ctx.log.error({ rule, flowId: refusal.flowId }, 'a list names a flow that is not there; the caller is refused');
  return refused(DECLINE, outcome);
};
