/**
 * A queue may ring several agents at once. One of them is the call's `agentLeg`, whose offer the phase names; the others
 * stand in `alsoRinging` until they take the call, decline it, or another has it.
 */
import type { AgentId, EndpointId, OfferId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AgentLeg, Call } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint } from './end';
import type { DeskCommand } from './ports';

export interface AlsoRinging {
  readonly offerId: OfferId;
  readonly leg: AgentLeg;
}

export const alsoRingsAt = ({ alsoRinging }: Call, agentId: AgentId): AlsoRinging | undefined =>
  alsoRinging.find(({ leg }) => leg.agentId === agentId);

export const alsoRingsOn = ({ alsoRinging }: Call, endpointId: EndpointId): AlsoRinging | undefined =>
  alsoRinging.find(({ leg }) => leg.endpointId === endpointId);

export const addRinging = (call: Call, one: AlsoRinging): void => {
  call.alsoRinging = [...call.alsoRinging, one];
};

const without = (call: Call, offerId: OfferId): void => {
  call.alsoRinging = call.alsoRinging.filter((one) => one.offerId !== offerId);
};

/** Whether an offer rings, as the call's first or beside it. */
export const rings = ({ phase, alsoRinging }: Call, offerId: OfferId): boolean =>
  phase.kind === 'ringing' && (phase.offerId === offerId || alsoRinging.some((one) => one.offerId === offerId));

/** The agent who has taken the call comes to the fore, and whose offer the phase named rings beside until it is withdrawn. */
export const bringForward = (call: Call, offerId: OfferId): void => {
  const { phase, agentLeg } = call;
  const taker = call.alsoRinging.find((one) => one.offerId === offerId);
  if (phase.kind !== 'ringing' || !taker) return;
  without(call, offerId);
  if (agentLeg) addRinging(call, { offerId: phase.offerId, leg: agentLeg });
  lead(call, taker);
};

const lead = (call: Call, { offerId, leg }: AlsoRinging): void => {
  if (call.phase.kind !== 'ringing') return;
  const { queueId } = call.phase;
  const { agentId } = leg;
  call.moveTo({ kind: 'ringing', queueId, agentId, offerId });
  call.log.enter('ringing', { agentId, queueId });
  call.agentLeg = leg;
};

/**
 * One agent's telephone stops: the others go on ringing, or the caller waits in the queue again. Does nothing for an offer
 * that does not ring.
 */
export const stopOffer = async (ctx: CallContext, call: Call, offerId: OfferId): Promise<void> => {
  const beside = call.alsoRinging.find((one) => one.offerId === offerId);
  if (beside) {
    without(call, offerId);
    return hangUp(ctx, call, beside.leg);
  }
  if (call.phase.kind !== 'ringing' || call.phase.offerId !== offerId) return;
  const { queueId } = call.phase;
  const { agentLeg: leg } = call;
  const [next] = call.alsoRinging;
  if (next) {
    without(call, next.offerId);
    lead(call, next);
  } else {
    call.moveTo({ kind: 'queued', queueId });
    call.log.enter('queue', { queueId });
    call.agentLeg = undefined;
  }
  if (leg) await hangUp(ctx, call, leg);
};

const hangUp = async (ctx: CallContext, call: Call, leg: AgentLeg): Promise<void> => {
  leg.outgoing?.cancel();
  void leg.dialog?.hangup();
  callChanged(ctx, call, { agentId: leg.agentId, state: 'ended', endReason: 'offer-withdrawn' });
  await closeEndpoint(ctx, leg.endpointId);
};

/** Back to the queue: whoever rings is released, the caller keeps waiting. Does nothing when no agent rings. */
export const stopRinging = async (ctx: CallContext, call: Call): Promise<void> => {
  for (const { offerId } of call.alsoRinging) await stopOffer(ctx, call, offerId);
  if (call.phase.kind === 'ringing') await stopOffer(ctx, call, call.phase.offerId);
};

/** Whose telephone rings beside others may only decline by it; answering is the telephone's business. */
export const performBeside = async (
  one: AlsoRinging,
  command: Pick<DeskCommand, 'command'>,
  decline: (offerId: OfferId) => Promise<void>,
): Promise<Result<void>> => {
  if (command.command !== 'hang-up') return fail('conflict', 'You have not answered this call yet.');
  await decline(one.offerId);
  return ok(undefined);
};
