/** The agents' desks: commands in, views out. */
import { unreachable } from '../base/errors';
import type { AgentId, CallId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { alsoRingsAt, performBeside } from './also-ringing';
import { announce } from './announce';
import type { Call, Leg } from './call';
import { declineDirectCall } from './call-agent';
import type { CallContext } from './context';
import { performAsColleague } from './colleague';
import { performInConference } from './conference/perform';
import { completeTransfer } from './complete-transfer';
import { beginConsult, cancelConsult, toggleConsult } from './consult';
import { agentsOf, callChanged, callOfAgent, deskAgent, deskCall, deskQueues } from './desk-view';
import { dial } from './dial';
import type { DialOrder } from './dial';
import { directAgent } from './direct-agent';
import { endCall } from './end';
import { holdCall, resumeCall } from './hold';
import { applyMutes } from './joint';
import { sendKeys } from './keys';
import { dropGuest, dropParty, leaveToGuests, mergeConsult } from './merge';
import { declineOffer } from './offer';
import { chooseStation } from './choose-station';
import { controlRecording } from './recording-control';
import type { RecordingOrder } from './recording-control';
import type { DeskCommand, DeskEvent, Desks } from './ports';
import type { RecordingActor } from '../store/interaction';
import { tryAgain } from './reanswer';
import { agentHangsUp } from './release-mode';
import { thirdLost } from './third-lost';
import type { ThirdParty } from './third-party';
import { transferCall } from './transfer';
import { numberFromTyped } from './typed-number';
import { extendOwnWrapUp, wrapUpDone } from './wrap-up';

export const createDesks = (ctx: CallContext): Desks => ({
  signIn: (agentId) => ctx.acd.dispatch({ type: 'agent-signed-in', agentId }),
  signOut: (agentId) => ctx.acd.dispatch({ type: 'agent-signed-out', agentId }),
  perform: (agentId, command) => perform(ctx, agentId, command),
  snapshot: (agentId) => {
    const call = agentId === undefined ? undefined : callOfAgent(ctx, agentId);
    return {
      agent: agentId === undefined ? undefined : deskAgent(ctx, agentId),
      calls: call && agentId !== undefined ? [deskCall(ctx, call, agentId)] : [],
      queues: deskQueues(ctx),
    };
  },
  record: (callId, order) => record(ctx, callId, order),
  direct: (agentId, order) => directAgent(ctx, agentId, order),
  agents: () => ctx.directory.agents().flatMap(({ agentId }) => deskAgent(ctx, agentId) ?? []),
  onEvent: (listener: (event: DeskEvent) => void) => ctx.events.on('desk', listener),
});

const perform = async (ctx: CallContext, agentId: AgentId, command: DeskCommand): Promise<Result<void>> => {
  switch (command.command) {
    case 'ready':
      stay(ctx, agentId);
      return ctx.acd.dispatch({ type: 'agent-ready', agentId });
    case 'not-ready':
      stay(ctx, agentId);
      return ctx.acd.dispatch({ type: 'agent-not-ready', agentId, reason: command.reason });
    case 'sign-out':
      return ctx.acd.dispatch({ type: 'agent-signed-out', agentId, whenDone: true });
    case 'station':
      return chooseStation(ctx, agentId, command.station);
    case 'extend-wrap-up':
      return extendOwnWrapUp(ctx, agentId, command.callId);
    case 'dial':
      return dialTyped(ctx, agentId, command);
    case 'wrap-up-done':
      return wrapUpDone(ctx, agentId, command);
    case 'send-digits':
      return typeKeys(ctx, agentId, command);
    case 'report-quality':
      return reportQuality(ctx, agentId, command);
    case 'hold':
    case 'resume':
    case 'mute':
    case 'unmute':
    case 'hang-up':
    case 'recording':
    case 'announce':
    case 'transfer':
    case 'consult':
    case 'toggle-consult':
    case 'complete-transfer':
    case 'cancel-consult':
    case 'merge-consult':
    case 'leave-call':
    case 'drop-party':
      return onOwnCall(ctx, { agentId, callId: command.callId }, (call) => {
        if (call.conferenceRoomId !== undefined) return performInConference(ctx, call, command);
        if (call.colleague?.agentId === agentId) return performAsColleague(ctx, call, command);
        if (call.agentLeg?.agentId === agentId) return performOnCall(ctx, call, command);
        const beside = alsoRingsAt(call, agentId);
        if (beside) return performBeside(beside, command, (offerId) => declineOffer(ctx, call, offerId));
        const guest = call.guests.find((one) => one.agentId === agentId);
        return performAsThird(ctx, call, { command, party: guest ?? call.third });
      });
    default:
      return unreachable(command);
  }
};

/** Who was to be signed out after the contact has thought better of it. */
const stay = (ctx: CallContext, agentId: AgentId): void => {
  const agent = ctx.acd.state.agents.get(agentId);
  if (agent?.intent.kind === 'signed-out' && agent.engagements.length > 0)
    ctx.acd.dispatch({ type: 'agent-signed-in', agentId });
};

const dialTyped = async (ctx: CallContext, agentId: AgentId, typed: DialOrder): Promise<Result<void>> => {
  const number = numberFromTyped(typed.number);
  return number.ok ? dial(ctx, agentId, { ...typed, number: number.value }) : number;
};

/** Of a call that has ended meanwhile it is of no use, and no fault. */
const reportQuality = (
  ctx: CallContext,
  agentId: AgentId,
  { callId, counters }: Extract<DeskCommand, { command: 'report-quality' }>,
): Result<void> => {
  const call = ctx.calls.get(callId);
  if (call && isWith(call, agentId)) ctx.quality.browserReports(call, agentId, counters);
  return ok(undefined);
};

type CallCommand = Exclude<
  DeskCommand,
  {
    command:
      | 'ready'
      | 'not-ready'
      | 'sign-out'
      | 'station'
      | 'extend-wrap-up'
      | 'dial'
      | 'wrap-up-done'
      | 'send-digits'
      | 'report-quality';
  }
>;

const onOwnCall = async (
  ctx: CallContext,
  of: { agentId: AgentId; callId: CallId },
  work: (call: Call) => Promise<Result<void>>,
): Promise<Result<void>> => {
  const call = ctx.calls.get(of.callId);
  if (!call || !isWith(call, of.agentId)) return NO_SUCH_CALL;
  // Whatever came before in the queue may have taken the agent off the call.
  return ctx.serial.run(call.callId, () => (isWith(call, of.agentId) ? work(call) : NO_SUCH_CALL));
};

const NO_SUCH_CALL = fail('not_found', 'You have no such call.');

const isWith = (call: Call, agentId: AgentId): boolean => agentsOf(call).includes(agentId);

const performOnCall = async (ctx: CallContext, call: Call, command: CallCommand): Promise<Result<void>> => {
  switch (command.command) {
    case 'hold':
      return holdCall(ctx, call);
    case 'resume':
      return call.phase.kind === 'reanswer' ? tryAgain(ctx, call) : resumeCall(ctx, call);
    case 'mute':
    case 'unmute':
      return setMuted(ctx, call, command.command === 'mute');
    case 'hang-up':
      if (call.phase.kind === 'ringing') await declineOffer(ctx, call, call.phase.offerId);
      else if (call.phase.kind === 'alerting') await declineDirectCall(ctx, call);
      // Who hangs up while consulting ends what is heard, not the customer's call.
      else if (call.phase.kind === 'consulting') return cancelConsult(ctx, call);
      // For everybody; who only leaves says so.
      else if (call.guests.length > 0) await endCall(ctx, call, { party: 'agent', reason: 'hung-up' });
      else await agentHangsUp(ctx, call, { party: 'agent', reason: 'hung-up' });
      return ok(undefined);
    case 'recording':
      return controlRecording(ctx, call, { action: command.action, by: agentOf(call) });
    case 'announce':
      return announce(ctx, call, command.digits);
    case 'transfer':
      return transferCall(ctx, call, { target: command.target });
    case 'consult':
      return beginConsult(ctx, call, command.target);
    case 'toggle-consult':
      return toggleConsult(ctx, call);
    case 'complete-transfer':
      return completeTransfer(ctx, call);
    case 'cancel-consult':
      return cancelConsult(ctx, call);
    case 'merge-consult':
      return mergeConsult(ctx, call);
    case 'leave-call':
      return leaveToGuests(ctx, call);
    case 'drop-party':
      return dropParty(ctx, call, command.partyId);
    default:
      return unreachable(command);
  }
};

/** Who is consulted, rung for a transfer, or has joined, may decline, leave and mute; the rest is for who has the customer. */
const performAsThird = async (
  ctx: CallContext,
  call: Call,
  of: { command: Pick<DeskCommand, 'command'>; party: ThirdParty | undefined },
): Promise<Result<void>> => {
  const { command, party } = of;
  const leg = party?.agentLeg;
  switch (command.command) {
    case 'hang-up':
    case 'leave-call':
      if (party && call.guests.includes(party)) await dropGuest(ctx, call, { guest: party, reason: 'hung-up' });
      else if (command.command === 'hang-up') await thirdLost(ctx, call, party?.isWithAgent ? 'hung-up' : 'declined');
      else return fail('conflict', 'You have not joined this call.');
      return ok(undefined);
    case 'mute':
    case 'unmute':
      if (leg) leg.muted = command.command === 'mute';
      callChanged(ctx, call);
      return applyMutes(ctx, call);
    default:
      return fail('conflict', 'Only the agent who has the customer can do this.');
  }
};

const agentOf = ({ agentLeg }: Call): RecordingActor =>
  agentLeg ? { kind: 'agent', id: agentLeg.agentId } : { kind: 'system' };

const record = async (ctx: CallContext, callId: string, order: RecordingOrder): ReturnType<Desks['record']> => {
  const found = [...ctx.calls.values()].find((call) =>
    [call.callId, call.log.interaction._id].some((id) => id === callId),
  );
  if (!found) return fail('not_found', `There is no call ${callId} at the moment.`);
  const done = await ctx.serial.run(found.callId, () => controlRecording(ctx, found, order));
  return done.ok ? ok({ interactionId: found.log.interaction._id }) : done;
};

/** The browser silences its microphone; the server knows it, so that others can see it. */
const setMuted = (ctx: CallContext, call: Call, muted: boolean): Promise<Result<void>> => {
  if (call.agentLeg) call.agentLeg.muted = muted;
  callChanged(ctx, call);
  return applyMutes(ctx, call);
};

/** Whom the keys are for is settled in the call's queue; sending them, which may take its time, holds nothing else up. */
const typeKeys = async (
  ctx: CallContext,
  agentId: AgentId,
  command: Extract<DeskCommand, { command: 'send-digits' }>,
): Promise<Result<void>> => {
  const to: { leg?: Leg | undefined; others?: readonly (Leg | undefined)[] } = {};
  const found = await onOwnCall(ctx, { agentId, callId: command.callId }, (call) => {
    if (call.conferenceRoomId !== undefined) return performInConference(ctx, call, command);
    if (call.colleague?.agentId === agentId) return performAsColleague(ctx, call, command);
    if (call.agentLeg?.agentId !== agentId) return performAsThird(ctx, call, { command, party: call.third });
    const [first, ...others] = call.phase.kind === 'talking' ? farLegsOf(call) : [withThird(call)];
    to.leg = first;
    to.others = others;
    return Promise.resolve(to.leg ? ok(undefined) : fail('conflict', 'Keys can be sent in a conversation.'));
  });
  if (!found.ok || !to.leg) return found;
  for (const other of to.others ?? []) if (other) void sendKeys(ctx, other, command.digits);
  return sendKeys(ctx, to.leg, command.digits);
};

/** The customer, and guests outside, whose machines may wait for keys. */
const farLegsOf = ({ customer, guests }: Call): (Leg | undefined)[] => [
  customer,
  ...guests.flatMap(({ leg, agentLeg }) => (agentLeg ? [] : [leg])),
];

const withThird = ({ phase, third }: Call): Leg | undefined =>
  phase.kind === 'consulting' && third?.state.kind === 'talking' ? third.leg : undefined;
