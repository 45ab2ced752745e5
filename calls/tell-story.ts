/** What the history and the desks are told when two calls have been joined by an attended transfer. */
import type { Call, Leg } from './call';
import type { Seat } from './find-leg';
import type { TransferredTo } from '../store/interaction';

export interface Joined {
  /** The call that goes on, and whose place is taken in it. */
  readonly host: Seat;
  /** The histories have changed places already. */
  readonly bringsStory: boolean;
  readonly names: JoinedNames;
}

/** As the histories know them. */
export interface JoinedNames {
  readonly guest: string;
  /** Who joins the calls and leaves both, in the history that goes on. */
  readonly leaving: string;
}

/** To be called before the guest takes its place. */
export const tellStory = ({ host, bringsStory, names }: Joined): void => {
  const { call, leg } = host;
  const { log } = call;
  log.addTransfer({
    kind: 'attended',
    ...(leg.owner?.kind === 'phone' && { byExtension: leg.owner.extension }),
    to: bringsStory ? placeOf(call) : { kind: 'outside', id: names.guest },
  });
  log.settleTransfer('completed');
  log.leave(names.leaving);
  if (bringsStory) return goOnInPlace(call);
  if (leg === call.customer) call.replacedBy = names.guest;
  log.join('other', names.guest);
};

/** The customer's history goes on where the one who transferred had waited or talked. */
const goOnInPlace = (call: Call): void => {
  const { log, phase, queueId } = call;
  log.update({ contactId: call.contactId, ...(queueId !== undefined && { queueId }) });
  switch (phase.kind) {
    case 'flow':
      return log.enter('flow');
    case 'queued':
      return log.enter('queue', { queueId: phase.queueId });
    case 'ringing':
      return log.enter('ringing', { queueId: phase.queueId, agentId: phase.agentId });
    case 'talking':
    case 'held':
      log.update({ agentId: phase.agentId });
      return log.join('agent', phase.agentId);
    default:
      return undefined;
  }
};

const placeOf = ({ phase, flow, identity }: Call): TransferredTo => {
  switch (phase.kind) {
    case 'talking':
    case 'held':
      return { kind: 'agent', id: phase.agentId };
    case 'queued':
    case 'ringing':
      return { kind: 'queue', id: phase.queueId };
    default:
      return { kind: 'flow', id: flow?.id ?? identity.dialledNumber };
  }
};

/** By which a party is known in the history of its call. */
export const numberOf = ({ identity, customer, peer, log }: Call, leg: Leg): string => {
  if (leg === customer) return identity.number;
  if (leg.owner?.kind === 'phone') return leg.owner.extension;
  if (leg === peer) return peer.number;
  return log.interaction.transfers?.at(-1)?.to.id ?? identity.dialledNumber;
};
