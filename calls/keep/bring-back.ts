/**
 * One call of before the restart goes on: its legs get their dialogs back, and whatever ran in the app runs again. Who has
 * gone meanwhile, or cannot be had back, is treated as if it had happened now.
 */
import type { FlowState } from '../../flows/interpreter';
import { agentGone } from '../agent-gone';
import type { Call } from '../call';
import { enterFromFlow } from '../conference/enter';
import { departed } from '../conference/leave';
import type { CallContext } from '../context';
import { onCall } from '../context';
import { enterConversation } from '../conversation';
import { callChanged } from '../desk-view';
import { closeEndpoint, endCall } from '../end';
import { arrange } from '../joint';
import { legOf } from '../legs';
import { outsideLeftToGuests } from '../merge';
import { playMusic } from '../music';
import { endingOfDialog } from '../outcome';
import type { Ending } from '../outcome';
import { announceInTime } from '../queue-announce';
import { awaitReturn } from '../reanswer';
import { goOnRecording, recordCustomer } from '../recording';
import { resumeMask } from '../recording-mask';
import { joinReached, reachAgain, takeCallerBack, wasAnswered } from './adopt-caller';
import type { LegField } from './call-record';
import { goOnInFlow } from './go-on-in-flow';
import { INTERRUPTED } from './interrupted';
import { takeLegsBack, takeOthersBack } from './take-legs';
import type { Return } from './take-legs';

/** Must run inside the call's serial queue, as the first work of it. */
export const bringBack = async (ctx: CallContext, call: Call, back: Return): Promise<void> => {
  if (isOver(call)) return callChanged(ctx, call);
  const { incoming } = back.record;
  if (incoming && !(await wasAnswered(ctx, call, back.record))) await takeCallerBack(ctx, call, back.record);
  if (isOver(call)) return callChanged(ctx, call);
  const absent = await takeLegsBack(ctx, call, back);
  const { phase } = call;
  const isAlone = phase.kind === 'reanswer' && phase.waitingFor === 'caller';
  const isCustomerGone = absent.has('customer') || wasEnding(call, absent);
  if (isCustomerGone || absent.has('peer') || (isAlone && absent.has('agentLeg')))
    return endCall(ctx, call, lastWord(call) ?? INTERRUPTED);
  const isWithAgent = phase.kind === 'talking' || phase.kind === 'held' || phase.kind === 'consulting';
  await takeOthersBack(ctx, call, back);
  if (absent.has('outside'))
    return call.guests.length > 0 ? outsideLeftToGuests(ctx, call) : endCall(ctx, call, INTERRUPTED);
  if (absent.has('agentLeg') && isWithAgent) return agentGone(ctx, call);
  if (call.agentLeg && !isWithAgent && !isAlone) await releaseAgentLeg(ctx, call);
  await mendJoint(ctx, call, back);
  await joinReached(ctx, call);
  if (isOver(call)) return;
  if (call.recordingMask === undefined && back.record.mask) resumeMask(ctx, call, back.record.mask);
  await goOnInPhase(ctx, call, back);
  await goOnRecording(ctx, call, back.media.recordings);
  ctx.log.info({ callId: call.callId, phase: call.phase.kind }, 'a call goes on after the restart');
  callChanged(ctx, call);
};

const isOver = ({ phase }: Call): boolean => phase.kind === 'ended';

/** The app had let go of the customer, or of others after the customer had gone. */
const wasEnding = ({ customer }: Call, absent: ReadonlySet<LegField>): boolean => {
  const ended = customer?.dialog?.ended;
  return ended !== undefined && (ended.by === 'local' || absent.size > 0);
};

/** How the call ended when the app let go of the customer, or had done so, and died before that was written. */
const lastWord = ({ customer, agentLeg }: Call): Ending | undefined => {
  const ended = customer?.dialog?.ended;
  if (!ended) return undefined;
  const isAgent = ended.by === 'local' && agentLeg?.dialog?.ended?.by === 'remote';
  return isAgent ? { party: 'agent', reason: 'hung-up' } : endingOfDialog(ended, 'caller');
};

/** The ACD has it that the customer waits; the agent was about to be joined, or to be let go. */
const releaseAgentLeg = async (ctx: CallContext, call: Call): Promise<void> => {
  const leg = call.agentLeg;
  if (!leg) return;
  call.agentLeg = undefined;
  call.log.leave(leg.agentId);
  void leg.dialog?.hangup('SIP;cause=487;text="offer withdrawn"');
  await closeEndpoint(ctx, leg.endpointId);
};

/** Who still rang has not come along: who is left is joined as if that one had gone. */
const mendJoint = async (
  ctx: CallContext,
  call: Call,
  { record: { phase, third, joint: was }, media }: Return,
): Promise<void> => {
  const { made } = was;
  if (made.kind === 'mix' && !media.mixes.has(made.mixId) && call.joint.made.kind === 'mix')
    call.joint.made = { kind: 'apart' };
  const isOver = phase.kind === 'consulting' && !third;
  if (isOver) call.joint.pair = undefined;
  const members = made.kind === 'apart' ? [] : made.kind === 'bridge' ? made.pair : made.members;
  const isWhole = members.every((endpointId) => legOf(call, endpointId) !== undefined);
  if (isWhole && made.kind !== 'mix' && !isOver) return;
  const arranged = await arrange(ctx, call);
  if (!arranged.ok) ctx.log.error({ callId: call.callId, fault: arranged.fault }, 'the parties could not be joined');
};

const goOnInPhase = async (ctx: CallContext, call: Call, back: Return): Promise<void> => {
  const { phase } = call;
  switch (phase.kind) {
    case 'queued':
      return waitOn(ctx, call, back);
    case 'flow':
      return goOnInFlow(ctx, call, back.media.plays);
    case 'held':
      if (back.record.phase.kind === 'consulting' && !back.record.third) {
        call.thirdFailure = 'unreachable';
        await recordCustomer(ctx, call);
      }
      enterConversation(call);
      return keepMusic(ctx, call, back);
    case 'consulting':
      return keepMusic(ctx, call, back);
    case 'alerting':
      return reachAgain(ctx, call);
    case 'conference':
      return returnToRoom(ctx, call, back);
    case 'talking':
    case 'forwarded':
      return enterConversation(call);
    case 'reanswer':
      return awaitReturn(ctx, call);
    default:
      return;
  }
};

/**
 * Into the same room, with the voice that it had there; of a room that is no more everybody takes leave. Who was keying in
 * the PIN is asked for it again.
 */
const returnToRoom = async (ctx: CallContext, call: Call, { record, media }: Return): Promise<void> => {
  const { visit, playId } = call;
  if (record.phase.kind !== 'conference') return;
  const { stay, flow } = record.phase;
  // The flow of a room's own number is gone with the room.
  if (flow && !call.flow) return endCall(ctx, call, INTERRUPTED);
  if (!stay && flow) return enterAgain(ctx, call, flow);
  if (!stay || visit?.kind !== 'member') return departed(ctx, call, 'ended');
  const mixId = stay.mixId && media.mixes.has(stay.mixId) ? stay.mixId : undefined;
  const recordingId = stay.recordingId && media.recordings.has(stay.recordingId) ? stay.recordingId : undefined;
  ctx.conferences.returned(visit.room, call, { ...stay, mixId, recordingId });
  if (playId === undefined || media.plays.has(playId)) return;
  call.playId = undefined;
  await ctx.conferences.promptsEnded(visit.room._id, call);
};

const enterAgain = async (ctx: CallContext, call: Call, state: FlowState): Promise<void> => {
  const step = 'step' in state ? call.flow?.steps[state.step] : undefined;
  if (step?.do !== 'conference') return endCall(ctx, call, INTERRUPTED);
  call.moveTo({ kind: 'flow', state });
  await enterFromFlow(ctx, call, { type: 'conference', room: step.room, role: step.role });
};

/** An offer that rang was taken back, which is no fault of its agent. */
const waitOn = async (ctx: CallContext, call: Call, back: Return): Promise<void> => {
  const { phase, log } = call;
  if (phase.kind !== 'queued') return;
  const { queueId } = phase;
  call.queueId = queueId;
  if (log.current?.kind === 'ringing') log.detail('app-restarted');
  if (log.current?.kind !== 'queue' || log.current.endedAtMs !== undefined) log.enter('queue', { queueId });
  announceInTime(ctx, call);
  await keepMusic(ctx, call, back);
};

/** It goes on by itself where it was; after an announcement, or where it had not begun, it begins. */
const keepMusic = async (ctx: CallContext, call: Call, { media }: Return): Promise<void> => {
  if (call.playId !== undefined && media.plays.has(call.playId)) return;
  await playMusic(ctx, call);
};

/** Runs in the call's queue as soon as all is there. */
export const bringBackWhen = (ctx: CallContext, call: Call, ready: Promise<Return>): Promise<void> =>
  ctx.serial
    .run(call.callId, async () => bringBack(ctx, call, await ready))
    .catch((error: unknown) => {
      ctx.log.error({ err: error, callId: call.callId }, 'a call could not be brought back');
      onCall(ctx, call, () => endCall(ctx, call, INTERRUPTED));
    });
