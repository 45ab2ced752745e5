/** One call as the browser's telephone sees it: a pure state machine. */
import { InvariantError } from '../../../base/errors';

/**
 *     preparing ──prepared──► ringing ──answer──► answering ──accepted──► connected
 *         └──answer──► answer-wanted ──prepared──────┘
 *     any but ended ──ended──► ended
 *
 * `preparing`: ICE and DTLS are being set up; a click on answer is remembered until the answer can be sent.
 */
export type LegState = 'preparing' | 'answer-wanted' | 'ringing' | 'answering' | 'connected' | 'ended';

export type LegInput = 'prepared' | 'answer' | 'accepted' | 'ended';

const MOVES: Record<LegState, Partial<Record<LegInput, LegState>>> = {
  preparing: { prepared: 'ringing', answer: 'answer-wanted', ended: 'ended' },
  'answer-wanted': { prepared: 'answering', ended: 'ended' },
  ringing: { answer: 'answering', ended: 'ended' },
  answering: { accepted: 'connected', ended: 'ended' },
  connected: { ended: 'ended' },
  ended: {},
};

/** The state after an input. @throws InvariantError for a move that the diagram does not have. */
export const nextLegState = (from: LegState, input: LegInput): LegState => {
  const to = MOVES[from][input];
  if (to === undefined) throw new InvariantError(`a leg that is ${from} cannot take ${input}`);
  return to;
};

/** Whether an answer may be asked for in this state. */
export const mayAnswer = (state: LegState): boolean => MOVES[state].answer !== undefined;

/** Whether the agent has taken the call: the microphone may speak and the remote party may be heard. */
export const isTaken = (state: LegState): boolean => state === 'answering' || state === 'connected';

/** What components see of a leg. */
export interface LegView {
  /** The server's id of the call, from the INVITE's `X-Switchroom-Call`. */
  readonly callId: string;
  readonly number: string;
  readonly displayName: string | undefined;
  readonly state: LegState;
  readonly muted: boolean;
  /** Of the microphone that the leg speaks by; another one when another is chosen. */
  readonly trackId: string;
  /** The user only listens to somebody else's call by it, or takes part in it. */
  readonly supervises?: boolean;
  /** The peer connection's state: `connected` once ICE and DTLS are done. */
  readonly media: RTCPeerConnectionState;
}
