/** Joins what the server says of a call with what the browser's telephone says of it: one picture for the desk. */
import type { AgentView, CallView } from '../../../api/contract/common';
import { localName } from '../i18n/local-name';
import { isTaken } from '../phone/leg';
import type { LegView } from '../phone/leg';

/** `dialling`: an outgoing call that the other party has not answered yet; `consulting`: the customer waits meanwhile. */
export type CallPhase = 'ringing' | 'dialling' | 'connected' | 'held' | 'consulting' | 'wrap-up';

export interface CurrentCall {
  readonly callId: string;
  readonly phase: CallPhase;
  readonly number: string;
  readonly displayName: string | undefined;
  readonly muted: boolean;
  /** The server's picture; absent while its connection is lost or its message is still on the way. */
  readonly view: CallView | undefined;
  /** The browser's part; absent in wrap-up, and while the INVITE is still on the way. */
  readonly leg: LegView | undefined;
}

/** Which call fills the desk when there are several: who is spoken to first, what only needs writing down last. */
const ORDER: readonly CallPhase[] = ['connected', 'consulting', 'held', 'dialling', 'ringing'];

const phaseOf = (view: CallView | undefined, leg: LegView | undefined): CallPhase | undefined => {
  const taken = leg !== undefined && isTaken(leg.state);
  switch (view?.state) {
    case undefined:
      return leg ? (taken ? 'connected' : 'ringing') : undefined;
    case 'ringing':
      // A callback rings as any offer; only when it is accepted the customer is called.
      if (view.callback?.accepted ?? view.direction === 'outbound') return 'dialling';
      // The click on answer counts at once; the server's word follows.
      return taken || leg?.state === 'answer-wanted' ? 'connected' : 'ringing';
    case 'connected':
    case 'held':
    case 'consulting':
    case 'wrap-up':
      return view.state;
    case 'ended':
      return undefined;
  }
};

const join = (view: CallView | undefined, leg: LegView | undefined): CurrentCall | undefined => {
  const phase = phaseOf(view, leg);
  const callId = view?.callId ?? leg?.callId;
  if (!phase || callId === undefined) return undefined;
  return {
    callId,
    phase,
    number: view?.number ?? leg?.number ?? '',
    // After a transfer the INVITE still names the colleague who called first.
    displayName: view ? localName(view.displayName, view.displayNameZh) : leg?.displayName,
    muted: leg ? leg.muted : (view?.muted ?? false),
    view,
    leg,
  };
};

/**
 * What the server knows goes before what only the browser believes, which may be the ghost of a call that ended without a
 * BYE; but a form to fill in hides no telephone call.
 */
const rankOf = ({ phase, view }: CurrentCall): number => {
  if (phase === 'wrap-up') return 2 * ORDER.length;
  return ORDER.indexOf(phase) + (view ? 0 : ORDER.length);
};

/** The call that the desk shows, or none. */
export const currentCallOf = (calls: readonly CallView[], legs: readonly LegView[]): CurrentCall | undefined => {
  const known = new Set(calls.map((call) => call.callId));
  const joined = [
    ...calls.map((view) =>
      join(
        view,
        legs.find((leg) => leg.callId === view.callId),
      ),
    ),
    // A supervisor's leg is no call of the own, unless it has become one.
    ...legs.filter((leg) => !known.has(leg.callId) && !leg.supervises).map((leg) => join(undefined, leg)),
  ].filter((call) => call !== undefined);
  return joined.sort((one, other) => rankOf(one) - rankOf(other))[0];
};

/** Since when the phase's timer counts, in the server's time: ringing here, not the caller's whole stay. */
export const timerStartMs = (call: CurrentCall, agent: AgentView | undefined): number | undefined => {
  if (!call.view) return undefined;
  if (call.phase === 'ringing') return agent?.state === 'offered' ? agent.sinceMs : undefined;
  if (call.phase === 'dialling') return call.view.startedAtMs;
  return call.view.answeredAtMs ?? call.view.startedAtMs;
};

/** What can be done with a call; its buttons and their keys ask the same. */
export const canMute = ({ phase, view, leg }: CurrentCall): boolean =>
  (isConversation(phase) || phase === 'consulting') &&
  view !== undefined &&
  (leg !== undefined || view.station !== undefined);

/** Who is consulted holds nobody: the one who asked does. */
export const canHold = ({ phase, view }: CurrentCall): boolean =>
  isConversation(phase) && view !== undefined && !view.consulted;

/** To somebody else, or to consult and add somebody. */
export const canTransfer = (call: CurrentCall): boolean => canHold(call) && call.view?.consult === undefined;

/** Whether more than two talk. */
export const isConference = ({ view }: CurrentCall): boolean => (view?.parties?.length ?? 0) > 0;

/** Whether the third party of a consultation has answered. */
export const hasReached = ({ view }: CurrentCall): boolean =>
  view?.consult?.state === 'connected' || view?.consult?.state === 'held';

export const isAnswered = ({ phase }: CurrentCall): boolean => isConversation(phase) || phase === 'consulting';

const isConversation = (phase: CallPhase): boolean => phase === 'connected' || phase === 'held';
