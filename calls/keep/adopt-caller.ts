/** A caller without an answer goes on after a restart: the telephone rings on, and who was being called is called anew. */
import type { Call } from '../call';
import { adoptDialog, answerCaller } from '../answer';
import { diallerOf, endWhenCancelled } from '../arriving';
import { joinParties } from '../connect';
import type { CallContext } from '../context';
import { onCall } from '../context';
import { endCall } from '../end';
import { reachPerson } from '../extension-call';
import { CALLER_GAVE_UP, reasonOf } from '../outcome';
import { joinPeer } from '../put-through';
import { routeCall } from '../route-call';
import type { PersonGoal } from '../route-call';
import { statusOfCode } from '../../signaling/status-codes';
import type { CallRecord } from './call-record';
import { INTERRUPTED } from './interrupted';

/** An agent's page notices soon that the app is back, and its telephone registers. */
const BROWSER_PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 250;

/**
 * Gives the caller's INVITE back to the call; a call that has none, or whose caller has gone meanwhile, has ended
 * afterwards. Must run inside the call's serial queue.
 */
export const takeCallerBack = async (ctx: CallContext, call: Call, { incoming, joint }: CallRecord): Promise<void> => {
  if (!incoming) return;
  const { invite: record, sdp } = incoming;
  const adopted = await ctx.signaling.adoptInvite(record);
  if (adopted.ok) {
    call.incoming = { invite: adopted.value, sdp };
    // The next answer is written down ahead like the first, by the dialog that a response of this app names. Whoever was
    // joined has heard early sound, with this description.
    if (joint.made.kind === 'apart') adopted.value.ring(180);
    else adopted.value.ring(183, sdp);
    return endWhenCancelled(ctx, call, adopted.value);
  }
  ctx.log.info({ callId: call.callId, fault: adopted.fault }, 'a caller without an answer is gone after the restart');
  await endCall(ctx, call, adopted.fault.code === 'not_found' ? CALLER_GAVE_UP : INTERRUPTED);
};

/**
 * Takes back a caller whose answer was written down before it was sent. @returns whether it was sent: the caller's leg has
 * its dialog then. Must run inside the call's serial queue.
 */
export const wasAnswered = async (ctx: CallContext, call: Call, record: CallRecord): Promise<boolean> => {
  const ahead = record.customer?.dialog;
  if (!call.customer || ahead === undefined) return false;
  const adopted = await ctx.signaling.adopt(ahead);
  if (adopted.ok) adoptDialog(ctx, call, { leg: call.customer, dialog: adopted.value });
  return adopted.ok;
};

/** It had been answered, which the app did not live to write. */
export const noteAnswer = (ctx: CallContext, call: Call): void => {
  if (call.customer?.dialog && call.log.interaction.answeredAtMs === undefined)
    call.log.update({ answeredAtMs: ctx.clock.nowMs() });
};

/** It was written down that they talk before they did. Must run inside the call's serial queue. */
export const joinReached = async (ctx: CallContext, call: Call): Promise<void> => {
  const { phase, connectedAtMs, peer } = call;
  if ((phase.kind !== 'talking' && phase.kind !== 'forwarded') || connectedAtMs !== undefined) return;
  if (call.incoming) await answerCaller(ctx, call);
  if (call.phase.kind !== phase.kind) return;
  noteAnswer(ctx, call);
  if (phase.kind === 'talking') await joinParties(ctx, call);
  else if (peer) await joinPeer(ctx, call, peer);
};

/** The telephone of whom the caller had dialled stopped ringing with the app. Must run inside the call's serial queue. */
export const reachAgain = async (ctx: CallContext, call: Call): Promise<void> => {
  const { invite } = call.incoming ?? {};
  const dialler = invite && diallerOf(ctx, invite);
  if (!dialler) return endCall(ctx, call, INTERRUPTED);
  if (call.log.current?.kind === 'ringing') call.log.detail('app-restarted');
  const goal = routeCall(ctx, call.identity.dialledNumber, dialler);
  if (!goal.ok) {
    const { code } = goal.fault;
    return endCall(ctx, call, { party: 'called', reason: reasonOf(goal.fault), status: statusOfCode(code) });
  }
  if (goal.value.kind === 'flow') return endCall(ctx, call, INTERRUPTED);
  await reachWhenThere(ctx, call, { goal: goal.value, untilMs: ctx.clock.nowMs() + BROWSER_PATIENCE_MS });
};

/** The browser of an agent who is signed in comes back a little later than the app. */
const reachWhenThere = async (
  ctx: CallContext,
  call: Call,
  to: { readonly goal: PersonGoal; readonly untilMs: number },
): Promise<void> => {
  const { goal, untilMs } = to;
  if (call.phase.kind !== 'alerting') return;
  const agent = goal.kind === 'agent' ? ctx.acd.state.agents.get(goal.agent.agentId) : undefined;
  const isComing = agent && agent.status.kind !== 'signed-out' && !agent.deviceRegistered;
  if (!isComing || ctx.clock.nowMs() >= untilMs) return reachPerson(ctx, call, goal);
  ctx.clock.after(LOOK_AGAIN_MS, () => onCall(ctx, call, () => reachWhenThere(ctx, call, to)));
};
