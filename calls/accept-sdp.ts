/** What a telephone of ours has described of its media. */
import type { Leg } from './call';
import type { CallContext } from './context';

/** A browser's SDP comes early, in a 183, or at the latest with the 200; the same one twice does no harm. */
export const acceptSdp = async (ctx: CallContext, leg: Leg, sdp: string): Promise<boolean> => {
  if (leg.codec !== undefined) return true;
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, sdp);
  if (accepted.ok) leg.codec = accepted.value.codec;
  else ctx.log.error({ endpointId: leg.endpointId, fault: accepted.fault }, "a telephone's SDP was of no use");
  return accepted.ok;
};
