/**
 * Rings an agent at the agent's station. This is the one place that knows what a station is: whoever has an agent called
 * gets a call that a person has answered there, be it a browser, a desk phone or a mobile far away.
 */
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AudioCodec } from '../media/ports';
import type { CallParty, OutgoingCall } from '../signaling/ports';
import { acceptSdp } from './accept-sdp';
import { askForPerson } from './ask-for-person';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { dtmfOfGoal, headersOfGoal, mediaOfGoal } from './goal-media';
import { placeLeg } from './place-leg';
import { accountOfAgent } from './place-outside';
import { targetOf } from './route-call';
import type { PersonGoal } from './route-call';
import { offerForTrunks } from './trunk-media';
import { wayToAgent } from './way-to-agent';

export interface AgentRing {
  readonly agentId: AgentId;
  /** The agent's, among the call's legs already. */
  readonly leg: Leg;
  /** Shown by telephones of ours; outside the center's own number is. */
  readonly from: CallParty;
  readonly ringTimeoutMs: number;
  /** The codec of whom the agent will talk with, if that is known. */
  readonly other?: AudioCodec | undefined;
  /** Further headers; for telephones of ours. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A provisional response has come. */
  readonly onProgress?: (status: number) => void;
}

/**
 * Must run inside the call's serial queue. The call becomes the leg's `outgoing`; its dialog is of somebody who wants the
 * call. Errors: as of {@link wayToAgent}, and those of media.
 */
export const ringAgentAtStation = async (
  ctx: CallContext,
  call: Call,
  ring: AgentRing,
): Promise<Result<OutgoingCall>> => {
  const { agentId, leg, other } = ring;
  const station = ctx.stations.of(agentId);
  const way = wayToAgent(ctx, agentId, station);
  if (!way.ok) return way;
  if (station.kind !== 'browser') leg.station = station;
  Object.assign(leg, dtmfOfGoal(ctx, way.value));
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  const media = mediaOfGoal(ctx, way.value, { leg, own: other });
  const opened = await ctx.media.openEndpoint(media);
  if (!opened.ok) return fail('unavailable', opened.fault.message);
  const { sdp } = opened.value;
  const { value: goal } = way;
  const request = { ...requestOf(call, ring, goal), sdp };
  const outgoing = placeLeg(ctx, call, {
    leg,
    request: {
      ...request,
      ...(goal.kind === 'trunk' && {
        offerFor: offerForTrunks(ctx, call, { leg, own: other, trunkId: goal.trunkId, media, sdp }),
      }),
    },
    events: {
      onProgress: (status, answer) => {
        ring.onProgress?.(status);
        // Only a browser says early what it will say with the 200.
        if (goal.kind === 'agent' && answer !== undefined)
          onCall(ctx, call, async () => void (await acceptSdp(ctx, leg, answer)));
      },
    },
    ...(goal.kind === 'trunk' && { outside: { account: accountOfAgent(agentId), number: goal.number } }),
  });
  leg.outgoing = station.kind === 'number' ? askForPerson(ctx, call, { leg, outgoing, station }) : outgoing;
  return ok(leg.outgoing);
};

const requestOf = (call: Call, ring: AgentRing, goal: PersonGoal) => {
  const { from, ringTimeoutMs, headers } = ring;
  const isOutside = goal.kind === 'trunk';
  return {
    target: targetOf(goal),
    from: isOutside && goal.callerId !== undefined ? { number: goal.callerId } : from,
    headers: { ...(isOutside ? {} : headers), ...headersOfGoal(call, goal) },
    ringTimeoutMs,
  };
};
