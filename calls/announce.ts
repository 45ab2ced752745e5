/**
 * What is said to both parties of a conversation: the agent's number when they are joined, and whatever number the agent
 * has read out. While it is said each hears it in the place of the other one.
 */
import { newId } from '../base/ids';
import type { PlayId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { readOut } from '../flows/reading/read-out';
import type { PlaySource } from '../media/ports';
import type { Call } from './call';
import type { CallContext } from './context';
import { languagesOf, sourcesToSay } from './say';

/** A recording named `agent-1001` takes the place of the sentence; see `docs/prompts.md`. */
const agentNumber = (call: Call, extension: string): PlaySource[] =>
  languagesOf(call).map((language) => {
    const spelled = readOut({ kind: 'digits', value: extension, language });
    const digits = spelled.ok ? spelled.value.text : extension;
    const text = language.startsWith('zh') ? `坐席${digits}为您服务` : `Agent ${digits}, at your service.`;
    return { kind: 'phrase', language, pieces: [`agent-${extension}`], text };
  });

const sayToBoth = async (ctx: CallContext, call: Call, sources: readonly PlaySource[]): Promise<Result<void>> => {
  const parties = [call.customer, call.agentLeg].filter((leg) => leg !== undefined);
  const plays = await Promise.all(
    parties.map(({ endpointId }) => ctx.media.play({ playId: newId<PlayId>(), endpointId, sources })),
  );
  return plays.find((play) => !play.ok) ?? ok(undefined);
};

/** The agent's number, when the flow wants it said: once for each agent who is joined. */
export const greet = async (ctx: CallContext, call: Call): Promise<void> => {
  const agent = call.agentLeg && ctx.directory.agent(call.agentLeg.agentId);
  if (call.greeting !== 'agent-number' || !agent || call.phase.kind !== 'talking') return;
  const said = await sayToBoth(ctx, call, agentNumber(call, agent.extension));
  if (!said.ok) ctx.log.warn({ callId: call.callId, fault: said.fault }, 'the greeting of an agent could not be said');
};

/** @param digits read out digit by digit; without any the agent's number is. */
export const announce = async (ctx: CallContext, call: Call, digits?: string): Promise<Result<void>> => {
  const agent = call.agentLeg && ctx.directory.agent(call.agentLeg.agentId);
  if (!agent || call.phase.kind !== 'talking')
    return fail('conflict', 'Something can be said in a conversation that is not on hold.');
  if (digits === undefined) return sayToBoth(ctx, call, agentNumber(call, agent.extension));
  const sources = sourcesToSay(call, { kind: 'digits', value: digits });
  return sources.ok ? sayToBoth(ctx, call, sources.value) : sources;
};
