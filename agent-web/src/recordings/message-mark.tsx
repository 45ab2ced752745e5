/** Whether anybody has heard a message that a caller has left for a queue; for those who lead. */
import { CheckOutlined, UndoOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingView } from '../../../api/contract/recordings';
import { markMessage } from '../api/recordings';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatClock, formatDay } from '../i18n/format';
import { RECORDINGS_KEY } from './use-recordings';

/** It is marked by hand, so that it counts as new until somebody has seen to it. */
export const MessageMark = ({ recording }: { readonly recording: RecordingView }) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [sending, setSending] = useState(false);
  const { id, heard } = recording;
  const language = currentLanguage();
  const mark = async (): Promise<void> => {
    setSending(true);
    try {
      await markMessage(id, !heard);
      await queries.invalidateQueries({ queryKey: [RECORDINGS_KEY] });
    } catch (error) {
      void message.error(t('call.commandFailed', { message: faultText(error, t) }));
    } finally {
      setSending(false);
    }
  };
  const when = heard && `${formatDay(heard.atMs, language)} ${formatClock(heard.atMs, language)}`;
  return (
    <div className="recording-hold">
      <span className="recording-hold-hint" data-testid="message-state" data-heard={heard !== undefined}>
        {heard ? t('recordings.heardBy', { name: heard.byUserName, date: when }) : t('recordings.newMessage')}
      </span>
      <Button
        size="small"
        icon={heard ? <UndoOutlined /> : <CheckOutlined />}
        loading={sending}
        onClick={() => void mark()}
        data-testid="message-mark"
      >
        {t(heard ? 'recordings.markNew' : 'recordings.markHeard')}
      </Button>
    </div>
  );
};
