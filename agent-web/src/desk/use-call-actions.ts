/** What an agent can do with the current call. The browser acts at once where it can; the server's command follows. */
import { App } from 'antd';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingAction } from '../../../api/contract/recording-policies';
import type { CommandBody } from '../api/event-socket';
import { faultText } from '../i18n/fault-text';
import type { CurrentCall } from './current-call';
import { useDesk } from './desk-context';

export interface CallActions {
  answer(call: CurrentCall): void;
  hangUp(call: CurrentCall): void;
  toggleHold(call: CurrentCall): void;
  toggleMute(call: CurrentCall): void;
  toggleConsult(call: CurrentCall): void;
  completeTransfer(call: CurrentCall): void;
  cancelConsult(call: CurrentCall): void;
  record(call: CurrentCall, action: RecordingAction): void;
  mergeConsult(call: CurrentCall): void;
  leaveCall(call: CurrentCall): void;
  dropParty(call: CurrentCall, partyId: string): void;
  sendKeys(call: CurrentCall, keys: string): void;
  /** Has the agent's number said to both parties. */
  announce(call: CurrentCall): void;
}

/** Sends a command and tells the agent when it fails. */
export const useCommand = (): ((command: CommandBody) => Promise<boolean>) => {
  const { link } = useDesk();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useCallback(
    async (command) => {
      try {
        await link.send(command);
        return true;
      } catch (error) {
        void message.error(t('call.commandFailed', { message: faultText(error, t) }));
        return false;
      }
    },
    [link, message, t],
  );
};

export const useCallActions = (): CallActions => {
  const { link, phone } = useDesk();
  const command = useCommand();
  return useMemo(
    () => ({
      answer: ({ callId }) => phone?.answer(callId),
      hangUp: ({ callId, view }) => {
        // Without the server the browser's own BYE still ends the call.
        const byPhone = (): boolean => phone?.hangUp(callId) ?? false;
        if (!view) byPhone();
        else
          void link
            .send({ command: 'hang-up', callId })
            .catch(() => byPhone() || command({ command: 'hang-up', callId }));
      },
      toggleHold: ({ callId, phase }) => void command({ command: phase === 'held' ? 'resume' : 'hold', callId }),
      toggleMute: ({ callId, muted }) => {
        phone?.setMuted(callId, !muted);
        void command({ command: muted ? 'unmute' : 'mute', callId });
      },
      toggleConsult: ({ callId }) => void command({ command: 'toggle-consult', callId }),
      completeTransfer: ({ callId }) => void command({ command: 'complete-transfer', callId }),
      cancelConsult: ({ callId }) => void command({ command: 'cancel-consult', callId }),
      announce: ({ callId }) => void command({ command: 'announce', callId }),
      record: ({ callId }, action) => void command({ command: 'recording', callId, action }),
      mergeConsult: ({ callId }) => void command({ command: 'merge-consult', callId }),
      leaveCall: ({ callId }) => void command({ command: 'leave-call', callId }),
      dropParty: ({ callId }, partyId) => void command({ command: 'drop-party', callId, partyId }),
      sendKeys: ({ callId }, keys) => {
        if (!phone?.sendKeys(callId, keys)) void command({ command: 'send-digits', callId, digits: keys });
      },
    }),
    [command, link, phone],
  );
};
