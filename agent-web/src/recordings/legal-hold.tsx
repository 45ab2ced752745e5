/** Keeps a recording from being deleted when its time is over; for those who lead. */
import { LockOutlined, UnlockOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingView } from '../../../api/contract/recordings';
import { holdRecording, releaseRecording } from '../api/recordings';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatDay } from '../i18n/format';
import { RECORDINGS_KEY } from './use-recordings';

const SHORTEST_REASON = 3;
const LONGEST_REASON = 500;

const Held = ({ hold }: { readonly hold: NonNullable<RecordingView['hold']> }) => {
  const { t } = useTranslation();
  const { byUserName: name, reason, atMs } = hold;
  return (
    <span className="recording-held" data-testid="recording-held">
      <LockOutlined /> {t('recordings.heldBy', { name, reason, date: formatDay(atMs, currentLanguage()) })}
    </span>
  );
};

/** The reason of a hold, and of its end, is kept in the audit. */
export const LegalHold = ({ recording }: { readonly recording: RecordingView }) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const { id, hold } = recording;
  const given = reason.trim();
  const change = async (): Promise<void> => {
    setSending(true);
    try {
      await (hold ? releaseRecording(id, given) : holdRecording(id, given));
      setReason('');
      await queries.invalidateQueries({ queryKey: [RECORDINGS_KEY] });
    } catch (error) {
      void message.error(t('call.commandFailed', { message: faultText(error, t) }));
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      className="recording-hold"
      onSubmit={(event) => {
        event.preventDefault();
        if (given.length >= SHORTEST_REASON) void change();
      }}
    >
      {hold ? <Held hold={hold} /> : <span className="recording-hold-hint">{t('recordings.holdHint')}</span>}
      <Input
        size="small"
        maxLength={LONGEST_REASON}
        placeholder={t(hold ? 'recordings.releaseReason' : 'recordings.holdReason')}
        aria-label={t(hold ? 'recordings.releaseReason' : 'recordings.holdReason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        data-testid="recording-hold-reason"
      />
      <Button
        size="small"
        htmlType="submit"
        icon={hold ? <UnlockOutlined /> : <LockOutlined />}
        loading={sending}
        disabled={given.length < SHORTEST_REASON}
        data-testid="recording-hold"
      >
        {t(hold ? 'recordings.release' : 'recordings.hold')}
      </Button>
    </form>
  );
};
