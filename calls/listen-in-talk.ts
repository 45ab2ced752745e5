/**
 * While an agent talks with somebody through a trunk media may listen for what that is: a fax machine, or the answering
 * machine of whom the agent has dialled. It is told at the desk and noted; nobody waits for it, and nobody's sound does.
 */
import type { Timer } from '../base/clock';
import type { Detect } from '../base/detect';
import type { EndpointId } from '../base/ids';
import type { Detection, Finding } from '../media/detection/terms';
import type { DetectionEntry } from '../store/interaction';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';

/** Several bursts of a fax machine, which come every 3.5 s; a machine's verdict and its beep. */
const LISTEN_MS = 40_000;

/** Once in a call; `over` when it is known, or nobody has come to know it in time. */
export type TalkListening = { readonly kind: 'on'; readonly timer: Timer } | { readonly kind: 'over' };

/** What the customer's side has been heard to be. */
export interface HeardInCall {
  readonly endpointId: EndpointId;
  readonly what: DetectionEntry['heard'];
  readonly atMs: number;
  /** Of a machine: its greeting is over. */
  readonly awaitsMessage?: boolean;
}

/** Must run inside the call's serial queue, which does not wait for media's answer. */
export const listenInTalk = (ctx: CallContext, call: Call): void => {
  const { customer, talkListening, log, identity } = call;
  const { trunkId } = log.interaction;
  if (!customer || talkListening || trunkId === undefined || identity.direction === 'internal') return;
  const detect = call.detect ?? ctx.directory.detectOfTrunk?.(trunkId) ?? 'nothing';
  const wanted = detectionOf(detect, identity.dialledBy !== undefined);
  if (!wanted) return;
  const timer = ctx.clock.after(LISTEN_MS, () => onCall(ctx, call, () => stopListeningInTalk(ctx, call)));
  call.talkListening = { kind: 'on', timer };
  void begin(ctx, call, { endpointId: customer.endpointId, wanted });
};

const begin = async (
  ctx: CallContext,
  { callId }: Call,
  { endpointId, wanted }: { readonly endpointId: EndpointId; readonly wanted: Detection },
): Promise<void> => {
  const begun = await ctx.media.detect(endpointId, wanted);
  if (!begun.ok) ctx.log.warn({ callId, fault: begun.fault }, 'a conversation is not listened to');
};

const detectionOf = (detect: Detect, isDialled: boolean): Detection | undefined => {
  if (detect === 'nothing') return undefined;
  return { fax: true, ...(detect === 'machines' && isDialled && { answeringMachine: {} }) };
};

const stopListeningInTalk = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.talkListening?.kind !== 'on') return;
  dropTalkListening(call);
  if (call.customer) await ctx.media.detect(call.customer.endpointId, {});
};

/** The call is over, or its flow listens for something else now. Idempotent. */
export const dropTalkListening = (call: Call): void => {
  if (call.talkListening?.kind !== 'on') return;
  call.talkListening.timer.cancel();
  call.talkListening = { kind: 'over' };
};

/**
 * Media has found out something about the customer's side.
 * @returns whether the desks have something new to show.
 */
export const heardInCall = async (ctx: CallContext, call: Call, found: Finding): Promise<boolean> => {
  const { customer, heard: before } = call;
  if (!customer) return false;
  const { endpointId } = customer;
  const known = before?.endpointId === endpointId ? before : undefined;
  const next = heardBy(found, known);
  if (next) call.heard = { endpointId, atMs: ctx.clock.nowMs(), ...next };
  // A machine's beep is still to come; behind a person or a fax machine there is nothing.
  const isMachine = next?.what === 'machine' && next.awaitsMessage === undefined;
  if (found.type === 'greeting-ended' || (next && !isMachine)) await stopListeningInTalk(ctx, call);
  return next !== undefined;
};

const heardBy = (
  found: Finding,
  known: HeardInCall | undefined,
): Pick<HeardInCall, 'what' | 'awaitsMessage'> | undefined => {
  switch (found.type) {
    case 'fax-detected':
      return known?.what === 'fax' ? undefined : { what: 'fax' };
    case 'answered-by':
      // A fax machine is a machine; the tone says more.
      return known?.what === 'fax' ? undefined : { what: found.answeredBy };
    case 'greeting-ended':
      return known?.what === 'machine' && found.by !== 'time' ? { what: 'machine', awaitsMessage: true } : undefined;
    case 'silence-changed':
      return undefined;
  }
};
