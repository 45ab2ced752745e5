/** Places a call outside for an account: counted while it lasts, charged when it ends, not placed beyond the limits. */
import type { AgentId } from '../base/ids';
import type { OutgoingCall, OutgoingEvents, OutgoingRequest } from '../signaling/ports';
import type { Call } from './call';
import type { CallContext } from './context';

export const accountOfAgent = (agentId: AgentId): string => `agent:${agentId}`;
export const accountOfPhone = (extension: string): string => `phone:${extension}`;

export const accountOfTrunk = ({ log }: Call): string => `trunk:${log.interaction.trunkId ?? 'unknown'}`;

/** Who is behind a call that nobody at a desk sends outside. */
export const accountOfCall = (call: Call): string => {
  const { callerExtension, dialledBy } = call.identity;
  if (callerExtension !== undefined) return accountOfPhone(callerExtension);
  return dialledBy === undefined ? accountOfTrunk(call) : accountOfAgent(dialledBy);
};

export interface OutsideOrder {
  readonly account: string;
  /** As the route table and the number classes know it. */
  readonly number: string;
  readonly request: OutgoingRequest;
  readonly events?: OutgoingEvents;
}

/** A call beyond the limits is answered by the fault `forbidden`. */
export const placeOutside = (ctx: CallContext, order: OutsideOrder): OutgoingCall => {
  const { account, number, request, events } = order;
  const counted = ctx.fraud.begin({ account, number });
  if (!counted.ok) return { answered: Promise.resolve(counted), cancel: () => undefined };
  const call = counted.value;
  const outgoing = ctx.signaling.placeCall(request, {
    ...events,
    onAttempt: (attempt) => {
      call.attempted(attempt.trunkId);
      events?.onAttempt?.(attempt);
    },
  });
  void outgoing.answered.then((answered) => {
    if (!answered.ok) return call.ended();
    call.answered();
    answered.value.onEnd(() => call.ended());
  });
  return outgoing;
};
