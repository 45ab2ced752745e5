/** What happened in a run, as the callers and agents saw it from outside: the history that {@link checkHistory} judges. */

/** What is done to which process. */
export type FaultKind = 'kill' | 'pause' | 'partition';
export type Victim = 'app' | 'edge' | 'store';

/** Why a caller's call was over, as the caller saw it. */
export type Departure =
  /** The caller hung up, tired of waiting. */
  | { readonly by: 'caller' }
  /** After the conversation, by either party of it. */
  | { readonly by: 'conversation' }
  /** The center sent BYE. */
  | { readonly by: 'center'; readonly reason: string | undefined }
  /** The center never answered the call. */
  | { readonly by: 'refusal'; readonly status: number | undefined }
  /** The run has waited in vain for anything to happen. */
  | { readonly by: 'nobody' };

export type Happening =
  /** `turned-away`: the center has said that there is no room for it now, and it calls again. */
  | { readonly type: 'dialled' | 'answered' | 'turned-away'; readonly contact: string }
  /** An agent's telephone rings for this contact. */
  | { readonly type: 'rang'; readonly contact: string; readonly agent: string; readonly leg: string }
  /** The agent has taken it. */
  | { readonly type: 'taken'; readonly contact: string; readonly agent: string; readonly leg: string }
  /** The agent's leg is over. `finished`: the conversation had come to its end, and one of its parties hung up. */
  | {
      readonly type: 'leg-over';
      readonly contact: string;
      readonly agent: string;
      readonly leg: string;
      readonly finished: boolean;
    }
  | { readonly type: 'left'; readonly contact: string; readonly departure: Departure }
  | { readonly type: 'fault'; readonly kind: FaultKind; readonly victim: Victim; readonly isOver: boolean };

export type Event = Happening & { readonly atMs: number };

export class History {
  readonly events: Event[] = [];

  /** @param nowMs a clock that only goes forward. */
  constructor(private readonly nowMs: () => number) {}

  note(happening: Happening): void {
    this.events.push({ ...happening, atMs: Math.round(this.nowMs()) });
  }
}
