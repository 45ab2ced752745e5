/** A log for a new interaction, joined to the store and to those who watch the history. */
import type { Interaction } from '../store/interaction';
import type { CallContext } from './context';
import { InteractionLog } from './interaction-log';

export const createLog = (ctx: CallContext, interaction: Interaction): InteractionLog =>
  new InteractionLog(
    {
      clock: ctx.clock,
      log: ctx.log,
      save: ctx.save,
      saved: ({ _id, agentId }) =>
        ctx.events.emit('desk', { type: 'interaction', interactionId: _id, agentId: agentId }),
    },
    interaction,
  );
