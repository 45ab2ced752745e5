/**
 * How the parties of a call are joined. This is the one place that decides between a bridge and a mix: acts on a call say
 * who talks with whom, and a bridge of two becomes a mix as soon as somebody else talks or listens, and a bridge again
 * afterwards.
 */
import { newId } from '../base/ids';
import type { EndpointId, MixId, PlayId } from '../base/ids';
import { ok } from '../base/result';
import type { Result } from '../base/result';
import type { MixMember } from '../media/ports';
import { supervisionMembers } from '../media/supervision';
import type { Call } from './call';
import type { CallContext } from './context';
import { stopFailureToAgent } from './failure-tone';
import { legsOf } from './legs';

/** Two who talk with each other. */
export type Pair = readonly [EndpointId, EndpointId];

export class Joint {
  /** Who talks at the moment; the guests of a conference talk with the customer, wherever the agent is. */
  pair: Pair | undefined;
  /** What media have made of it. */
  made:
    | { readonly kind: 'apart' }
    | { readonly kind: 'bridge'; readonly pair: Pair }
    | { readonly kind: 'mix'; readonly mixId: MixId; readonly members: readonly EndpointId[] } = { kind: 'apart' };
}

/** These two talk from now on; both leave what they were in. Must run inside the call's serial queue. */
export const join = async (ctx: CallContext, call: Call, pair: Pair): Promise<Result<void>> => {
  const { joint } = call;
  const before = joint.pair;
  joint.pair = pair;
  await stopFailureToAgent(ctx, call);
  const joined = await arrange(ctx, call);
  if (joined.ok) ctx.voiceAnswers.joined(call, pair);
  else joint.pair = before;
  return joined;
};

/** Nobody talks with the customer from now on, but guests with each other. Must run inside the call's serial queue. */
export const part = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  call.joint.pair = undefined;
  const parted = await arrange(ctx, call);
  await keepStationAlive(ctx, call);
  return parted;
};

const SILENCE_MS = 1_000;

/** Phones and carriers hang up who sends nothing for too long; until somebody is joined again the agent hears silence. */
const keepStationAlive = async (ctx: CallContext, { agentLeg, joint }: Call): Promise<void> => {
  if (!agentLeg?.station || !agentLeg.dialog || agentLeg.dialog.ended || joint.made.kind !== 'apart') return;
  const { endpointId } = agentLeg;
  const sources = [{ kind: 'silence', durationMs: SILENCE_MS }] as const;
  await ctx.media.play({ playId: newId<PlayId>(), endpointId, sources, loop: true });
};

/** After a guest or a supervisor has come, gone or changed. Must run inside the call's serial queue. */
export const arrange = (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const groups = groupsOf(call);
  const supervisors = call.supervisors.filter(({ isThere }) => isThere);
  const [first] = groups;
  const isBridge = groups.length < 2 && (first === undefined || (first.length === 2 && !isMutedElsewhere(call)));
  const isPlain = supervisors.length === 0 && isBridge;
  if (!isPlain) return mix(ctx, call, groups);
  return first ? bridge(ctx, call, first as readonly EndpointId[] as Pair) : separate(ctx, call);
};

/** Somebody is muted or is not any more. In a mix the server can see to it, and must where no browser does. */
export const applyMutes = async (ctx: CallContext, call: Call): Promise<Result<void>> =>
  call.joint.made.kind === 'mix' || isMutedElsewhere(call) ? arrange(ctx, call) : ok(undefined);

/** By somebody at a station that does not silence its own microphone. */
const isMutedElsewhere = ({ agentLeg, third, guests }: Call): boolean =>
  [agentLeg, third?.agentLeg, ...guests.map((guest) => guest.agentLeg)].some((leg) => leg?.muted && leg.station);

/** Its mix ends with the call; bridges end with their endpoints. */
export const closeJoint = async (ctx: CallContext, { joint }: Call): Promise<void> => {
  if (joint.made.kind === 'mix') await ctx.media.closeMix(joint.made.mixId);
  joint.made = { kind: 'apart' };
  joint.pair = undefined;
};

/** Whose side supervisors take: the agent, or else whom the customer was put through to. */
export const nearLegOf = ({ agentLeg, outside, peer }: Call): Call['outside'] => agentLeg ?? outside ?? peer;

/** Who talks with whom, of those who are still there. */
const groupsOf = (call: Call): EndpointId[][] => {
  const present = new Set(legsOf(call).map(({ endpointId }) => endpointId));
  const pair = call.joint.pair?.every((endpointId) => present.has(endpointId)) ? call.joint.pair : undefined;
  const customer = call.customer?.endpointId;
  const guests = call.guests.flatMap(({ leg }) => leg?.endpointId ?? []);
  const groups = pair ? [[...pair]] : [];
  if (guests.length === 0 || customer === undefined) return groups;
  const withCustomer = groups.find((group) => group.includes(customer));
  if (withCustomer) withCustomer.push(...guests);
  else groups.push([customer, ...guests]);
  return groups;
};

const bridge = async (ctx: CallContext, { joint }: Call, pair: Pair): Promise<Result<void>> => {
  const bridged = await ctx.media.bridge(...pair);
  if (!bridged.ok) return bridged;
  const { made } = joint;
  joint.made = { kind: 'bridge', pair };
  if (made.kind === 'mix') await ctx.media.closeMix(made.mixId);
  return bridged;
};

const separate = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { made } = call.joint;
  call.joint.made = { kind: 'apart' };
  if (made.kind === 'mix') return ctx.media.closeMix(made.mixId);
  if (made.kind === 'apart') return ok(undefined);
  // Whoever has left has ended the bridge.
  const [left] = made.pair.filter((endpointId) => legsOf(call).some((leg) => leg.endpointId === endpointId));
  return left === undefined ? ok(undefined) : ctx.media.unbridge(left);
};

const mix = async (ctx: CallContext, call: Call, groups: readonly EndpointId[][]): Promise<Result<void>> => {
  const { joint } = call;
  const opened = await openMix(ctx, joint);
  if (!opened.ok) return opened;
  const mixId = opened.value;
  const members = membersOf(call, groups);
  const former = joint.made.kind === 'mix' ? joint.made.members : [];
  const joined = members.length > 0 ? await ctx.media.joinMix(mixId, members) : ok(undefined);
  if (!joined.ok) {
    if (joint.made.kind !== 'mix') await ctx.media.closeMix(mixId);
    return joined;
  }
  const ids = members.map(({ endpointId }) => endpointId);
  joint.made = { kind: 'mix', mixId, members: ids };
  const present = new Set(legsOf(call).map(({ endpointId }) => endpointId));
  for (const endpointId of former)
    if (!ids.includes(endpointId) && present.has(endpointId)) await ctx.media.leaveMix(endpointId);
  return ok(undefined);
};

const openMix = async (ctx: CallContext, { made }: Joint): Promise<Result<MixId>> => {
  if (made.kind === 'mix') return ok(made.mixId);
  const mixId = newId<MixId>();
  const opened = await ctx.media.openMix({ mixId, forwardDigits: true });
  return opened.ok ? ok(mixId) : opened;
};

const membersOf = (call: Call, groups: readonly EndpointId[][]): MixMember[] => {
  const supervisors = call.supervisors
    .filter(({ isThere }) => isThere)
    .map(({ leg, mode }) => ({ endpointId: leg.endpointId, mode }));
  const near = nearLegOf(call);
  return supervisionMembers({
    groups,
    // A leg that still rings has no codec, and nothing to say.
    agent: near?.dialog && near.codec !== undefined ? near.endpointId : undefined,
    muted: mutedOf(call),
    supervisors,
  });
};

/** Their browsers have silenced the microphones already; here it holds for other programs at the desk, too. */
const mutedOf = ({ agentLeg, guests, third, colleague, customer }: Call): EndpointId[] => {
  const legs = [agentLeg, third?.agentLeg, ...guests.map((guest) => guest.agentLeg)].filter((leg) => leg?.muted);
  return [...legs, colleague?.muted ? customer : undefined].flatMap((leg) => leg?.endpointId ?? []);
};
