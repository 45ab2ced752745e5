/** Levels of both directions: the agent sees at once which side is silent. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { LevelMeter } from '../phone/level-meter';
import type { CurrentCall } from './current-call';
import { useDesk } from './desk-context';

export const CallMeters = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const { phone } = useDesk();
  const media = call.leg?.media;
  const trackId = call.leg?.trackId;
  // Read again when the peer connection's state changes, since the remote stream appears with it, and with the microphone.
  const streams = useMemo(() => phone?.streamsOf(call.callId), [phone, call.callId, media, trackId]);
  if (media === 'failed') return <p className="call-audio-failed">{t('call.audioFailed')}</p>;
  return (
    <div className="call-meters">
      <LevelMeter label={t('call.you')} stream={streams?.local} />
      <LevelMeter label={t('call.other')} stream={streams?.remote} />
    </div>
  );
};
