/** Everybody in a call. */
import type { EndpointId } from '../base/ids';
import type { Call, Leg } from './call';

/** Those who talk, or may: whoever listens in or rings beside another is not among them. */
export const talkersOf = ({ customer, agentLeg, third, outside, peer, guests }: Call): readonly Leg[] =>
  [customer, agentLeg, third?.leg, outside, peer, ...guests.map(({ leg }) => leg)].filter((leg) => leg !== undefined);

export const legsOf = (call: Call): readonly Leg[] => [
  ...talkersOf(call),
  ...call.alsoRinging.map(({ leg }) => leg),
  ...call.supervisors.map(({ leg }) => leg),
];

export const legOf = (call: Call, endpointId: EndpointId): Leg | undefined =>
  legsOf(call).find((leg) => leg.endpointId === endpointId);
