/** In which calls each extension takes part at the moment, for those who watch it. */
import type { ExtensionCall } from '../signaling/subscriptions/extension-state';
import type { Call, Leg } from './call';
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
  const { identity, customer, agentLeg, colleague, third } = call;
  const { number, displayName, dialledBy } = identity;
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
    {
      extension: agentExtension,
      call: own ? initiator(stateOf(customer), caller) : recipient(stateOf(agentLeg), caller),
    },
    { extension: colleague && extensionOf(colleague.agentId), call: recipient(stateOf(customer), dialling) },
    { extension: third?.agentId && extensionOf(third.agentId), call: recipient(stateOf(third?.leg), dialling) },
    ...phonesOf(call, { initiator, recipient, dialling }),
  ];
};

/** Whoever is a phone of ours, wherever it stands in the call. */
const phonesOf = (
  call: Call,
  as: {
    initiator(state: ExtensionCall['state'], remote: ExtensionCall['remote']): ExtensionCall;
    recipient(state: ExtensionCall['state'], remote: ExtensionCall['remote']): ExtensionCall;
    dialling: ExtensionCall['remote'];
  },
): readonly Part[] => {
  const { identity, customer, peer, outside, third } = call;
  const caller = { number: identity.number, displayName: identity.displayName };
  const own = phoneOf(customer);
  const isCaller = own !== undefined && own === identity.callerExtension;
  const state = stateOf(customer);
  return [
    {
      extension: own,
      call: isCaller ? as.initiator(state, { number: identity.dialledNumber }) : as.recipient(state, as.dialling),
    },
    { extension: phoneOf(peer), call: as.recipient(stateOf(peer), caller) },
    { extension: phoneOf(outside), call: as.recipient(stateOf(outside), caller) },
    { extension: phoneOf(third?.leg), call: as.recipient(stateOf(third?.leg), caller) },
  ];
};

const phoneOf = (leg: Leg | undefined): string | undefined =>
  leg?.owner?.kind === 'phone' ? leg.owner.extension : undefined;
