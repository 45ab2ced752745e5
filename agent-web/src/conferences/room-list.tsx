/** The rooms, with who is there in figures. */
import { LockOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../api/contract/conferences';
import { localName } from '../i18n/local-name';

const TONES = { empty: 'tone-idle', gathering: 'tone-ringing', meeting: 'tone-busy' } as const;

interface RoomListProps {
  readonly rooms: readonly ConferenceView[];
  readonly chosen: string | undefined;
  readonly onChoose: (roomId: string) => void;
}

export const RoomList = ({ rooms, chosen, onChoose }: RoomListProps) => {
  const { t } = useTranslation();
  return (
    <ul className="conference-rooms panel" aria-label={t('conferences.title')}>
      {rooms.map((room) => (
        <li key={room.roomId}>
          <button
            type="button"
            className="conference-room"
            aria-current={room.roomId === chosen ? 'true' : undefined}
            data-testid="conference-room"
            data-room={room.roomId}
            data-state={room.state}
            onClick={() => onChoose(room.roomId)}
          >
            <span className="conference-room-name">
              {localName(room.name, room.nameZh)}
              {room.locked && <LockOutlined title={t('conferences.locked')} />}
            </span>
            <span className="conference-room-number figures">{room.numbers.join(' ')}</span>
            <span className={`team-state ${TONES[room.state]}`}>
              <span className="dot" />
              {t(`conferences.state.${room.state}`)}
              {room.members.length > 0 && <span className="figures">{room.members.length}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
};
