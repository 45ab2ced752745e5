/** What the parties are told of being recorded, by the policy: a prompt when it begins, or a short tone every 15 s. */
import { newId } from '../base/ids';
import type { EndpointId, PlayId } from '../base/ids';
import type { PlaySource } from '../media/ports';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { ruleOf } from './recording-terms';

/** Of the library, in each language. */
const PROMPT = 'record-notice';
const LANGUAGES = ['en', 'zh-CN'];

/** As 47 CFR 64.501 has it. */
const BEEP_INTERVAL_MS = 15_000;

/** Must run inside the call's serial queue, when the parties are joined, or are recorded from now on. */
export const beginNotice = async (ctx: CallContext, call: Call): Promise<void> => {
  const { notice } = ruleOf(call);
  if (!call.recording) return;
  if (notice === 'announcement' && !call.recordingAnnounced && isConversation(call)) {
    call.recordingAnnounced = true;
    await tell(ctx, call, announcement(call));
  }
  endNotice(call);
  if (notice !== 'beep') return;
  await beep(ctx, call);
  call.recordingBeep = ctx.clock.every(BEEP_INTERVAL_MS, () => onCall(ctx, call, () => beep(ctx, call)));
};

/** Idempotent. */
export const endNotice = (call: Call): void => {
  call.recordingBeep?.cancel();
  call.recordingBeep = undefined;
};

const isConversation = ({ phase }: Call): boolean => phase.kind === 'talking' || phase.kind === 'forwarded';

const beep = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.recording && !call.recordingMask && isConversation(call)) await tell(ctx, call, [{ kind: 'beep' }]);
};

/** In the caller's language, where the flow has found it out. */
const announcement = (call: Call): readonly PlaySource[] => {
  const { language } = call.log.interaction;
  const languages = language !== undefined && LANGUAGES.includes(language) ? [language] : LANGUAGES;
  return languages.map((spoken) => ({ kind: 'prompt', name: PROMPT, language: spoken }));
};

/** Agents see it at the desk; everybody else hears it. */
const tell = async (ctx: CallContext, call: Call, sources: readonly PlaySource[]): Promise<void> => {
  const { customer, outside, peer, agentLeg } = call;
  const others = agentLeg ? [] : [outside, peer];
  const heardBy = [customer, ...others].flatMap((leg): EndpointId[] => (leg?.dialog ? [leg.endpointId] : []));
  for (const endpointId of heardBy) {
    const played = await ctx.media.play({ playId: newId<PlayId>(), endpointId, sources });
    if (!played.ok)
      ctx.log.error({ callId: call.callId, fault: played.fault }, 'the parties could not be told of the recording');
  }
};
