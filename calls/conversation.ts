/** Which segment a conversation is in: talk, or a hold and whose it is. */
import type { Call } from './call';

/** Begins the segment that phase and holds call for, unless the call is in it already. */
export const enterConversation = (call: Call): void => {
  const segment = segmentOf(call);
  const { current } = call.log;
  if (!segment || (current && current.endedAtMs === undefined && isSame(current, segment))) return;
  const { kind, ...about } = segment;
  call.log.enter(kind, about);
};

type ConversationSegment = Pick<NonNullable<Call['log']['current']>, 'kind' | 'agentId' | 'detail'>;

const isSame = (one: ConversationSegment, other: ConversationSegment): boolean =>
  one.kind === other.kind && one.agentId === other.agentId && one.detail === other.detail;

const segmentOf = ({ phase, customerHolds, guests, outside, peer }: Call): ConversationSegment | undefined => {
  switch (phase.kind) {
    case 'talking':
      if (customerHolds) return { kind: 'hold', agentId: phase.agentId, detail: 'by-customer' };
      return { kind: 'talk', agentId: phase.agentId, ...(guests.length > 0 && { detail: 'conference' }) };
    case 'held':
      return { kind: 'hold', agentId: phase.agentId, detail: customerHolds ? 'by-both' : 'by-agent' };
    case 'forwarded':
      if (customerHolds) return { kind: 'hold', detail: 'by-customer' };
      return { kind: 'talk', detail: outside ? 'outside' : (peer?.number ?? 'outside') };
    default:
      return undefined;
  }
};
