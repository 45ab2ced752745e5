/** What callers who wait in a queue hear and may do; how a queue finds agents is the ACD's business. */

/** Told at entry and then again and again, in the caller's language. */
export interface WaitAnnouncement {
  /** The place in the queue, how long the wait will probably be, or both. */
  tell: 'position' | 'wait' | 'both';
  everyMs: number;
}

/** A caller may hang up and is called back when it is the contact's turn. */
export interface CallbackOffer {
  /** The key that the caller presses: one of 0–9, * and #. */
  key: string;
  /** Offered from so much waiting on. */
  afterMs: number;
  /** Offered at once to whom so many callers are ahead; by time alone when absent. */
  afterCallers?: number | undefined;
  /** `caller`: the number that calls, or typed where that is none; `typed`: always typed. */
  number: 'caller' | 'typed';
  /** For how long it is tried; later the customer is not called any more. */
  validMs: number;
}

export interface WaitingTerms {
  /** Instead of the music that the flow names. */
  music?: string | undefined;
  announce?: WaitAnnouncement | undefined;
  callback?: CallbackOffer | undefined;
  /** Who loses the line and calls again within this time has the old place; 0 for never. */
  reconnectMs?: number | undefined;
  /** The same for who hung up; many a lost line looks like that. */
  reconnectAnyone?: boolean | undefined;
}

/** A short drop of the line, where the queue says nothing else. */
export const DEFAULT_RECONNECT_MS = 120_000;
