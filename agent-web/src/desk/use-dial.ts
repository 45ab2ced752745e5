/** Dialling: the server calls this agent's station first; this browser answers by itself because it asked for it. */
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { useDesk } from './desk-context';
import { useHearsHere } from './use-station';

export interface Dialling {
  readonly dialling: boolean;
  /** True when the server has taken the request. */
  readonly dial: (number: string) => Promise<boolean>;
}

export const useDial = (): Dialling => {
  const { link, phone } = useDesk();
  const hearsHere = useHearsHere();
  const { message } = App.useApp();
  const { t } = useTranslation();
  const [dialling, setDialling] = useState(false);

  const dial = async (number: string): Promise<boolean> => {
    if (!phone) return false;
    setDialling(true);
    try {
      if (hearsHere && !(await phone.microphone.open())) return false;
      if (hearsHere) phone.expectDial();
      await link.send({ command: 'dial', number });
      return true;
    } catch (error) {
      phone.forgetDial();
      void message.error(t('dial.failed', { message: faultText(error, t) }));
      return false;
    } finally {
      setDialling(false);
    }
  };
  return { dialling, dial };
};
