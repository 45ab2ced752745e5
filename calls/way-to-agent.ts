/** By which way an agent is called: as if the browser, the phone or the number of the agent's station had been dialled. */
import { unreachable } from '../base/errors';
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Station } from '../store/stations';
import { EMERGENCY } from './call-permission';
import type { CallContext } from './context';
import { routeCall } from './route-call';
import type { PersonGoal } from './route-call';

/** Errors: `not_found` for an agent or a phone that is gone; as of {@link wayOutside}. */
export const wayToAgent = (ctx: CallContext, agentId: AgentId, station: Station): Result<PersonGoal> => {
  const agent = ctx.directory.agent(agentId);
  if (!agent) return fail('not_found', `There is no agent ${agentId}.`);
  switch (station.kind) {
    case 'browser':
      return ok({ kind: 'agent', agent });
    case 'phone': {
      const phone = ctx.directory.phone(station.extension);
      return phone ? ok({ kind: 'phone', phone }) : fail('not_found', `There is no phone ${station.extension}.`);
    }
    case 'number':
      return wayOutside(ctx, agentId, station.number);
    default:
      return unreachable(station);
  }
};

/**
 * A call to the agent's number is one of the agent's own calls: what the agent may not dial cannot be a station. Errors:
 * `forbidden`, `no_route`, `bad_input` for numbers of the center.
 */
const wayOutside = (ctx: CallContext, agentId: AgentId, number: string): Result<PersonGoal> => {
  const permitted = ctx.permission.outbound({ agentId, dialled: number });
  if (!permitted.ok) return permitted;
  if (permitted.value.numberClass === EMERGENCY) return fail('forbidden', `${number} is an emergency number.`);
  if (ctx.directory.extension(number) || ctx.directory.flowOf(number))
    return fail('bad_input', `${number} is a number of this center; a desk phone is chosen as a phone.`);
  const goal = routeCall(ctx, number, { kind: 'agent' });
  if (!goal.ok) return goal;
  return goal.value.kind === 'flow' ? fail('bad_input', `${number} is a number for callers.`) : ok(goal.value);
};
