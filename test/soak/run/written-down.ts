import type { InteractionView } from '../../../api/contract/rest';

/** Whether a call is over in the history, and its recordings' lengths are known, which come a moment later. */
export const isWrittenDown = ({ endedAtMs, recordings }: InteractionView): boolean =>
  endedAtMs !== undefined && recordings.every(({ durationMs }) => durationMs > 0);
