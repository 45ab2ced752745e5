/** Sends the notes of wrap-ups that ended while the connection was lost; the server takes them for some minutes. */
import type { CallView } from '../../../api/contract/common';
import type { CommandBody } from '../api/event-socket';
import { ApiError } from '../api/http';
import { clearDraft, draftedCalls, readDraft } from './wrap-up-draft';
import type { WrapUpDraft } from './wrap-up-draft';

interface DraftStore {
  calls(): string[];
  read(callId: string): WrapUpDraft;
  clear(callId: string): void;
}

interface LateDraftsOptions {
  /** The calls that are still on the desk: their drafts are being written. */
  readonly calls: readonly CallView[];
  readonly send: (command: CommandBody) => Promise<void>;
  readonly drafts?: DraftStore;
}

const TAB: DraftStore = { calls: draftedCalls, read: readDraft, clear: clearDraft };

/** Whether to try again with the next connection makes sense. */
const mayYetArrive = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'unreachable' || error.code === 'timeout');

/** To be called with each greeting of the server. Resolves when all have been tried; keeps those that did not arrive. */
export const sendLateDrafts = async ({ calls, send, drafts = TAB }: LateDraftsOptions): Promise<void> => {
  const onDesk = new Set(calls.map(({ callId }) => callId));
  for (const callId of drafts.calls().filter((one) => !onDesk.has(one))) {
    const draft = drafts.read(callId);
    const written = draft.note !== '' || draft.disposition !== undefined;
    try {
      if (written) await send({ command: 'wrap-up-done', callId, ...draft });
      drafts.clear(callId);
    } catch (error) {
      if (!mayYetArrive(error)) drafts.clear(callId);
    }
  }
};
