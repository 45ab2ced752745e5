/** Shows the microphone's level: always while it is open, on request while the agent takes no calls. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Phone } from '../phone/phone';
import { useMicrophoneState } from '../phone/use-phone-status';
import { useCurrentCall, useDeskState } from './desk-context';

interface MicrophoneTestProps {
  readonly phone: Phone;
  readonly meter: ReactNode;
}

export const MicrophoneTest = ({ phone, meter }: MicrophoneTestProps) => {
  const { t } = useTranslation();
  const microphone = useMicrophoneState(phone);
  const idle = useDeskState().agent?.state === 'not-ready';
  const inCall = useCurrentCall() !== undefined;
  return (
    <div className="audio-test">
      {microphone.kind === 'open' ? (
        <>
          <span className="audio-meter" title={t('audio.testHint')}>
            {meter}
          </span>
          {idle && !inCall && (
            <Button size="small" onClick={() => phone.microphone.close()}>
              {t('audio.stopTest')}
            </Button>
          )}
        </>
      ) : (
        <Button
          size="small"
          loading={microphone.kind === 'opening'}
          onClick={() => void phone.microphone.open()}
          data-testid="microphone-test"
        >
          {t('audio.test')}
        </Button>
      )}
    </div>
  );
};
