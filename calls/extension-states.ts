/** In which calls each extension takes part at the moment, for those who watch it. */
import type { ExtensionCall } from '../signaling/subscriptions/extension-state';
import type { Call } from './call';
import type { CallContext } from './context';

interface Part {
  readonly extension: string | undefined;
  readonly call: ExtensionCall;
}

export const extensionCalls = (ctx: CallContext): ReadonlyMap<string, readonly ExtensionCall[]> => {
  const byExtension = new Map<string, ExtensionCall[]>();
  for (const call of ctx.calls.values()) {
    for (const { extension, call: part } of partsOf(ctx, call)) {
      if (extension === undefined) continue;
      const before = byExtension.get(extension);
      if (before) before.push(part);
      else byExtension.set(extension, [part]);
    }
  }
  return byExtension;
};

const stateOf = (leg: { readonly dialog: unknown } | undefined): ExtensionCall['state'] =>
  leg?.dialog === undefined ? 'early' : 'confirmed';

/** Everybody in the call who has an extension. */
const partsOf = (ctx: CallContext, call: Call): readonly Part[] => {
  const { identity, customer, agentLeg, colleague, peer, third } = call;
  const { number, displayName, dialledBy, dialledNumber } = identity;
  const id = call.callId;
  const extensionOf = (agentId: NonNullable<typeof dialledBy>): string | undefined =>
    ctx.directory.agent(agentId)?.extension;
  const caller = { number, displayName };
  const agentExtension = agentLeg && extensionOf(agentLeg.agentId);
  const dialling = { number: agentExtension ?? number };
  const initiator = (state: ExtensionCall['state'], remote: ExtensionCall['remote']): ExtensionCall => ({
    id,
    direction: 'initiator',
    state,
    remote,
  });
  const recipient = (state: ExtensionCall['state'], remote: ExtensionCall['remote']): ExtensionCall => ({
    id,
    direction: 'recipient',
    state,
    remote,
  });
  const own = dialledBy !== undefined && dialledBy === agentLeg?.agentId;
  return [
    { extension: identity.callerExtension, call: initiator(stateOf(customer), { number: dialledNumber }) },
    {
      extension: agentExtension,
      call: own ? initiator(stateOf(customer), caller) : recipient(stateOf(agentLeg), caller),
    },
    { extension: colleague && extensionOf(colleague.agentId), call: recipient(stateOf(customer), dialling) },
    { extension: peer?.extension, call: recipient(stateOf(peer), caller) },
    { extension: dialledPhone(ctx, call), call: recipient(stateOf(customer), dialling) },
    { extension: third?.agentId && extensionOf(third.agentId), call: recipient(stateOf(third?.leg), dialling) },
  ];
};

/** The phone that an agent dials stands in the customer's place. */
const dialledPhone = (ctx: CallContext, { identity, customer }: Call): string | undefined => {
  if (identity.dialledBy === undefined || !customer) return undefined;
  return ctx.directory.extension(identity.number)?.kind === 'phone' ? identity.number : undefined;
};
