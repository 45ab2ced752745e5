/** What a window shows whose desk is in another one. Neither notice ends a conversation. */
import { Button, Result } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk, useLegs } from '../desk/desk-context';
import { useLeaveWarning } from '../desk/use-call-effects';
import { isTaken } from '../phone/leg';
import type { Approach } from './use-desk-tools';

interface NoticeProps {
  readonly onApproach: (approach: Approach) => void;
}

/** Another window has taken the desk. A conversation that runs here stays here; its telephone goes when it is over. */
export const ReplacedNotice = ({ onApproach }: NoticeProps) => {
  const { t } = useTranslation();
  const { phone } = useDesk();
  const talking = useLegs().some((leg) => isTaken(leg.state));
  useLeaveWarning(talking);
  useEffect(() => {
    // The other window's registration replaces this one: two telephones for one agent would ring both.
    if (!talking) void phone?.close();
  }, [talking, phone]);
  return (
    <Result
      status="info"
      data-testid="desk-replaced"
      title={t('session.replacedTitle')}
      subTitle={talking ? t('session.replacedTalking') : t('session.replacedText')}
      extra={
        !talking && (
          <Button type="primary" onClick={() => onApproach({ takeover: false })}>
            {t('session.useHere')}
          </Button>
        )
      }
    />
  );
};

/** The desk is in another window, with a call. */
export const InUseNotice = ({ onApproach }: NoticeProps) => {
  const { t } = useTranslation();
  return (
    <Result
      status="info"
      data-testid="desk-in-use"
      title={t('session.inUseTitle')}
      subTitle={t('session.inUseText')}
      extra={
        <Button type="primary" onClick={() => onApproach({ takeover: true })} data-testid="desk-take-over">
          {t('session.takeOver')}
        </Button>
      }
    />
  );
};
