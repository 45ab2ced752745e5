/**
 * A party of a conversation hangs up. What that means is set: it ends the call (`either`), the caller waits for the
 * agent to come back (`caller`), the agent keeps the call of a caller who has gone (`callee`), or the caller goes on in
 * the flow without the agent.
 */
import type { Call } from './call';
import type { CallContext } from './context';
import { endCall } from './end';
import { continueWithoutAgent } from './after-agent';
import type { Ending } from './outcome';
import { awaitAgent, awaitCaller } from './reanswer';
import type { ReleaseMode } from '../store/release-modes';

export interface ReleasePolicy {
  readonly mode: ReleaseMode;
  readonly reanswerMs: number;
}

const EITHER: ReleasePolicy = { mode: 'either', reanswerMs: 0 };
/** Where a flow names the mode and not the time. */
const DEFAULT_REANSWER_MS = 60_000;

/** The flow's own before the agent's, that before the queue's. Calls that agents dial are ended by either side. */
export const releasePolicyOf = (ctx: CallContext, call: Call): ReleasePolicy => {
  if (call.identity.direction !== 'inbound') return EITHER;
  const set = ctx.routing.releaseOf({ queueId: call.queueId, agentId: call.agentLeg?.agentId });
  const { mode, reanswerMs } = call.ownRelease ?? {};
  if (mode === undefined) return set ?? EITHER;
  return { mode, reanswerMs: reanswerMs ?? set?.reanswerMs ?? DEFAULT_REANSWER_MS };
};

/** The agent hangs up, at the desk or at the telephone. Must run inside the call's serial queue. */
export const agentHangsUp = async (ctx: CallContext, call: Call, ending: Ending): Promise<void> => {
  const { phase } = call;
  // Who is called back and declines leaves the caller waiting, and may still come back.
  if (phase.kind === 'reanswer' && phase.waitingFor === 'agent') {
    call.agentLeg?.outgoing?.cancel();
    return;
  }
  if (phase.kind !== 'talking' && phase.kind !== 'held') return endCall(ctx, call, ending);
  if (call.flowState && call.afterAgent) return continueWithoutAgent(ctx, call, ending);
  const { mode, reanswerMs } = releasePolicyOf(ctx, call);
  return mode === 'caller' ? awaitAgent(ctx, call, reanswerMs) : endCall(ctx, call, ending);
};

/** The caller hangs up: the dialog is over, whatever is set. Must run inside the call's serial queue. */
export const callerHangsUp = async (ctx: CallContext, call: Call, ending: Ending): Promise<void> => {
  const { phase } = call;
  const isConversation = (phase.kind === 'talking' || phase.kind === 'held') && call.connectedAtMs !== undefined;
  if (!isConversation || call.guests.length > 0) return endCall(ctx, call, ending);
  const { mode, reanswerMs } = releasePolicyOf(ctx, call);
  return mode === 'callee' ? awaitCaller(ctx, call, reanswerMs) : endCall(ctx, call, ending);
};
