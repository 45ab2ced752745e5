/** In which calls each extension takes part at the moment, for those who watch it. */
import type { DialogName } from '../signaling/ports';
import type { ExtensionCall } from '../signaling/subscriptions/extension-state';
import type { Call, Leg } from './call';
import type { CallContext } from './context';

/** Somebody in a call; without an extension nobody watches. */
interface Part extends Omit<ExtensionCall, 'id' | 'dialogs'> {
  readonly extension: string | undefined;
  readonly leg: Leg | undefined;
}

export const extensionCalls = (ctx: CallContext): ReadonlyMap<string, readonly ExtensionCall[]> => {
  const byExtension = new Map<string, ExtensionCall[]>();
  for (const call of ctx.calls.values()) {
    for (const { extension, leg, ...shown } of partsOf(ctx, call)) {
      if (extension === undefined) continue;
      const part = { id: call.callId, ...shown, dialogs: dialogsOf(call, leg) };
      const before = byExtension.get(extension);
      if (before) before.push(part);
      else byExtension.set(extension, [part]);
    }
  }
  return byExtension;
};

/** As the other end names them: its tag is the local one. What a queue offers an agent is nobody else's to pick up. */
const dialogsOf = ({ phase }: Call, leg: Leg | undefined): readonly DialogName[] => {
  if (leg?.dialog) return [turned(leg.dialog.name)];
  return phase.kind === 'ringing' ? [] : (leg?.ringing ?? []).map(({ name }) => turned(name));
};

const turned = ({ callId, localTag, remoteTag }: DialogName): DialogName => ({
  callId,
  localTag: remoteTag,
  remoteTag: localTag,
});

const stateOf = (leg: Leg | undefined): ExtensionCall['state'] => (leg?.dialog === undefined ? 'early' : 'confirmed');

const called = (extension: string | undefined, leg: Leg | undefined, remote: ExtensionCall['remote']): Part => ({
  extension,
  leg,
  direction: 'recipient',
  state: stateOf(leg),
  remote,
});

/** Everybody in the call who has an extension. */
const partsOf = (ctx: CallContext, call: Call): readonly Part[] => {
  const { identity, customer, agentLeg, colleague, third } = call;
  const { number, displayName, dialledBy } = identity;
  const extensionOf = (agentId: NonNullable<typeof dialledBy>): string | undefined =>
    ctx.directory.agent(agentId)?.extension;
  const caller = { number, displayName };
  const agentExtension = agentLeg && extensionOf(agentLeg.agentId);
  const dialling = { number: agentExtension ?? number };
  const isOwn = dialledBy !== undefined && dialledBy === agentLeg?.agentId;
  const agent = called(agentExtension, agentLeg, caller);
  return [
    isOwn ? { ...agent, direction: 'initiator', state: stateOf(customer) } : agent,
    called(colleague && extensionOf(colleague.agentId), customer, dialling),
    called(third?.agentId && extensionOf(third.agentId), third?.leg, dialling),
    ...phonesOf(call, dialling),
  ];
};

/** Whoever is a phone of ours, wherever it stands in the call. */
const phonesOf = (call: Call, dialling: ExtensionCall['remote']): readonly Part[] => {
  const { identity, customer, agentLeg, peer, outside, third } = call;
  const caller = { number: identity.number, displayName: identity.displayName };
  const first = called(phoneOf(customer), customer, dialling);
  const isCaller = first.extension !== undefined && first.extension === identity.callerExtension;
  return [
    isCaller ? { ...first, direction: 'initiator', remote: { number: identity.dialledNumber } } : first,
    called(phoneOf(agentLeg), agentLeg, caller),
    called(phoneOf(peer), peer, caller),
    called(phoneOf(outside), outside, caller),
    called(phoneOf(third?.leg), third?.leg, caller),
  ];
};

const phoneOf = (leg: Leg | undefined): string | undefined =>
  leg?.owner?.kind === 'phone' ? leg.owner.extension : undefined;
