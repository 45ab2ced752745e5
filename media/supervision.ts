/**
 * A call as a matrix of who hears whom, for one mix of those who talk and any number of supervisors. Supervisors hear the
 * agent and whom the agent talks with; those who talk elsewhere meanwhile neither hear them nor are heard by them.
 *
 *            | is heard by                       | hears
 *  monitor   | nobody                            | agent, whom the agent talks with, who barges
 *  whisper   | the agent                         | the same
 *  barge     | agent, whom the agent talks with  | the same
 *
 * Nobody but the agent hears a whisper, so it never reaches the customer's leg; what is recorded is what people say
 * themselves, so it never reaches the recording either.
 */
import type { EndpointId } from '../base/ids';
import type { MixMember } from './ports';

export const SUPERVISION_MODES = ['monitor', 'whisper', 'barge'] as const;
export type SupervisionMode = (typeof SUPERVISION_MODES)[number];

export interface Supervisor {
  readonly endpointId: EndpointId;
  readonly mode: SupervisionMode;
}

export interface SupervisedCall {
  /** Those who talk with each other: one group as a rule, two while the agent is aside with somebody. */
  readonly groups: readonly (readonly EndpointId[])[];
  /** Whom supervisors listen to and whisper to; alone where no group has this one, such as while the customer is held. */
  readonly agent: EndpointId | undefined;
  /** Those of the groups who say nothing for the time being. */
  readonly muted?: readonly EndpointId[];
  readonly supervisors: readonly Supervisor[];
}

/** The members of the mix; join them again after every change. */
export function supervisionMembers({ groups, agent, muted = [], supervisors }: SupervisedCall): MixMember[] {
  const withAgent = agent === undefined ? [] : (groups.find((group) => group.includes(agent)) ?? [agent]);
  const barging = supervisors.filter(({ mode }) => mode === 'barge').map(({ endpointId }) => endpointId);
  const whispering = supervisors.filter(({ mode }) => mode === 'whisper').map(({ endpointId }) => endpointId);
  const talker = (endpointId: EndpointId, group: readonly EndpointId[]): MixMember => ({
    endpointId,
    hears: [
      ...group.filter((other) => other !== endpointId),
      ...(group === withAgent ? barging : []),
      ...(endpointId === agent ? whispering : []),
    ],
    speaks: 'all',
    ...(muted.includes(endpointId) && { muted: true }),
  });
  const speaks = ({ endpointId, mode }: Supervisor): MixMember['speaks'] => {
    if (mode === 'monitor' || agent === undefined) return 'none';
    if (mode === 'whisper') return [agent];
    return [...withAgent, ...supervisors.map((other) => other.endpointId).filter((other) => other !== endpointId)];
  };
  const talking = groups.includes(withAgent) ? groups : [...groups, withAgent];
  return [
    ...talking.flatMap((group) => group.map((endpointId) => talker(endpointId, group))),
    ...supervisors.map((supervisor) => ({
      endpointId: supervisor.endpointId,
      hears: [...withAgent, ...barging.filter((other) => other !== supervisor.endpointId)],
      speaks: speaks(supervisor),
    })),
  ];
}
