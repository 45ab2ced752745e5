/** What agents are and can, changed while they work: checked, kept, and told to the ACD at once. */
import type { AgentId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { acdProblems } from '../../acd/core/check';
import type { AcdSettingsPorts } from '../../api/ports';
import type { AgentProfileBody, AgentProfileView } from '../../api/contract/queues';
import type { AcdSetUp } from '../../calls/center';
import type { Store } from '../../store/connect';
import type { AgentSeat } from '../../store/users';
import { agentConfigOf } from '../../acd/core/config';
import type { AcdModel, ModelAgent } from './acd-model';
import { changedMeanwhile, checked, unknownThing } from './faults';
import { tellFirst } from './tell-first';
import type { AcdEdits } from './tell-first';

export interface AgentEditorDeps {
  readonly store: Pick<Store, 'users'>;
  readonly model: AcdModel;
  readonly acd: AcdSetUp;
  readonly log: Logger;
  readonly edits: AcdEdits;
  readonly has: (noun: 'skill' | 'team' | 'site' | 'tenant', id: string) => boolean;
  readonly onChanged: (agentId: AgentId) => void;
}

export const agentEditor = (deps: AgentEditorDeps): AcdSettingsPorts['agents'] => ({
  list: () => deps.model.agents().map(viewOf),
  put: (agentId, profile) => deps.edits.run('acd', () => putAgent(deps, agentId, profile)),
});

const viewOf = ({ seat, displayName, displayNameZh }: ModelAgent): AgentProfileView => {
  const { version = 0, teams, interrupts, ...profile } = seat;
  return {
    ...profile,
    ...(teams && { teams: [...teams] }),
    ...(interrupts && { interrupts: interrupts as AgentProfileView['interrupts'] }),
    ...{ displayName, displayNameZh, version },
  };
};

const putAgent = async (
  deps: AgentEditorDeps,
  agentId: AgentId,
  body: AgentProfileBody,
): Promise<Result<AgentProfileView>> => {
  const { store, model } = deps;
  const agent = model.agent(agentId);
  if (!agent) return fail('not_found', `There is no agent ${agentId}.`);
  const { extension, version: present = 0 } = agent.seat;
  if (body.version !== undefined && body.version !== present) return changedMeanwhile(`The agent ${agentId}`);
  const skills = Object.fromEntries(Object.entries(body.skills).filter(([, level]) => level > 0));
  const seat: AgentSeat = { ...body, agentId, extension, skills, version: present + 1 };
  const sound = checkSeat(deps, seat);
  if (!sound.ok) return sound;
  const kept = await tellFirst(deps, {
    change: { type: 'agent-configured', agent: agentConfigOf(seat) },
    back: { type: 'agent-configured', agent: agentConfigOf(agent.seat) },
    keep: () => store.users.update(agent.userId, { agent: seat }),
  });
  if (!kept.ok) return kept;
  if (!kept.value) return fail('not_found', `${agentId} is gone.`);
  const changed = { ...agent, seat };
  model.setAgent(changed);
  deps.onChanged(agentId);
  return ok(viewOf(changed));
};

const checkSeat = ({ has, model }: AgentEditorDeps, seat: AgentSeat): Result<void> => {
  const skill = Object.keys(seat.skills).find((id) => !has('skill', id));
  if (skill !== undefined) return unknownThing('skill', { id: skill, path: 'skills' });
  const team = seat.teams?.find((id) => !has('team', id));
  if (team !== undefined) return unknownThing('team', { id: team, path: 'teams' });
  if (seat.site !== undefined && !has('site', seat.site)) return unknownThing('site', { id: seat.site, path: 'site' });
  if (seat.tenant !== undefined && !has('tenant', seat.tenant))
    return unknownThing('tenant', { id: seat.tenant, path: 'tenant' });
  return checked(acdProblems(model.config({ seat })));
};
