/** Lists of callers, applied to a call before it has a flow. */
import type { FlowDocument } from '../flows/document';
import type { IncomingInvite } from '../signaling/ports';
import type { CallContext } from './context';

export type Admission =
  | { readonly admit: true; readonly flow: FlowDocument | undefined }
  | { readonly admit: false; readonly status: number; readonly reason: string | undefined };

/** What a list refuses without saying how: RFC 3261, section 21.6.2. */
const DECLINE = 603;

/** The flow that the caller gets, which a list may have put in the place of the number's own. */
export const admitCaller = (ctx: CallContext, invite: IncomingInvite): Admission => {
  const { from, to } = invite;
  const decision = ctx.permission.inbound({ caller: from.number, called: to.number });
  if (decision.admit) return { admit: true, flow: ctx.directory.flowOf(to.number) };
  const { refusal, rule } = decision;
  ctx.log.info({ sipCallId: invite.callId, from: from.number, to: to.number, rule }, 'a list refuses this caller');
  if (refusal.do === 'reject') return { admit: false, status: refusal.status, reason: refusal.reason };
  const flow = ctx.directory.flow?.(refusal.flowId);
  if (flow) return { admit: true, flow };
  ctx.log.error({ rule, flowId: refusal.flowId }, 'a list names a flow that is not there; the caller is refused');
  return { admit: false, status: DECLINE, reason: undefined };
};
