/** Conference rooms, for supervisors and administrators: all of them, and the chosen one live. */
import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { LiveRoom } from './live-room';
import { RoomList } from './room-list';
import { useConferences } from './use-conferences';
import './conferences.css';

export const ConferencesPage = () => {
  const { t } = useTranslation();
  const { rooms, error } = useConferences();
  const [chosen, setChosen] = useState<string>();
  // Where something happens is shown first.
  const shown =
    rooms?.find(({ roomId }) => roomId === chosen) ?? rooms?.find(({ state }) => state !== 'empty') ?? rooms?.[0];
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('conferences.title')}</h1>
        <p>{t('conferences.hint')}</p>
      </header>
      {error && <Alert type="error" showIcon title={t('conferences.failed', { message: faultText(error, t) })} />}
      {rooms?.length === 0 && <p className="team-empty panel">{t('conferences.none')}</p>}
      {rooms && shown && (
        <div className="conferences">
          <RoomList rooms={rooms} chosen={shown.roomId} onChoose={setChosen} />
          <LiveRoom key={shown.roomId} room={shown} />
        </div>
      )}
    </div>
  );
};
