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
