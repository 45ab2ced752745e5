/** An agent dials a conference room: the agent's telephone is called, and goes the way of every caller from there. */
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import { newId } from '../../base/ids';
import type { CallId } from '../../base/ids';
import type { ConferenceRoom } from '../../store/conference-rooms';
import { acceptSdp } from '../accept-sdp';
import { adoptDialog } from '../answer';
import { Call, newLeg } from '../call';
import type { Leg } from '../call';
import { onCall } from '../context';
import type { CallContext, DirectoryAgent } from '../context';
import { callChanged } from '../desk-view';
import { endCall } from '../end';
import { advanceFlow } from '../flow-runner';
import { createLog, newInteraction } from '../open-log';
import { reasonOf } from '../outcome';
import { ringAgentAtStation } from '../ring-agent';
import type { SipDialog } from '../../signaling/ports';
import { flowOfRoom } from './room-flow';

/** It answers by itself. */
const BROWSER_ANSWER_TIMEOUT_MS = 10_000;
const STATION_ANSWER_TIMEOUT_MS = 30_000;

export interface DialledRoom {
  /** As it was dialled. */
  readonly number: string;
  readonly room: ConferenceRoom;
}

export const dialConference = (ctx: CallContext, agent: DirectoryAgent, to: DialledRoom): Result<void> => {
  const call = createCall(ctx, agent, to);
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId: call.contactId, agentId: agent.agentId });
  if (!begun.ok) return begun;
  ctx.calls.set(call.callId, call);
  onCall(ctx, call, () => callTelephone(ctx, call, { agent, ...to }));
  return ok(undefined);
};

/** The agent is the caller here, and the call's `customer` the agent's telephone. */
const createCall = (ctx: CallContext, agent: DirectoryAgent, { number, room }: DialledRoom): Call => {
  const startedAtMs = ctx.clock.nowMs();
  const { agentId, extension, displayName } = agent;
  const interaction = newInteraction({
    direction: 'internal',
    startedAtMs,
    caller: { number: extension, displayName },
    called: { number },
    agentId,
  });
  const identity = {
    ...({ callId: newId<CallId>(), direction: 'internal', number: extension, displayName } as const),
    dialledNumber: number,
    startedAtMs,
    dialledBy: agentId,
  };
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'flow', state: { kind: 'idle' } });
  call.flow = flowOfRoom(room);
  call.conferenceRoomId = room._id;
  call.customer = newLeg();
  call.colleague = { agentId, contactId: call.contactId, muted: false };
  call.log.enter('ringing', { agentId });
  return call;
};

const callTelephone = async (
  ctx: CallContext,
  call: Call,
  to: DialledRoom & { readonly agent: DirectoryAgent },
): Promise<void> => {
  const leg = call.customer;
  if (!leg) return;
  const { agentId } = to.agent;
  callChanged(ctx, call);
  const isBrowser = ctx.stations.of(agentId).kind === 'browser';
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: { number: to.number, displayName: to.room.name },
    ringTimeoutMs: isBrowser ? BROWSER_ANSWER_TIMEOUT_MS : STATION_ANSWER_TIMEOUT_MS,
    headers: isBrowser ? { 'X-Switchroom-Auto-Answer': 'yes' } : {},
  });
  if (!rung.ok) return endCall(ctx, call, NO_MEDIA);
  void rung.value.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (call.phase.kind === 'ended') return answered.ok ? void answered.value.hangup() : undefined;
      if (!answered.ok) return endCall(ctx, call, { party: 'agent', reason: reasonOf(answered.fault) });
      return telephoneAnswered(ctx, call, { leg, dialog: answered.value });
    }),
  );
};

const NO_MEDIA = { party: 'system', reason: 'media-unavailable', failed: true } as const;

const telephoneAnswered = async (
  ctx: CallContext,
  call: Call,
  { leg, dialog }: { readonly leg: Leg; readonly dialog: SipDialog },
): Promise<void> => {
  adoptDialog(ctx, call, { leg, dialog });
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) return endCall(ctx, call, NO_MEDIA);
  call.log.update({ answeredAtMs: ctx.clock.nowMs() });
  if (call.colleague) call.log.join('agent', call.colleague.agentId);
  call.log.enter('flow');
  callChanged(ctx, call);
  await advanceFlow(ctx, call, { type: 'start' });
};
