/**
 * A recording is silent for a while. `paused`: nothing else changes. `masked`: something is said or keyed that must be
 * kept nowhere, so the keys of the customer reach nobody else either, neither the agent nor who listens; whoever has
 * the call at the desk sees how many there were. Both end by themselves.
 */
import type { Timer } from '../base/clock';
import type { RecordingActor, RecordingEntry } from '../store/interaction';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { isSensitive } from '../flows/sensitive';

export interface RecordingMask {
  readonly kind: 'paused' | 'masked';
  readonly untilMs: number;
  readonly timer: Timer;
  /** Keys that the customer has pressed since. */
  keys: number;
}

/** After a mask media hide keys for so long; an INFO comes when its key has been let go. */
const AFTER_MASK_MS = 250;

/** What the media engine takes. */
const LONGEST_MS = 3_600_000;

/** A flow keeps the mask until it leaves the step: this long, and again. */
export const FLOW_MASK_MS = LONGEST_MS;

/** Whether what the customer says and keys must reach no record and no listener but the agent. */
export const isMasked = ({ recordingMask }: Call): boolean => recordingMask?.kind === 'masked';

/** Whether a key that is reported now was pressed while masked, or so shortly after that it was still meant for that. */
export const wasMasked = (call: Call, key: { readonly durationMs: number }, nowMs: number): boolean =>
  isMasked(call) || nowMs - key.durationMs < (call.maskedUntilMs ?? -Infinity) + AFTER_MASK_MS;

/** Asked again, the time begins anew. Must run inside the call's serial queue. */
export const beginMask = async (
  ctx: CallContext,
  call: Call,
  of: { kind: RecordingMask['kind']; forMs: number; by: RecordingActor },
): Promise<void> => {
  const { kind, by } = of;
  const forMs = Math.min(of.forMs, LONGEST_MS);
  const before = call.recordingMask;
  before?.timer.cancel();
  const timer = ctx.clock.after(forMs, () => onCall(ctx, call, () => maskIsOver(ctx, call, timer)));
  const keys = before?.kind === kind ? before.keys : 0;
  call.recordingMask = { kind, untilMs: ctx.clock.nowMs() + forMs, timer, keys };
  if (before?.kind !== kind) {
    if (before) closeSilence(ctx, call);
    openSilence(ctx, call);
    call.log.addRecordingAct({ act: kind === 'masked' ? 'mask' : 'pause', by, ...numberOf(call) });
  }
  await applyMask(ctx, call);
  callChanged(ctx, call);
};

/** A mask of before a restart of the app, which media have kept. */
export const resumeMask = (
  ctx: CallContext,
  call: Call,
  of: Pick<RecordingMask, 'kind' | 'untilMs' | 'keys'>,
): void => {
  const leftMs = Math.max(0, of.untilMs - ctx.clock.nowMs());
  const timer = ctx.clock.after(leftMs, () => onCall(ctx, call, () => maskIsOver(ctx, call, timer)));
  call.recordingMask = { ...of, timer };
};

/** Does nothing where nothing is masked. Must run inside the call's serial queue. */
export const endMask = async (ctx: CallContext, call: Call, by: RecordingActor): Promise<void> => {
  const { recordingMask: mask, recording } = call;
  if (!mask) return;
  dropMask(ctx, call);
  call.log.addRecordingAct({ act: mask.kind === 'masked' ? 'unmask' : 'resume', by, ...numberOf(call) });
  if (recording) report(ctx, call, await ctx.media.unmaskRecording(recording.recordingId));
  if (mask.kind === 'masked') await showDigits(ctx, call);
  callChanged(ctx, call);
};

/** The recording or the call is over, and the mask with it. */
export const dropMask = (ctx: CallContext, call: Call): void => {
  if (!call.recordingMask) return;
  if (isMasked(call)) call.maskedUntilMs = ctx.clock.nowMs();
  call.recordingMask.timer.cancel();
  call.recordingMask = undefined;
  closeSilence(ctx, call);
};

/** Media are told what holds, also of a recording that has begun meanwhile and of a customer on another leg. */
export const applyMask = async (ctx: CallContext, call: Call): Promise<void> => {
  const { recordingMask: mask, recording, customer } = call;
  if (!mask) return;
  // Keys first: what is silent for a moment too long harms nobody.
  if (mask.kind === 'masked' && customer) report(ctx, call, await ctx.media.hideDigits(customer.endpointId, true));
  if (mask.kind === 'paused') await showDigits(ctx, call);
  const leftMs = Math.max(1_000, mask.untilMs - ctx.clock.nowMs());
  if (recording) report(ctx, call, await ctx.media.maskRecording(recording.recordingId, leftMs));
};

/** The customer has pressed a key while masked: it is counted, for the desk to show. */
export const keyWhileMasked = (ctx: CallContext, call: Call): void => {
  if (!call.recordingMask) return;
  call.recordingMask.keys += 1;
  callChanged(ctx, call);
};

const showDigits = async (ctx: CallContext, { customer }: Call): Promise<void> => {
  if (customer) await ctx.media.hideDigits(customer.endpointId, false);
};

const maskIsOver = (ctx: CallContext, call: Call, timer: Timer): Promise<void> | undefined => {
  if (call.recordingMask?.timer !== timer) return undefined;
  const { phase, flow } = call;
  const by = { kind: 'time' } as const;
  if (phase.kind === 'flow' && flow && isSensitive(flow, phase.state))
    return beginMask(ctx, call, { kind: 'masked', forMs: FLOW_MASK_MS, by });
  return endMask(ctx, call, by);
};

const report = (ctx: CallContext, call: Call, done: Awaited<ReturnType<CallContext['media']['hideDigits']>>): void => {
  if (!done.ok)
    ctx.log.error({ callId: call.callId, fault: done.fault }, 'a recording could not be masked or unmasked');
};

const numberOf = ({ recording }: Call): { readonly n?: number } => (recording ? { n: recording.n } : {});

const entryOf = (call: Call): RecordingEntry | undefined =>
  call.log.interaction.recordings.find(({ n }) => n === call.recording?.n);

/** Notes in the running recording that it is silent from now on. */
export const openSilence = (ctx: CallContext, call: Call): void => {
  const { recordingMask: mask } = call;
  const entry = entryOf(call);
  if (!entry || !mask) return;
  const silences = [...(entry.silences ?? []), { kind: mask.kind, fromMs: ctx.clock.nowMs() }];
  call.log.putRecording({ ...entry, silences });
};

export const closeSilence = (ctx: CallContext, call: Call): void => {
  const entry = entryOf(call);
  const open = entry?.silences?.at(-1);
  if (!entry || !open || open.toMs !== undefined) return;
  const silences = [...(entry.silences ?? []).slice(0, -1), { ...open, toMs: ctx.clock.nowMs() }];
  call.log.putRecording({ ...entry, silences });
};
