/** One room, live: who is there, and everything by which a conference is directed. */
import { AudioMutedOutlined, LockOutlined, UnlockOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../api/contract/conferences';
import { useServerNow } from '../desk/use-now';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { InviteForm } from './invite-form';
import { MemberRow } from './member-row';
import { useDirect } from './use-direct';
import type { Directing } from './use-direct';

const COLUMNS = ['name', 'role', 'voice', 'there', 'actions'] as const;

const handsOf = ({ members }: ConferenceView): number =>
  members.filter(({ handRaisedAtMs }) => handRaisedAtMs !== undefined).length;

const RoomFacts = ({ room }: { readonly room: ConferenceView }) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const hands = handsOf(room);
  return (
    <p className="conference-facts">
      <span>{t('conferences.members', { count: room.members.length })}</span>
      {hands > 0 && <span className="conference-hands">{t('conferences.hands', { count: hands })}</span>}
      {room.startedAtMs !== undefined && (
        <span className="figures">
          {t('conferences.since', { duration: formatDuration(nowMs - room.startedAtMs) })}
        </span>
      )}
      {room.allMuted && <span className="team-state tone-idle">{t('conferences.allMuted')}</span>}
      {room.recording && (
        <span className="team-state conference-recording" data-testid="conference-recording">
          <span className="dot" />
          {t('conferences.recording')}
        </span>
      )}
    </p>
  );
};

const RoomActions = ({ room, directing }: { readonly room: ConferenceView; readonly directing: Directing }) => {
  const { t } = useTranslation();
  const { locked, allMuted, recording } = room;
  const meets = room.state === 'meeting';
  return (
    <div className="conference-toolbar">
      <Button
        icon={locked ? <UnlockOutlined /> : <LockOutlined />}
        disabled={room.state === 'empty'}
        onClick={() => void directing.act({ do: locked ? 'unlock' : 'lock' })}
        data-testid="conference-lock"
      >
        {t(locked ? 'conferences.unlock' : 'conferences.lock')}
      </Button>
      <Button
        icon={<AudioMutedOutlined />}
        disabled={!meets}
        onClick={() => void directing.act({ do: allMuted ? 'unmute-all' : 'mute-all' })}
        data-testid="conference-mute-all"
      >
        {t(allMuted ? 'conferences.unmuteAll' : 'conferences.muteAll')}
      </Button>
      <Button
        disabled={!meets || handsOf(room) === 0}
        onClick={() => void directing.act({ do: 'next-speaker' })}
        data-testid="conference-next"
      >
        {t('conferences.nextSpeaker')}
      </Button>
      <Button
        disabled={!meets}
        onClick={() => void directing.act({ do: recording ? 'stop-recording' : 'start-recording' })}
        data-testid="conference-record"
      >
        {t(recording ? 'conferences.stopRecording' : 'conferences.record')}
      </Button>
      <Popconfirm
        title={t('conferences.endSure')}
        okText={t('conferences.endYes')}
        cancelText={t('conferences.endNo')}
        disabled={room.state === 'empty'}
        onConfirm={() => directing.act({ do: 'end' })}
      >
        <Button danger disabled={room.state === 'empty'} data-testid="conference-end">
          {t('conferences.end')}
        </Button>
      </Popconfirm>
    </div>
  );
};

export const LiveRoom = ({ room }: { readonly room: ConferenceView }) => {
  const { t } = useTranslation();
  const directing = useDirect(room.roomId);
  const name = localName(room.name, room.nameZh);
  return (
    <section className="conference-live panel" aria-label={name} data-testid="conference-live">
      <header className="conference-head">
        <h2>{name}</h2>
        <RoomFacts room={room} />
        <RoomActions room={room} directing={directing} />
        <InviteForm directing={directing} />
      </header>
      {room.members.length === 0 ? (
        <p className="team-empty">{t('conferences.nobody')}</p>
      ) : (
        <table className="team-table">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`conferences.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {room.members.map((member) => (
              <MemberRow key={member.memberId} member={member} directing={directing} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};
