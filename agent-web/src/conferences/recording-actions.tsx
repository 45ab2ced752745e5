/** The recording of a conference: begun and ended, paused and masked, as far as its policy lets supervisors. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../api/contract/conferences';
import type { Directing } from './use-direct';

interface RecordingActionsProps {
  readonly room: ConferenceView;
  readonly directing: Directing;
}

export const RecordingActions = ({ room, directing }: RecordingActionsProps) => {
  const { t } = useTranslation();
  const { recording, silence, mayRecord } = room;
  const meets = room.state === 'meeting';
  const [paused, masked] = [silence?.kind === 'paused', silence?.kind === 'masked'];
  return (
    <>
      {mayRecord.includes(recording ? 'stop' : 'start') && (
        <Button
          disabled={!meets}
          onClick={() => void directing.act({ do: recording ? 'stop-recording' : 'start-recording' })}
          data-testid="conference-record"
        >
          {t(recording ? 'conferences.stopRecording' : 'conferences.record')}
        </Button>
      )}
      {mayRecord.includes('pause') && recording && !masked && (
        <Button
          onClick={() => void directing.act({ do: paused ? 'resume-recording' : 'pause-recording' })}
          data-testid="conference-pause"
        >
          {t(paused ? 'conferences.resume' : 'conferences.pause')}
        </Button>
      )}
      {mayRecord.includes('mask') && !paused && (
        <Button
          disabled={!meets}
          onClick={() => void directing.act({ do: masked ? 'unmask-recording' : 'mask-recording' })}
          data-testid="conference-mask"
        >
          {t(masked ? 'conferences.unmask' : 'conferences.mask')}
        </Button>
      )}
    </>
  );
};
