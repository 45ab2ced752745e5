/** Sets up a conference room: a new one, or one that is there. What is wrong stands at its field, with the cure. */
import { App, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConferenceRoomView } from '../../../api/contract/conferences';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { useSounds } from '../prompts/use-sounds';
import { SettingsDrawer } from '../settings/settings-drawer';
import { usePerforming } from '../settings/use-performing';
import { NEW_ROOM, bodyOf, draftOf, faultOfServer, faultsOf } from './room-draft';
import type { RoomDraft, RoomFault, RoomField } from './room-draft';
import { RoomFields } from './room-fields';
import type { Rooms } from './use-rooms';

const FORM = 'conference-room';

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

  const { busy, failure, perform } = usePerforming((about) => {
    const known = faultOfServer(about?.key);
    if (known) show({ [known[0]]: known[1] }, about?.values['number']);
    return known !== undefined;
  });

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
    <SettingsDrawer
      name="room"
      formId={FORM}
      width={640}
      texts={{
        title,
        save: t('conferences.form.save'),
        cancel: t('conferences.form.cancel'),
        remove: t('conferences.form.remove'),
        removeSure: t('conferences.form.removeSure'),
        removeYes: t('conferences.form.removeYes'),
      }}
      busy={busy}
      failure={failure === undefined ? undefined : t('conferences.form.failed', { message: faultText(failure, t) })}
      onRemove={room && remove}
      onClose={onClose}
    >
      <Form<RoomDraft>
        id={FORM}
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void save()}
        disabled={busy}
      >
        <RoomFields isNew={!room} music={music} />
      </Form>
    </SettingsDrawer>
  );
};
