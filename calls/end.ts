/** Ends a call, whoever wanted it: parties, media, recording, ACD and history, once. */
import type { AgentId, EndpointId } from '../base/ids';
import type { Outcome } from '../store/interaction';
import type { Call } from './call';
import { isCallbackOpen, leaveCallback } from './callback-attempt';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { endOwnContact, skipWrapUp } from './drop-third';
import { closeJoint } from './joint';
import { dropHeldAnswers } from './hold-on';
import { keptPlaceMs } from './kept-place';
import { legsOf } from './legs';
import { hasLeftMessage } from './mailbox';
import type { Ending } from './outcome';
import { dropTake } from './record-prompt';
import { stopRecording } from './recording';
import { dropMask } from './recording-mask';
import { dropTalkListening } from './listen-in-talk';
import { dropScreening } from './screen-answer';
import { supervisionOver } from './supervise';
import type { ThirdParty } from './third-party';

/** Must run inside the call's serial queue; does nothing when the call has ended already. */
export const endCall = async (ctx: CallContext, call: Call, cause: Ending): Promise<void> => {
  const before = call.phase;
  if (before.kind === 'ended') return;
  // How it ends was settled before the tone that told of it.
  const ending = before.kind === 'failing' && before.after.then === 'end' ? before.after.ending : cause;
  call.moveTo({ kind: 'ended' });
  call.flowTimer?.cancel();
  ctx.voiceAnswers.ended(call);
  call.announceTimer?.cancel();
  call.callbackTimer?.cancel();
  dropHeldAnswers(call);
  dropScreening(call);
  dropTalkListening(call);
  call.reanswerTimer?.cancel();
  dropMask(ctx, call);
  ctx.log.info({ callId: call.callId, phase: before.kind, ...ending }, 'call ended');
  const { third, guests, supervisors } = call;
  const legs = legsOf(call);
  releaseParties(call, ending);
  call.log.finish(outcomeOf(call, ending, ctx.clock.nowMs()));
  ctx.calls.delete(call.callId);
  ctx.callsByContact.delete(call.contactId);
  // People before media: however long the media process takes, the agent is free and the history is right at once.
  leaveAcd(ctx, call, keptPlaceMs(ctx, call, { before, ending }));
  ctx.conferences.left(call);
  if (third) leaveAsThird(ctx, call, third);
  for (const guest of guests) leaveAsThird(ctx, call, guest);
  call.supervisors = [];
  for (const supervisor of supervisors) supervisionOver(ctx, call, { supervisor, reason: 'call-ended' });
  callChanged(ctx, call);
  await dropTake(ctx, call);
  await stopRecording(ctx, call, { kind: 'system' });
  await ctx.quality.callEnded(call);
  await Promise.all([...legs.map((leg) => closeEndpoint(ctx, leg.endpointId)), closeJoint(ctx, call)]);
};

const releaseParties = (call: Call, ending: Ending): void => {
  const reason = `Q.850;cause=16;text="${ending.reason.replace(/[^\w -]/g, '')}"`;
  for (const leg of legsOf(call)) {
    leg.outgoing?.cancel();
    void leg.dialog?.hangup(reason);
  }
  // 480 lets a carrier say "not available"; it does nothing when the caller gave up first.
  call.incoming?.invite.reject(ending.status ?? (ending.failed ? 503 : 480));
  call.incoming = undefined;
};

export const closeEndpoint = async (ctx: CallContext, endpointId: EndpointId): Promise<void> => {
  ctx.callsByEndpoint.delete(endpointId);
  const closed = await ctx.media.closeEndpoint(endpointId);
  if (!closed.ok) ctx.log.warn({ endpointId, fault: closed.fault }, 'a media endpoint was not closed');
};

/** The contact leaves the ACD; an agent who had talked goes into wrap-up, which stays open in the log. */
const leaveAcd = (ctx: CallContext, call: Call, keepPlaceMs: number | undefined): void => {
  releaseColleague(ctx, call);
  if (!ctx.acd.state.contacts.has(call.contactId)) return;
  if (isCallbackOpen(ctx, call)) return leaveCallback(ctx, call);
  const left = ctx.acd.dispatch({
    type: 'contact-left',
    contactId: call.contactId,
    ...(keepPlaceMs !== undefined && { keepPlaceMs }),
  });
  if (!left.ok) ctx.log.error({ callId: call.callId, fault: left.fault }, 'the ACD kept a contact that has left');
  const agentId = call.agentLeg?.agentId;
  if (agentId !== undefined && isWrappingUp(ctx, agentId, call)) {
    ctx.wrapUps.set(agentId, call);
    call.log.beginWrapUp(agentId);
  }
};

/** Whoever was asked and has not talked with the customer has nothing to write down. */
const leaveAsThird = (ctx: CallContext, call: Call, third: ThirdParty): void => {
  const { agentId } = third;
  endOwnContact(ctx, third, agentId);
  if (agentId === undefined) return;
  skipWrapUp(ctx, agentId, call.contactId);
  callChanged(ctx, call, { agentId, state: 'ended' });
};

/** The other agent of a call between agents is free again. */
export const releaseColleague = (ctx: CallContext, call: Call): void => {
  const { colleague } = call;
  if (!colleague) return;
  if (call.phase.kind !== 'ended') call.colleague = undefined;
  if (!ctx.acd.state.contacts.has(colleague.contactId)) return;
  ctx.acd.dispatch({ type: 'contact-left', contactId: colleague.contactId });
};

export const isWrappingUp = (ctx: CallContext, agentId: AgentId, call: Call): boolean => {
  const status = ctx.acd.state.agents.get(agentId)?.status;
  return status?.kind === 'wrap-up' && status.contactId === call.contactId;
};

const outcomeOf = (call: Call, ending: Ending, nowMs: number): Outcome => {
  const { reason, party } = ending;
  // Whoever hangs up after that: the center has the customer's word.
  if (call.callbackPromised) return { result: 'answered', reason: 'callback-promised', party: 'system' };
  if ((party === 'caller' || ending.failed) && hasLeftMessage(call, nowMs))
    return { result: 'answered', reason: 'voicemail', party: 'caller' };
  if (ending.failed) return { result: 'failed', reason, party };
  if (call.connectedAtMs !== undefined) return { result: 'answered', reason, party };
  // A flow that served the caller to its end and hung up has answered the call.
  if (party === 'system') return { result: 'answered', reason, party };
  // A number that an agent dialled was busy, or nobody answered there.
  if (party === 'carrier' || party === 'called') return { result: 'failed', reason, party };
  return { result: 'abandoned', reason, party };
};
