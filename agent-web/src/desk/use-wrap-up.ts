/**
 * The note and outcome of a call. They can be written while talking, are kept when the page is loaded again, and are
 * sent when the agent is done, or by themselves in the last second before the server ends the wrap-up.
 */
import { useEffect, useRef, useState } from 'react';
import type { Disposition } from '../../../api/contract/common';
import { systemClock } from '../../../base/clock';
import type { CurrentCall } from './current-call';
import { useDeskState } from './desk-context';
import { clearDraft, readDraft, writeDraft } from './wrap-up-draft';
import type { WrapUpDraft } from './wrap-up-draft';
import { useCommand } from './use-call-actions';

export interface WrapUp {
  readonly draft: WrapUpDraft;
  readonly sending: boolean;
  readonly setNote: (note: string) => void;
  readonly setDisposition: (disposition: Disposition | undefined) => void;
  readonly finish: () => Promise<void>;
}

const LAST_CHANCE_MS = 1_000;

export const useWrapUp = ({ callId, phase }: CurrentCall): WrapUp => {
  const [draft, setDraft] = useState(() => readDraft(callId));
  const [sending, setSending] = useState(false);
  const { agent, serverAheadMs } = useDeskState();
  const command = useCommand();

  const change = (changed: WrapUpDraft): void => {
    setDraft(changed);
    writeDraft(callId, changed);
  };
  const finish = async (): Promise<void> => {
    setSending(true);
    const done = await command({ command: 'wrap-up-done', callId, ...draft });
    if (done) clearDraft(callId);
    setSending(false);
  };

  const latest = useRef({ draft, sending, finish });
  useEffect(() => {
    latest.current = { draft, sending, finish };
  });
  const endsAtMs = phase === 'wrap-up' ? agent?.wrapUpUntilMs : undefined;
  useEffect(() => {
    if (endsAtMs === undefined) return undefined;
    const delayMs = endsAtMs - serverAheadMs - systemClock.nowMs() - LAST_CHANCE_MS;
    const timer = systemClock.after(delayMs, () => {
      const { draft: written, sending: already, finish: send } = latest.current;
      if (!already && (written.note || written.disposition)) void send();
    });
    return () => timer.cancel();
  }, [endsAtMs, serverAheadMs]);

  return {
    draft,
    sending,
    setNote: (note) => change({ ...draft, note }),
    setDisposition: (disposition) => change({ note: draft.note, ...(disposition ? { disposition } : {}) }),
    finish,
  };
};
