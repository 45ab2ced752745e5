/** A new version of a sound: from a file, or by the microphone. */
import { AudioOutlined, UploadOutlined } from '@ant-design/icons';
import { Button, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { soundNameOf } from './sound-names';
import { TakeDialog } from './take-dialog';
import type { Sounds } from './use-sounds';

interface RecordButtonsProps {
  readonly path: string;
  readonly disabled?: boolean;
  readonly sounds: Pick<Sounds, 'save'>;
  readonly onSaved?: () => void;
}

export const RecordButtons = ({ path, disabled = false, sounds, onSaved }: RecordButtonsProps) => {
  const { t } = useTranslation();
  const [recording, setRecording] = useState(false);
  const [sending, setSending] = useState(false);
  const save = async (wav: Blob, source: 'upload' | 'browser'): Promise<boolean> => {
    setSending(true);
    const saved = await sounds.save(path, wav, source);
    setSending(false);
    if (saved) onSaved?.();
    return saved;
  };
  return (
    <span className="sound-actions">
      <Upload
        accept=".wav,audio/wav,.mp3,audio/mpeg"
        showUploadList={false}
        disabled={disabled || sending}
        beforeUpload={(file) => {
          void save(file, 'upload');
          return false;
        }}
      >
        <Button
          icon={<UploadOutlined />}
          disabled={disabled}
          loading={sending && !recording}
          data-testid="sound-upload"
        >
          {t('prompts.upload')}
        </Button>
      </Upload>
      <Button
        icon={<AudioOutlined />}
        disabled={disabled || sending}
        onClick={() => setRecording(true)}
        data-testid="sound-record"
      >
        {t('prompts.record')}
      </Button>
      {recording && (
        <TakeDialog
          name={soundNameOf(path)}
          onKeep={(wav) => save(wav, 'browser')}
          onClose={() => setRecording(false)}
        />
      )}
    </span>
  );
};
