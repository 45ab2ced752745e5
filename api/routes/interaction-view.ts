/** What of an interaction leaves the house: the contract's fields, with names for ids and without file paths. */
import type { Interaction } from '../../store/interaction';
import { dispositionSchema } from '../contract/common';
import type { InteractionView } from '../contract/rest';
import type { SessionUser } from '../contract/rest';

export interface NameBook {
  agentName(agentId: string): string | undefined;
  queueName(queueId: string): string | undefined;
}

const wrapUpView = (wrapUp: NonNullable<Interaction['wrapUp']>): InteractionView['wrapUp'] => {
  const disposition = dispositionSchema.safeParse(wrapUp.disposition);
  return {
    note: wrapUp.note,
    agentId: wrapUp.agentId,
    endedAtMs: wrapUp.endedAtMs,
    ...(disposition.success && { disposition: disposition.data }),
  };
};

export const interactionView = (interaction: Interaction, names: NameBook): InteractionView => ({
  id: interaction._id,
  channel: interaction.channel,
  direction: interaction.direction,
  startedAtMs: interaction.startedAtMs,
  answeredAtMs: interaction.answeredAtMs,
  endedAtMs: interaction.endedAtMs,
  caller: { number: interaction.caller.number, displayName: interaction.caller.displayName },
  called: { number: interaction.called.number },
  queueId: interaction.queueId,
  queueName: interaction.queueId && names.queueName(interaction.queueId),
  agentId: interaction.agentId,
  agentName: interaction.agentId && names.agentName(interaction.agentId),
  digits: interaction.digits,
  language: interaction.language,
  segments: interaction.segments.map(({ kind, startedAtMs, endedAtMs, queueId, agentId, detail }) => ({
    kind,
    startedAtMs,
    endedAtMs,
    queueId,
    agentId,
    detail,
  })),
  parties: interaction.parties.map(({ role, id, joinedAtMs, leftAtMs }) => ({ role, id, joinedAtMs, leftAtMs })),
  outcome: interaction.outcome && {
    result: interaction.outcome.result,
    reason: interaction.outcome.reason,
    party: interaction.outcome.party,
  },
  recordings: interaction.recordings.map(({ n, startedAtMs, durationMs, channels, sizeBytes }) => ({
    n,
    startedAtMs,
    durationMs,
    channels,
    sizeBytes,
  })),
  wrapUp: interaction.wrapUp && wrapUpView(interaction.wrapUp),
});

/** Supervisors and administrators see everything; an agent sees what he has answered. */
export const seesAll = (user: SessionUser): boolean =>
  user.roles.includes('supervisor') || user.roles.includes('administrator');

export const maySee = (user: SessionUser, interaction: Interaction): boolean =>
  seesAll(user) || (user.agent !== undefined && interaction.agentId === user.agent.agentId);
