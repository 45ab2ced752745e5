/** One room, live: who is there, and everything by which a conference is directed. */
import { AudioMutedOutlined, LockOutlined, UnlockOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../api/contract/conferences';
import { useServerNow } from '../desk/use-now';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { InviteForm } from './invite-form';
import { MemberRow } from './member-row';
import { RecordingActions } from './recording-actions';
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
      {room.recording && !room.silence && (
        <span className="team-state conference-recording" data-testid="conference-recording">
          <span className="dot" />
          {t('conferences.recording')}
        </span>
      )}
      {room.silence && (
        <span className="team-state tone-wrap" data-testid="conference-silence" data-kind={room.silence.kind}>
          <span className="dot" />
          {t(`conferences.silence.${room.silence.kind}`, {
            duration: formatDuration(Math.max(0, room.silence.untilMs - nowMs)),
          })}
        </span>
      )}
    </p>
  );
};

const RoomActions = ({ room, directing }: { readonly room: ConferenceView; readonly directing: Directing }) => {
  const { t } = useTranslation();
  const { locked, allMuted } = room;
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
      <RecordingActions room={room} directing={directing} />
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

interface LiveRoomProps {
  readonly room: ConferenceView;
  /** Leads to the room's settings, for those who may change them. */
  readonly settings: ReactNode;
}

export const LiveRoom = ({ room, settings }: LiveRoomProps) => {
  const { t } = useTranslation();
  const directing = useDirect(room.roomId);
  const name = localName(room.name, room.nameZh);
  return (
    <section className="conference-live panel" aria-label={name} data-testid="conference-live">
      <header className="conference-head">
        <div className="conference-title">
          <h2>{name}</h2>
          {settings}
        </div>
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
