/** A ringing tone for somebody who has been answered already and would hear nothing while another telephone rings. */
import { newId } from '../base/ids';
import type { EndpointId, PlayId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { countryFor } from './tone-country';

/** Until something else is played to this party, it is joined with somebody, or the play is stopped. */
export const playRingBack = async (ctx: CallContext, call: Call, endpointId: EndpointId): Promise<PlayId> => {
  const playId = newId<PlayId>();
  const sources = [{ kind: 'ring-back', ...countryFor(ctx, call, endpointId) }] as const;
  const playing = await ctx.media.play({ playId, endpointId, sources, loop: true });
  if (!playing.ok) ctx.log.error({ callId: call.callId, fault: playing.fault }, 'a ringing tone could not be played');
  return playId;
};
