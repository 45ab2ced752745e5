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
  /** The SIP status for a caller who has not been answered; 480, or 503 for what failed, when absent. */
  readonly status?: number;
}

/** The caller hung up before the answer. */
export const CALLER_GAVE_UP: Ending = { party: 'caller', reason: 'cancelled' };

/** Refers to a dialog's end; `party` is who stood at its far end. */
export const endingOfDialog = (end: DialogEnd, party: 'caller' | 'agent' | 'called'): Ending => {
  switch (end.by) {
    case 'remote':
      return { party, reason: 'hung-up' };
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
