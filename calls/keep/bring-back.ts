/**
 * One call of before the restart goes on: its legs get their dialogs back, and whatever ran in the app runs again. Who has
 * gone meanwhile, or cannot be had back, is treated as if it had happened now.
 */
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { SipDialog } from '../../signaling/ports';
import { agentGone } from '../agent-gone';
import { adoptDialog } from '../answer';
import type { Call, Leg } from '../call';
import type { CallContext } from '../context';
import { onCall } from '../context';
import { enterConversation } from '../conversation';
import { callChanged } from '../desk-view';
import { closeEndpoint, endCall } from '../end';
import { arrange } from '../joint';
import { legOf } from '../legs';
import { playMusic } from '../music';
import { announceInTime } from '../queue-announce';
import { awaitReturn } from '../reanswer';
import { goOnRecording, recordCustomer } from '../recording';
import { resumeMask } from '../recording-mask';
import { thirdLost } from '../third-lost';
import { reachAgain, takeCallerBack } from './adopt-caller';
import { LEG_FIELDS } from './call-record';
import type { CallRecord, LegField } from './call-record';
import type { InheritedMedia } from './estate';
import { goOnInFlow } from './go-on-in-flow';
import { INTERRUPTED } from './interrupted';

export interface Return {
  readonly record: CallRecord;
  readonly media: InheritedMedia;
}

/** Must run inside the call's serial queue, as the first work of it. */
export const bringBack = async (ctx: CallContext, call: Call, back: Return): Promise<void> => {
  if (isOver(call)) return callChanged(ctx, call);
  if (back.record.incoming) await takeCallerBack(ctx, call, back.record.incoming);
  if (isOver(call)) return callChanged(ctx, call);
  const absent = await takeLegsBack(ctx, call, back);
  const { phase } = call;
  const isAlone = phase.kind === 'reanswer' && phase.waitingFor === 'caller';
  if (absent.has('customer') || absent.has('outside') || absent.has('peer') || (isAlone && absent.has('agentLeg')))
    return endCall(ctx, call, INTERRUPTED);
  const isWithAgent = phase.kind === 'talking' || phase.kind === 'held' || phase.kind === 'consulting';
  if (call.third && !(await takeThirdBack(ctx, call, back))) await thirdLost(ctx, call, 'unreachable');
  if (absent.has('agentLeg') && isWithAgent) return agentGone(ctx, call);
  if (call.agentLeg && !isWithAgent && !isAlone) await releaseAgentLeg(ctx, call);
  await mendJoint(ctx, call, back.record);
  if (call.recordingMask === undefined && back.record.mask) resumeMask(ctx, call, back.record.mask);
  await goOnInPhase(ctx, call, back);
  await goOnRecording(ctx, call, back.media.recordings);
  ctx.log.info({ callId: call.callId, phase: call.phase.kind }, 'a call goes on after the restart');
  callChanged(ctx, call);
};

const isOver = ({ phase }: Call): boolean => phase.kind === 'ended';

/** All legs at once. @returns those that are gone for good. */
const takeLegsBack = async (
  ctx: CallContext,
  call: Call,
  { record, media }: Return,
): Promise<ReadonlySet<LegField>> => {
  const taken = await Promise.all(
    LEG_FIELDS.map(async (field) => {
      const leg = call[field];
      const isUnanswered = field === 'customer' && record.incoming !== undefined;
      return leg && { field, leg, dialog: isUnanswered ? undefined : await dialogOf(ctx, record[field]?.dialog) };
    }),
  );
  const absent = new Set<LegField>();
  for (const found of taken) {
    if (!found) continue;
    const { field, leg, dialog } = found;
    const hasMedia = media.endpoints.has(leg.endpointId);
    if (dialog?.ok) {
      adoptDialog(ctx, call, { leg, dialog: dialog.value });
      countOn(ctx, leg);
    }
    const fault = dialog?.ok === false ? dialog.fault : undefined;
    if (!fault && hasMedia) continue;
    absent.add(field);
    const about = { callId: call.callId, leg: field, hasMedia, fault };
    ctx.log.warn(about, 'a party of a call is gone after the restart');
  }
  return absent;
};

/** Whom the agent consults. @returns whether that one is there. */
const takeThirdBack = async (ctx: CallContext, call: Call, { record, media }: Return): Promise<boolean> => {
  const leg = call.third?.leg;
  if (!leg || !media.endpoints.has(leg.endpointId)) return false;
  const dialog = await dialogOf(ctx, (record.third?.agentLeg ?? record.third?.outside)?.dialog);
  if (!dialog.ok) return false;
  adoptDialog(ctx, call, { leg, dialog: dialog.value });
  countOn(ctx, leg);
  return true;
};

/** Who pays for a call outside pays on. */
const countOn = ({ fraud }: CallContext, { counted, owner, dialog }: Leg): void => {
  if (!counted) return;
  const trunkId = owner?.kind === 'trunk' ? owner.trunkId : undefined;
  const running = fraud.goOn({ ...counted, trunkId });
  dialog?.onEnd(() => running.ended());
};

const dialogOf = (ctx: CallContext, record: unknown): Promise<Result<SipDialog>> =>
  record === undefined ? Promise.resolve(fail('not_found', 'there was no dialog yet')) : ctx.signaling.adopt(record);

/** The ACD has it that the customer waits; the agent was about to be joined, or to be let go. */
const releaseAgentLeg = async (ctx: CallContext, call: Call): Promise<void> => {
  const leg = call.agentLeg;
  if (!leg) return;
  call.agentLeg = undefined;
  call.log.leave(leg.agentId);
  void leg.dialog?.hangup('SIP;cause=487;text="offer withdrawn"');
  await closeEndpoint(ctx, leg.endpointId);
};

/** Third parties, guests and supervisors have not come along: who is left is joined as if they had gone. */
const mendJoint = async (
  ctx: CallContext,
  call: Call,
  { phase, third, joint: { made } }: CallRecord,
): Promise<void> => {
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
    case 'talking':
    case 'forwarded':
      return enterConversation(call);
    case 'reanswer':
      return awaitReturn(ctx, call);
    default:
      return;
  }
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
