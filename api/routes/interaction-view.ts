/** What of an interaction leaves the house: the contract's fields, with names for ids and without file paths. */
import type { Interaction } from '../../store/interaction';
import { noteNames } from './queue-note-names';
import { dispositionSchema } from '../contract/common';
import type { InteractionView } from '../contract/rest';
import type { SessionUser } from '../contract/rest';

/** A name, and the one for those who work in Chinese. */
export interface Names {
  readonly name: string;
  readonly nameZh?: string | undefined;
}

export interface NameBook {
  agent(agentId: string): Names | undefined;
  queue(queueId: string): Names | undefined;
}

const wrapUpView = (wrapUp: NonNullable<Interaction['wrapUp']>): NonNullable<InteractionView['wrapUp']> => {
  const disposition = dispositionSchema.safeParse(wrapUp.disposition);
  return {
    note: wrapUp.note,
    agentId: wrapUp.agentId,
    endedAtMs: wrapUp.endedAtMs,
    ...(disposition.success && { disposition: disposition.data }),
  };
};

const namesOf = (
  { queueId, agentId }: Interaction,
  names: NameBook,
): Pick<InteractionView, 'queueName' | 'queueNameZh' | 'agentName' | 'agentNameZh'> => {
  const queue = queueId === undefined ? undefined : names.queue(queueId);
  const agent = agentId === undefined ? undefined : names.agent(agentId);
  return {
    queueName: queue?.name,
    queueNameZh: queue?.nameZh,
    agentName: agent?.name,
    agentNameZh: agent?.nameZh,
  };
};

/** What one user may see of interactions. */
export interface InteractionViewer {
  readonly names: NameBook;
  readonly user: SessionUser;
  /** Only who leads the agents, or where agents are told. */
  readonly withSupervisors: boolean;
}

export const interactionView = (
  interaction: Interaction,
  { names, user, withSupervisors }: InteractionViewer,
): InteractionView => ({
  id: interaction._id,
  channel: interaction.channel,
  direction: interaction.direction,
  startedAtMs: interaction.startedAtMs,
  answeredAtMs: interaction.answeredAtMs,
  voiceAnswer: interaction.voiceAnswer,
  endedAtMs: interaction.endedAtMs,
  caller: { number: interaction.caller.number, displayName: interaction.caller.displayName },
  called: { number: interaction.called.number },
  contactId: interaction.contactId,
  queueId: interaction.queueId,
  agentId: interaction.agentId,
  ...namesOf(interaction, names),
  digits: interaction.digits,
  language: interaction.language,
  data: interaction.data,
  userToUser: interaction.userToUser,
  previous: interaction.previous,
  segments: interaction.segments.map(({ kind, startedAtMs, endedAtMs, queueId, agentId, detail }) => ({
    kind,
    startedAtMs,
    endedAtMs,
    queueId,
    agentId,
    detail,
  })),
  hasSipCalls: (interaction.sipCallIds ?? []).length > 0,
  parties: interaction.parties.map(({ role, id, joinedAtMs, leftAtMs }) => ({ role, id, joinedAtMs, leftAtMs })),
  outcome: interaction.outcome && {
    result: interaction.outcome.result,
    reason: interaction.outcome.reason,
    party: interaction.outcome.party,
  },
  recordings: interaction.recordings
    .filter((recording) => mayHear(user, recording))
    .map(({ recordingId, n, startedAtMs, durationMs, channels, sizeBytes, isMessage, agentIds, silences }) => ({
      id: recordingId,
      n,
      startedAtMs,
      durationMs,
      channels,
      sizeBytes,
      isMessage,
      agentIds,
      silences,
    })),
  recordingPolicy: interaction.recordingPolicy,
  recordingActs: interaction.recordingActs,
  conferences: interaction.conferences?.map((stay) => ({
    ...stay,
    others: stay.others.map((other) => ({ ...other })),
  })),
  transfers: interaction.transfers?.map(({ atMs, kind, byAgentId, byExtension, to, result }) => ({
    atMs,
    kind,
    byAgentId,
    byExtension,
    to: { kind: to.kind, id: to.id },
    result,
  })),
  callback: interaction.callback && { ...interaction.callback },
  queueNotes: interaction.queueNotes?.map((note) => ({ ...note })),
  noteNames: interaction.queueNotes && noteNames(interaction.queueNotes, names),
  supervisions: (withSupervisors ? interaction.supervisions : undefined)?.map(
    ({ userName, displayName, startedAtMs, endedAtMs, ...rest }) => ({
      ...{ userName, displayName, startedAtMs, endedAtMs },
      modes: rest.modes.map(({ atMs, mode }) => ({ atMs, mode })),
      interceptedAtMs: rest.interceptedAtMs,
    }),
  ),
  // The quality of a supervisor's leg tells that there was one.
  quality: interaction.quality?.filter(({ role }) => withSupervisors || role !== 'supervisor'),
  soundFaults: interaction.soundFaults,
  detections: interaction.detections?.map(({ atMs, role, id, heard, detail }) => ({ atMs, role, id, heard, detail })),
  answeredBy: interaction.answeredBy,
  wrapUp: interaction.wrapUp && wrapUpView(interaction.wrapUp),
  earlierWrapUps: interaction.earlierWrapUps?.map(wrapUpView),
});

/** Supervisors and administrators see everything; an agent sees what he has answered, transferred or not. */
export const seesAll = (user: SessionUser): boolean =>
  user.roles.includes('supervisor') || user.roles.includes('administrator');

export const maySee = (user: SessionUser, interaction: Interaction): boolean =>
  seesAll(user) || (user.agent !== undefined && wasWith(interaction, user.agent.agentId));

const wasWith = ({ agentId, parties }: Interaction, wanted: string): boolean =>
  agentId === wanted || parties.some(({ role, id }) => role === 'agent' && id === wanted);

/** Of an interaction that the user may see: an agent hears what the agent is heard in. Of old ones that is not known. */
export const mayHear = (
  user: SessionUser,
  { agentIds }: Pick<Interaction['recordings'][number], 'agentIds'>,
): boolean => seesAll(user) || agentIds === undefined || agentIds.some((agentId) => agentId === user.agent?.agentId);
