/** Finds out what an agent's target is, and whether it can be reached at the moment. */
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { FlowDocument } from '../flows/document';
import type { CallContext, Extension } from './context';
import { accountOfAgent } from './place-outside';
import type { OutsideTarget, ThirdTarget, TransferTarget } from './third-party';

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
  if (kind !== 'ready' && kind !== 'not-ready') return fail('conflict', `${entry.displayName} cannot take a call now.`);
  if (!agent.deviceRegistered) return fail('unavailable', `The telephone of ${entry.displayName} is not connected.`);
  return ok({ kind: 'agent', agentId });
};

const findNumber = (ctx: CallContext, typed: string, by: AgentId | undefined): Result<FoundTarget> => {
  const number = typed.replace(/[\s().\-/]/g, '');
  if (!/^\+?[0-9*#]{2,32}$/.test(number)) return fail('bad_input', `${typed} is not a number that can be dialled.`);
  const extension = ctx.directory.extension(number);
  if (extension?.kind === 'agent') return findAgent(ctx, extension.agent.agentId, by);
  if (extension) return ok(outsideOf(number, extension));
  const flow = ctx.directory.flowOf(number);
  if (flow) return ok({ kind: 'flow', number, flow });
  const permitted = ctx.permission.outbound({ agentId: by, dialled: number });
  if (!permitted.ok) return permitted;
  const trunk = ctx.directory.outboundTrunk(number);
  if (!trunk) return fail('no_route', `No trunk carries calls to ${number}; an administrator can add one.`);
  const within = by === undefined ? ok(undefined) : ctx.fraud.mayCall({ account: accountOfAgent(by), number });
  if (!within.ok) return within;
  const { callerId, srtp } = trunk;
  return ok({ kind: 'outside', number, via: { kind: 'number', number }, callerId, srtp });
};

/** A phone sees who calls; so does the exchange behind a trunk, which wants its numbers its own way. */
const outsideOf = (number: string, extension: Exclude<Extension, { kind: 'agent' }>): OutsideTarget => {
  if (extension.kind === 'phone') {
    return { kind: 'outside', number, via: { kind: 'phone', userName: extension.phone.extension } };
  }
  const { trunkId, number: dialled, headers, srtp } = extension.trunk;
  return { kind: 'outside', number, via: { kind: 'trunk', trunkId, number: dialled }, headers, srtp };
};
