/** What a flow lets the ACD know of a caller, with its variables filled in. */
import { asId } from '../base/ids';
import type { AgentId } from '../base/ids';
import { within } from '../base/clock';
import type { ContactAttributes } from '../acd/core/model';
import type { ContactFacts } from '../flows/document';
import type { Call } from './call';
import type { CallContext } from './context';
import { ownNumber } from './own-number';

/** The caller does not wait longer for the history to say who answered last. */
const ASK_MS = 500;
const MOST = 1_000;

/** What is no number, or nobody, is left out: a caller waits in any case. */
export const contactFacts = async (
  ctx: CallContext,
  call: Call,
  facts: ContactFacts | undefined,
): Promise<ContactAttributes> => {
  if (!facts) return {};
  const filled = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : call.variables.fill(text).trim() || undefined;
  const tier = wholeNumber(filled(facts.tier));
  const openCases = wholeNumber(filled(facts.openCases));
  const site = filled(facts.site);
  const customerId = filled(facts.customer);
  const preferredAgentId = await agentOf(ctx, call, filled(facts.agent));
  return {
    ...(tier !== undefined && { tier }),
    ...(openCases !== undefined && { openCases }),
    ...(site !== undefined && { site }),
    ...(customerId !== undefined && { customerId }),
    ...(preferredAgentId !== undefined && { preferredAgentId }),
    ...(facts.skills && { skills: facts.skills }),
  };
};

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,4}$/.test(text) && Number(text) <= MOST ? Number(text) : undefined;

const agentOf = async (ctx: CallContext, call: Call, named: string | undefined): Promise<AgentId | undefined> => {
  if (named === undefined) return undefined;
  if (named === 'last') return lastAgent(ctx, call);
  const extension = ctx.directory.extension(named);
  return (
    ctx.directory.agent(asId<AgentId>(named))?.agentId ??
    (extension?.kind === 'agent' ? extension.agent.agentId : undefined)
  );
};

/** Nobody, when the history does not answer in time. */
const lastAgent = async (ctx: CallContext, call: Call): Promise<AgentId | undefined> => {
  const caller = ownNumber(call);
  if (caller === undefined || !ctx.lastAgentOf) return undefined;
  let found: AgentId | undefined;
  const asked = ctx.lastAgentOf(caller).then(
    (agentId) => {
      found = agentId;
    },
    (error: unknown) => ctx.log.warn({ err: error, callId: call.callId }, 'the history does not say who answered last'),
  );
  await within(ctx.clock, ASK_MS, asked);
  return found !== undefined && ctx.directory.agent(found) ? found : undefined;
};
