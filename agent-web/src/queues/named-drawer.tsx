/** Skills, teams, sites and tenants: what there are, under which names. */
import { CheckOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { settingId } from '../../../api/contract/routing';
import { faultText } from '../i18n/fault-text';
import type { AcdSettings } from './use-acd-settings';

export type NamedCollection = 'skills' | 'teams' | 'sites' | 'tenants';

interface NamedItem {
  readonly id: string;
  readonly name?: string | undefined;
  readonly nameZh?: string | undefined;
}

interface NamedDrawerProps {
  readonly collection: NamedCollection;
  readonly items: readonly NamedItem[];
  readonly settings: AcdSettings;
  readonly onClose: () => void;
}

export const NamedDrawer = ({ collection, items, settings, onClose }: NamedDrawerProps) => {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<string>();
  const perform = async (work: () => Promise<void>, failed: 'notSaved' | 'notRemoved'): Promise<boolean> => {
    try {
      await work();
      setFailure(undefined);
      return true;
    } catch (error) {
      setFailure(t(`queueSettings.${failed}`, { message: faultText(error, t) }));
      return false;
    }
  };
  /** What has no field here goes back as it came: a site's address and hidden key, who supervises a tenant. */
  const save = (item: NamedItem): Promise<boolean> => {
    const { id, ...body } = item;
    return perform(() => settings.save(collection, id, { ...body, name: body.name ?? id }), 'notSaved');
  };
  return (
    <Drawer open title={t(`queueSettings.named.${collection}`)} size={640} onClose={onClose} data-testid="named-drawer">
      <div className="named-list">
        <p className="settings-hint">{t('queueSettings.named.hint')}</p>
        {failure !== undefined && <Alert type="error" showIcon title={failure} />}
        {items.length === 0 && <p className="queues-empty">{t('queueSettings.named.empty')}</p>}
        {items.map((item) => (
          <NamedRow
            key={item.id}
            item={item}
            onSave={save}
            onRemove={() => perform(() => settings.remove(collection, item.id), 'notRemoved')}
          />
        ))}
        <NewRow key={items.length} ids={items.map(({ id }) => id)} onSave={save} />
      </div>
    </Drawer>
  );
};

interface RowProps {
  readonly item: NamedItem;
  readonly onSave: (item: NamedItem) => Promise<boolean>;
  readonly onRemove: () => Promise<boolean>;
}

const NamedRow = ({ item, onSave, onRemove }: RowProps) => {
  const { t } = useTranslation();
  const [name, setName] = useState(item.name ?? '');
  const [nameZh, setNameZh] = useState(item.nameZh ?? '');
  const changed = name.trim() !== (item.name ?? '') || nameZh.trim() !== (item.nameZh ?? '');
  const save = (): void => {
    if (changed && name.trim()) void onSave({ ...item, name: name.trim(), nameZh: nameZh.trim() || undefined });
  };
  return (
    <div className="named-row" data-testid="named-row" data-id={item.id}>
      <span>{item.id}</span>
      <Input
        value={name}
        maxLength={100}
        aria-label={t('queueSettings.field.name')}
        onChange={({ target }) => setName(target.value)}
        onPressEnter={save}
        data-testid="named-name"
      />
      <Input
        value={nameZh}
        maxLength={100}
        aria-label={t('queueSettings.field.nameZh')}
        onChange={({ target }) => setNameZh(target.value)}
        onPressEnter={save}
      />
      <Button
        type="text"
        icon={<CheckOutlined />}
        disabled={!changed || !name.trim()}
        aria-label={t('queueSettings.save')}
        title={t('queueSettings.save')}
        onClick={save}
        data-testid="named-save"
      />
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t('queueSettings.remove')}
        title={t('queueSettings.remove')}
        onClick={() => void onRemove()}
        data-testid="named-remove"
      />
    </div>
  );
};

interface NewRowProps {
  readonly ids: readonly string[];
  readonly onSave: (item: NamedItem) => Promise<boolean>;
}

const NewRow = ({ ids, onSave }: NewRowProps) => {
  const { t } = useTranslation();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [nameZh, setNameZh] = useState('');
  const isBad = id !== '' && (!settingId.safeParse(id).success || ids.includes(id));
  const ready = id !== '' && !isBad && name.trim() !== '';
  const save = (): void => {
    if (ready) void onSave({ id, name: name.trim(), nameZh: nameZh.trim() || undefined });
  };
  return (
    <div className="named-row">
      <Input
        value={id}
        maxLength={64}
        placeholder={t('queueSettings.field.id')}
        title={t(ids.includes(id) ? 'queueSettings.fault.idTaken' : 'queueSettings.idHint')}
        {...(isBad && { status: 'error' as const })}
        onChange={({ target }) => setId(target.value)}
        onPressEnter={save}
        data-testid="named-new-id"
      />
      <Input
        value={name}
        maxLength={100}
        placeholder={t('queueSettings.field.name')}
        onChange={({ target }) => setName(target.value)}
        onPressEnter={save}
        data-testid="named-new-name"
      />
      <Input
        value={nameZh}
        maxLength={100}
        placeholder={t('queueSettings.field.nameZh')}
        onChange={({ target }) => setNameZh(target.value)}
        onPressEnter={save}
      />
      <Button
        icon={<PlusOutlined />}
        disabled={!ready}
        aria-label={t('queueSettings.add')}
        title={t('queueSettings.add')}
        onClick={save}
        data-testid="named-add"
      />
    </div>
  );
};
