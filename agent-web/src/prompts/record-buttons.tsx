/** A new version of a sound: from a file, or by the microphone. */
import { AudioOutlined, StopOutlined, UploadOutlined } from '@ant-design/icons';
import { App, Button, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { beginTake } from './microphone-take';
import type { MicrophoneTake } from './microphone-take';
import type { Sounds } from './use-sounds';

interface RecordButtonsProps {
  readonly path: string;
  readonly disabled?: boolean;
  readonly sounds: Pick<Sounds, 'save'>;
}

export const RecordButtons = ({ path, disabled = false, sounds }: RecordButtonsProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [take, setTake] = useState<MicrophoneTake>();
  const begin = async (): Promise<void> => {
    try {
      setTake(await beginTake());
    } catch {
      void message.error(t('prompts.noMicrophone'));
    }
  };
  const finish = async (): Promise<void> => {
    setTake(undefined);
    if (take) await sounds.save(path, await take.finish(), 'browser');
  };
  return (
    <span className="sound-actions">
      <Upload
        accept=".wav,audio/wav"
        showUploadList={false}
        disabled={disabled}
        beforeUpload={(file) => {
          void sounds.save(path, file, 'upload');
          return false;
        }}
      >
        <Button icon={<UploadOutlined />} disabled={disabled} data-testid="sound-upload">
          {t('prompts.upload')}
        </Button>
      </Upload>
      <Button
        icon={take ? <StopOutlined /> : <AudioOutlined />}
        danger={take !== undefined}
        disabled={disabled}
        onClick={() => void (take ? finish() : begin())}
        data-testid="sound-record"
      >
        {take ? t('prompts.stop') : t('prompts.record')}
      </Button>
    </span>
  );
};
