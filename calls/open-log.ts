/** A new interaction and its log, joined to the store and to those who watch the history. */
import { newId } from '../base/ids';
import type { InteractionId } from '../base/ids';
import type { Interaction } from '../store/interaction';
import type { CallContext } from './context';
import { InteractionLog } from './interaction-log';

type Known = Pick<Interaction, 'direction' | 'startedAtMs' | 'caller' | 'called'> & Partial<Interaction>;

export const newInteraction = (known: Known): Interaction => ({
  _id: newId<InteractionId>(),
  channel: 'voice',
  digits: [],
  segments: [],
  parties: [],
  recordings: [],
  ...known,
});

/** Who has the interaction in the own history: the agent of now, and those who have handed it on. */
const agentsIn = ({ agentId, parties }: Interaction): string[] => [
  ...(agentId === undefined ? [] : [agentId]),
  ...parties.filter(({ role }) => role === 'agent').map(({ id }) => id),
];

export const createLog = (ctx: CallContext, interaction: Interaction): InteractionLog =>
  new InteractionLog(
    {
      clock: ctx.clock,
      log: ctx.log,
      save: ctx.save,
      saved: (saved) =>
        ctx.events.emit('desk', { type: 'interaction', interactionId: saved._id, agentIds: agentsIn(saved) }),
    },
    interaction,
  );
