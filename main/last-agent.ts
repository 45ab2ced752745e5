/** Who answered a caller last, by the history. */
import type { AgentId } from '../base/ids';
import type { InteractionStore } from '../store/interactions';

/** A number's latest calls among which one with an agent is looked for. */
const LOOKED_AT = 20;

export const lastAgentIn =
  (interactions: Pick<InteractionStore, 'list'>) =>
  async (caller: string): Promise<AgentId | undefined> => {
    const page = await interactions.list({ number: caller, result: 'answered', limit: LOOKED_AT });
    if (!page.ok) return undefined;
    // The store finds parts of numbers, and those who were called too.
    return page.value.items.find(({ caller: from, agentId }) => from.number === caller && agentId !== undefined)
      ?.agentId;
  };
