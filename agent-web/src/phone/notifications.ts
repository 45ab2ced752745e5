/** The system's notifications for calls that ring while the page is in the background; only when the agent wants them. */
import { useCallback, useState } from 'react';
import { readSetting, writeSetting } from '../api/settings';

const SETTING = 'notify';

const supported = (): boolean => 'Notification' in globalThis && isSecureContext;

const enabledNow = (): boolean =>
  supported() && readSetting(SETTING) === 'yes' && Notification.permission === 'granted';

/** Shows a notification while the page is hidden; returns the function that takes it away. */
const showNotification = (title: string, body: string): (() => void) => {
  if (!enabledNow() || !document.hidden) return () => undefined;
  const notification = new Notification(title, { body, tag: 'switchroom-call', icon: '/favicon.svg' });
  notification.onclick = () => {
    focus();
    notification.close();
  };
  return () => notification.close();
};

export const useNotifications = () => {
  const [enabled, setEnabled] = useState(enabledNow);
  const setWanted = useCallback(async (wanted: boolean) => {
    const granted = wanted && supported() && (await Notification.requestPermission()) === 'granted';
    writeSetting(SETTING, granted ? 'yes' : 'no');
    setEnabled(granted);
  }, []);
  return { supported: supported(), enabled, setWanted, show: showNotification };
};
