/** Finds out what an agent's target is, and whether it can be reached at the moment. */
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { FlowDocument } from '../flows/document';
import type { CallContext, DirectoryPhone, TrunkExtension } from './context';
import { accountOfAgent } from './place-outside';
import type { OutsideTarget, ThirdTarget, TransferTarget } from './third-party';
import { numberFromTyped } from './typed-number';

export type FoundTarget = ThirdTarget | { readonly kind: 'flow'; readonly number: string; readonly flow: FlowDocument };

/** Fails with `not_found`, `no_route`, `bad_input`, or `conflict` for an agent who cannot take a call now. */
export const findTarget = (ctx: CallContext, target: TransferTarget, by?: AgentId): Result<FoundTarget> => {
  switch (target.kind) {
    case 'agent':
      return findAgent(ctx, target.agentId, by);
    case 'queue':
      if (ctx.directory.queue(target.queueId)) return ok(target);
      return fail('not_found', `There is no queue ${target.queueId}.`);
    case 'number':
      return findNumber(ctx, target.number, by);
  }
};

const findAgent = (ctx: CallContext, agentId: AgentId, by: AgentId | undefined): Result<ThirdTarget> => {
  const entry = ctx.directory.agent(agentId);
  const agent = ctx.acd.state.agents.get(agentId);
  if (!entry || !agent) return fail('not_found', `There is no agent ${agentId}.`);
  if (agentId === by) return fail('bad_input', 'You have this call already.');
  const { kind } = agent.status;
  if (agent.locked || (kind !== 'ready' && kind !== 'not-ready'))
    return fail('conflict', `${entry.displayName} cannot take a call now.`);
  if (!agent.deviceRegistered) return fail('unavailable', `The telephone of ${entry.displayName} is not connected.`);
  return ok({ kind: 'agent', agentId });
};

const findNumber = (ctx: CallContext, typed: string, by: AgentId | undefined): Result<FoundTarget> => {
  const cleaned = numberFromTyped(typed);
  if (!cleaned.ok) return cleaned;
  const number = cleaned.value;
  const extension = ctx.directory.extension(number);
  if (extension?.kind === 'agent') return findAgent(ctx, extension.agent.agentId, by);
  if (extension?.kind === 'phone') return ok(phoneTarget(number, extension.phone));
  const flow = extension ? undefined : ctx.directory.flowOf(number);
  if (flow) return ok({ kind: 'flow', number, flow });
  // Another exchange may be anywhere.
  const permitted = ctx.permission.outbound({ agentId: by, dialled: number });
  if (!permitted.ok) return permitted;
  if (extension) return ok(exchangeTarget(number, extension.trunk));
  const trunk = ctx.directory.outboundTrunk(number);
  if (!trunk) return fail('no_route', `No trunk carries calls to ${number}; an administrator can add one.`);
  const within = by === undefined ? ok(undefined) : ctx.fraud.mayCall({ account: accountOfAgent(by), number });
  if (!within.ok) return within;
  const { callerId, srtp } = trunk;
  return ok({ kind: 'outside', number, via: { kind: 'number', number }, callerId, srtp });
};

/** A phone sees who calls. */
const phoneTarget = (number: string, { extension, srtp }: DirectoryPhone): OutsideTarget => ({
  kind: 'outside',
  number,
  via: { kind: 'phone', userName: extension },
  srtp,
});

/** The exchange behind a trunk sees it too, and wants its numbers its own way. */
const exchangeTarget = (
  number: string,
  { trunkId, number: dialled, headers, srtp }: TrunkExtension,
): OutsideTarget => ({
  kind: 'outside',
  number,
  via: { kind: 'trunk', trunkId, number: dialled },
  headers,
  srtp,
});
