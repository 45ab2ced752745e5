/** A caller who waits in a queue turns out to be a fax machine: it goes back to its flow, which knows where to. */
import type { Call } from './call';
import type { CallContext } from './context';
import { stopRinging } from './also-ringing';

/** An agent who rings for it rings no more. */
export const leaveQueueForFax = async (ctx: CallContext, call: Call): Promise<void> => {
  const { flowState, playId } = call;
  if (!flowState) return;
  await stopRinging(ctx, call);
  const left = ctx.acd.dispatch({ type: 'contact-left', contactId: call.contactId });
  if (!left.ok) return;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
  call.moveTo({ kind: 'flow', state: flowState });
  call.log.enter('flow');
};
