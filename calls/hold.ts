/** Hold and resume by the agent: the customer hears music, the agent nothing, the recording goes on. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { join, part } from './joint';
import { playMusic } from './music';

export const holdCall = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  if (call.phase.kind === 'held') return ok(undefined);
  if (call.phase.kind !== 'talking' || !call.customer) return fail('conflict', 'Only a conversation can be held.');
  const { agentId } = call.phase;
  const parted = await part(ctx, call);
  if (!parted.ok) return parted;
  call.moveTo({ kind: 'held', agentId });
  enterConversation(call);
  await playMusic(ctx, call);
  callChanged(ctx, call);
  return ok(undefined);
};

export const resumeCall = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  if (call.phase.kind === 'talking') return ok(undefined);
  if (call.phase.kind !== 'held' || !call.customer || !call.agentLeg) {
    return fail('conflict', 'This call is not on hold.');
  }
  const { agentId } = call.phase;
  call.playId = undefined;
  const joined = await join(ctx, call, [call.customer.endpointId, call.agentLeg.endpointId]);
  if (!joined.ok) return joined;
  call.moveTo({ kind: 'talking', agentId });
  enterConversation(call);
  callChanged(ctx, call);
  return ok(undefined);
};
