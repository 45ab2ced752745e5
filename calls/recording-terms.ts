/** Whether a call is recorded: the policy for it as it stands now, and what people and the flow have said meanwhile. */
import type { AppliedRecordingPolicy, RecordingActor } from '../store/interaction';
import type { RecordingRight, RecordingRule } from '../store/recording-policies';
import type { Call } from './call';
import type { CallContext } from './context';
import { BUILT_IN_RULE, isSampled } from './recording-policy';
import type { RecordingChoice } from './recording-policy';

/** What somebody has said about this call: it is to be recorded, or it is not. */
export interface RecordingWish {
  readonly isOn: boolean;
  readonly by: RecordingActor;
}

export interface RecordingTerms {
  readonly choice: RecordingChoice;
  readonly wish: RecordingWish | undefined;
}

export const ruleOf = ({ recordingTerms }: Call): RecordingRule => recordingTerms?.choice.rule ?? BUILT_IN_RULE;

/** Looks again which policy it is. When another one has taken over, only the flow's word is still good. */
export const settleTerms = (ctx: CallContext, call: Call): RecordingTerms => {
  const { log, identity, agentLeg, peer, queueId, recordingTerms: before } = call;
  const choice = ctx.routing.recordingOf({
    agentId: agentLeg?.agentId,
    dialledNumber: identity.dialledNumber,
    queueId,
    trunkId: log.interaction.trunkId,
    phones: [identity.callerExtension, peer?.extension].filter((extension) => extension !== undefined),
  });
  const isSame = before?.choice.id === choice.id && before?.choice.by === choice.by;
  const wish = isSame || before?.wish?.by.kind === 'flow' ? before?.wish : undefined;
  call.recordingTerms = { choice, wish };
  log.update({ recordingPolicy: appliedOf(call, choice) });
  return call.recordingTerms;
};

const appliedOf = (call: Call, { id, by, rule }: RecordingChoice): AppliedRecordingPolicy => ({
  ...(id !== undefined && { id }),
  by,
  mode: rule.mode,
  ...(rule.mode === 'always' && rule.samplePercent < 100 && { sampled: isInSample(call, rule) }),
});

const isInSample = (call: Call, rule: RecordingRule): boolean =>
  isSampled(call.log.interaction._id, rule.samplePercent);

/** Whether the parties are to be recorded now. What runs already goes on where the policy leaves it to people. */
export const isWanted = (call: Call, { choice, wish }: RecordingTerms): boolean => {
  const { rule } = choice;
  if (rule.mode === 'off') return false;
  if (wish) return wish.isOn;
  return (rule.mode === 'always' && isInSample(call, rule)) || call.recording !== undefined;
};

/** A flow may do all of it. Errors are for the caller to word. */
export const mayDo = (call: Call, by: RecordingActor, right: RecordingRight): boolean => {
  const rule = ruleOf(call);
  if (by.kind === 'agent') return rule.agentMay.includes(right);
  return by.kind !== 'supervisor' || rule.supervisorMay.includes(right);
};
