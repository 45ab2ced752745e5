/** What becomes of a call that arrives, before anything of it exists: refused, sent elsewhere, or given a flow. */
import type { FlowDocument } from '../flows/document';
import { Variables } from '../flows/variables';
import type { IncomingInvite } from '../signaling/ports';
import type { Outcome } from '../store/interaction';
import { variablesOf } from './caller-data';
import type { CallContext } from './context';
import { redirectInvite } from './redirect';

export type Admission =
  | { readonly kind: 'flow'; readonly flow: FlowDocument; readonly variables: Variables }
  /** The INVITE is to be refused with this status. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly reason: string | undefined;
      readonly outcome: Outcome;
    }
  /** The INVITE has been answered with 302. */
  | { readonly kind: 'redirected'; readonly outcome: Outcome };

/** What a list refuses without saying how: RFC 3261, section 21.6.2. */
const DECLINE = 603;
/** RFC 3578: more digits are to come. */
const ADDRESS_INCOMPLETE = 484;

export const admitCaller = (ctx: CallContext, invite: IncomingInvite): Admission => {
  const matched = ctx.routing.match(invite.to.number);
  const dialled = matched.kind === 'complete' ? matched : { number: invite.to.number, suffix: '' };
  const variables = new Variables(variablesOf(invite, dialled));
  const listed = askLists(ctx, invite);
  if (listed) return listed.kind === 'flow' ? { ...listed, variables } : listed;
  const { redirect } = ctx.routing.settingsOf(dialled.number) ?? {};
  if (redirect && redirectInvite(invite, redirect, variables)) {
    return { kind: 'redirected', outcome: { result: 'answered', reason: 'redirected', party: 'system' } };
  }
  const flow = ctx.directory.flowOf(dialled.number);
  if (flow) return { kind: 'flow', flow, variables };
  if (matched.kind === 'incomplete') {
    return refused(ADDRESS_INCOMPLETE, { result: 'rejected', reason: 'incomplete-number', party: 'caller' });
  }
  return refused(404, { result: 'rejected', reason: 'unknown-number', party: 'caller' }, 'No such number');
};

const refused = (status: number, outcome: Outcome, reason?: string): Extract<Admission, { kind: 'refused' }> => ({
  kind: 'refused',
  status,
  reason,
  outcome,
});

/** Undefined when no list has anything against this caller. */
const askLists = (
  ctx: CallContext,
  invite: IncomingInvite,
): Extract<Admission, { kind: 'refused' }> | { kind: 'flow'; flow: FlowDocument } | undefined => {
  const { from, to } = invite;
  const decision = ctx.permission.inbound({ caller: from.number, called: to.number });
  if (decision.admit) return undefined;
  const { refusal, rule } = decision;
  const outcome: Outcome = { result: 'rejected', reason: 'caller-refused', party: 'system' };
  ctx.log.info({ sipCallId: invite.callId, from: from.number, to: to.number, rule }, 'a list refuses this caller');
  if (refusal.do === 'reject') return refused(refusal.status, outcome, refusal.reason);
  const flow = ctx.directory.flow?.(refusal.flowId);
  if (flow) return { kind: 'flow', flow };
  ctx.log.error({ rule, flowId: refusal.flowId }, 'a list names a flow that is not there; the caller is refused');
  return refused(DECLINE, outcome);
};
