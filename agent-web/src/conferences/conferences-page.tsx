/** Conference rooms, for supervisors and administrators: all of them, and the chosen one live. */
import { PlusOutlined, SettingOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConferenceRoomView } from '../../../api/contract/conferences';
import { faultText } from '../i18n/fault-text';
import type { Edited } from '../settings/edited';
import { LiveRoom } from './live-room';
import { RoomForm } from './room-form';
import { RoomList } from './room-list';
import { useConferences } from './use-conferences';
import { useMayAdminister, useRooms } from './use-rooms';
import './conferences.css';

export const ConferencesPage = () => {
  const { t } = useTranslation();
  const { rooms, error } = useConferences();
  const administers = useMayAdminister();
  const setUp = useRooms();
  const [chosen, setChosen] = useState<string>();
  const [edited, setEdited] = useState<Edited<ConferenceRoomView>>();
  // Where something happens is shown first.
  const shown =
    rooms?.find(({ roomId }) => roomId === chosen) ?? rooms?.find(({ state }) => state !== 'empty') ?? rooms?.[0];
  const record = setUp.items?.find(({ id }) => id === shown?.roomId);
  return (
    <div className="page">
      <header className="page-head conferences-head">
        <h1>{t('conferences.title')}</h1>
        <p>{t('conferences.hint')}</p>
        {administers && (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            onClick={() => setEdited({ item: undefined })}
            data-testid="room-new"
          >
            {t('conferences.form.new')}
          </Button>
        )}
      </header>
      {error && <Alert type="error" showIcon title={t('conferences.failed', { message: faultText(error, t) })} />}
      {rooms?.length === 0 && (
        <p className="team-empty panel">{t(administers ? 'conferences.noneYet' : 'conferences.none')}</p>
      )}
      {rooms && shown && (
        <div className="conferences">
          <RoomList rooms={rooms} chosen={shown.roomId} onChoose={setChosen} />
          <LiveRoom
            key={shown.roomId}
            room={shown}
            settings={
              administers && (
                <Button
                  icon={<SettingOutlined />}
                  disabled={!record}
                  onClick={() => setEdited({ item: record })}
                  data-testid="room-edit"
                >
                  {t('conferences.form.open')}
                </Button>
              )
            }
          />
        </div>
      )}
      {edited && (
        <RoomForm
          key={edited.item?.id}
          room={edited.item}
          rooms={setUp}
          onClose={() => setEdited(undefined)}
          onSaved={(roomId) => {
            setEdited(undefined);
            setChosen(roomId);
          }}
        />
      )}
    </div>
  );
};
