/** Sets up a conference room: a new one, or one that is there. What is wrong stands at its field, with the cure. */
import { Alert, App, Button, Drawer, Form, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConferenceRoomView } from '../../../api/contract/conferences';
import { ApiError } from '../api/http';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { useSounds } from '../prompts/use-sounds';
import { NEW_ROOM, bodyOf, draftOf, faultOfServer, faultsOf } from './room-draft';
import type { RoomDraft, RoomFault, RoomField } from './room-draft';
import { RoomFields } from './room-fields';
import type { Rooms } from './use-rooms';
import '../theme/settings-form.css';

interface RoomFormProps {
  /** Undefined for a new one. */
  readonly room: ConferenceRoomView | undefined;
  readonly rooms: Rooms;
  readonly onClose: () => void;
  /** Shows the room that has been set up. */
  readonly onSaved: (roomId: string) => void;
}

/** Names of the library's music: its files and folders. */
const useMusic = (): string[] => {
  const { items = [] } = useSounds();
  const names = items.flatMap(({ path }) => /^music\/([a-z0-9-]+)/.exec(path)?.[1] ?? []);
  return [...new Set(['default', ...names])];
};

export const RoomForm = ({ room, rooms, onClose, onSaved }: RoomFormProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<RoomDraft>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const music = useMusic();
  const initial = room ? draftOf(room) : NEW_ROOM;

  const show = (faults: Partial<Record<RoomField, RoomFault>>, number = ''): void => {
    const fields = Object.keys(initial) as RoomField[];
    const all = [...new Set([...fields, ...(Object.keys(faults) as RoomField[])])];
    form.setFields(
      all.map((name) => {
        const fault = faults[name];
        return { name, errors: fault ? [t(`conferences.form.fault.${fault}`, { number })] : [] };
      }),
    );
    const [first] = Object.keys(faults) as RoomField[];
    if (first) form.scrollToField(first, { block: 'center', focus: true });
  };

  const perform = async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      const about = error instanceof ApiError ? error.details.about : undefined;
      const known = faultOfServer(about?.key);
      if (known) show({ [known[0]]: known[1] }, about?.values['number']);
      else setFailure(error);
      return false;
    } finally {
      setBusy(false);
    }
  };

  const save = async (): Promise<void> => {
    const draft = { ...initial, ...form.getFieldsValue() };
    const others = (rooms.items ?? []).map(({ id }) => id).filter((id) => id !== room?.id);
    const faults = faultsOf(draft, others);
    show(faults);
    if (Object.keys(faults).length > 0) return;
    if (!(await perform(() => rooms.save(draft.id, bodyOf(draft))))) return;
    void message.success(t('conferences.form.saved', { name: draft.name }));
    onSaved(draft.id);
  };

  const remove = async (): Promise<void> => {
    if (!room || !(await perform(() => rooms.remove(room.id)))) return;
    void message.success(t('conferences.form.removed', { name: room.name }));
    onClose();
  };

  const title = room
    ? t('conferences.form.edit', { name: localName(room.name, room.nameZh) })
    : t('conferences.form.new');
  return (
    <Drawer
      open
      title={title}
      size={640}
      onClose={onClose}
      data-testid="room-form"
      footer={
        <div className="settings-footer">
          {room && (
            <Popconfirm
              title={t('conferences.form.removeSure')}
              okText={t('conferences.form.removeYes')}
              cancelText={t('conferences.form.cancel')}
              onConfirm={remove}
            >
              <Button danger disabled={busy} data-testid="room-remove">
                {t('conferences.form.remove')}
              </Button>
            </Popconfirm>
          )}
          <span className="settings-footer-space" />
          <Button onClick={onClose}>{t('conferences.form.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={() => void save()} data-testid="room-save">
            {t('conferences.form.save')}
          </Button>
        </div>
      }
    >
      {failure !== undefined && (
        <Alert type="error" showIcon title={t('conferences.form.failed', { message: faultText(failure, t) })} />
      )}
      <Form<RoomDraft>
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void save()}
        disabled={busy}
      >
        <RoomFields isNew={!room} music={music} />
      </Form>
    </Drawer>
  );
};
