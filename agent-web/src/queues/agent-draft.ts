/** An agent's settings as the form and the table have them: how they become what is sent. Pure. */
import type { AgentProfileBody, AgentProfileView, ChannelName } from '../../../api/contract/queues';
import type { FURTHER_STATIONS } from '../../../api/contract/stations';

export const CHANNELS: readonly ChannelName[] = ['voice', 'video', 'chat', 'message', 'mail', 'fax', 'task'];

/** As the ACD chooses it: the one that is set, else the highest level, by name among equals. */
export const mainSkillOf = ({
  mainSkill,
  skills,
}: Pick<AgentProfileView, 'mainSkill' | 'skills'>): string | undefined =>
  mainSkill ??
  Object.entries(skills)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .at(0)?.[0];

/** Everything that is set, with these levels in the place of the present ones; 0 takes a skill back. */
export const profileOf = (agent: AgentProfileView, levels: Readonly<Record<string, number>>): AgentProfileBody => {
  const { agentId: _id, displayName: _name, displayNameZh: _zh, extension: _extension, mainSkill, ...set } = agent;
  const skills = Object.fromEntries(Object.entries({ ...agent.skills, ...levels }).filter(([, level]) => level > 0));
  const hasMain = mainSkill !== undefined && mainSkill in skills;
  return { ...set, skills, ...(hasMain && { mainSkill }) };
};

export interface AgentDraft {
  readonly skills: Readonly<Record<string, number | null>>;
  readonly mainSkill: string;
  readonly grade: number | null;
  readonly teams: readonly string[];
  readonly site: string;
  readonly tenant: string;
  readonly capacity: Readonly<Partial<Record<ChannelName, number | null>>>;
  /** Channels that a call interrupts. */
  readonly interrupts: readonly ChannelName[];
  /** Beside the browser. */
  readonly stations: readonly (typeof FURTHER_STATIONS)[number][];
}

export const draftOf = (agent: AgentProfileView): AgentDraft => ({
  skills: agent.skills,
  mainSkill: agent.mainSkill ?? '',
  grade: agent.grade ?? null,
  teams: agent.teams ?? [],
  site: agent.site ?? '',
  tenant: agent.tenant ?? '',
  capacity: agent.capacity ?? { voice: 1 },
  interrupts: agent.interrupts?.voice ?? [],
  stations: agent.stations ?? [],
});

export const bodyOf = (draft: AgentDraft, agent: AgentProfileView): AgentProfileBody => {
  const { grade, teams, site, tenant, capacity, interrupts, mainSkill, stations } = draft;
  const levels = Object.entries(draft.skills).flatMap(([skill, level]) => (level ? [[skill, level] as const] : []));
  const most = CHANNELS.flatMap((channel) => {
    const value = capacity[channel];
    return typeof value === 'number' ? [[channel, value] as const] : [];
  });
  const others = { ...agent.interrupts };
  delete others.voice;
  return {
    skills: Object.fromEntries(levels),
    mainSkill: mainSkill || undefined,
    grade: grade ?? undefined,
    teams: teams.length > 0 ? [...teams] : undefined,
    site: site || undefined,
    tenant: tenant || undefined,
    capacity: most.length > 0 ? Object.fromEntries(most) : undefined,
    interrupts: { ...others, ...(interrupts.length > 0 && { voice: [...interrupts] }) },
    stations: stations.length > 0 ? [...stations] : undefined,
    version: agent.version,
  };
};

/** The form's field for a path of the server's; undefined where the form has none. */
export const fieldOfPath = (path: string): string[] | undefined => {
  const [first = '', second] = path.split('.');
  if (first === 'capacity' && second !== undefined) return ['capacity', second];
  return ['skills', 'mainSkill', 'grade', 'teams', 'site', 'tenant', 'interrupts'].includes(first)
    ? [first]
    : undefined;
};
