/**
 * A flow has dialled, and somebody or something has answered: until it is known whether that is a person, the caller goes
 * on hearing what it heard before. A machine's leg ends, and the flow goes on.
 */
import type { Timer } from '../base/clock';
import { ANSWERING_MACHINE_BOUNDS } from '../base/answering-machine';
import type { AnsweringMachineTerms } from '../base/answering-machine';
import type { Finding } from '../media/detection/terms';
import type { Call, PeerLeg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { closeEndpoint } from './end';

/** What becomes of the called party, by who it is. */
export interface Screening {
  readonly peer: PeerLeg;
  readonly timer: Timer;
  readonly asPerson: () => Promise<void>;
  readonly asMachine: () => Promise<void>;
  /** It has hung up before that was known. */
  readonly asGone: () => Promise<void>;
}

/** Media may be on its way to another process: then the caller is put through unheard. */
const PATIENCE_MS = 3000;

export const screenAnswer = async (
  ctx: CallContext,
  call: Call,
  order: Omit<Screening, 'timer'> & { readonly terms: AnsweringMachineTerms },
): Promise<void> => {
  const { peer, terms, asPerson, asMachine, asGone } = order;
  const [, , byDefault] = ANSWERING_MACHINE_BOUNDS.totalMs;
  const withinMs = Math.max(terms.totalMs ?? byDefault, terms.initialSilenceMs ?? 0) + PATIENCE_MS;
  const timer = ctx.clock.after(withinMs, () => onCall(ctx, call, () => settle(ctx, call, { peer, as: 'person' })));
  call.screening = { peer, timer, asPerson, asMachine, asGone };
  // What it is needs no beep.
  const answeringMachine = { ...terms, beepMs: 0 };
  const begun = await ctx.media.detect(peer.endpointId, { fax: true, answeringMachine });
  if (begun.ok) return;
  ctx.log.warn({ callId: call.callId, fault: begun.fault }, 'it cannot be heard who has answered');
  await settle(ctx, call, { peer, as: 'person' });
};

/** Media has found out who is there. */
export const screened = async (ctx: CallContext, call: Call, found: Finding): Promise<void> => {
  const peer = call.screening?.peer;
  if (!peer) return;
  if (found.type === 'fax-detected') return settle(ctx, call, { peer, as: 'machine' });
  if (found.type !== 'answered-by') return;
  await settle(ctx, call, { peer, as: found.answeredBy === 'machine' ? 'machine' : 'person' });
};

/** The called party has hung up; whether it was being screened. */
export const screenedIsGone = async (ctx: CallContext, call: Call): Promise<boolean> => {
  const { screening } = call;
  if (!screening) return false;
  await settle(ctx, call, { peer: screening.peer, as: 'gone' });
  return true;
};

const settle = async (
  ctx: CallContext,
  call: Call,
  verdict: { readonly peer: PeerLeg; readonly as: 'person' | 'machine' | 'gone' },
): Promise<void> => {
  const { screening } = call;
  if (screening?.peer !== verdict.peer) return;
  dropScreening(call);
  if (call.phase.kind !== 'alerting' || call.peer !== verdict.peer) return;
  if (verdict.as === 'person') {
    await ctx.media.detect(verdict.peer.endpointId, {});
    return screening.asPerson();
  }
  call.peer = undefined;
  if (verdict.as === 'machine') void verdict.peer.dialog?.hangup('Q.850;cause=16;text="no person has answered"');
  await closeEndpoint(ctx, verdict.peer.endpointId);
  await (verdict.as === 'machine' ? screening.asMachine() : screening.asGone());
};

/** Idempotent. */
export const dropScreening = (call: Call): void => {
  call.screening?.timer.cancel();
  call.screening = undefined;
};
