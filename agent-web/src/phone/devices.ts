/** Microphones and speakers to choose from, and the agent's choice, remembered in this browser. */
import { useEffect, useState } from 'react';
import { readSetting, writeSetting } from '../api/settings';

export interface AudioDevice {
  readonly deviceId: string;
  readonly label: string;
}

export interface AudioDevices {
  readonly microphones: readonly AudioDevice[];
  readonly speakers: readonly AudioDevice[];
}

const NONE: AudioDevices = { microphones: [], speakers: [] };
const MICROPHONE_SETTING = 'microphone';
const SPEAKER_SETTING = 'speaker';

export const preferredMicrophone = (): string => readSetting(MICROPHONE_SETTING) ?? '';
export const preferredSpeaker = (): string => readSetting(SPEAKER_SETTING) ?? '';
export const rememberMicrophone = (deviceId: string): void => writeSetting(MICROPHONE_SETTING, deviceId);
export const rememberSpeaker = (deviceId: string): void => writeSetting(SPEAKER_SETTING, deviceId);

/** Sorts the browser's list into microphones and speakers. Devices without a label are not yet permitted: left out. */
export const sortDevices = (devices: readonly MediaDeviceInfo[]): AudioDevices => {
  const ofKind = (kind: MediaDeviceKind): AudioDevice[] =>
    devices
      .filter((device) => device.kind === kind && device.label && device.deviceId !== 'default')
      .map(({ deviceId, label }) => ({ deviceId, label }));
  return { microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') };
};

/** @param permitted changes when the microphone is opened, which is when browsers begin to tell the names. */
export const useAudioDevices = (permitted: boolean): AudioDevices => {
  const [devices, setDevices] = useState(NONE);
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return undefined;
    let gone = false;
    const read = (): void => {
      media
        .enumerateDevices()
        .then((list) => gone || setDevices(sortDevices(list)))
        .catch(() => undefined);
    };
    read();
    media.addEventListener('devicechange', read);
    return () => {
      gone = true;
      media.removeEventListener('devicechange', read);
    };
  }, [permitted]);
  return devices;
};
