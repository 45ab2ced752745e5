/** The agent has hung up and the caller has not: the call goes on in its flow, such as with a question of satisfaction. */
import type { Call } from './call';
import type { CallContext } from './context';
import { dropThird } from './drop-third';
import { endCall } from './end';
import { advanceFlow } from './flow-runner';
import { part } from './joint';
import type { Ending } from './outcome';
import { stopRecording } from './recording';
import { releaseAgent } from './release-agent';

/** Must run inside the call's serial queue. */
export const continueWithoutAgent = async (ctx: CallContext, call: Call, ending: Ending): Promise<void> => {
  const { customer, flowState, phase } = call;
  const left = ctx.acd.dispatch({ type: 'contact-left', contactId: call.contactId });
  if (!customer || !flowState || !left.ok) return endCall(ctx, call, ending);
  await dropThird(ctx, call, 'consult-ended');
  if (phase.kind === 'talking') await part(ctx, call);
  call.moveTo({ kind: 'flow', state: flowState });
  call.log.enter('flow');
  await releaseAgent(ctx, call, 'hung-up');
  await stopRecording(ctx, call, { kind: 'system' });
  await advanceFlow(ctx, call, { type: 'agent-left' });
};
