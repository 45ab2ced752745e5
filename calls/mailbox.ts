/** A queue's mailbox: what is recorded there is a message that the caller leaves, and not a conversation. */
import type { RecordingEntry } from '../store/interaction';
import type { Call } from './call';

/** Who hangs up before has left none. */
const LEAST_MESSAGE_MS = 1_000;

/** Whether a rule of the queue has sent the call to a mailbox, whose flow it is in. */
export const isAtMailbox = ({ phase, log }: Call): boolean => {
  const diverted = log.interaction.queueNotes?.findLast(({ kind }) => kind === 'diverted');
  return phase.kind === 'flow' && diverted?.kind === 'diverted' && diverted.to.kind === 'voicemail';
};

/** What becomes of the mark of a message when its recording has ended. */
export const messageOf = (entry: RecordingEntry, durationMs: number): Pick<RecordingEntry, 'isMessage'> =>
  entry.isMessage === undefined ? {} : { isMessage: durationMs >= LEAST_MESSAGE_MS };

/** Whether the caller, who is gone now, has left a message. */
export const hasLeftMessage = ({ log, connectedAtMs }: Call, nowMs: number): boolean =>
  connectedAtMs === undefined &&
  log.interaction.recordings.some(
    ({ isMessage, startedAtMs, durationMs }) =>
      isMessage === true && (durationMs || nowMs - startedAtMs) >= LEAST_MESSAGE_MS,
  );
