/** How a call ended: result, reason and whose doing, decided where the end happened. */
import type { Fault } from '../base/result';
import type { DialogEnd } from '../signaling/ports';
import type { MediaEvent } from '../media/ports';

/** `called`: the extension or number that a call was put through to. */
export type EndingParty = 'caller' | 'agent' | 'called' | 'system' | 'carrier';

export interface Ending {
  readonly party: EndingParty;
  /** Machine-readable, lower case with hyphens, such as `hung-up`. */
  readonly reason: string;
  /** The system's or the carrier's fault: the result is `failed` even if parties had talked. */
  readonly failed?: boolean;
  /** The other side's network ended it, and not the party. */
  readonly cut?: boolean;
  /** The SIP status for a caller who has not been answered; 480, or 503 for what failed, when absent. */
  readonly status?: number;
}

/** The caller hung up before the answer. */
export const CALLER_GAVE_UP: Ending = { party: 'caller', reason: 'cancelled' };

/**
 * Whether a BYE's Reason (RFC 3326) says by Q.850 that something failed: 16 and 31 are a normal clearing, those up to 30
 * are about the user, those from 34 on about the network and the way to it.
 */
const isCut = (reason: string | undefined): boolean => {
  const cause = /^\s*Q\.850\s*;.*\bcause\s*=\s*"?(\d{1,3})/i.exec(reason ?? '')?.[1];
  return cause !== undefined && (cause === '27' || Number(cause) >= 34);
};

/** Refers to a dialog's end; `party` is who stood at its far end. */
export const endingOfDialog = (end: DialogEnd, party: 'caller' | 'agent' | 'called'): Ending => {
  switch (end.by) {
    case 'remote':
      return { party, reason: 'hung-up', ...(isCut(end.reason) && { cut: true }) };
    case 'local':
      return { party: 'system', reason: 'released' };
    case 'failure':
      return { party: party === 'caller' ? 'carrier' : party, reason: 'signaling-failure', failed: true };
    case 'connection_lost':
      return { party: 'system', reason: 'sip-server-lost', failed: true };
  }
};

export const endingOfLostMedia = (reason: Extract<MediaEvent, { type: 'endpoint-lost' }>['reason']): Ending => ({
  party: 'system',
  reason: reason === 'media-timeout' ? reason : `media-${reason}`,
  failed: true,
});

/** A fault's code in the form of a reason. */
export const reasonOf = (fault: Fault): string => fault.code.replaceAll('_', '-');
