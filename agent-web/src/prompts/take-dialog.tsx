/** Records a sound by the microphone: it is heard by its maker first, and by callers only when that is wanted. */
import { AudioOutlined, CheckOutlined, StopOutlined } from '@ant-design/icons';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalNow } from '../desk/use-now';
import { formatDuration } from '../i18n/format';
import { useTake } from './use-take';
import type { Take, TakeState } from './use-take';

const Running = ({ sinceMs }: { readonly sinceMs: number }) => {
  const { t } = useTranslation();
  const nowMs = useLocalNow(250);
  return (
    <p className="take-running">
      <span className="take-dot" />
      <span role="status">{t('prompts.recording')}</span>
      <span className="figures" aria-hidden="true">
        {formatDuration(nowMs - sinceMs)}
      </span>
    </p>
  );
};

const Preview = ({ wav }: { readonly wav: Blob }) => {
  const { t } = useTranslation();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(wav);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [wav]);
  return (
    <>
      <p>{t('prompts.listenFirst')}</p>
      <audio className="take-preview" controls src={url} aria-label={t('prompts.listen')} data-testid="take-preview" />
    </>
  );
};

const Situation = ({ state }: { readonly state: TakeState }) => {
  const { t } = useTranslation();
  switch (state.kind) {
    case 'opening':
      return <p role="status">{t('prompts.opening')}</p>;
    case 'blocked':
      return <Alert type="error" showIcon title={t(`audio.problem.${state.problem}`)} />;
    case 'running':
      return <Running sinceMs={state.sinceMs} />;
    case 'stopping':
      return <p role="status">{t('app.loading')}</p>;
    case 'ready':
      return <Preview wav={state.wav} />;
    case 'empty':
      return <Alert type="warning" showIcon title={t('prompts.nothingRecorded')} />;
  }
};

interface TakeDialogProps {
  readonly name: string;
  /** Resolves with whether it was kept. */
  readonly onKeep: (wav: Blob) => Promise<boolean>;
  readonly onClose: () => void;
}

const Choices = ({ take, onKeep, onClose }: { readonly take: Take } & Omit<TakeDialogProps, 'name'>) => {
  const { t } = useTranslation();
  const [keeping, setKeeping] = useState(false);
  const { state } = take;
  const keep = async (wav: Blob): Promise<void> => {
    setKeeping(true);
    const kept = await onKeep(wav);
    setKeeping(false);
    if (kept) onClose();
  };
  const choices: ReactNode[] = [
    <Button key="discard" disabled={keeping} onClick={onClose} data-testid="take-discard">
      {t('prompts.discard')}
    </Button>,
  ];
  if (state.kind === 'ready' || state.kind === 'empty' || state.kind === 'blocked')
    choices.push(
      <Button key="again" icon={<AudioOutlined />} disabled={keeping} onClick={take.again} data-testid="take-again">
        {t('prompts.again')}
      </Button>,
    );
  if (state.kind === 'running')
    choices.push(
      <Button key="stop" type="primary" icon={<StopOutlined />} onClick={take.stop} data-testid="take-stop">
        {t('prompts.stop')}
      </Button>,
    );
  if (state.kind === 'ready')
    choices.push(
      <Button
        key="keep"
        type="primary"
        icon={<CheckOutlined />}
        loading={keeping}
        onClick={() => void keep(state.wav)}
        data-testid="take-keep"
      >
        {t('prompts.keep')}
      </Button>,
    );
  return <div className="take-choices">{choices}</div>;
};

const Body = ({ onKeep, onClose }: Omit<TakeDialogProps, 'name'>) => {
  const take = useTake();
  return (
    <div className="take" data-testid="take" data-state={take.state.kind}>
      <Situation state={take.state} />
      <Choices take={take} onKeep={onKeep} onClose={onClose} />
    </div>
  );
};

export const TakeDialog = ({ name, onKeep, onClose }: TakeDialogProps) => {
  const { t } = useTranslation();
  return (
    <Modal
      open
      footer={null}
      onCancel={onClose}
      mask={{ closable: false }}
      title={t('prompts.recordTitle', { name })}
      width={460}
      destroyOnHidden
    >
      <Body onKeep={onKeep} onClose={onClose} />
    </Modal>
  );
};
