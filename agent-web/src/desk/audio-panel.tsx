/** Which devices are used, with a test of each. */
import { SoundOutlined } from '@ant-design/icons';
import { App, Button, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  preferredMicrophone,
  preferredSpeaker,
  rememberMicrophone,
  rememberSpeaker,
  useAudioDevices,
} from '../phone/devices';
import type { AudioDevice } from '../phone/devices';
import { LevelMeter } from '../phone/level-meter';
import { useNotifications } from '../phone/notifications';
import type { Phone } from '../phone/phone';
import { Speaker } from '../phone/speaker';
import { useMicrophoneState } from '../phone/use-phone-status';
import { useDesk } from './desk-context';
import { MicrophoneTest } from './microphone-test';
import './audio-panel.css';

interface DeviceSelectProps {
  readonly label: string;
  readonly devices: readonly AudioDevice[];
  readonly initial: string;
  readonly testId: string;
  /** False when the device cannot be used. */
  readonly onChoose: (deviceId: string) => Promise<boolean>;
}

const DeviceSelect = ({ label, devices, initial, testId, onChoose }: DeviceSelectProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState(initial);
  // A remembered device that is not plugged in is shown as what is used instead: the default.
  const value = devices.some((device) => device.deviceId === chosen) ? chosen : '';
  const choose = async (deviceId: string): Promise<void> => {
    if (await onChoose(deviceId)) setChosen(deviceId);
    else void message.error(t('audio.changeFailed'));
  };
  return (
    <Select
      className="audio-select"
      aria-label={label}
      value={value}
      options={[
        { value: '', label: t('audio.systemDefault') },
        ...devices.map((device) => ({ value: device.deviceId, label: device.label, title: device.label })),
      ]}
      onChange={(deviceId) => void choose(deviceId)}
      data-testid={testId}
    />
  );
};

const Devices = ({ phone }: { readonly phone: Phone }) => {
  const { t } = useTranslation();
  const microphone = useMicrophoneState(phone);
  const { microphones, speakers } = useAudioDevices(microphone.kind === 'open');
  const stream = microphone.kind === 'open' ? microphone.stream : undefined;
  return (
    <>
      <span className="audio-label">{t('audio.microphone')}</span>
      <DeviceSelect
        label={t('audio.microphone')}
        devices={microphones}
        initial={preferredMicrophone()}
        testId="microphone-select"
        onChoose={async (deviceId) => {
          rememberMicrophone(deviceId);
          return phone.chooseMicrophone(deviceId);
        }}
      />
      <MicrophoneTest phone={phone} meter={<LevelMeter label={t('audio.level')} stream={stream} />} />
      <span className="audio-label">{t('audio.speaker')}</span>
      <div className="audio-row">
        {Speaker.selectable ? (
          <DeviceSelect
            label={t('audio.speaker')}
            devices={speakers}
            initial={preferredSpeaker()}
            testId="speaker-select"
            onChoose={async (deviceId) => {
              rememberSpeaker(deviceId);
              return phone.speaker.choose(deviceId);
            }}
          />
        ) : (
          <span className="audio-fixed">{t('audio.notChoosable')}</span>
        )}
        <Button
          icon={<SoundOutlined />}
          aria-label={t('audio.testSpeaker')}
          title={t('audio.testSpeaker')}
          onClick={() => void phone.speaker.test()}
        />
      </div>
    </>
  );
};

export const AudioPanel = () => {
  const { t } = useTranslation();
  const { phone } = useDesk();
  const notifications = useNotifications();
  return (
    <section className="audio panel" aria-label={t('audio.title')}>
      <h2 className="panel-title">{t('audio.title')}</h2>
      {phone && <Devices phone={phone} />}
      {notifications.supported && (
        <label className="audio-notify">
          <span>{t('audio.notify')}</span>
          <Switch
            size="small"
            checked={notifications.enabled}
            onChange={(wanted) => void notifications.setWanted(wanted)}
          />
        </label>
      )}
    </section>
  );
};
