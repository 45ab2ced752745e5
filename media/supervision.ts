/**
 * Supervision as a matrix of who hears whom, for one mix of customer, agent and any number of supervisors.
 *
 *            | is heard by                 | hears
 *  monitor   | nobody                      | customer, agent, who barges
 *  whisper   | the agent                   | customer, agent, who barges
 *  barge     | everybody                   | everybody but who whispers
 *
 * The customer hears the agent and who barges, so a whisper never reaches the customer's leg; what is recorded is what
 * customer and agent say themselves, so it never reaches the recording either.
 */
import type { EndpointId } from '../base/ids';
import type { MixMember } from './ports';

export type SupervisionMode = 'monitor' | 'whisper' | 'barge';

export interface Supervisor {
  readonly endpointId: EndpointId;
  readonly mode: SupervisionMode;
}

export interface SupervisedCall {
  readonly customer: EndpointId;
  readonly agent: EndpointId;
  readonly supervisors: readonly Supervisor[];
}

/** The members of the mix; join them again after every change. */
export function supervisionMembers({ customer, agent, supervisors }: SupervisedCall): MixMember[] {
  const barging = supervisors.filter(({ mode }) => mode === 'barge').map(({ endpointId }) => endpointId);
  const speaks = (mode: SupervisionMode): MixMember['speaks'] =>
    mode === 'barge' ? 'all' : mode === 'whisper' ? [agent] : 'none';
  return [
    { endpointId: customer, hears: [agent, ...barging], speaks: 'all' },
    { endpointId: agent, hears: 'all', speaks: 'all' },
    ...supervisors.map(({ endpointId, mode }) => ({
      endpointId,
      hears: [customer, agent, ...barging],
      speaks: speaks(mode),
    })),
  ];
}
