/** The parties of a call of more than two, as the desks of those in it show them. */
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import type { DeskParty } from './ports';
import type { ThirdParty } from './third-party';

/** Everybody but the viewer; undefined where only two talk. */
export const partiesView = (ctx: CallContext, call: Call, viewer: AgentId): DeskParty[] | undefined => {
  const { guests, customer, agentLeg, phase } = call;
  if (guests.length === 0 || phase.kind === 'ended' || !customer) return undefined;
  const { number, displayName } = call.identity;
  const host = agentLeg?.agentId === viewer;
  return [
    {
      partyId: customer.endpointId,
      kind: 'customer',
      number: call.replacedBy ?? number,
      name: call.replacedBy === undefined ? displayName : undefined,
      mayDrop: false,
    },
    ...(agentLeg && !host ? [agentParty(ctx, agentLeg.agentId, { partyId: agentLeg.endpointId, mayDrop: false })] : []),
    ...guests.flatMap((guest) => (guest.agentId === viewer ? [] : (guestParty(ctx, guest, host) ?? []))),
  ];
};

const guestParty = (ctx: CallContext, guest: ThirdParty, mayDrop: boolean): DeskParty | undefined => {
  const { leg, agentId, target } = guest;
  if (!leg) return undefined;
  const partyId = leg.endpointId;
  if (agentId !== undefined) return agentParty(ctx, agentId, { partyId, mayDrop });
  const number = target.kind === 'outside' ? target.number : '';
  const phone = ctx.directory.phone(number);
  return { partyId, kind: 'number', number, name: phone?.displayName, nameZh: phone?.displayNameZh, mayDrop };
};

const agentParty = (ctx: CallContext, agentId: AgentId, of: { partyId: string; mayDrop: boolean }): DeskParty => {
  const agent = ctx.directory.agent(agentId);
  const { extension = '', displayName: name, displayNameZh: nameZh } = agent ?? {};
  return { ...of, kind: 'agent', number: extension, name, nameZh };
};
